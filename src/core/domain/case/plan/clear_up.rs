//! Effects with an unknown outcome: they are found out before anything else is done.

use crate::domain::case::effect::{Effect, Write};
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::Case;
use crate::domain::case::halt::PauseCause;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::record::{EffectRecord, EffectState};
use crate::domain::case::step::{Plan, Step};
use crate::domain::moment::later;
use crate::domain::ticket::STORED_PRIVATE;

/// After this many conflicts in a row another writer competes for the ticket: pause.
const CONFLICTS_IN_A_ROW: u32 = 3;

/// Finds the outcome of writes with a lost response.
pub(super) fn writes(case: &Case, playbook: &Playbook) -> Option<Plan> {
    if let Some(landed) = landed(case) {
        return Some(Step::Record(landed).into());
    }
    if case.conflicts >= CONFLICTS_IN_A_ROW {
        return Some(Step::BackOff { cause: PauseCause::Conflicts }.into());
    }
    let record = case.unclear()?;
    let step = match &record.effect {
        Effect::Write(_) if case.changes.is_some() => Step::Record(Entry::NotFound { of: record.position }),
        Effect::Write(_) => {
            let not_before = later(record.since, playbook.unknown_settle);
            Step::LookFor { position: record.position, not_before, together: record.together }
        }
        Effect::Act(_) if case.changes.is_none() => Step::Look,
        Effect::Act(_) => return None,
    };
    Some(step.into())
}

/// Retries an action with an unknown outcome, unless a person takes over. Then nothing is retried, and the note says that
/// the outcome is unknown.
pub(super) fn actions(case: &Case) -> Option<Step> {
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
