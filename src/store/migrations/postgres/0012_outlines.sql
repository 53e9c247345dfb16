-- What lists and filters need of each journal, written in the transaction of each append. The journal stays the truth: this can
-- be folded anew from it at any time. The plate stands here as it does in the journal beside it; a digest of so few possible
-- plates would hide nothing. An erasure leaves only how the case ended, and when.
CREATE TABLE outlines (
    ticket_id  BIGINT NOT NULL PRIMARY KEY,
    -- Since when the case rests, or works.
    since      BIGINT NOT NULL,
    awaits     TEXT,
    until      BIGINT,
    is_last    BOOLEAN NOT NULL,
    ending     TEXT,
    -- The reason as in the journal.
    stuck      TEXT,
    team       TEXT,
    policy_row TEXT,
    won        BIGINT,
    lot        TEXT,
    lot_name   TEXT,
    plate      TEXT
);

-- Each filter has its index, in the order of the lists, with what other filters compare: a list then reads only rows that fit.
CREATE INDEX outlines_by_since ON outlines (since, ticket_id, won);
CREATE INDEX outlines_by_ending ON outlines (ending, since, ticket_id, won) WHERE ending IS NOT NULL;
CREATE INDEX outlines_by_row ON outlines (policy_row, since, ticket_id, won, ending) WHERE policy_row IS NOT NULL;
CREATE INDEX outlines_by_lot ON outlines (lot, since, ticket_id, won, ending, policy_row) WHERE lot IS NOT NULL;
CREATE INDEX outlines_by_plate ON outlines (plate, since, ticket_id) WHERE plate IS NOT NULL;

-- The lanes of waiting cases, beside any number of others.
CREATE INDEX cases_by_lane ON cases (awaits, state, updated_at, ticket_id) WHERE awaits IS NOT NULL;

-- Cases whose outline is not that of their journal: those of a ledger that an earlier version filled, and those that a service of
-- an earlier version still works on. The transaction that folds the journal removes the row.
CREATE TABLE outlines_due (
    ticket_id BIGINT NOT NULL PRIMARY KEY
);

INSERT INTO outlines_due (ticket_id) SELECT ticket_id FROM cases;

-- Set by an append that brings the outline with it.
ALTER TABLE journal ADD COLUMN outlined BOOLEAN;

CREATE FUNCTION leave_outline_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outlines_due (ticket_id) VALUES (NEW.ticket_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER journal_is_outlined AFTER INSERT ON journal
    FOR EACH ROW WHEN (NEW.outlined IS NULL) EXECUTE FUNCTION leave_outline_due();

-- Why a person gave an order.
ALTER TABLE deliveries ADD COLUMN ordered_because TEXT;
