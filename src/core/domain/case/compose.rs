//! How a plan reads: text, status, group, tags and fields of each write.

mod note;
mod text;

use super::cause::{Escalation, EscalationCause};
use super::effect::{Effect, Write, WriteKind};
use super::entry::Entry;
use super::fold::Case;
use super::playbook::Playbook;
use super::record::EffectState;
use super::step::{Plan, Step};
use crate::domain::reply::names;
use crate::domain::ticket::Ticket;

/// A text that cannot be written by the service. Agents take over; `draft` is the reply, if only the service may not send it.
type Unwritable = Escalation;

/// The step that a plan amounts to.
pub(super) fn compose(case: &Case, playbook: &Playbook, plan: Plan) -> Step {
    match (plan, &case.facts.ticket) {
        (Plan::Take(step), _) => *step,
        (_, None) => Step::Look,
        (plan, Some(ticket)) => composed(case, playbook, ticket, plan).unwrap_or_else(escalated),
    }
}

fn composed(case: &Case, playbook: &Playbook, ticket: &Ticket, plan: Plan) -> Result<Step, Unwritable> {
    Ok(match plan {
        Plan::Take(step) => *step,
        Plan::Say(said) => intend(text::compose(case, playbook, ticket, said)?),
        Plan::Note(note) => intend(note::compose(case, playbook, ticket, note)?),
        Plan::IfWritable { reply, then } => {
            text::compose(case, playbook, ticket, reply)?;
            composed(case, playbook, ticket, *then)?
        }
        Plan::OnRelease { released, begun, then, otherwise } => {
            let step = composed(case, playbook, ticket, *then)?;
            let Some(effect) = for_release(&step) else { return Ok(step) };
            let as_promised = is_as_promised(case, text::preview(case, playbook, ticket));
            if !released || !(begun || as_promised) {
                return composed(case, playbook, ticket, *otherwise);
            }
            match effect {
                // The reply must still be the one that the agent read: an amount may have been corrected, or the customer
                // may have asked more.
                Effect::Write(write) if !as_promised => {
                    let draft = Some(write.update.body.clone());
                    escalated(Escalation { draft, ..EscalationCause::ReplyChanged.into() })
                }
                Effect::Write(_) | Effect::Act(_) => step,
            }
        }
    })
}

fn intend(write: Write) -> Step {
    Step::Intend(Effect::Write(write))
}

fn escalated(escalation: Escalation) -> Step {
    Step::Record(Entry::Escalated(escalation))
}

/// The effect of a step that an agent must release when its row is on assist: whatever moves money, and what the row says to
/// the customer. Waits, hand-overs and answers beside the row's matter need no release.
fn for_release(step: &Step) -> Option<&Effect> {
    match step {
        Step::Intend(effect) => Some(effect).filter(|effect| effect.is_for_release()),
        _ => None,
    }
}

impl Effect {
    fn is_for_release(&self) -> bool {
        match self {
            Self::Act(_) => true,
            Self::Write(write) => {
                write.kind == WriteKind::Reply && write.macro_name.as_deref() != Some(names::FOLLOW_UP)
            }
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
            && effect.is_for_release()
    }
}

/// Whether the customer would still get exactly the text that an agent released: amounts, times and places may have
/// changed.
fn is_as_promised(case: &Case, reply: Option<Result<String, Unwritable>>) -> bool {
    // A text that this turn has prepared anew is not released yet.
    let prepared = case.writes().rfind(|(write, record)| {
        let before = record.position <= case.turn.from;
        before && write.kind == WriteKind::Prepared && record.state == EffectState::Written
    });
    let promised = prepared.map(|(write, _)| &write.promises);
    match reply.transpose() {
        Ok(reply) => promised == Some(&reply),
        Err(_) => false,
    }
}
