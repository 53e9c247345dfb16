//! Counts entries that were appended without being counted.

use sqlx::SqliteConnection;

const UNCOUNTED: &str = "
    SELECT ticket_id, above FROM uncounted WHERE ticket_id IN (SELECT value FROM json_each($1)) ORDER BY ticket_id";

const ENTRIES: &str = "
    SELECT ticket_id, position, at, body FROM journal
    WHERE ticket_id IN (SELECT value FROM json_each($1))
    ORDER BY ticket_id, position";

const ADD: &str = "
    INSERT INTO event_counts (day, name, count)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1) WHERE true
    ON CONFLICT (day, name) DO UPDATE SET count = count + excluded.count";

const MENTION: &str = "
    INSERT INTO mentions (ticket_id, account) SELECT value ->> 0, value ->> 1 FROM json_each($1) WHERE true
    ON CONFLICT DO NOTHING";

const AWAIT: &str = "
    UPDATE cases SET awaits = given.awaits
    FROM (SELECT value ->> 0 AS ticket_id, value ->> 1 AS awaits FROM json_each($1)) AS given
    WHERE cases.ticket_id = given.ticket_id";

const COUNTED: &str = "DELETE FROM uncounted WHERE ticket_id IN (SELECT value ->> 0 FROM json_each($1))";

crate::store::count::on!(SqliteConnection);
