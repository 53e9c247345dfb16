//! Counts entries that were appended without being counted.

use sqlx::PgConnection;

const UNCOUNTED: &str = "
    SELECT ticket_id, above FROM uncounted
    WHERE ticket_id = ANY(ARRAY(SELECT json_array_elements_text($1::json)::bigint))
    ORDER BY ticket_id";

const ENTRIES: &str = "
    SELECT ticket_id, position, at, body FROM journal
    WHERE ticket_id = ANY(ARRAY(SELECT json_array_elements_text($1::json)::bigint))
    ORDER BY ticket_id, position";

const ADD: &str = "
    INSERT INTO event_counts (day, name, count, shard)
    SELECT value ->> 0, value ->> 1, (value ->> 2)::bigint, (value ->> 3)::bigint
    FROM json_array_elements($1::json) WITH ORDINALITY AS given (value, place)
    ORDER BY place
    ON CONFLICT (day, name, shard) DO UPDATE SET count = event_counts.count + excluded.count";

const MENTION: &str = "
    INSERT INTO mentions (ticket_id, account)
    SELECT (value ->> 0)::bigint, value ->> 1 FROM json_array_elements($1::json) AS given (value)
    ON CONFLICT DO NOTHING";

const AWAIT: &str = "
    UPDATE cases SET awaits = given.value ->> 1
    FROM json_array_elements($1::json) AS given (value)
    WHERE cases.ticket_id = (given.value ->> 0)::bigint";

const COUNTED: &str = "
    DELETE FROM uncounted
    WHERE ticket_id = ANY(ARRAY(SELECT (value ->> 0)::bigint FROM json_array_elements($1::json) AS given (value)))";

crate::store::count::on!(PgConnection);
