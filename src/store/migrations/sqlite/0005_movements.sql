-- Money that was about to be moved, for the limits: written with the intention, in its transaction. Kept for as long as it counts.
CREATE TABLE movements (
    ticket_id  INTEGER NOT NULL,
    -- The intention's place in the journal.
    position   INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    account_id TEXT    NOT NULL,
    lot_id     TEXT    NOT NULL,
    won        INTEGER NOT NULL CHECK (won > 0),
    PRIMARY KEY (ticket_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX movements_by_time ON movements (at);
CREATE INDEX movements_of_account ON movements (account_id, at);
