//! Carries out the policy's decision: act, answer, ask, hand over, prepare, or only note.

use super::earlier;
use super::effect::{Action, Awaited, Effect, Ending, Write, WriteKind};
use super::entry::Entry;
use super::fold::Case;
use super::follow_up::still_unpaid;
use super::internal;
use super::next::{Step, end_without_ticket, escalate, stuck};
use super::playbook::Playbook;
use super::record::EffectState;
use super::sight::Sight;
use super::write::{self, Unwritable};
use crate::domain::parking::ParkingAction;
use crate::domain::policy::{Decision, Outcome, Team, Trust};
use crate::domain::reply::names;
use crate::domain::ticket::Ticket;
use crate::domain::words::Question;

/// A question asked this many times without a clear answer goes to a person.
const TIMES_TO_ASK: u32 = 2;

/// The next step of a decision.
pub(super) fn carry_out(case: &Case, playbook: &Playbook, ticket: &Ticket, decision: &Decision) -> Step {
    // A released turn that has begun to act goes on: its own actions change the facts.
    let acting = case.receipts_of_turn().next().is_some() || case.has_written(WriteKind::Reply);
    let released = case.turn.released.as_ref().is_some_and(|released| {
        released.agrees_with(decision) && (acting || write::is_as_promised(case, playbook, ticket))
    });
    if let Some(step) = earlier::for_a_person(case, decision) {
        return step;
    }
    if decision.trust == Trust::Shadow {
        return if case.has_begun() { unfinished() } else { shadow(case, playbook, ticket) };
    }
    // An open breaker lowers the trust of every row, for a turn that has not acted yet.
    let trust = if case.turn.restrained.is_some() { Trust::Assist } else { decision.trust };
    let step = outcome(case, playbook, ticket, decision);
    if trust == Trust::Assist && !released && awaits_release(&step) {
        return prepare(case, playbook, ticket);
    }
    // The reply must still be the one that the agent read: an amount may have been corrected, or the customer may have
    // asked more.
    if trust == Trust::Assist
        && let Step::Intend(Effect::Write(write)) = &step
        && awaits_release(&step)
        && !write::is_as_promised(case, playbook, ticket)
    {
        return Step::Record(Entry::Escalated {
            reason: "처리하는 동안 내용이 달라져, 고객님께 보낼 답변이 승인된 답변과 다릅니다.".into(),
            todo: "처리된 내용을 확인하고, 아래 답변이 맞으면 고객님께 직접 보내 주세요.".into(),
            draft: Some(write.update.body.clone()),
        });
    }
    step
}

/// The row was set to shadow after the service had begun: no one else would finish what it has said and done.
fn unfinished() -> Step {
    escalate(
        "자동 처리가 시작된 뒤에 이 건의 신뢰 단계가 참관으로 바뀌어, 자동으로 이어 가지 않습니다.".into(),
        "지금까지 안내하고 처리한 내용을 확인하고 이어서 상담해 주세요.".into(),
    )
}

/// Whether an agent must release the step when its row is on assist: whatever moves money, and what the row says to the
/// customer. Waits, hand-overs and answers beside the row's matter need no release.
fn awaits_release(step: &Step) -> bool {
    matches!(step, Step::Intend(effect) if is_for_release(effect))
}

fn is_for_release(effect: &Effect) -> bool {
    match effect {
        Effect::Act(_) => true,
        Effect::Write(write) => {
            write.kind == WriteKind::Reply && write.macro_name.as_deref() != Some(names::FOLLOW_UP)
        }
    }
}

impl Case {
    /// Whether an effect goes out without a person's release; the breaker must then permit it. A turn finishes what it has
    /// begun: once money has moved, the customer is informed.
    pub fn goes_out_unseen(&self, effect: &Effect) -> bool {
        let begun = self.receipts_of_turn().next().is_some() || self.has_written(WriteKind::Reply);
        let turn = &self.turn;
        turn.released.is_none()
            && turn.restrained.is_none()
            && !begun
            && self.decision.is_some()
            && is_for_release(effect)
    }
}

/// Whether an outcome only hands the ticket to a person, for good.
pub(super) fn settles_nothing(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::HandOver { interim: None, .. })
}

fn outcome(case: &Case, playbook: &Playbook, ticket: &Ticket, decision: &Decision) -> Step {
    match &decision.outcome {
        Outcome::Settle { actions, reply } => settle(case, playbook, ticket, actions, reply),
        Outcome::Ask { questions, reply } => ask(case, playbook, ticket, questions, reply),
        Outcome::AwaitPayment { reply } => await_payment(case, playbook, ticket, reply),
        Outcome::HandOver { team, todo, interim: None } => hand_over(case, playbook, ticket, *team, todo),
        Outcome::HandOver { team, todo, interim: Some(reply) } => {
            hand_over_for_a_time(case, playbook, ticket, (*team, todo), reply)
        }
    }
}

fn settle(case: &Case, playbook: &Playbook, ticket: &Ticket, actions: &[ParkingAction], reply: &str) -> Step {
    // If the reply cannot be written, no action is taken either.
    if let Some(step) = unfit_amount(case, playbook, actions) {
        return step;
    }
    if !case.has_written(WriteKind::Reply)
        && case.receipts_of_turn().next().is_none()
        && let Err(unwritable) = write::settling(case, playbook, ticket, reply)
    {
        return unwritable.escalate();
    }
    for &action in actions {
        if let Some(step) = act(case, action) {
            return step;
        }
    }
    let reply = || write::settling(case, playbook, ticket, reply);
    write_once(case, WriteKind::Reply, reply).unwrap_or_else(|| close_turn(case, playbook, ticket))
}

/// Agents take over if money is still to be moved and the amount may not be moved without a person.
fn unfit_amount(case: &Case, playbook: &Playbook, actions: &[ParkingAction]) -> Option<Step> {
    let is_done = |action: ParkingAction| {
        matches!(case.action(action).map(|(_, record)| &record.state), Some(EffectState::Acted(_)))
    };
    actions.iter().find(|action| action.moves_amount() && !is_done(**action))?;
    let reason = playbook.limits.admit(case.facts.the_use()?.amount).err()?;
    Some(escalate(reason, "이용 건의 금액을 확인하고, 맞으면 가이드대로 직접 처리해 주세요.".into()))
}

/// The steps after the public text: the note, then the wait that the text announces.
pub(super) fn close_turn(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    let said = case.writes().rfind(|(write, record)| {
        record.position > case.turn.from && write.kind.is_public() && record.state == EffectState::Written
    });
    let Some((said, said_at)) = said else {
        return stuck("a turn was closed before anything was said".into());
    };
    let note = match said.hands_to {
        Some(team) => write_once(case, WriteKind::HandOver, || {
            Ok(internal::hand_over(case, playbook, ticket, team, &write::todo_after(case, said)))
        }),
        None => write_once(case, WriteKind::Note, || Ok(internal::note(case, playbook, said))),
    };
    // If the case was stuck since then and people were notified, they own it, unless they ordered a retry.
    let since = said_at.position.max(case.retried);
    let with_people = case
        .write(WriteKind::StuckNote)
        .is_some_and(|(_, told)| told.position > since && told.state == EffectState::Written);
    note.unwrap_or_else(|| match (&said.awaits, said.hands_to) {
        _ if with_people => Step::Record(Entry::Ended { ending: Ending::HandedOver }),
        (Some(awaited), _) => Step::Wait(awaited.clone()),
        (None, Some(_)) => Step::Record(Entry::Ended { ending: Ending::HandedOver }),
        (None, None) => Step::Record(Entry::Ended { ending: Ending::Settled }),
    })
}

fn ask(case: &Case, playbook: &Playbook, ticket: &Ticket, questions: &[Question], reply: &str) -> Step {
    let times = |question: &Question| case.talk.times_asked.get(question).copied().unwrap_or_default();
    let asked = questions.iter().map(times).max().unwrap_or_default();
    if !case.has_written(WriteKind::Reply) && asked >= TIMES_TO_ASK {
        return escalate(
            format!("{asked}번 여쭤보았지만 고객님의 답변을 분명히 알 수 없습니다."),
            "고객님의 답변을 읽고 필요한 내용을 다시 확인한 뒤 가이드대로 처리해 주세요.".into(),
        );
    }
    let reply = write::asking(case, questions, reply);
    let awaited = Awaited::Answer { questions: questions.to_vec() };
    let reply = || write::waiting(case, playbook, ticket, reply, awaited);
    write_once(case, WriteKind::Reply, reply).unwrap_or_else(|| close_turn(case, playbook, ticket))
}

fn await_payment(case: &Case, playbook: &Playbook, ticket: &Ticket, reply: &str) -> Step {
    if case.talk.payment_requested && !case.has_written(WriteKind::Reply) {
        return still_unpaid(case, playbook, ticket);
    }
    let reply = || write::waiting(case, playbook, ticket, reply, Awaited::Payment);
    write_once(case, WriteKind::Reply, reply).unwrap_or_else(|| close_turn(case, playbook, ticket))
}

fn hand_over_for_a_time(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    (team, todo): (Team, &str),
    reply: &str,
) -> Step {
    let interim = || write::interim(case, playbook, ticket, reply, team);
    if let Some(step) = write_once(case, WriteKind::Reply, interim) {
        return step;
    }
    let note = || Ok(internal::hand_over_for_a_time(case, playbook, ticket, team, todo));
    write_once(case, WriteKind::HandOver, note).unwrap_or(Step::Wait(Awaited::GiveBack))
}

/// The next step of an action; `None` when it is done.
fn act(case: &Case, action: ParkingAction) -> Option<Step> {
    match case.action(action).map(|(_, record)| &record.state) {
        Some(EffectState::Acted(_)) => return None,
        Some(EffectState::Refused { reason, .. }) => {
            return Some(escalate(
                format!("주차 시스템이 {} 요청을 거절했습니다({reason}).", action.korean()),
                format!("이용 건의 현재 상태를 확인하고 {} 이후의 처리를 이어서 해 주세요.", action.korean()),
            ));
        }
        Some(EffectState::NotDone) if case.receipts_of_turn().next().is_some() => {
            return Some(escalate(
                format!("처리하는 동안 이용 건의 상태가 바뀌어 {} 요청을 하지 못했습니다.", action.korean()),
                "이미 처리된 내용을 확인하고 나머지를 이어서 처리해 주세요.".into(),
            ));
        }
        _ => {}
    }
    if case.sight == Sight::Paused {
        return Some(Step::Look);
    }
    // An inspection moves no money.
    if case.sight != Sight::Fresh && action != ParkingAction::Inspection {
        return Some(Step::Confirm);
    }
    let Some(parking_use) = case.facts.the_use() else {
        return Some(escalate(
            "이용 건을 더 이상 한 건으로 특정할 수 없습니다.".into(),
            "이용 내역을 확인하고 처리해 주세요.".into(),
        ));
    };
    let amount = action.compensation().and(parking_use.amount);
    let (use_id, lot_id) = (parking_use.id.clone(), parking_use.lot.id.clone());
    Some(Step::Intend(Effect::Act(Action { action, use_id, lot_id, amount })))
}

pub(super) fn hand_over(case: &Case, playbook: &Playbook, ticket: &Ticket, team: Team, todo: &str) -> Step {
    write_once(case, WriteKind::HandOver, || Ok(internal::hand_over(case, playbook, ticket, team, todo)))
        .unwrap_or(Step::Record(Entry::Ended { ending: Ending::HandedOver }))
}

/// `watches`: only a note may be written.
pub(super) fn step_back(case: &Case, playbook: &Playbook, ticket: &Ticket, watches: bool) -> Step {
    let note = || Ok(internal::step_back_note(case, playbook, ticket, watches));
    write_once(case, WriteKind::StepBackNote, note)
        .unwrap_or(Step::Record(Entry::Ended { ending: Ending::SteppedBack }))
}

pub(super) fn shadow(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    write_once(case, WriteKind::ShadowNote, || Ok(internal::shadow_note(case, playbook, ticket)))
        .unwrap_or(Step::Record(Entry::Ended { ending: Ending::Shadowed }))
}

fn prepare(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    write_once(case, WriteKind::Prepared, || internal::prepared(case, playbook, ticket))
        .unwrap_or(Step::Wait(Awaited::Release))
}

/// The reason why the customer got no reply: Zendesk refused the write.
fn refused(reason: &str, missing_fields: &[String], draft: Option<String>) -> Unwritable {
    if missing_fields.is_empty() {
        return Unwritable {
            reason: format!("고객님께 보낼 답변을 Zendesk가 받지 않았습니다({reason})."),
            todo: "처리된 내용을 확인하고 고객님께 직접 답변해 주세요.".into(),
            draft,
        };
    }
    let fields = missing_fields.join(", ");
    Unwritable {
        reason: format!("필수 입력란({fields})이 비어 있어, 고객님께 보낼 답변을 Zendesk가 받지 않았습니다."),
        todo: format!(
            "처리된 내용을 확인하고 입력란({fields})을 채운 뒤, 준비한 답변을 고객님께 보내 주세요."
        ),
        draft,
    }
}

/// The next step of a write; `None` when it is written.
pub(super) fn write_once(
    case: &Case,
    kind: WriteKind,
    build: impl FnOnce() -> Result<Write, Unwritable>,
) -> Option<Step> {
    match case.write(kind).map(|(_, record)| &record.state) {
        Some(EffectState::Written) => return None,
        Some(EffectState::Refused { ticket_closed: true, .. }) => {
            return Some(end_without_ticket(case, Ending::TicketClosed));
        }
        Some(EffectState::Refused { reason, missing_fields, .. }) if kind.is_public() => {
            let draft = case.write(kind).map(|(write, _)| write.update.body.clone());
            return Some(refused(reason, missing_fields, draft).escalate());
        }
        Some(EffectState::Refused { reason, .. }) => {
            return Some(stuck(format!("Zendesk refused the internal note: {reason}")));
        }
        Some(EffectState::NotDone) if case.changes.is_none() => {
            return Some(Step::Look);
        }
        _ => {}
    }
    Some(match build() {
        Ok(write) => Step::Intend(Effect::Write(write)),
        Err(unwritable) => unwritable.escalate(),
    })
}
