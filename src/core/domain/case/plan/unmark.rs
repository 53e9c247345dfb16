//! A case that goes on after a retry must not look stuck in Zendesk any more.

use super::clear_up;
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::step::{Note, Plan, Step};

/// The plan, or what comes before it while the ticket still has the mark of a stuck case: the next write takes it off, and if
/// there is none before the case rests, a note of its own does.
pub(super) fn unmark(case: &Case, playbook: &Playbook, plan: Plan) -> Plan {
    let rests = match &plan {
        Plan::Take(step) => is_rest(step),
        // It routes the ticket, and so marks it anew.
        Plan::Say(_) => return plan,
        Plan::Note(_) | Plan::IfWritable { .. } | Plan::OnRelease { .. } => false,
    };
    let writes = !matches!(plan, Plan::Take(_));
    if !(rests || writes) || case.stuck_mark(&playbook.routing).is_none() {
        return plan;
    }
    if case.changes.is_none() {
        // The ticket as last read does not show the mark.
        return Step::Look.into();
    }
    if writes {
        return plan;
    }
    clear_up::writes(case, playbook).unwrap_or(Plan::Note(Note::Resumed))
}

fn is_rest(step: &Step) -> bool {
    matches!(
        step,
        Step::Rest
            | Step::Wait(_)
            | Step::Record(Entry::Ended { .. } | Entry::NothingNew | Entry::Waiting(_))
    )
}
