//! The internal notes: text, and the routing where a team takes over.

mod body;
mod earlier;
mod lines;
mod text;

use super::{Unwritable, text as public};
use crate::domain::case::effect::{Awaited, Write, WriteKind};
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::routing::Routing;
use crate::domain::case::step::Note;
use crate::domain::case::tags::{Mark, Tags};
use crate::domain::policy::Team;
use crate::domain::reply::outgoing;
use crate::domain::ticket::{Ticket, TicketStatus, TicketUpdate};

/// The write of an internal note.
///
/// # Errors
/// The reply that the note promises cannot be written.
pub(super) fn compose(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    note: Note,
) -> Result<Write, Unwritable> {
    let reply = match note {
        Note::Shadow | Note::Prepared => public::preview(case, playbook, ticket).transpose(),
        _ => Ok(None),
    };
    let reply = match (reply, &note) {
        (Err(unwritable), Note::Shadow) => Some(unwritable.reason.to_string()),
        (reply, _) => reply?,
    };
    let body = body::body(case, playbook, &note, reply.as_deref(), is_assigned(case, ticket));
    let write = routed(case, &playbook.routing, ticket, (note, body, reply));
    Ok(without_stuck_mark(case, &playbook.routing, ticket, write))
}

/// The write of a note with this text. `reply`: what the note promises to say.
fn routed(
    case: &Case,
    routing: &Routing,
    ticket: &Ticket,
    (note, body, reply): (Note, String, Option<String>),
) -> Write {
    let kind = note.kind();
    match note {
        Note::HandOver { team, .. } | Note::HandOverForATime { team, .. } => {
            handed_over(case, routing, ticket, team, body)
        }
        Note::StepBack { watches: false } => {
            left_to_people(case, routing, ticket, (kind, Mark::HandedOver), body)
        }
        Note::Stuck { routes: true, .. } => left_to_people(case, routing, ticket, (kind, Mark::Stuck), body),
        Note::Prepared => {
            let left = left_to_people(case, routing, ticket, (kind, Mark::Prepared), body);
            Write { awaits: Some(Awaited::Release), promises: reply, ..left }
        }
        Note::Shadow | Note::StepBack { watches: true } => {
            without_inherited_marks(case, routing, only_note(kind, body))
        }
        Note::Restore { status } => {
            internal(kind, TicketUpdate { status: Some(status), ..TicketUpdate::note(outgoing(body)) })
        }
        Note::Misspelt { tags, .. } => Write { misspelt_tags: tags.into(), ..only_note(kind, body) },
        // Zendesk refused the routing, or only a note may be written.
        Note::After(_) | Note::Resumed | Note::Stuck { routes: false, .. } => only_note(kind, body),
    }
}

fn handed_over(case: &Case, routing: &Routing, ticket: &Ticket, team: Team, body: String) -> Write {
    if case.has_written(WriteKind::Reply) {
        // The reply has already routed the ticket; changes by agents since then are kept.
        return only_note(WriteKind::HandOver, body);
    }
    let mut tags = Tags::of(ticket);
    routing.mark(&mut tags, Mark::HandedOver);
    let consultation_type = case.set_consultation_type(routing, &mut tags);
    let update = TicketUpdate {
        status: Some(TicketStatus::Open),
        group_id: routing.groups.get(&team).copied(),
        tags: Some(tags.0),
        consultation_type,
        ..TicketUpdate::note(outgoing(body))
    };
    Write { hands_to: Some(team), ..internal(WriteKind::HandOver, update) }
}

/// After a retry the first write takes the mark of the stuck case off, and puts back what the note about it replaced.
fn without_stuck_mark(case: &Case, routing: &Routing, ticket: &Ticket, mut write: Write) -> Write {
    let mark = case.stuck_mark(routing).filter(|_| write.update.tags.is_none());
    let Some(mark) = mark else { return write };
    let mut tags = Tags::of(ticket);
    match case.before_stop(mark, routing) {
        Some((before, status)) => {
            tags.remove(routing.marks()).add(before);
            write.update.status = write.update.status.or(status);
        }
        None => {
            tags.remove([&routing.stuck_tag]);
        }
    }
    write.update.tags = Some(tags.0);
    write
}

/// Removes inherited tags: a follow-up left to people must not look as if the service worked on it or had finished it.
fn without_inherited_marks(case: &Case, routing: &Routing, mut note: Write) -> Write {
    let ticket = case.facts.ticket.as_ref().filter(|ticket| ticket.follows.is_some());
    let own = ticket.map(|ticket| (ticket, case.without_inherited_marks(ticket, routing).tags));
    note.update.tags = own.and_then(|(ticket, own)| (own != ticket.tags).then_some(own));
    note
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
    let mut update = TicketUpdate { tags: Some(tags.0), ..TicketUpdate::note(outgoing(body)) };
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

/// A note that changes nothing else, so that it conflicts with no change by others.
fn only_note(kind: WriteKind, body: String) -> Write {
    internal(kind, TicketUpdate::note(outgoing(body)))
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
        misspelt_tags: Box::default(),
    }
}
