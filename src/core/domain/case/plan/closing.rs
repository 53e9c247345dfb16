//! How turns and cases end: the writes that are made once, the note after a public text, the ticket that goes to people.

use crate::domain::case::cause::{Escalation, EscalationCause};
use crate::domain::case::effect::{Ending, Occasion, WriteKind};
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::Case;
use crate::domain::case::halt::StuckCause;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::record::EffectState;
use crate::domain::case::step::{Note, Plan, PublicText, Step, Todo, stuck};
use crate::domain::policy::{Team, Trust};

/// The next step of a public text; `None` when it is written.
pub(super) fn say(case: &Case, text: PublicText) -> Option<Plan> {
    unless_written(case, text.kind(), || Plan::Say(text))
}

/// The next step of an internal note; `None` when it is written.
pub(super) fn note(case: &Case, note: Note) -> Option<Plan> {
    unless_written(case, note.kind(), || Plan::Note(note))
}

fn unless_written(case: &Case, kind: WriteKind, plan: impl FnOnce() -> Plan) -> Option<Plan> {
    match case.write(kind).map(|(_, record)| &record.state) {
        Some(EffectState::Written) => None,
        Some(EffectState::Refused { ticket_closed: true, .. }) => {
            Some(end_without_ticket(case, Ending::TicketClosed))
        }
        Some(EffectState::Refused { reason, missing_fields, .. }) if kind.is_public() => {
            let (reason, missing_fields) = (reason.clone(), missing_fields.clone());
            let refused = EscalationCause::ReplyRefused { reason, missing_fields };
            let draft = case.write(kind).map(|(write, _)| write.update.body.clone());
            Some(Step::Record(Entry::Escalated(Escalation { draft, ..refused.into() })).into())
        }
        Some(EffectState::Refused { reason, .. }) => {
            Some(stuck(StuckCause::NoteRefused { error: reason.clone() }))
        }
        Some(EffectState::NotDone) if case.changes.is_none() => Some(Step::Look.into()),
        _ => Some(plan()),
    }
}

/// The steps after the public text: the note, then the wait that the text announces.
pub(super) fn close_turn(case: &Case) -> Plan {
    let said = case.writes().rfind(|(write, record)| {
        record.position > case.turn.from && write.kind.is_public() && record.state == EffectState::Written
    });
    let Some((said, said_at)) = said else {
        return stuck(StuckCause::NothingSaid);
    };
    let after = match said.hands_to {
        Some(team) => Note::HandOver { team, todo: Todo::After(Box::new(said.clone())) },
        None => Note::After(Box::new(said.clone())),
    };
    // If the case was stuck since then and people were notified, they own it, unless they ordered a retry.
    let since = said_at.position.max(case.retried);
    let with_people = case.told_of_stop().is_some_and(|told| told.position > since);
    note(case, after).unwrap_or_else(|| match (&said.awaits, said.hands_to) {
        _ if with_people => end(Ending::HandedOver),
        (Some(awaited), _) => Step::Wait(awaited.clone()).into(),
        (None, Some(_)) => end(Ending::HandedOver),
        (None, None) => end(Ending::Settled),
    })
}

/// The plan of a case that is stepping back or escalated.
pub(super) fn leave_to_people(case: &Case, playbook: &Playbook) -> Option<Plan> {
    let watches = || only_watches(case, playbook);
    if case.stepped_back.is_some() {
        let step_back = Note::StepBack { watches: watches() };
        return Some(note(case, step_back).unwrap_or_else(|| end(Ending::SteppedBack)));
    }
    case.escalated.as_ref()?;
    Some(if watches() { shadow(case) } else { hand_over(case, Team::Agents, Todo::Escalated) })
}

/// Whether the service has only watched the ticket so far and may do no more. What no row has decided has the trust of the
/// least trusted row.
pub(super) fn only_watches(case: &Case, playbook: &Playbook) -> bool {
    let decided = case.decision.as_ref().map(|decision| decision.trust);
    let trust = decided.unwrap_or_else(|| playbook.policy.least_trust());
    trust == Trust::Shadow && !case.has_begun() && case.turn.occasion != Occasion::Ordered
}

pub(super) fn hand_over(case: &Case, team: Team, todo: Todo) -> Plan {
    note(case, Note::HandOver { team, todo }).unwrap_or_else(|| end(Ending::HandedOver))
}

pub(super) fn shadow(case: &Case) -> Plan {
    note(case, Note::Shadow).unwrap_or_else(|| end(Ending::Shadowed))
}

pub(super) fn end(ending: Ending) -> Plan {
    Step::Record(Entry::Ended { ending }).into()
}

/// The ticket can no longer be written to. If money has moved and the customer was not informed, a person must look.
pub(super) fn end_without_ticket(case: &Case, ending: Ending) -> Plan {
    let acted = case.receipts_of_turn().next().is_some() || case.unclear().is_some();
    if acted && !case.has_written(WriteKind::Reply) {
        return stuck(StuckCause::CustomerNotInformed);
    }
    end(ending)
}
