//! What to do next: a pure function of the case and the playbook. A crash anywhere is repaired by asking it again.

use jiff::Timestamp;

use super::entry::{Action, Effect, Ending, Entry, Write, WriteKind};
use super::fold::{Case, EffectRecord, EffectState};
use super::people::{foreign_hand, make_way, not_for_us, taken_before};
use super::playbook::Playbook;
use super::write;
use crate::domain::ids::{AccountId, Position};
use crate::domain::parking::{ParkingAction, UseQuery};
use crate::domain::policy::{Outcome, Team};
use crate::domain::ticket::Ticket;

/// So many conflicts in a row are a fight: pause.
const CONFLICTS_IN_A_ROW: u32 = 3;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read the ticket and its changes: for the first time, when something is unclear, or when time has passed.
    Look {
        /// Not before this: a write whose answer was lost may still be under way.
        not_before: Option<Timestamp>,
    },
    /// Read the requester's account.
    ReadAccount(AccountId),
    /// Look for the use.
    ReadUses(UseQuery),
    /// Write down a conclusion; nothing is done in the world.
    Record(Entry),
    /// Write down the intention, then do it.
    Intend(Effect),
    /// Do again, under the same key, what may or may not have been done.
    Repeat {
        /// Where it was intended.
        position: Position,
        /// What.
        action: Action,
    },
    /// Pause as after a failure.
    BackOff {
        /// Why.
        reason: &'static str,
    },
    /// Nothing: the case rests.
    Rest,
}

/// What to do next with this case.
pub fn next(case: &Case, playbook: &Playbook) -> Step {
    if case.rest.is_some() {
        return Step::Rest;
    }
    if case.gone {
        return end_without_ticket(case, Ending::TicketGone);
    }
    let Some(ticket) = &case.facts.ticket else {
        return Step::Look { not_before: None };
    };
    if let Some(step) = clear_up(case, playbook) {
        return step;
    }
    if let Some(entry) = make_way(case) {
        return Step::Record(entry);
    }
    if case.stepped_back.is_some() {
        return step_back(case, playbook);
    }
    if let Some((_, todo)) = &case.escalated {
        return hand_over(case, playbook, ticket, Team::Agents, todo);
    }
    match &case.decision {
        None => decide(case, playbook, ticket),
        Some(decision) => match &decision.outcome {
            Outcome::Settle { actions, reply } => settle(case, playbook, ticket, actions, reply),
            Outcome::HandOver { team, todo } => hand_over(case, playbook, ticket, *team, todo),
        },
    }
}

/// Finds out what became of effects whose outcome is not known, before anything else is done.
fn clear_up(case: &Case, playbook: &Playbook) -> Option<Step> {
    if let Some(landed) = landed(case) {
        return Some(Step::Record(landed));
    }
    if case.conflicts >= CONFLICTS_IN_A_ROW {
        return Some(Step::BackOff {
            reason: "conflicts in a row: somebody else keeps changing the same thing",
        });
    }
    let record = case.unclear()?;
    match &record.effect {
        Effect::Write(_) if case.changes.is_some() => {
            Some(Step::Record(Entry::NotFound { of: record.position }))
        }
        Effect::Write(_) => {
            let not_before = record.since.checked_add(playbook.unknown_settle).ok();
            Some(Step::Look { not_before })
        }
        // The note says that the outcome is not known; nothing is repeated behind a person's back.
        Effect::Act(_) if case.stepped_back.is_some() || case.escalated.is_some() => None,
        Effect::Act(_) if case.changes.is_none() => Some(Step::Look { not_before: None }),
        Effect::Act(_) if foreign_hand(case).is_some() => None,
        Effect::Act(action) => Some(Step::Repeat { position: record.position, action: action.clone() }),
    }
}

/// A write that was believed lost or refused and is there after all, recognised by its marker.
fn landed(case: &Case) -> Option<Entry> {
    let open = case
        .effects
        .iter()
        .filter(|record| matches!(record.effect, Effect::Write(_)) && record.state != EffectState::Written);
    open.into_iter().find_map(|record: &EffectRecord| {
        let key = case.key(record.position);
        let mut changes = case.changes.iter().flatten();
        let change = changes.find(|change| change.marker.as_deref() == Some(key.as_str()))?;
        Some(Entry::Written {
            of: record.position,
            audit_id: change.audit_id,
            updated_at: change.at,
            found_by_marker: true,
        })
    })
}

/// Reads what the policy asks about, then asks it.
fn decide(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    if case.effects.is_empty()
        && let Some(entry) = not_for_us(ticket, &playbook.routing).or_else(|| taken_before(case))
    {
        return Step::Record(entry);
    }
    if let (Some(id), None) = (&ticket.requester.external_id, &case.facts.account) {
        return Step::ReadAccount(id.clone());
    }
    if let (Some(query), None) = (case.facts.query(), &case.facts.uses) {
        return Step::ReadUses(query);
    }
    let decision = playbook.policy.decide(&case.facts.situation(ticket));
    Step::Record(Entry::Decided { decision: Box::new(decision) })
}

fn settle(case: &Case, playbook: &Playbook, ticket: &Ticket, actions: &[ParkingAction], reply: &str) -> Step {
    // Where the customer could not be told, nothing is done either.
    if case.receipts().next().is_none()
        && let Err(unwritable) = write::reply(case, playbook, ticket, reply)
    {
        return escalate(unwritable.reason, unwritable.todo);
    }
    for &action in actions {
        if let Some(step) = act(case, action) {
            return step;
        }
    }
    let step = write_once(case, WriteKind::Reply, || write::reply(case, playbook, ticket, reply));
    let step = step.or_else(|| write_once(case, WriteKind::Note, || Ok(write::note(case, playbook))));
    step.unwrap_or(Step::Record(Entry::Ended { ending: Ending::Settled }))
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
        Some(EffectState::NotDone) if case.receipts().next().is_some() => {
            return Some(escalate(
                format!("처리하는 동안 이용 건의 상태가 바뀌어 {} 요청을 하지 못했습니다.", action.korean()),
                "이미 처리된 내용을 확인하고 나머지를 이어서 처리해 주세요.".into(),
            ));
        }
        _ => {}
    }
    if case.paused {
        return Some(Step::Look { not_before: None });
    }
    let Some(parking_use) = case.facts.the_use() else {
        return Some(escalate(
            "이용 건을 더 이상 한 건으로 특정할 수 없습니다.".into(),
            "이용 내역을 확인하고 처리해 주세요.".into(),
        ));
    };
    let (use_id, lot_id) = (parking_use.id.clone(), parking_use.lot.id.clone());
    Some(Step::Intend(Effect::Act(Action { action, use_id, lot_id, amount: None })))
}

fn hand_over(case: &Case, playbook: &Playbook, ticket: &Ticket, team: Team, todo: &str) -> Step {
    write_once(case, WriteKind::HandOver, || Ok(write::hand_over(case, playbook, ticket, team, todo)))
        .unwrap_or(Step::Record(Entry::Ended { ending: Ending::HandedOver }))
}

fn step_back(case: &Case, playbook: &Playbook) -> Step {
    write_once(case, WriteKind::StepBackNote, || Ok(write::step_back_note(case, playbook)))
        .unwrap_or(Step::Record(Entry::Ended { ending: Ending::SteppedBack }))
}

/// The next step of a write; `None` when it is written.
fn write_once(
    case: &Case,
    kind: WriteKind,
    build: impl FnOnce() -> Result<Write, write::Unwritable>,
) -> Option<Step> {
    match case.write(kind).map(|(_, record)| &record.state) {
        Some(EffectState::Written) => return None,
        Some(EffectState::Refused { ticket_closed: true, .. }) => {
            return Some(end_without_ticket(case, Ending::TicketClosed));
        }
        Some(EffectState::Refused { reason, .. }) if kind == WriteKind::Reply => {
            return Some(escalate(
                format!("고객님께 보낼 답변을 Zendesk가 받지 않았습니다({reason})."),
                "처리된 내용을 확인하고 고객님께 직접 답변해 주세요.".into(),
            ));
        }
        Some(EffectState::Refused { reason, .. }) => {
            return Some(stuck(format!("Zendesk refused the internal note: {reason}")));
        }
        Some(EffectState::NotDone) if case.changes.is_none() => {
            return Some(Step::Look { not_before: None });
        }
        _ => {}
    }
    Some(match build() {
        Ok(write) => Step::Intend(Effect::Write(write)),
        Err(unwritable) => escalate(unwritable.reason, unwritable.todo),
    })
}

/// Nothing can be written to the ticket any more. If money has moved and the customer was not told, a person must look.
fn end_without_ticket(case: &Case, ending: Ending) -> Step {
    let acted = case.receipts().next().is_some() || case.unclear().is_some();
    if acted && !case.has_written(WriteKind::Reply) {
        return stuck("the ticket takes no more updates, and the customer was not told what was done".into());
    }
    Step::Record(Entry::Ended { ending })
}

fn escalate(reason: String, todo: String) -> Step {
    Step::Record(Entry::Escalated { reason, todo })
}

fn stuck(reason: String) -> Step {
    Step::Record(Entry::Stuck { reason })
}
