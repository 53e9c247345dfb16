//! Keeps the outlines of cases.

use sqlx::PgConnection;

// $1 the outlines, whose cases are locked. One that is as before is not written again: most appends change nothing of it.
const KEEP: &str = "
    WITH folded AS (
        DELETE FROM outlines_due
        WHERE ticket_id = ANY(ARRAY(SELECT (value ->> 0)::bigint FROM json_array_elements($1::json) AS given (value)))
    )
    INSERT INTO outlines (ticket_id, since, awaits, until, is_last, ending, stuck, team, policy_row, won, lot, lot_name, plate)
    SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, (value ->> 3)::bigint, value ->> 4 = '1', value ->> 5, value ->> 6, value ->> 7, value ->> 8, (value ->> 9)::bigint, value ->> 10, value ->> 11, value ->> 12
    FROM json_array_elements($1::json) AS given (value)
    ON CONFLICT (ticket_id) DO UPDATE SET
        since = excluded.since,
        awaits = excluded.awaits,
        until = excluded.until,
        is_last = excluded.is_last,
        ending = excluded.ending,
        stuck = excluded.stuck,
        team = excluded.team,
        policy_row = excluded.policy_row,
        won = excluded.won,
        lot = excluded.lot,
        lot_name = excluded.lot_name,
        plate = excluded.plate
    WHERE (outlines.since, outlines.awaits, outlines.until, outlines.is_last, outlines.ending, outlines.stuck, outlines.team, outlines.policy_row, outlines.won, outlines.lot, outlines.lot_name, outlines.plate)
        IS DISTINCT FROM (excluded.since, excluded.awaits, excluded.until, excluded.is_last, excluded.ending, excluded.stuck, excluded.team, excluded.policy_row, excluded.won, excluded.lot, excluded.lot_name, excluded.plate)";

// $1 rows that begin with the ticket.
const KEPT: &str = "
    DELETE FROM outlines_due
    WHERE ticket_id = ANY(ARRAY(SELECT (value ->> 0)::bigint FROM json_array_elements($1::json) AS given (value)))";

const ENTRIES: &str = "
    SELECT ticket_id, position, at, body FROM journal
    WHERE ticket_id = ANY(ARRAY(SELECT json_array_elements_text($1::json)::bigint))
    ORDER BY ticket_id, position";

crate::store::outline::on!(PgConnection);
