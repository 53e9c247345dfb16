//! What every ticket comes to when nothing goes wrong. What one process does then must happen exactly once under faults,
//! and nothing else.

use super::observed::Observed;

/// The state of each story after each of its steps, without faults.
#[derive(Clone, Debug)]
pub(super) struct Baseline {
    pub(super) ends: Vec<Vec<Observed>>,
    /// The state of a story's closed ticket and its follow-up; `None` if it is not settled without a person.
    pub(super) followed_up: Vec<Option<FollowedUp>>,
    /// A household's ticket beyond the account's limit.
    pub(super) limited: Observed,
}

#[derive(Clone, Debug)]
pub(super) struct FollowedUp {
    pub(super) closed: Observed,
    pub(super) follow_up: Observed,
}

impl Baseline {
    /// The state of a story after `stage` steps of its script; 0 is the opening alone.
    pub(super) fn end(&self, told: usize, stage: usize) -> &Observed {
        &self.ends[told][stage]
    }
}
