//! The policy's decision, and its course: act, answer, ask, hand over, prepare, or only note.

use super::closing::{close_turn, hand_over, note, say, shadow};
use super::earlier;
use super::follow_up::still_unpaid;
use super::situation::{self, situation};
use crate::domain::case::cause::EscalationCause;
use crate::domain::case::effect::{Action, Awaited, Effect, WriteKind};
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::{Case, Sight};
use crate::domain::case::playbook::Playbook;
use crate::domain::case::record::EffectState;
use crate::domain::case::step::{Note, Plan, PublicText, Step, Todo, escalate};
use crate::domain::limits::Limits;
use crate::domain::parking::ParkingAction;
use crate::domain::policy::{Decision, Outcome, Team, Trust};
use crate::domain::ticket::Ticket;
use crate::domain::words::Question;

/// A question asked this many times without a clear answer goes to a person.
const TIMES_TO_ASK: u32 = 2;

/// Reads what the policy asks about, evaluates the policy, then carries out what it decided.
pub(super) fn decide_or_carry_out(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Plan {
    if let Some(decision) = &case.decision {
        return carry_out(case, &playbook.limits, decision);
    }
    let (account, uses) = (case.facts.account_to_read(), case.facts.uses_to_read());
    if account.is_some() || uses.is_some() {
        return Step::LookUp { account, uses }.into();
    }
    let now = situation(case, playbook, ticket);
    let mut decision = playbook.policy.decide(&now);
    // Meanwhile the facts alone may settle what the customer was asked; what they said to it still needs a reader.
    if matches!(decision.outcome, Outcome::Settle { .. }) && situation::leaves_open(case) {
        decision = playbook.policy.decide(&situation::unread(case, now));
    }
    Step::Record(Entry::Decided { decision: Box::new(decision) }).into()
}

fn carry_out(case: &Case, limits: &Limits, decision: &Decision) -> Plan {
    if let Some(cause) = earlier::for_a_person(case, decision) {
        return escalate(cause);
    }
    if decision.trust == Trust::Shadow {
        // Nothing but the service would finish what it has said and done.
        return if case.has_begun() { escalate(EscalationCause::TrustLowered) } else { shadow(case) };
    }
    let plan = course(case, limits, &decision.outcome);
    // An open breaker lowers the trust of every row, for a turn that has not acted yet.
    if decision.trust == Trust::Auto && case.turn.restrained.is_none() {
        return plan;
    }
    // A released turn that has begun to act goes on: its own actions change the facts.
    let begun = case.receipts_of_turn().next().is_some() || case.has_written(WriteKind::Reply);
    let released = case.turn.released.as_ref().is_some_and(|released| released.agrees_with(decision));
    let prepare = note(case, Note::Prepared).unwrap_or_else(|| Step::Wait(Awaited::Release).into());
    Plan::OnRelease { released, begun, then: Box::new(plan), otherwise: Box::new(prepare) }
}

fn course(case: &Case, limits: &Limits, outcome: &Outcome) -> Plan {
    match outcome {
        Outcome::Settle { actions, reply } => settle(case, limits, actions, reply),
        Outcome::Ask { questions, reply } => ask(case, questions, reply),
        Outcome::AwaitPayment { reply } => await_payment(case, reply),
        Outcome::HandOver { team, todo, interim: None } => hand_over(case, *team, Todo::Row(todo.clone())),
        Outcome::HandOver { team, todo, interim: Some(reply) } => {
            hand_over_for_a_time(case, *team, todo, reply)
        }
    }
}

fn settle(case: &Case, limits: &Limits, actions: &[ParkingAction], reply: &str) -> Plan {
    if let Some(plan) = unfit_amount(case, limits, actions) {
        return plan;
    }
    let reply = PublicText::Settling { reply: reply.to_owned() };
    let said = || say(case, reply.clone()).unwrap_or_else(|| close_turn(case));
    let then = actions.iter().find_map(|action| act(case, *action)).unwrap_or_else(said);
    if case.has_written(WriteKind::Reply) || case.receipts_of_turn().next().is_some() {
        return then;
    }
    Plan::IfWritable { reply, then: Box::new(then) }
}

/// Agents take over if money is still to be moved and the amount may not be moved without a person.
fn unfit_amount(case: &Case, limits: &Limits, actions: &[ParkingAction]) -> Option<Plan> {
    let is_done = |action: ParkingAction| {
        matches!(case.action(action).map(|(_, record)| &record.state), Some(EffectState::Acted(_)))
    };
    actions.iter().find(|action| action.moves_amount() && !is_done(**action))?;
    let problem = limits.admit(case.facts.the_use()?.amount).err()?;
    Some(escalate(EscalationCause::AmountUnfit { problem }))
}

fn ask(case: &Case, questions: &[Question], reply: &str) -> Plan {
    let times = |question: &Question| case.talk.times_asked.get(question).copied().unwrap_or_default();
    let times = questions.iter().map(times).max().unwrap_or_default();
    if !case.has_written(WriteKind::Reply) && times >= TIMES_TO_ASK {
        return escalate(EscalationCause::AskedInVain { times });
    }
    let reply = case.talk.asking(questions, reply).to_owned();
    say(case, PublicText::Asking { reply, questions: questions.to_vec() }).unwrap_or_else(|| close_turn(case))
}

fn await_payment(case: &Case, reply: &str) -> Plan {
    if case.talk.payment_requested && !case.has_written(WriteKind::Reply) {
        return still_unpaid(case);
    }
    say(case, PublicText::PaymentRequest { reply: reply.to_owned() }).unwrap_or_else(|| close_turn(case))
}

fn hand_over_for_a_time(case: &Case, team: Team, todo: &str, reply: &str) -> Plan {
    say(case, PublicText::Interim { reply: reply.to_owned(), team })
        .or_else(|| note(case, Note::HandOverForATime { team, todo: todo.to_owned() }))
        .unwrap_or_else(|| Step::Wait(Awaited::GiveBack).into())
}

/// The next step of an action; `None` when it is done.
///
/// Actions follow one another in the row's order (guide, order of a consultation, 4 and 5) and never overlap: where a
/// refund is refused, the ticket goes to a person before an inspection is requested, and an inspection cannot be taken
/// back.
fn act(case: &Case, action: ParkingAction) -> Option<Plan> {
    match case.action(action).map(|(_, record)| &record.state) {
        Some(EffectState::Acted(_)) => return None,
        Some(EffectState::Refused { reason, .. }) => {
            return Some(escalate(EscalationCause::ActionRefused { action, reason: reason.clone() }));
        }
        Some(EffectState::NotDone) if case.receipts_of_turn().next().is_some() => {
            return Some(escalate(EscalationCause::ActionNotDone { action }));
        }
        _ => {}
    }
    if case.sight == Sight::Paused {
        return Some(Step::Look.into());
    }
    // An inspection moves no money.
    if case.sight != Sight::Fresh && action != ParkingAction::Inspection {
        return Some(Step::Confirm.into());
    }
    let Some(parking_use) = case.facts.the_use() else {
        return Some(escalate(EscalationCause::UseUnclear));
    };
    let amount = action.compensation().and(parking_use.amount);
    let (use_id, lot_id) = (parking_use.id.clone(), parking_use.lot.id.clone());
    Some(Step::Intend(Effect::Act(Action { action, use_id, lot_id, amount })).into())
}
