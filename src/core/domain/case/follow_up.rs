//! The turns that no policy row decides: follow-ups after a settled case, thanks, reminders, silence.

use super::conversation::Writer;
use super::effect::{Awaited, Ending, Occasion, WriteKind};
use super::entry::Entry;
use super::execute::{close_turn, write_once};
use super::fold::{Case, Rest};
use super::internal;
use super::next::{Step, escalate};
use super::playbook::{Playbook, WhenSilent};
use super::write;
use crate::domain::reply::names;
use crate::domain::ticket::{Ticket, TicketStatus};

/// The customer wrote after the case was settled. Thanks change nothing, a known wish is answered, anything else goes to a
/// person (guide, follow-ups).
pub(super) fn follow_up(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    if case.has_written(WriteKind::Reply) {
        return close_turn(case, playbook, ticket);
    }
    // The service answers nothing while any part is not understood.
    let nothing_else = is_understood(case);
    if case.talk.wishes.is_empty() && nothing_else {
        return restore(case, TicketStatus::Solved)
            .unwrap_or(Step::Record(Entry::Ended { ending: Ending::Settled }));
    }
    // A requester who was set later is not the person whose identity was established.
    if !nothing_else || case.talk.writer != Writer::Holder || case.facts.requester_changed {
        return escalate(
            "처리를 마친 뒤 고객님이 글을 더 남기셨습니다.".into(),
            "고객님의 새 글을 확인하고 이어서 상담해 주세요.".into(),
        );
    }
    let reply = || write::follow_up(case, playbook, ticket, None);
    write_once(case, WriteKind::Reply, reply).unwrap_or_else(|| close_turn(case, playbook, ticket))
}

/// An automatic message arrived, such as an out-of-office reply. It is not the customer's word; the case waits as before.
pub(super) fn after_a_machine(case: &Case) -> Option<Step> {
    let is_automatic = case.turn.heard.as_ref().is_some_and(|heard| heard.automatic);
    if !is_automatic || case.turn.occasion != Occasion::Customer {
        return None;
    }
    match case.turn.before.as_ref()? {
        Rest::Waiting(waiting) => {
            let rest = || Step::Wait(waiting.awaited.clone());
            Some(restore(case, TicketStatus::Pending).unwrap_or_else(rest))
        }
        Rest::Ended(ending) => {
            let rest = Step::Record(Entry::Ended { ending: *ending });
            Some(restore(case, TicketStatus::Solved).unwrap_or(rest))
        }
        Rest::Stuck(_) => None,
    }
}

/// The requested payment has not arrived yet.
pub(super) fn still_unpaid(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    match case.turn.occasion {
        Occasion::TimeUp { last: true } => escalate(
            "결제를 부탁드렸지만 기한이 지나도록 결제되지 않았습니다.".into(),
            "고객님께 결제 여부를 확인하고, 결제되면 보상 정책에 따라 T포인트로 보상해 주세요.".into(),
        ),
        Occasion::Customer => {
            if !is_understood(case) || (!case.talk.wishes.is_empty() && case.talk.writer != Writer::Holder) {
                return escalate(
                    "결제를 기다리는 동안 고객님이 글을 남기셨습니다. 이용 건은 아직 미수 상태입니다.".into(),
                    "고객님의 글을 확인하고 이어서 상담해 주세요. 결제가 확인되면 보상 정책에 따라 T포인트로 보상해 주세요.".into(),
                );
            }
            if case.talk.wishes.is_empty() {
                return restore(case, TicketStatus::Pending).unwrap_or(Step::Wait(Awaited::Payment));
            }
            let reply = || write::follow_up(case, playbook, ticket, Some(Awaited::Payment));
            write_once(case, WriteKind::Reply, reply).unwrap_or_else(|| close_turn(case, playbook, ticket))
        }
        _ => Step::Wait(Awaited::Payment),
    }
}

/// Reminds the customer of the open questions.
pub(super) fn remind(case: &Case, playbook: &Playbook, ticket: &Ticket, awaited: &Awaited) -> Step {
    let reminder = || write::unasked(case, playbook, ticket, WriteKind::Reminder, names::REMINDER);
    if let Some(step) = write_once(case, WriteKind::Reminder, reminder) {
        return step;
    }
    let note = case
        .write(WriteKind::Reminder)
        .and_then(|(said, _)| write_once(case, WriteKind::Note, || Ok(internal::note(case, playbook, said))));
    note.unwrap_or_else(|| Step::Wait(awaited.clone()))
}

/// The customer did not answer.
pub(super) fn silence(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    if playbook.patience.when_silent == WhenSilent::HandOver && !case.has_written(WriteKind::SilentClose) {
        return escalate(
            "여쭤본 내용에 기한이 지나도록 답변이 없습니다.".into(),
            "고객님께 답변을 다시 요청하거나, 지금까지 확인된 내용으로 상담을 마무리해 주세요.".into(),
        );
    }
    let goodbye = || write::unasked(case, playbook, ticket, WriteKind::SilentClose, names::CLOSED_SILENT);
    if let Some(step) = write_once(case, WriteKind::SilentClose, goodbye) {
        return step;
    }
    let note = case
        .write(WriteKind::SilentClose)
        .and_then(|(said, _)| write_once(case, WriteKind::Note, || Ok(internal::note(case, playbook, said))));
    note.unwrap_or(Step::Record(Entry::Ended { ending: Ending::Silent }))
}

/// A customer's comment reopens a solved or pending ticket. If it only thanks, the former status is restored.
fn restore(case: &Case, status: TicketStatus) -> Option<Step> {
    write_once(case, WriteKind::Restore, || Ok(internal::restore(case, status)))
}

/// Whether everything said in the turn is understood and in the requester's own words.
fn is_understood(case: &Case) -> bool {
    case.turn
        .heard
        .as_ref()
        .is_some_and(|heard| heard.reading.nothing_else && heard.unreadable == 0 && heard.warnings.is_empty())
}
