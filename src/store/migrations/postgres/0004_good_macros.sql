-- The last version of each macro of the account in which nothing was wrong, for when it is broken or gone there. Nothing was ever
-- written into the table that was to hold it before.
DROP TABLE good_macros;

CREATE TABLE good_macros (
    -- The macro file's name.
    name       TEXT   NOT NULL PRIMARY KEY,
    -- Zendesk's number, and when the macro was last changed there.
    macro_id   BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Of its actions.
    hash       TEXT   NOT NULL,
    -- The macro as the account had it.
    body       TEXT   NOT NULL CHECK (body::json IS NOT NULL),
    kept_at    BIGINT NOT NULL
);
