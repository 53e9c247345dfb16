-- Figures of all journals, added to in the transaction of each append. Before, they were kept of erased journals only: those
-- are the first of them.
CREATE TABLE event_counts (
    day   TEXT   NOT NULL,
    name  TEXT   NOT NULL,
    -- Each replica adds to rows of its own, or of few: they would wait for each other's commits otherwise.
    shard BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, name, shard)
) WITH (fillfactor = 50);

INSERT INTO event_counts (day, name, shard, count) SELECT day, name, 0, count FROM figures;

-- A service of an earlier version that still works on this ledger adds a journal's figures when it erases the journal; here
-- they would count twice. Without the table it erases nothing.
DROP TABLE figures;

-- Cases whose journal has entries that are not counted: all those above a position. The transaction that counts them removes the row,
-- so that nothing is counted twice.
CREATE TABLE uncounted (
    ticket_id BIGINT NOT NULL PRIMARY KEY,
    above     BIGINT NOT NULL
);

INSERT INTO uncounted (ticket_id, above) SELECT ticket_id, 0 FROM cases;

-- Set by an append that counts its entries. A service of an earlier version does not: its entries are left to be counted.
ALTER TABLE journal ADD COLUMN counted BOOLEAN;

CREATE FUNCTION leave_uncounted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO uncounted (ticket_id, above) VALUES (NEW.ticket_id, NEW.position - 1)
    ON CONFLICT (ticket_id) DO UPDATE SET above = least(uncounted.above, excluded.above);
    RETURN NULL;
END
$$;

CREATE TRIGGER journal_is_counted AFTER INSERT ON journal
    FOR EACH ROW WHEN (NEW.counted IS NULL) EXECUTE FUNCTION leave_uncounted();

-- What the case waited for last: answer, payment, colleague or release. It says what a waiting case waits for.
ALTER TABLE cases ADD COLUMN awaits TEXT;

-- For lists by state, the last changed first, and for counts of the unfinished cases beside any number of ended ones.
CREATE INDEX cases_by_state ON cases (state, updated_at, ticket_id);

-- The accounts that a journal names, for an erasure by account.
CREATE TABLE mentions (
    ticket_id BIGINT NOT NULL,
    account   TEXT   NOT NULL,
    PRIMARY KEY (ticket_id, account)
);

CREATE INDEX mentions_by_account ON mentions (account, ticket_id);
