-- The processes that work on this ledger, each as it last reported itself.
CREATE TABLE replicas (
    name       TEXT   NOT NULL PRIMARY KEY,
    program    TEXT   NOT NULL,
    policy     TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
