//! How far it is certain that the ticket is still as it was read: before money moves, that is asked of its audits once more.

use super::fold::Case;

/// How far it is certain that the ticket is still as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Its changes were read just now.
    Fresh,
    /// Since then other systems were asked, or something was done: a moment in which somebody may have acted.
    AMoment,
    /// Time has passed: it must be looked at again before money moves.
    Paused,
}

impl Case {
    /// Other systems are asked, or something is done.
    pub(super) fn a_moment_passes(&mut self) {
        if self.sight == Sight::Fresh {
            self.sight = Sight::AMoment;
        }
    }
}
