-- Signed-in people of the console, each by the SHA-256 of the token in their browser.
CREATE TABLE console_sessions (
    token_hash   TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    signed_in_by TEXT    NOT NULL CHECK (signed_in_by IN ('password', 'proxy')),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;

-- Who looked at which ticket, and every act, in the console.
CREATE TABLE console_accesses (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    name      TEXT    NOT NULL,
    act       TEXT    NOT NULL,
    ticket_id INTEGER,
    reason    TEXT,
    session   TEXT    NOT NULL
) STRICT;

CREATE INDEX console_accesses_by_time ON console_accesses (at);

-- Whether a ticket was opened with a reason in a session.
CREATE INDEX console_accesses_opened ON console_accesses (session, ticket_id) WHERE act = 'opened';
