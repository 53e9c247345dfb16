-- Work that is done once in a while, with the time before which nobody does it again.
CREATE TABLE chores (
    name   TEXT    NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last texts of macros in which nothing was wrong, for when they are broken in the account.
CREATE TABLE good_macros (
    name    TEXT    NOT NULL PRIMARY KEY,
    body    TEXT    NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
