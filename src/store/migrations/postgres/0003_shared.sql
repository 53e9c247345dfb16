-- What replicas share beside the cases.

-- What was granted of limits that hold for all replicas together; the last minutes only.
CREATE TABLE grants (
    name TEXT   NOT NULL,
    lane TEXT   NOT NULL,
    at   BIGINT NOT NULL
);

CREATE INDEX grants_by_name ON grants (name, at);

-- Work that one replica does for all, with the time before which nobody does it again.
CREATE TABLE chores (
    name   TEXT   NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL
);

-- The last texts of macros in which nothing was wrong, for when they are broken in the account.
CREATE TABLE good_macros (
    name    TEXT   NOT NULL PRIMARY KEY,
    body    TEXT   NOT NULL,
    kept_at BIGINT NOT NULL
);
