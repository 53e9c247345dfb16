//! The internal writes to a ticket: notes, with routing if a team takes over.

use super::effect::{Awaited, Write, WriteKind};
use super::fold::Case;
use super::playbook::{Playbook, Routing};
use super::tags::{Mark, Tags};
use super::write::{Unwritable, preview, set_consultation_type};
use crate::domain::note;
use crate::domain::policy::Team;
use crate::domain::reply::outgoing;
use crate::domain::ticket::{ByMacro, Ticket, TicketStatus, TicketUpdate};

pub(super) fn hand_over(case: &Case, playbook: &Playbook, ticket: &Ticket, team: Team, todo: &str) -> Write {
    routed(case, &playbook.routing, ticket, team, note::hand_over(case, playbook, team, todo))
}

/// The note to a team that is to give the ticket back.
pub(super) fn hand_over_for_a_time(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    team: Team,
    todo: &str,
) -> Write {
    routed(case, &playbook.routing, ticket, team, note::hand_over_for_a_time(case, playbook, team, todo))
}

fn routed(case: &Case, routing: &Routing, ticket: &Ticket, team: Team, body: String) -> Write {
    if case.has_written(WriteKind::Reply) {
        // The reply has already routed the ticket; changes by agents since then are kept.
        return only_note(WriteKind::HandOver, body);
    }
    let mut tags = Tags::of(ticket);
    routing.mark(&mut tags, Mark::HandedOver);
    let consultation_type = set_consultation_type(case, routing, &mut tags);
    let update = TicketUpdate {
        body: outgoing(body),
        public: false,
        status: Some(TicketStatus::Open),
        group_id: routing.groups.get(&team).copied(),
        tags: Some(tags.0),
        consultation_type,
        by_macro: ByMacro::default(),
    };
    Write { hands_to: Some(team), ..internal(WriteKind::HandOver, update) }
}

/// The note after a public text.
pub(super) fn note(case: &Case, playbook: &Playbook, said: &Write) -> Write {
    only_note(WriteKind::Note, note::after(case, playbook, said))
}

pub(super) fn step_back_note(case: &Case, playbook: &Playbook, ticket: &Ticket, watches: bool) -> Write {
    let body = note::stepped_back(case, playbook, watches || is_assigned(case, ticket));
    if watches {
        let note = only_note(WriteKind::StepBackNote, body);
        return without_inherited_marks(case, &playbook.routing, note);
    }
    left_to_people(case, &playbook.routing, ticket, (WriteKind::StepBackNote, Mark::HandedOver), body)
}

/// The note that says why the service gave up.
pub(super) fn stuck_note(case: &Case, playbook: &Playbook, ticket: &Ticket, reason: &str) -> Write {
    let body = note::stuck(case, playbook, reason, is_assigned(case, ticket));
    left_to_people(case, &playbook.routing, ticket, (WriteKind::StuckNote, Mark::HandedOver), body)
}

/// The same without routing: Zendesk refused it, or only a note may be written.
pub(super) fn plain_stuck_note(case: &Case, playbook: &Playbook, reason: &str) -> Write {
    only_note(WriteKind::StuckNote, note::stuck(case, playbook, reason, true))
}

/// Removes inherited tags: a follow-up left to people must not look as if the service worked on it or had finished it.
fn without_inherited_marks(case: &Case, routing: &Routing, mut note: Write) -> Write {
    let ticket = case.facts.ticket.as_ref().filter(|ticket| ticket.follows.is_some());
    let own = ticket.map(|ticket| (ticket, case.without_inherited_marks(ticket, routing).tags));
    note.update.tags = own.and_then(|(ticket, own)| (own != ticket.tags).then_some(own));
    note
}

/// The note of what the service would do and say; it changes nothing else.
pub(super) fn shadow_note(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Write {
    let reply = preview(case, playbook, ticket).map(|reply| reply.unwrap_or_else(|error| error.reason));
    let note = only_note(WriteKind::ShadowNote, note::shadow(case, playbook, reply.as_deref()));
    without_inherited_marks(case, &playbook.routing, note)
}

/// The note of what an agent may release.
pub(super) fn prepared(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Result<Write, Unwritable> {
    let reply = preview(case, playbook, ticket).transpose()?;
    let body = note::prepared(case, playbook, reply.as_deref());
    let left = left_to_people(case, &playbook.routing, ticket, (WriteKind::Prepared, Mark::Prepared), body);
    Ok(Write { awaits: Some(Awaited::Release), promises: reply, ..left })
}

/// The note that leaves a ticket to people, who may own it already. Settings made by a person are kept. A ticket without an
/// owner goes to general agents, and one that the service set to wait is opened, so that agents see it.
fn left_to_people(
    case: &Case,
    routing: &Routing,
    ticket: &Ticket,
    (kind, mark): (WriteKind, Mark),
    body: String,
) -> Write {
    let mut tags = Tags::of(ticket);
    routing.mark(&mut tags, mark);
    let mut update = TicketUpdate { body: outgoing(body), tags: Some(tags.0), ..note_update() };
    if !is_assigned(case, ticket) {
        let agents = || routing.groups.get(&Team::Agents).copied();
        // Setting the group clears the assignee, which is the service itself.
        update.group_id = match (ticket.group_id, ticket.assignee_id) {
            (Some(_), None) => None,
            (group, _) => group.or_else(agents),
        };
        let is_ours = case.status_set() == Some(ticket.status);
        let rests = ticket.status == TicketStatus::Pending
            || (ticket.status == TicketStatus::Solved && kind == WriteKind::StuckNote);
        // A ticket left to people must be open: the sweep takes a new one with such a mark for a follow-up that no delivery
        // announced.
        let is_new = kind == WriteKind::StuckNote && ticket.status == TicketStatus::New;
        update.status = ((is_ours && rests) || is_new).then_some(TicketStatus::Open);
    }
    internal(kind, update)
}

/// Whether the ticket is assigned to a person. Zendesk may have assigned it to the service itself, because the service
/// solved it.
fn is_assigned(case: &Case, ticket: &Ticket) -> bool {
    let mut ours = case.changes.iter().flatten().filter_map(|change| change.service_user);
    ticket.assignee_id.is_some_and(|id| !ours.any(|own| own == id))
}

/// Restores the status from before the customer's thanks or an automatic message.
pub(super) fn restore(case: &Case, status: TicketStatus) -> Write {
    let body = outgoing(note::restored(case, status));
    let update = TicketUpdate { body, status: Some(status), ..note_update() };
    internal(WriteKind::Restore, update)
}

/// A note that changes nothing else, so that it conflicts with no change by others.
fn only_note(kind: WriteKind, body: String) -> Write {
    internal(kind, TicketUpdate { body: outgoing(body), ..note_update() })
}

fn note_update() -> TicketUpdate {
    TicketUpdate {
        body: String::new(),
        public: false,
        status: None,
        group_id: None,
        tags: None,
        consultation_type: None,
        by_macro: ByMacro::default(),
    }
}

fn internal(kind: WriteKind, update: TicketUpdate) -> Write {
    Write {
        kind,
        update,
        macro_name: None,
        answers: Vec::new(),
        awaits: None,
        promises: None,
        hands_to: None,
    }
}
