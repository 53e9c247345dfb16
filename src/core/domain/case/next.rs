//! The next step: a pure function of the case and the playbook. After a crash anywhere, evaluating it again recovers the
//! case. Planning says what is to be done and written; composing makes the texts.

use super::compose::compose;
use super::fold::Case;
use super::plan::plan;
use super::playbook::Playbook;
use super::recall::recall;
use super::step::Step;

/// The next step of this case.
pub fn next(case: &Case, playbook: &Playbook) -> Step {
    let plan = plan(case, playbook);
    // Last, because it compares the composed text with what stands on the ticket.
    recall(case, compose(case, playbook, plan))
}
