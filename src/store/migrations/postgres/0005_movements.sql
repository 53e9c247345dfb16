-- Money that was about to be moved, for the limits: written with the intention, in its transaction. Kept for as long as it counts.
CREATE TABLE movements (
    ticket_id  BIGINT NOT NULL,
    -- The intention's place in the journal.
    position   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    account_id TEXT   NOT NULL,
    lot_id     TEXT   NOT NULL,
    won        BIGINT NOT NULL CHECK (won > 0),
    PRIMARY KEY (ticket_id, position)
);

CREATE INDEX movements_by_time ON movements (at);
CREATE INDEX movements_of_account ON movements (account_id, at);
