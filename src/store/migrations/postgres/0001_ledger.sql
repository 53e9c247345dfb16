-- The ledger. Times are Unix milliseconds.

CREATE TABLE cases (
    ticket_id        BIGINT NOT NULL PRIMARY KEY,
    state            TEXT   NOT NULL CHECK (state IN ('active', 'waiting', 'ended', 'stuck')),
    due_at           BIGINT,
    -- Set while a worker has the case; the case may then be claimed when the lease ends, whatever due_at says.
    lease_until      BIGINT,
    fence            BIGINT NOT NULL DEFAULT 0,
    fruitless_claims BIGINT NOT NULL DEFAULT 0,
    -- Deliveries up to this number are in the journal.
    taken_up_to      BIGINT NOT NULL DEFAULT 0,
    updated_at       BIGINT NOT NULL
);

-- Holds only cases that can be claimed, so that ended ones cost nothing.
CREATE INDEX cases_by_next_claim ON cases ((coalesce(lease_until, due_at)))
    WHERE coalesce(lease_until, due_at) IS NOT NULL;

CREATE TABLE deliveries (
    -- Within a ticket it ascends in the order of the commits (see accept.rs): a case remembers by it how far it has read.
    id          BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedup_key   TEXT   NOT NULL UNIQUE,
    ticket_id   BIGINT REFERENCES cases (ticket_id) DEFERRABLE INITIALLY DEFERRED,
    kind        TEXT,
    problem     TEXT,
    body        TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    -- It either wakes a case or is poison.
    CHECK ((ticket_id IS NULL) = (kind IS NULL) AND (ticket_id IS NULL) <> (problem IS NULL))
);

CREATE INDEX deliveries_by_ticket ON deliveries (ticket_id, id) WHERE ticket_id IS NOT NULL;

CREATE TABLE journal (
    ticket_id BIGINT NOT NULL REFERENCES cases (ticket_id),
    position  BIGINT NOT NULL CHECK (position > 0),
    at        BIGINT NOT NULL,
    -- As text, because the JSON types cannot hold or cannot look into what was written with an escaped NUL.
    body      TEXT   NOT NULL CHECK (body::json IS NOT NULL),
    PRIMARY KEY (ticket_id, position)
);

-- What a backtest looks for; one entry or few in a journal.
CREATE INDEX journal_of_decisions ON journal (ticket_id, at) WHERE starts_with(body, '{"entry":"decided",');

CREATE FUNCTION refuse_to_change_the_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a journal entry is never changed';
END
$$;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_journal();

-- One row that is written to find out whether the database can be written to.
CREATE TABLE probe (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    probes BIGINT NOT NULL
);

INSERT INTO probe (id, probes) VALUES (1, 0);
