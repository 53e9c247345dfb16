//! What no webhook told of: where to look for it, and which of what is found is really missing. Zendesk promises no delivery
//! (facts §1.5), so its own tickets are the truth.

use jiff::{SignedDuration, Timestamp};

use crate::domain::case::{Case, Routing};

/// A webhook may be on its way for so long, retries included, before its ticket is looked for; the search knows nothing later
/// either.
pub const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// Zendesk's clock and ours are at most so far apart, or no work is taken (`clocks_apart_seconds`).
const APART: SignedDuration = SignedDuration::from_mins(5);

/// A change is looked for in all sweeps within so long after it: the search knows of it after minutes, and its webhook has its time.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// Tickets that a trigger should have told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedQuery {
    /// They have at least one of these tags.
    pub any_of: Vec<String>,
    /// They have none of these.
    pub none_of: Vec<String>,
    /// They stand so.
    pub standing: StatusRange,
    /// They were changed after this moment; `None`: whenever.
    pub changed_since: Option<Timestamp>,
}

/// How a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusRange {
    /// New only: whatever was handed to people or answered is open at least, so one with such a tag has it from the closed ticket that
    /// it follows.
    New,
    /// New and open: somebody wrote since the ticket was put to wait or was solved.
    NewOrOpen,
    /// Pending. A customer's comment opens such a ticket, but a program that adds it may say otherwise, and a rule or a colleague may have
    /// set it back since.
    Pending,
    /// Everything that is not solved or closed.
    Unsolved,
}

/// What the triggers listen to: a ticket that begins, a customer who answers, a colleague who gives back, a ticket that follows a closed
/// one and has its tags; and, the last, an answer in a ticket that is pending all the same. Nearly all pending tickets wait in peace, and
/// there may be thousands: of these only what changed since `swept`, when the last sweep that came to its end began, is listed.
pub fn told(routing: &Routing, swept: Option<Timestamp>) -> [MissedQuery; 5] {
    let Routing { sent_tag, done_tag, handed_over_tag, waiting_tag, prepared_tag, .. } = routing;
    let tags = |tags: &[&String]| tags.iter().copied().cloned().collect::<Vec<String>>();
    // What is found is looked at again before anything is done: of a tag in two words the first is enough to find it.
    let starts = routing.start_tags.iter().filter_map(|tag| tag.split_whitespace().next()).map(str::to_owned);
    let types = &routing.consultation_types;
    let begins = starts.chain(tags(&[&types.linked, &types.unlinked, &types.other, sent_tag]));
    [
        MissedQuery {
            any_of: begins.collect(),
            none_of: tags(&[done_tag, handed_over_tag, waiting_tag, prepared_tag]),
            standing: StatusRange::Unsolved,
            changed_since: None,
        },
        MissedQuery {
            any_of: tags(&[waiting_tag, done_tag]),
            none_of: tags(&[handed_over_tag]),
            standing: StatusRange::NewOrOpen,
            changed_since: None,
        },
        MissedQuery {
            any_of: tags(&[&routing.give_back_tag, &routing.release_tag]),
            none_of: Vec::new(),
            standing: StatusRange::Unsolved,
            changed_since: None,
        },
        MissedQuery {
            any_of: tags(&[handed_over_tag, prepared_tag]),
            none_of: Vec::new(),
            standing: StatusRange::New,
            changed_since: None,
        },
        MissedQuery {
            any_of: tags(&[waiting_tag, done_tag]),
            none_of: tags(&[handed_over_tag]),
            standing: StatusRange::Pending,
            changed_since: swept.map(|swept| swept.checked_sub(LATE).unwrap_or(Timestamp::MIN)),
        },
    ]
}

/// What the time of a ticket's last change tells, by Zendesk's clock, where its case rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in the case, or its webhook may still come.
    Known,
    /// It is not in the case.
    Missed,
    /// The case was changed at about that time, by another clock: what the case has seen decides, by [`last_change`].
    Close {
        /// When the case was changed.
        known: Timestamp,
    },
}

/// Whether what changed a ticket then may have been missed, where its case was last changed at `known`, by our clock.
pub fn change(changed_at: Timestamp, known: Option<Timestamp>, now: Timestamp) -> Change {
    if now.duration_since(changed_at) < GRACE {
        return Change::Known;
    }
    match known {
        Some(known) if changed_at.duration_since(known).abs() <= APART => Change::Close { known },
        Some(known) if changed_at < known => Change::Known,
        _ => Change::Missed,
    }
}

/// Whether a case has seen its ticket's last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastChange {
    /// It has.
    Seen,
    /// Something else may have come in the same second.
    InDoubt,
    /// It has not.
    Unseen,
}

/// Whether the ticket was changed after the case saw it last. Both times are Zendesk's, in whole seconds. A case that has seen nothing, or of
/// which all was erased, leaves the time of its own last change.
///
/// A search names no audit: what came in the very second in which the case saw the ticket last is not told apart from that. Such a case
/// looks once more, some minutes later, and goes by the numbers of audits.
pub fn last_change(changed_at: Timestamp, case: &Case, known: Timestamp) -> LastChange {
    let looked_soon = known.duration_since(changed_at) < GRACE;
    match case.seen {
        None if changed_at > known => LastChange::Unseen,
        Some(seen) if changed_at > seen.updated_at => LastChange::Unseen,
        Some(seen) if changed_at == seen.updated_at && looked_soon => LastChange::InDoubt,
        _ => LastChange::Seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::TicketId;
    use crate::domain::ticket::Seen;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn only_what_changed_after_its_case_and_some_minutes_ago_was_missed() {
        use Change::{Close, Known, Missed};
        for (changed, known, now, expected) in [
            (0, None, 5, Missed),
            (0, None, 4, Known),
            (0, Some(6), 60, Known),
            (0, Some(5), 60, Close { known: at(5) }),
            (0, Some(0), 60, Close { known: at(0) }),
            (6, Some(1), 60, Close { known: at(1) }),
            (7, Some(1), 60, Missed),
            (7, Some(1), 11, Known),
        ] {
            let known = known.map(at);
            assert_eq!(change(at(changed), known, at(now)), expected, "{changed} {known:?} {now}");
        }
    }

    #[test]
    fn what_the_case_has_seen_decides_and_one_that_has_seen_nothing_goes_by_its_own_time() {
        let mut case = Case::new(TicketId::try_from(5).unwrap());
        let last = |changed, case: &Case, known| last_change(at(changed), case, at(known));
        assert_eq!(last(2, &case, 1), LastChange::Unseen);
        assert_eq!(last(1, &case, 1), LastChange::Seen);
        case.seen = Some(Seen { updated_at: at(3), comments: None });
        assert_eq!(last(4, &case, 9), LastChange::Unseen);
        assert_eq!(last(3, &case, 8), LastChange::Seen);
        assert_eq!(last(3, &case, 7), LastChange::InDoubt);
        assert_eq!(last(2, &case, 1), LastChange::Seen);
    }
}
