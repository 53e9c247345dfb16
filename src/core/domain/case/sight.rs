//! How certain it is that the ticket is unchanged since it was read: before money moves, its audits are read once more.

use super::fold::Case;

/// How certain it is that the ticket is unchanged since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Its changes were just read.
    Fresh,
    /// Since then a request was made or an effect performed: another person may have acted in that moment.
    AMoment,
    /// Time has passed: the ticket must be read again before money moves.
    Paused,
}

impl Case {
    /// A request is made or an effect performed.
    pub(super) fn a_moment_passes(&mut self) {
        if self.sight == Sight::Fresh {
            self.sight = Sight::AMoment;
        }
    }
}
