//! A case that the service gave up on: a note says so.

use super::clear_up;
use super::closing::only_watches;
use crate::domain::case::fold::Case;
use crate::domain::case::halt::StuckCause;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::reason::Reason;
use crate::domain::case::step::{Note, Plan, Step};

/// The plan of a stuck case.
pub(super) fn notify(case: &Case, playbook: &Playbook, reason: &Reason<StuckCause>) -> Plan {
    if !case.is_untold() {
        return Step::Rest.into();
    }
    if case.facts.ticket.is_none() || case.changes.is_none() {
        return Step::Look.into();
    }
    clear_up::writes(case, playbook).unwrap_or_else(|| {
        let routes = case.stuck_note_refusals() == 0 && !only_watches(case, playbook);
        Plan::Note(Note::Stuck { reason: reason.clone(), routes })
    })
}
