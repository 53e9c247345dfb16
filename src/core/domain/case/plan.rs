//! What is to be done next, by the journal alone. No text is made here.

mod clear_up;
mod closing;
mod decision;
mod earlier;
mod follow_up;
mod guards;
mod read_messages;
mod resume;
mod situation;
mod stuck;
mod unmark;

use super::effect::{Awaited, Ending, Occasion, Rest};
use super::fold::Case;
use super::playbook::Playbook;
use super::step::{Plan, Step};
use crate::domain::ticket::Ticket;

/// The plan of a case.
pub(super) fn plan(case: &Case, playbook: &Playbook) -> Plan {
    unmark::unmark(case, playbook, by_state(case, playbook))
}

fn by_state(case: &Case, playbook: &Playbook) -> Plan {
    if let Some(rest) = &case.rest {
        return resume::resume(case, rest, playbook);
    }
    if case.gone {
        return closing::end_without_ticket(case, Ending::TicketGone);
    }
    let Some(ticket) = &case.facts.ticket else {
        return Step::Look.into();
    };
    if let Some(step) = clear_up::writes(case, playbook) {
        return step;
    }
    if let Some(follows) = ticket.follows.filter(|_| case.facts.earlier.is_none()) {
        return Step::ReadEarlier(follows).into();
    }
    let conclusion = guards::not_begun(case, playbook, ticket)
        .or_else(|| read_messages::unheard(case, playbook))
        .or_else(|| guards::make_way(case, playbook));
    if let Some(entry) = conclusion {
        return Step::Record(entry).into();
    }
    if let Some(step) = clear_up::actions(case) {
        return step.into();
    }
    if let Some(plan) = closing::leave_to_people(case, playbook) {
        return plan;
    }
    conduct(case, playbook, ticket)
}

/// The plan that the turn's occasion calls for.
fn conduct(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Plan {
    if let Some(plan) = follow_up::after_a_machine(case) {
        return plan;
    }
    match (case.turn.occasion, &case.turn.before) {
        (Occasion::Customer, Some(Rest::Ended(Ending::Settled))) => follow_up::follow_up(case),
        (Occasion::TimeUp { last }, Some(Rest::Waiting(waiting)))
            if !case.facts.requester_changed && matches!(waiting.awaited, Awaited::Answer { .. }) =>
        {
            if last {
                follow_up::silence(case, playbook)
            } else {
                follow_up::remind(case, &waiting.awaited)
            }
        }
        _ => decision::decide_or_carry_out(case, playbook, ticket),
    }
}
