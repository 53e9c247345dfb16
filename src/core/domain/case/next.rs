//! The next step: a pure function of the case and the playbook. After a crash anywhere, evaluating it again recovers the
//! case.

use jiff::Timestamp;

use super::effect::{Action, Awaited, Effect, Ending, Occasion, Write, WriteKind};
use super::entry::Entry;
use super::execute::{carry_out, hand_over, shadow, step_back};
use super::fold::{Case, Rest};
use super::follow_up::{after_a_machine, follow_up, remind, silence};
use super::guards::{make_way, not_for_us, taken_before};
use super::playbook::Playbook;
use super::read_messages::hear;
use super::recall::recall;
use super::record::{EffectRecord, EffectState, Escalation};
use super::resume::resume;
use super::situation::situation;
use crate::domain::ids::{AccountId, Position, TicketId};
use crate::domain::parking::UseQuery;
use crate::domain::policy::{Team, Trust};
use crate::domain::ticket::{STORED_PRIVATE, Ticket};

/// After this many conflicts in a row another writer competes for the ticket: pause.
const CONFLICTS_IN_A_ROW: u32 = 3;

/// The next step of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read the ticket and its changes: for the first time, or because time has passed.
    Look,
    /// Read the changes once more: money moves only if nothing has changed the basis of the decision.
    Confirm,
    /// Look for a write whose response was lost, once it can no longer be in flight.
    LookFor {
        /// The position of its intention.
        position: Position,
        /// The earliest time to look.
        not_before: Timestamp,
        /// Whether it may be in a bulk job, which has no time limit.
        together: bool,
    },
    /// Query the ledger for the case of the closed ticket that this one follows.
    ReadEarlier(TicketId),
    /// Query the parking system for what is named here; the two requests are independent.
    LookUp {
        /// The requester's account, if it is to be read.
        account: Option<AccountId>,
        /// The uses to look up, if any.
        uses: Option<UseQuery>,
    },
    /// Append a conclusion to the journal; it has no effect outside.
    Record(Entry),
    /// Append the intention, then perform the effect.
    Intend(Effect),
    /// Retry an action with an unknown outcome, under the same key.
    Repeat {
        /// The position of its intention.
        position: Position,
        /// The action.
        action: Action,
    },
    /// Pause as after a failure.
    BackOff {
        /// The reason.
        reason: &'static str,
    },
    /// Wait for an event or a deadline.
    Wait(Awaited),
    /// Nothing to do: the case rests.
    Rest,
}

/// The next step of this case.
pub fn next(case: &Case, playbook: &Playbook) -> Step {
    recall(case, by_journal(case, playbook))
}

/// The next step by the journal alone, before the check for writes that it does not know.
fn by_journal(case: &Case, playbook: &Playbook) -> Step {
    if let Some(rest) = &case.rest {
        return resume(case, rest, playbook);
    }
    if case.gone {
        return end_without_ticket(case, Ending::TicketGone);
    }
    let Some(ticket) = &case.facts.ticket else {
        return Step::Look;
    };
    if let Some(step) = clear_up_writes(case, playbook) {
        return step;
    }
    if let Some(follows) = ticket.follows.filter(|_| case.facts.earlier.is_none()) {
        return Step::ReadEarlier(follows);
    }
    if let Some(entry) = not_begun(case, playbook, ticket)
        .or_else(|| hear(case, playbook))
        .or_else(|| make_way(case, playbook))
    {
        return Step::Record(entry);
    }
    if let Some(step) = clear_up_actions(case) {
        return step;
    }
    if case.stepped_back.is_some() {
        return step_back(case, playbook, ticket, only_watches(case, playbook));
    }
    if let Some(Escalation { todo, .. }) = &case.escalated {
        if only_watches(case, playbook) {
            return shadow(case, playbook, ticket);
        }
        return hand_over(case, playbook, ticket, Team::Agents, todo);
    }
    conduct(case, playbook, ticket)
}

/// Whether the service has only watched the ticket so far and may do no more. What no row has decided has the trust of the
/// least trusted row.
pub(super) fn only_watches(case: &Case, playbook: &Playbook) -> bool {
    let decided = case.decision.as_ref().map(|decision| decision.trust);
    let trust = decided.unwrap_or_else(|| playbook.policy.least_trust());
    trust == Trust::Shadow && !case.has_begun() && case.turn.occasion != Occasion::Ordered
}

/// The step that the turn's occasion calls for.
fn conduct(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    if let Some(step) = after_a_machine(case) {
        return step;
    }
    match (case.turn.occasion, &case.turn.before) {
        (Occasion::Customer, Some(Rest::Ended(Ending::Settled))) => follow_up(case, playbook, ticket),
        (Occasion::TimeUp { last }, Some(Rest::Waiting(waiting)))
            if !case.facts.requester_changed && matches!(waiting.awaited, Awaited::Answer { .. }) =>
        {
            if last {
                silence(case, playbook, ticket)
            } else {
                remind(case, playbook, ticket, &waiting.awaited)
            }
        }
        _ => match &case.decision {
            None => decide(case, playbook, ticket),
            Some(decision) => carry_out(case, playbook, ticket, decision),
        },
    }
}

/// Finds the outcome of writes with a lost response, before anything else is done.
pub(super) fn clear_up_writes(case: &Case, playbook: &Playbook) -> Option<Step> {
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
            let not_before = record.since.checked_add(playbook.unknown_settle).unwrap_or(Timestamp::MAX);
            Some(Step::LookFor { position: record.position, not_before, together: record.together })
        }
        Effect::Act(_) if case.changes.is_none() => Some(Step::Look),
        Effect::Act(_) => None,
    }
}

/// Retries an action with an unknown outcome, unless a person takes over. Then nothing is retried, and the note says that
/// the outcome is unknown.
fn clear_up_actions(case: &Case) -> Option<Step> {
    if case.stepped_back.is_some() || case.escalated.is_some() {
        return None;
    }
    let record = case.unclear()?;
    match &record.effect {
        Effect::Act(action) => Some(Step::Repeat { position: record.position, action: action.clone() }),
        Effect::Write(_) => None,
    }
}

/// Recognises, by its sealed marker, a write on the ticket that was believed lost or refused. A public text that only
/// agents can see has not reached the customer.
fn landed(case: &Case) -> Option<Entry> {
    let open = case.writes().filter(|(_, record)| record.state != EffectState::Written);
    open.into_iter().find_map(|(write, record): (&Write, &EffectRecord)| {
        let (change, of) = (case.change_of(record)?, record.position);
        if write.kind.is_public() && !change.spoke_publicly {
            let (reason, ticket_closed, missing_fields) = (STORED_PRIVATE.to_owned(), false, Vec::new());
            let is_known = matches!(record.state, EffectState::Refused { .. });
            return (!is_known).then_some(Entry::Refused { of, reason, ticket_closed, missing_fields });
        }
        let (audit_id, updated_at) = (Some(change.audit_id), change.at);
        Some(Entry::Written { of, audit_id, updated_at, found_by_marker: true, crossed: false })
    })
}

/// Why the service does not start on this ticket.
fn not_begun(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Option<Entry> {
    let begun = !case.effects.is_empty()
        || case.stepped_back.is_some()
        || case.escalated.is_some()
        || case.erased.is_some();
    if begun || case.changes.is_none() {
        return None;
    }
    not_for_us(case, ticket, &playbook.routing).or_else(|| taken_before(case, ticket))
}

/// Reads what the policy asks about, then evaluates the policy.
fn decide(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Step {
    let (account, uses) = (case.facts.account_to_read(), case.facts.uses_to_read());
    if account.is_some() || uses.is_some() {
        return Step::LookUp { account, uses };
    }
    let decision = playbook.policy.decide(&situation(case, playbook, ticket));
    Step::Record(Entry::Decided { decision: Box::new(decision) })
}

/// The ticket can no longer be written to. If money has moved and the customer was not informed, a person must look.
pub(super) fn end_without_ticket(case: &Case, ending: Ending) -> Step {
    let acted = case.receipts_of_turn().next().is_some() || case.unclear().is_some();
    if acted && !case.has_written(WriteKind::Reply) {
        return stuck("the ticket takes no more updates, and the customer was not told what was done".into());
    }
    Step::Record(Entry::Ended { ending })
}

pub(super) fn escalate(reason: String, todo: String) -> Step {
    Step::Record(Entry::Escalated { reason, todo, draft: None })
}

pub(super) fn stuck(reason: String) -> Step {
    Step::Record(Entry::Stuck { reason })
}
