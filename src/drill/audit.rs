//! Judges the external state: the service's effects on each ticket must equal those without faults.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::actors::Kind;
use super::observed::{Observed, Written};
use super::place::PER_ACCOUNT;
use crate::sandbox::parking::{ActionKind, DoneAction};

mod counted;

pub use counted::of_figures;

/// One ticket in its final state, with the expectations for it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub ticket: i64,
    /// The title of the customer's story.
    pub title: &'static str,
    pub kind: Kind,
    pub observed: Observed,
    /// The markers of the service's updates.
    pub markers: Vec<String>,
    /// The expected state if every event was delivered and acknowledged.
    pub wanted: Observed,
    /// The expected state if the last event was not acknowledged; `None` if there was no other event.
    pub before: Option<Observed>,
    /// Which events were acknowledged.
    pub acknowledged: Acknowledged,
    /// The rest of its case.
    pub rest: Rest,
}

/// What the service has acknowledged of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    All,
    /// All events except the last.
    NotTheLast,
    /// Only forged deliveries exist.
    OnlyForged,
}

/// The rest of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// There is no case.
    Nowhere,
    /// It does not rest.
    Active,
    Waiting,
    /// It ended; whether a person owns the ticket.
    Ended {
        handed_over: bool,
    },
    /// The service gave up, with its reason.
    Stuck(String),
}

/// The kinds of violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// Acknowledged but not done.
    Lost,
    /// Done more than once.
    Twice,
    /// Done because of a forged delivery.
    Forged,
    /// More or less was done for an account than may go out without a person.
    Limit,
    /// Neither the expected state nor a part of it.
    Different,
    /// The case does not come to rest.
    Restless,
    /// A process refused a delivery without a reason, exited by itself, or did not stop.
    Process,
    /// The ledger's figures differ from what happened.
    Figures,
    /// A log contains private data.
    Private,
}

/// Something that the audit found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub wrong: Wrong,
    /// `None`: not about one ticket.
    pub ticket: Option<i64>,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(line, "{}: ", format!("{:?}", self.wrong).to_uppercase())?;
        if let Some(ticket) = self.ticket {
            write!(line, "ticket {ticket}: ")?;
        }
        line.write_str(&self.what)
    }
}

/// All violations of these tickets and of the parking system's actions.
pub fn violations(tickets: &[Seen], actions: &[DoneAction]) -> Vec<Violation> {
    let mut found: Vec<Violation> = tickets.iter().filter_map(of_ticket).collect();
    found.extend(of_actions(tickets, actions));
    found.extend(of_households(tickets));
    found
}

/// The first violation of a ticket; the most severe kinds are checked first.
fn of_ticket(seen: &Seen) -> Option<Violation> {
    let wrong = |wrong, what: String| {
        let what = format!("{what} ({})", seen.title);
        Some(Violation { wrong, ticket: Some(seen.ticket), what })
    };
    let Seen { wanted, before, acknowledged, rest, .. } = seen;
    let (observed, stuck_notes) = without_stuck_notes(&seen.observed);
    let observed = &observed;
    if *acknowledged == Acknowledged::OnlyForged {
        if observed.is_untouched() && seen.markers.is_empty() && *rest == Rest::Nowhere {
            return None;
        }
        return wrong(Wrong::Forged, format!("touched for a forgery: {observed:?}, {rest:?}"));
    }
    if let Some(marker) = repeated(seen.markers.iter()) {
        return wrong(Wrong::Twice, format!("two updates carry the marker {marker}"));
    }
    if stuck_notes > 1 {
        return wrong(Wrong::Twice, "people are told twice that its case is stuck".to_owned());
    }
    if observed.comments.len() > wanted.comments.len() {
        return wrong(Wrong::Twice, differs("wrote more than it should", observed, wanted));
    }
    if observed.actions.len() > wanted.actions.len() {
        return wrong(Wrong::Twice, differs("did more than it should", observed, wanted));
    }
    let promised = *acknowledged == Acknowledged::All;
    match rest {
        Rest::Active => return wrong(Wrong::Restless, "its case does not come to rest".to_owned()),
        Rest::Nowhere if promised => {
            return wrong(Wrong::Lost, "acknowledged, and there is no case of it".to_owned());
        }
        Rest::Stuck(_) if observed.is_part_of(wanted) => return None,
        // Agents were notified that it is stuck, and the outcome of what was in flight became known since.
        Rest::Ended { handed_over: true } if stuck_notes == 1 && observed.is_part_of(wanted) => return None,
        _ => {}
    }
    let fits = observed == wanted && stuck_notes == 0;
    let fits_before = before.as_ref().map_or(observed.is_untouched(), |before| observed.did_as(before));
    if fits || (!promised && fits_before) {
        return None;
    }
    if observed.is_part_of(wanted) && !observed.did_as(wanted) {
        return wrong(Wrong::Lost, differs("acknowledged, and not done", observed, wanted));
    }
    wrong(Wrong::Different, differs("stands otherwise", observed, wanted))
}

/// The state without the notes that report a stuck case, and the number of these notes.
fn without_stuck_notes(observed: &Observed) -> (Observed, usize) {
    let mut rest = observed.clone();
    rest.comments.retain(|written| *written != Written::StuckNote);
    let stuck = observed.comments.len() - rest.comments.len();
    (rest, stuck)
}

fn differs(how: &str, is: &Observed, wanted: &Observed) -> String {
    let words = is.other_words(wanted);
    let words =
        words.map(|(is, should)| format!("\n  says:   {is:?}\n  should: {should:?}")).unwrap_or_default();
    format!("{how}\n  is:     {is:?}\n  should: {wanted:?}{words}")
}

/// No use's money is moved twice, and nothing is done for an unknown ticket.
fn of_actions(tickets: &[Seen], actions: &[DoneAction]) -> Vec<Violation> {
    let known: BTreeSet<String> = tickets.iter().map(|seen| seen.ticket.to_string()).collect();
    let mut done: BTreeMap<(String, ActionKind), Vec<&str>> = BTreeMap::new();
    for action in actions {
        done.entry((action.use_id.to_string(), action.kind)).or_default().push(&action.key);
    }
    let twice = done.into_iter().filter(|(_, keys)| keys.len() > 1);
    let twice = twice.map(|((use_id, kind), keys)| {
        let what =
            format!("{kind:?} of use {use_id} was done {} times, under {}", keys.len(), keys.join(", "));
        Violation { wrong: Wrong::Twice, ticket: None, what }
    });
    let keys = repeated(actions.iter().map(|action| &action.key));
    let keys = keys.map(|key| Violation {
        wrong: Wrong::Twice,
        ticket: None,
        what: format!("two actions were done under the key {key}"),
    });
    let strangers = actions.iter().filter(|action| !known.contains(&action.ticket_id));
    let strangers = strangers.map(|action| Violation {
        wrong: Wrong::Different,
        ticket: None,
        what: format!("{:?} for ticket {}, which nobody opened", action.kind, action.ticket_id),
    });
    twice.chain(keys).chain(strangers).collect()
}

/// Whether nothing was done for a household's ticket, and its case ended.
pub(super) fn is_limited(seen: &Seen) -> bool {
    let ended = matches!(seen.rest, Rest::Ended { .. });
    matches!(seen.kind, Kind::OfHousehold(_)) && seen.observed.actions.is_empty() && ended
}

/// No account got more than the limit allows; and no less, if all was delivered and no case is stuck.
fn of_households(tickets: &[Seen]) -> Vec<Violation> {
    let mut households: BTreeMap<u32, Vec<&Seen>> = BTreeMap::new();
    for seen in tickets {
        if let Kind::OfHousehold(number) = seen.kind {
            households.entry(number).or_default().push(seen);
        }
    }
    let wrong = households.into_values().filter_map(|household| {
        let settled = household.iter().filter(|seen| !seen.observed.actions.is_empty()).count();
        let whole = household
            .iter()
            .all(|seen| seen.acknowledged == Acknowledged::All && matches!(seen.rest, Rest::Ended { .. }));
        let wrong = settled > PER_ACCOUNT || whole && settled < PER_ACCOUNT.min(household.len());
        let what = format!("{settled} tickets of one account were settled where {PER_ACCOUNT} are let");
        let ticket = household.first().map(|seen| seen.ticket);
        wrong.then_some(Violation { wrong: Wrong::Limit, ticket, what })
    });
    wrong.collect()
}

fn repeated<'a>(texts: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let mut known = BTreeSet::new();
    texts.into_iter().find(|text| !known.insert(*text))
}
