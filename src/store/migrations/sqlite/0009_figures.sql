-- Figures of all journals, added to in the transaction of each append. Before, they were kept of erased journals only: those
-- are the first of them.
CREATE TABLE event_counts (
    day   TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;

INSERT INTO event_counts (day, name, count) SELECT day, name, count FROM figures;

-- A service of an earlier version that still works on this ledger adds a journal's figures when it erases the journal; here
-- they would count twice. Without the table it erases nothing.
DROP TABLE figures;

-- Cases whose journal has entries that are not counted: all those above a position. The transaction that counts them removes the row,
-- so that nothing is counted twice.
CREATE TABLE uncounted (
    ticket_id INTEGER NOT NULL PRIMARY KEY,
    above     INTEGER NOT NULL
) STRICT;

INSERT INTO uncounted (ticket_id, above) SELECT ticket_id, 0 FROM cases;

-- Set by an append that counts its entries. A service of an earlier version does not: its entries are left to be counted.
ALTER TABLE journal ADD COLUMN counted INTEGER;

CREATE TRIGGER journal_is_counted AFTER INSERT ON journal WHEN NEW.counted IS NULL
BEGIN
    INSERT INTO uncounted (ticket_id, above) VALUES (NEW.ticket_id, NEW.position - 1)
    ON CONFLICT (ticket_id) DO UPDATE SET above = min(above, excluded.above);
END;

-- What the case waited for last: answer, payment, colleague or release. It says what a waiting case waits for.
ALTER TABLE cases ADD COLUMN awaits TEXT;

-- For lists by state, the last changed first, and for counts of the unfinished cases beside any number of ended ones.
CREATE INDEX cases_by_state ON cases (state, updated_at, ticket_id);

-- The accounts that a journal names, for an erasure by account.
CREATE TABLE mentions (
    ticket_id INTEGER NOT NULL,
    account   TEXT    NOT NULL,
    PRIMARY KEY (ticket_id, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_account ON mentions (account, ticket_id);
