//! Guards against working on a ticket that a person works on: the service gives way to people.

use crate::domain::case::cause::{EscalationCause, StepBackCause};
use crate::domain::case::effect::{Ending, Occasion, Rest};
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::routing::Routing;
use crate::domain::policy::{Identity, Input, Outcome};
use crate::domain::ticket::{ChangeAuthor, Ticket, TicketChange, TicketStatus};

/// Why the service does not start on this ticket, checked before its first effect.
pub(super) fn not_begun(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Option<Entry> {
    let begun = !case.effects.is_empty()
        || case.stepped_back.is_some()
        || case.escalated.is_some()
        || case.erased.is_some();
    if begun || case.changes.is_none() {
        return None;
    }
    not_for_us(case, ticket, &playbook.routing).or_else(|| taken_before(case, ticket))
}

/// Why this ticket is not of the service's kind, or no longer.
fn not_for_us(case: &Case, ticket: &Ticket, routing: &Routing) -> Option<Entry> {
    let end = |ending| Some(Entry::Ended { ending });
    match ticket.status {
        TicketStatus::Closed => end(Ending::TicketClosed),
        TicketStatus::Solved => end(Ending::AlreadySolved),
        _ if !routing.is_ours(&case.without_inherited_marks(ticket, routing)) => end(Ending::NotOurs),
        TicketStatus::New | TicketStatus::Open => None,
        // The service itself set it to pending, though its journal does not know.
        TicketStatus::Pending if waits_for_us(case, ticket, routing) => None,
        TicketStatus::Pending | TicketStatus::Hold | TicketStatus::Unknown => {
            Some(step_back(StepBackCause::AlreadyPending))
        }
    }
}

fn waits_for_us(case: &Case, ticket: &Ticket, routing: &Routing) -> bool {
    let marked = case.without_inherited_marks(ticket, routing).tags.contains(&routing.waiting_tag);
    marked && case.first_forgotten().is_some()
}

/// Who worked on this ticket before the service first read it: an agent who has already written to the customer, or this
/// service itself, if the ledger does not know of it.
fn taken_before(case: &Case, ticket: &Ticket) -> Option<Entry> {
    let changes = case.changes.iter().flatten();
    let by_colleague = |opening: &TicketChange| {
        opening.said.is_none() && matches!(opening.author, ChangeAuthor::Other { .. })
    };
    if ticket.follows.is_some() && changes.clone().next().is_some_and(by_colleague) {
        return Some(step_back(StepBackCause::FollowUpByAgent));
    }
    // The first change is the ticket's creation, possibly by an agent on the customer's behalf.
    let mut later = changes.skip(1);
    let found = later.find_map(|change| match change.author {
        ChangeAuthor::Other { .. } if change.spoke_publicly => Some(StepBackCause::AlreadyAnswered),
        // Sealed changes are recovered where possible.
        ChangeAuthor::Service if change.sealed.is_none() => Some(StepBackCause::UnknownWrites),
        _ => None,
    })?;
    Some(step_back(found))
}

fn step_back(cause: StepBackCause) -> Entry {
    Entry::SteppedBack { reason: cause.into() }
}

/// Steps back if another person works on the ticket, and hands it over if the customer has said something that a person
/// must read.
pub(super) fn make_way(case: &Case, playbook: &Playbook) -> Option<Entry> {
    if case.has_spoken() || case.stepped_back.is_some() {
        return None;
    }
    if let Some(person) = case.copied_person().filter(|_| case.escalated.is_none()) {
        return Some(EscalationCause::CopiedPersonWrote { name: person.name.clone() }.into());
    }
    if case.outsider_wrote() && case.escalated.is_none() {
        return Some(EscalationCause::OutsiderWrote.into());
    }
    if case.foreign_changes(playbook).next().is_some() {
        return Some(step_back(StepBackCause::ChangedByOthers));
    }
    if solved_while_answering(case) && case.escalated.is_none() {
        return Some(EscalationCause::SolvedWhileAnswering.into());
    }
    if is_for_another(case) && case.escalated.is_none() {
        return Some(EscalationCause::RequesterReplaced.into());
    }
    let handed_over =
        matches!(&case.decision, Some(decision) if matches!(decision.outcome, Outcome::HandOver { .. }));
    let unread = case.turn.heard.as_ref().is_some_and(|heard| !heard.understood);
    (unread && case.escalated.is_none() && !handed_over).then(|| EscalationCause::WroteMeanwhile.into())
}

/// Whether the customer answered and marked the ticket as solved at once: it is unclear whether they still want anything.
fn solved_while_answering(case: &Case) -> bool {
    let waited = matches!(case.turn.before, Some(Rest::Waiting(_)));
    let is_solved = case.facts.ticket.as_ref().is_some_and(|ticket| ticket.status == TicketStatus::Solved);
    waited && is_solved && case.turn.occasion == Occasion::Customer
}

/// Whether the requester was replaced after this turn's decision on who wrote: an action or a write was in flight then, so
/// the turn was not decided anew.
fn is_for_another(case: &Case) -> bool {
    let excluded = Some(Identity::Excluded.code());
    case.facts.requester_changed
        && case.decision.as_ref().is_some_and(|decision| decision.input(Identity::NAME) != excluded)
}
