-- Signed-in people of the console, each by the SHA-256 of the token in their browser.
CREATE TABLE console_sessions (
    token_hash   TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    signed_in_by TEXT   NOT NULL CHECK (signed_in_by IN ('password', 'proxy')),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);

-- Who looked at which ticket, and every act, in the console.
CREATE TABLE console_accesses (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        BIGINT NOT NULL,
    name      TEXT   NOT NULL,
    act       TEXT   NOT NULL,
    ticket_id BIGINT,
    reason    TEXT,
    session   TEXT   NOT NULL
);

CREATE INDEX console_accesses_by_time ON console_accesses (at);

-- Whether a ticket was opened with a reason in a session.
CREATE INDEX console_accesses_opened ON console_accesses (session, ticket_id) WHERE act = 'opened';
