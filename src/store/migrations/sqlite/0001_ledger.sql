-- The ledger. Times are Unix milliseconds.

CREATE TABLE cases (
    ticket_id        INTEGER NOT NULL PRIMARY KEY,
    state            TEXT    NOT NULL CHECK (state IN ('active', 'waiting', 'ended', 'stuck')),
    due_at           INTEGER,
    -- Set while a worker has the case; the case may then be claimed when the lease ends, whatever due_at says.
    lease_until      INTEGER,
    fence            INTEGER NOT NULL DEFAULT 0,
    fruitless_claims INTEGER NOT NULL DEFAULT 0,
    -- Deliveries up to this number are in the journal.
    taken_up_to      INTEGER NOT NULL DEFAULT 0,
    updated_at       INTEGER NOT NULL
) STRICT;

-- Holds only cases that can be claimed, so that ended ones cost nothing.
CREATE INDEX cases_by_next_claim ON cases (coalesce(lease_until, due_at))
    WHERE coalesce(lease_until, due_at) IS NOT NULL;

CREATE TABLE deliveries (
    -- Never used twice, because a case remembers how far it has read by this number.
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    dedup_key   TEXT    NOT NULL UNIQUE,
    ticket_id   INTEGER REFERENCES cases (ticket_id) DEFERRABLE INITIALLY DEFERRED,
    kind        TEXT,
    problem     TEXT,
    body        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    -- It either wakes a case or is poison.
    CHECK ((ticket_id IS NULL) = (kind IS NULL) AND (ticket_id IS NULL) <> (problem IS NULL))
) STRICT;

CREATE INDEX deliveries_by_ticket ON deliveries (ticket_id) WHERE ticket_id IS NOT NULL;

CREATE TABLE journal (
    ticket_id INTEGER NOT NULL REFERENCES cases (ticket_id),
    position  INTEGER NOT NULL CHECK (position > 0),
    at        INTEGER NOT NULL,
    body      TEXT    NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (ticket_id, position)
) STRICT;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'a journal entry is never changed');
END;

-- One row that is written to find out whether the database can be written to.
CREATE TABLE probe (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    probes INTEGER NOT NULL
) STRICT;

INSERT INTO probe (id, probes) VALUES (1, 0);
