//! Finds changes that no webhook reported: where to search, and which results were really missed. Zendesk guarantees no
//! delivery (facts §1.5), so its own tickets are the source of truth.

use jiff::{SignedDuration, Timestamp};

use crate::domain::case::{Case, Routing};
use crate::domain::moment::earlier;

/// A webhook may be in flight this long, retries included, before its ticket is searched for; the search index is no faster
/// either.
pub const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// The largest difference between Zendesk's clock and ours; beyond it no work is taken (`clocks_apart_seconds`).
const APART: SignedDuration = SignedDuration::from_mins(5);

/// A change is searched for in all sweeps within this time after it: the index lags by minutes, and its webhook has its
/// grace period.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// A query for tickets that a trigger should have reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedQuery {
    /// The tickets have at least one of these tags.
    pub any_of: Vec<String>,
    /// The tickets have none of these tags.
    pub none_of: Vec<String>,
    /// The range of their status.
    pub standing: StatusRange,
    /// The tickets changed after this moment; `None`: at any time.
    pub changed_since: Option<Timestamp>,
    /// Only of interest if their case waits: no trigger reports these changes, and none was lost.
    pub only_waiting: bool,
}

/// A range of ticket statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusRange {
    /// New only. A ticket handed to people or answered is at least open, so a new one with such a tag inherited it from the
    /// closed ticket it follows.
    New,
    /// New and open: a comment arrived since the ticket was set to pending or solved.
    NewOrOpen,
    /// Pending. A customer's comment normally opens such a ticket, but the program that adds it may say otherwise, and a
    /// rule or an agent may have set it back since.
    Pending,
    /// All statuses except solved and closed.
    Unsolved,
}

/// One query per trigger: new tickets, customers' answers, tickets given back, follow-ups that inherited the tags of a
/// closed ticket, then tickets that wait for an agent, who may have misspelt a tag, and last, answers in tickets that are
/// still pending. Nearly all of the last two kinds are only waiting, and there may be thousands: of these, only changes
/// since `swept`, the start of the last complete sweep, are listed.
pub fn told(routing: &Routing, swept: Option<Timestamp>) -> [MissedQuery; 6] {
    let Routing { sent_tag, done_tag, handed_over_tag, waiting_tag, prepared_tag, .. } = routing;
    let tags = |tags: &[&String]| tags.iter().copied().cloned().collect::<Vec<String>>();
    // Results are checked again before anything is done, so the first word of a tag in two words is enough to find it.
    let starts = routing.start_tags.iter().filter_map(|tag| tag.split_whitespace().next()).map(str::to_owned);
    let types = &routing.consultation_types;
    let begins = starts.chain(tags(&[&types.linked, &types.unlinked, &types.other, sent_tag]));
    [
        MissedQuery {
            any_of: begins.collect(),
            none_of: tags(&[done_tag, handed_over_tag, waiting_tag, prepared_tag]),
            standing: StatusRange::Unsolved,
            changed_since: None,
            only_waiting: false,
        },
        MissedQuery {
            any_of: tags(&[waiting_tag, done_tag]),
            none_of: tags(&[handed_over_tag]),
            standing: StatusRange::NewOrOpen,
            changed_since: None,
            only_waiting: false,
        },
        MissedQuery {
            any_of: tags(&[&routing.give_back_tag, &routing.release_tag]),
            none_of: Vec::new(),
            standing: StatusRange::Unsolved,
            changed_since: None,
            only_waiting: false,
        },
        MissedQuery {
            any_of: tags(&[handed_over_tag, prepared_tag]),
            none_of: Vec::new(),
            standing: StatusRange::New,
            changed_since: None,
            only_waiting: false,
        },
        MissedQuery {
            any_of: tags(&[handed_over_tag, prepared_tag]),
            none_of: Vec::new(),
            standing: StatusRange::Unsolved,
            changed_since: swept.map(|swept| earlier(swept, LATE)),
            only_waiting: true,
        },
        MissedQuery {
            any_of: tags(&[waiting_tag, done_tag]),
            none_of: tags(&[handed_over_tag]),
            standing: StatusRange::Pending,
            changed_since: swept.map(|swept| earlier(swept, LATE)),
            only_waiting: false,
        },
    ]
}

/// What the time of a ticket's last change, by Zendesk's clock, says about its resting case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The change is in the case, or its webhook may still arrive.
    Known,
    /// The change is not in the case.
    Missed,
    /// The case changed at about that time, by another clock: what the case has seen decides, by [`last_change`].
    Close {
        /// When the case was changed.
        known: Timestamp,
    },
}

/// Whether this change of a ticket may have been missed. `known`: the last change of its case, by our clock.
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
#[expect(missing_docs, reason = "the names say it")]
pub enum LastChange {
    Seen,
    /// Another change may have been made in the same second.
    InDoubt,
    Unseen,
}

/// Whether the ticket changed after the case last saw it. Both times are Zendesk's, in whole seconds. A case that has seen
/// nothing, or that was erased, falls back to the time of its own last change.
///
/// Search results name no audit, so a change in the same second in which the case last saw the ticket cannot be
/// distinguished. Such a case reads the ticket again some minutes later and compares audit ids.
pub fn last_change(changed_at: Timestamp, case: &Case, known: Timestamp) -> LastChange {
    let looked_soon = known.duration_since(changed_at) < GRACE;
    match case.seen {
        None if changed_at > known => LastChange::Unseen,
        Some(seen) if changed_at > seen.updated_at => LastChange::Unseen,
        Some(seen) if changed_at == seen.updated_at && looked_soon => LastChange::InDoubt,
        _ => LastChange::Seen,
    }
}
