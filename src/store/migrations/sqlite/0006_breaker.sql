-- What the breaker holds against the usual: how much of what happened in five minutes. Nothing of a customer. Kept for as long as it
-- counts.
CREATE TABLE breaker_counts (
    -- Five minutes: the Unix time in milliseconds divided by 300,000.
    slot    INTEGER NOT NULL,
    measure TEXT    NOT NULL,
    amount  INTEGER NOT NULL,
    PRIMARY KEY (slot, measure)
) STRICT, WITHOUT ROWID;

-- The breaker's own journal: when it opened and why, who lifted it. The last entry says how it stands.
CREATE TABLE breaker_events (
    number INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    body   TEXT    NOT NULL
) STRICT;
