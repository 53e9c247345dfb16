//! Keeps the outlines of cases.

use sqlx::SqliteConnection;

// One text, because each separate statement costs a round trip to the connection's thread: $1 the outlines. One that is as before is not written again: most appends change nothing of it.
pub(super) const KEEP: &str = "
    INSERT INTO outlines (ticket_id, since, awaits, until, is_last, ending, stuck, team, policy_row, won, lot, lot_name, plate)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12
    FROM json_each($1) WHERE true
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
        IS NOT (excluded.since, excluded.awaits, excluded.until, excluded.is_last, excluded.ending, excluded.stuck, excluded.team, excluded.policy_row, excluded.won, excluded.lot, excluded.lot_name, excluded.plate);

    DELETE FROM outlines_due WHERE ticket_id IN (SELECT value ->> 0 FROM json_each($1))";

// $1 rows that begin with the ticket.
const KEPT: &str = "DELETE FROM outlines_due WHERE ticket_id IN (SELECT value ->> 0 FROM json_each($1))";

const ENTRIES: &str = "
    SELECT ticket_id, position, at, body FROM journal
    WHERE ticket_id IN (SELECT value FROM json_each($1))
    ORDER BY ticket_id, position";

crate::store::outline::on!(SqliteConnection);
