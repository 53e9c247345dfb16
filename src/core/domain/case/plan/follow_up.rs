//! The turns that no policy row decides: follow-ups after a settled case, thanks, reminders, silence.

use super::closing::{close_turn, end, note, say};
use crate::domain::case::cause::EscalationCause;
use crate::domain::case::conversation::Writer;
use crate::domain::case::effect::{Awaited, Ending, Occasion, Rest, WriteKind};
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::{Playbook, WhenSilent};
use crate::domain::case::step::{Note, Plan, PublicText, Step, escalate};
use crate::domain::ticket::TicketStatus;

/// The customer wrote after the case was settled. Thanks change nothing, a known wish is answered, anything else goes to a
/// person (guide, follow-ups).
pub(super) fn follow_up(case: &Case) -> Plan {
    if case.has_written(WriteKind::Reply) {
        return close_turn(case);
    }
    // The service answers nothing while any part is not understood.
    let nothing_else = is_understood(case);
    if case.talk.wishes.is_empty() && nothing_else {
        return restore(case, TicketStatus::Solved).unwrap_or_else(|| end(Ending::Settled));
    }
    // A requester who was set later is not the person whose identity was established.
    if !nothing_else || case.talk.writer != Writer::Holder || case.facts.requester_changed {
        return escalate(EscalationCause::WroteAfterSettled);
    }
    say(case, PublicText::FollowUp { awaits: None }).unwrap_or_else(|| close_turn(case))
}

/// An automatic message arrived, such as an out-of-office reply. It is not the customer's word; the case waits as before.
pub(super) fn after_a_machine(case: &Case) -> Option<Plan> {
    let is_automatic = case.turn.heard.as_ref().is_some_and(|heard| heard.automatic);
    if !is_automatic || case.turn.occasion != Occasion::Customer {
        return None;
    }
    match case.turn.before.as_ref()? {
        Rest::Waiting(waiting) => {
            let rest = || Step::Wait(waiting.awaited.clone()).into();
            Some(restore(case, TicketStatus::Pending).unwrap_or_else(rest))
        }
        Rest::Ended(ending) => Some(restore(case, TicketStatus::Solved).unwrap_or_else(|| end(*ending))),
        Rest::Stuck(_) => None,
    }
}

/// The requested payment has not arrived yet.
pub(super) fn still_unpaid(case: &Case) -> Plan {
    match case.turn.occasion {
        Occasion::TimeUp { last: true } => escalate(EscalationCause::PaymentOverdue),
        Occasion::Customer => {
            if !is_understood(case) || (!case.talk.wishes.is_empty() && case.talk.writer != Writer::Holder) {
                return escalate(EscalationCause::WroteBeforePayment);
            }
            if case.talk.wishes.is_empty() {
                return restore(case, TicketStatus::Pending)
                    .unwrap_or_else(|| Step::Wait(Awaited::Payment).into());
            }
            say(case, PublicText::FollowUp { awaits: Some(Awaited::Payment) })
                .unwrap_or_else(|| close_turn(case))
        }
        _ => Step::Wait(Awaited::Payment).into(),
    }
}

/// Reminds the customer of the open questions.
pub(super) fn remind(case: &Case, awaited: &Awaited) -> Plan {
    say_and_note(case, PublicText::Reminder).unwrap_or_else(|| Step::Wait(awaited.clone()).into())
}

/// The customer did not answer.
pub(super) fn silence(case: &Case, playbook: &Playbook) -> Plan {
    if playbook.patience.when_silent == WhenSilent::HandOver && !case.has_written(WriteKind::SilentClose) {
        return escalate(EscalationCause::NoAnswer);
    }
    say_and_note(case, PublicText::SilentClose).unwrap_or_else(|| end(Ending::Silent))
}

/// The next step of a text that no message prompted, and of the note after it; `None` when both are written.
fn say_and_note(case: &Case, text: PublicText) -> Option<Plan> {
    let kind = text.kind();
    say(case, text).or_else(|| {
        let (said, _) = case.write(kind)?;
        note(case, Note::After(Box::new(said.clone())))
    })
}

/// A customer's comment reopens a solved or pending ticket. If it only thanks, the former status is restored.
fn restore(case: &Case, status: TicketStatus) -> Option<Plan> {
    note(case, Note::Restore { status })
}

/// Whether everything said in the turn is understood and in the requester's own words.
fn is_understood(case: &Case) -> bool {
    case.turn
        .heard
        .as_ref()
        .is_some_and(|heard| heard.reading.nothing_else && heard.unreadable == 0 && heard.warnings.is_empty())
}
