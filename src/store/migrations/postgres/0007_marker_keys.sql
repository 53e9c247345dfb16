-- The secrets that the markers of this service's writes are sealed with: the newest seals, the one before it still counts.
CREATE TABLE marker_keys (
    -- It stands in the seal; 1 for the first.
    number  BIGINT NOT NULL PRIMARY KEY,
    secret  TEXT   NOT NULL CHECK (length(secret) >= 64),
    made_at BIGINT NOT NULL
);
