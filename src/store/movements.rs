//! What has been moved, for the limits: the same statements in every database.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::column;
use crate::domain::limits::{ACCOUNT_SPAN, DAY_SPAN, Limit, Moved, Sum};
use crate::ports::{Append, Moves, Recorded};

/// Won and number of an account, of a lot, and of all: $1 the account, $2 since when its movements count, $3 the lot, $4 since when a
/// day's count.
pub(super) const SUMS: &str = "
    SELECT
        (SELECT CAST(coalesce(sum(won), 0) AS BIGINT) FROM movements WHERE account_id = $1 AND at > $2),
        (SELECT count(*) FROM movements WHERE account_id = $1 AND at > $2),
        (SELECT CAST(coalesce(sum(won), 0) AS BIGINT) FROM movements WHERE lot_id = $3 AND at > $4),
        (SELECT count(*) FROM movements WHERE lot_id = $3 AND at > $4),
        (SELECT CAST(coalesce(sum(won), 0) AS BIGINT) FROM movements WHERE at > $4),
        (SELECT count(*) FROM movements WHERE at > $4)";

pub(super) const KEEP: &str = "
    INSERT INTO movements (ticket_id, position, at, account_id, lot_id, won) VALUES ($1, $2, $3, $4, $5, $6)";

/// What counts towards no limit any more.
pub(super) const FORGET: &str = "DELETE FROM movements WHERE at <= $1";

/// As [`SUMS`] gives them.
pub(super) type Sums = (i64, i64, i64, i64, i64, i64);

/// An append that moves money, with the entry that intends it.
pub(super) struct Moving<'a> {
    pub(super) moves: &'a Moves,
    pub(super) intention: &'a Recorded,
}

impl<'a> Moving<'a> {
    pub(super) fn of(append: &'a Append) -> Option<Self> {
        Some(Self { moves: append.moves.as_ref()?, intention: append.entries.last()? })
    }

    pub(super) fn account(&self) -> Cow<'a, str> {
        column::text(self.moves.movement.account_id.as_str())
    }

    pub(super) fn lot(&self) -> Cow<'a, str> {
        column::text(self.moves.movement.lot_id.as_str())
    }

    /// Since when an account's movements count, in milliseconds.
    pub(super) fn account_since(&self) -> i64 {
        self.before(ACCOUNT_SPAN)
    }

    /// Since when a day's movements count, in milliseconds.
    pub(super) fn day_since(&self) -> i64 {
        self.before(DAY_SPAN)
    }

    fn before(&self, span: SignedDuration) -> i64 {
        self.intention.at.checked_sub(span).unwrap_or(Timestamp::MIN).as_millisecond()
    }

    /// The limit that it would exceed.
    pub(super) fn exceeded(&self, sums: Sums) -> Option<Limit> {
        let sum = |won, times| Sum { won, times: u32::try_from(times).unwrap_or(u32::MAX) };
        let moved =
            Moved { account: sum(sums.0, sums.1), lot: sum(sums.2, sums.3), day: sum(sums.4, sums.5) };
        self.moves.limits.exceeded(&self.moves.movement, &moved)
    }
}
