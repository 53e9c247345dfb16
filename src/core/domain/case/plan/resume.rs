//! Whether an event resumes a resting case.

use super::{clear_up, stuck};
use crate::domain::case::effect::{Awaited, Ending, Occasion, Rest, Waiting};
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::{Case, WakeReason};
use crate::domain::case::playbook::Playbook;
use crate::domain::case::step::{Note, Plan, Step};
use crate::domain::ticket::{Ticket, TicketChange, TicketStatus};

/// The plan of a case that rests.
pub(super) fn resume(case: &Case, rest: &Rest, playbook: &Playbook) -> Plan {
    let step = match rest {
        Rest::Waiting(waiting) if matches!(waiting.awaited, Awaited::GiveBack | Awaited::Release) => {
            return of_people(case, waiting, playbook);
        }
        Rest::Waiting(waiting) => of_event(case, |ticket| of_waiting(case, ticket, waiting, playbook)),
        Rest::Ended(Ending::Settled | Ending::Silent | Ending::AlreadySolved) => {
            of_event(case, |ticket| of_ended(case, ticket, playbook))
        }
        Rest::Ended(_) => Step::Rest,
        Rest::Stuck(reason) => return stuck::notify(case, playbook, reason),
    };
    step.into()
}

/// The step of a case that an event may resume, once the ticket was read after the event.
fn of_event(case: &Case, conclude: impl FnOnce(&Ticket) -> Entry) -> Step {
    if case.roused.is_none() {
        return Step::Rest;
    }
    if case.gone {
        return Step::Record(Entry::Ended { ending: Ending::TicketGone });
    }
    match (&case.facts.ticket, &case.changes) {
        (Some(ticket), Some(_)) => Step::Record(conclude(ticket)),
        _ => Step::Look,
    }
}

/// A settled case goes on when the customer writes, unless an agent has taken the ticket over. If the requester was
/// replaced, the former requester's words count as another author's changes and possibly no agent has read them: the turn
/// then leaves a note. The same applies if no agent has answered what the customer wrote since.
fn of_ended(case: &Case, ticket: &Ticket, playbook: &Playbook) -> Entry {
    let by_others = case.foreign_changes(playbook).next().is_some();
    match ticket.status {
        TicketStatus::Closed => Entry::Ended { ending: Ending::TicketClosed },
        _ if by_others && !case.facts.requester_changed && !is_unanswered(case, playbook) => {
            Entry::Ended { ending: Ending::SteppedBack }
        }
        _ if case.copied_person().is_some() || case.outsider_wrote() => began(Occasion::CopiedPerson, None),
        _ if by_others || case.unheard().next().is_some() => began(Occasion::Customer, None),
        _ => Entry::NothingNew,
    }
}

/// Whether the customer wrote something that was not heard, and no agent has written to them since.
fn is_unanswered(case: &Case, playbook: &Playbook) -> bool {
    let answered = case
        .foreign_changes(playbook)
        .filter(|change| change.spoke_publicly)
        .map(|change| change.audit_id)
        .max();
    case.unheard().any(|message| answered.is_none_or(|answered| message.change.audit_id > answered))
}

fn began(occasion: Occasion, by: Option<&TicketChange>) -> Entry {
    Entry::TurnBegan { occasion, audit_id: by.map(|change| change.audit_id) }
}

/// The plan of a case that waits for a person. If the person has set a tag that the service does not know, a note says so, and
/// the case waits on.
fn of_people(case: &Case, waiting: &Waiting, playbook: &Playbook) -> Plan {
    let is_looked_at = case.roused.is_some() && !case.gone && case.facts.ticket.is_some();
    // Such a note may be on the ticket, though its response was lost.
    if is_looked_at
        && case.has_open_tag_note()
        && let Some(plan) = clear_up::writes(case, playbook)
    {
        return plan;
    }
    let step = of_event(case, |ticket| of_waiting(case, ticket, waiting, playbook));
    let tags = match step {
        Step::Record(Entry::NothingNew) => case.misspelt_tags(&playbook.routing),
        _ => Vec::new(),
    };
    if tags.is_empty() {
        return step.into();
    }
    Plan::Note(Note::Misspelt { tags, awaited: waiting.awaited.clone() })
}

fn of_waiting(case: &Case, ticket: &Ticket, waiting: &Waiting, playbook: &Playbook) -> Entry {
    match (&waiting.awaited, ticket.status) {
        (_, TicketStatus::Closed) => Entry::Ended { ending: Ending::TicketClosed },
        (Awaited::GiveBack, _) => given_back(case, &playbook.routing.give_back_tag)
            .map_or(Entry::NothingNew, |change| began(Occasion::GivenBack, Some(change))),
        (Awaited::Release, _) => given_back(case, &playbook.routing.release_tag)
            .map_or(Entry::NothingNew, |change| began(Occasion::Released, Some(change))),
        _ if case.copied_person().is_some() || case.outsider_wrote() => began(Occasion::CopiedPerson, None),
        (_, TicketStatus::Solved) if is_over(case, waiting, playbook) => {
            Entry::Ended { ending: Ending::AlreadySolved }
        }
        _ if waits_behind(case) => began(Occasion::TimeUp { last: waiting.last }, None),
        _ if case.unheard().next().is_some() => began(Occasion::Customer, None),
        _ if case.roused == Some(WakeReason::TimeUp) => began(Occasion::TimeUp { last: waiting.last }, None),
        _ => Entry::NothingNew,
    }
}

/// Whether the customer wrote only after a text of the service that its journal does not know: it was the reminder.
fn waits_behind(case: &Case) -> bool {
    let behind = case.first_forgotten().is_some() && case.unheard().next().is_some();
    behind && !case.unheard().any(|message| case.is_due(message.change))
}

/// Whether a ticket that was solved during a wait needs no further work: an agent solved it, or the customer did without a
/// message. A case that waits for a payment still keeps its promise.
fn is_over(case: &Case, waiting: &Waiting, playbook: &Playbook) -> bool {
    let silent = case.unheard().next().is_none() && waiting.awaited != Awaited::Payment;
    silent || case.foreign_changes(playbook).next().is_some()
}

/// The change by which an agent set this tag since the case began to rest. Only a change in the agent interface counts: a
/// tag alone proves nothing about who set it, and any program with agent rights can set one. Each change counts once,
/// whether or not the tag is still there.
fn given_back<'a>(case: &'a Case, tag: &str) -> Option<&'a TicketChange> {
    let since = case.awaits_since()?;
    case.changes.iter().flatten().rfind(|change| {
        let by_colleague = change.is_by_a_person() && change.audit_id > since;
        by_colleague && change.added_tags.iter().any(|added| added == tag)
    })
}
