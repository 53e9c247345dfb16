//! The result of a measurement on a table.

/// A number of hits among a total.
#[derive(Clone, Copy, Default)]
pub(super) struct Share {
    pub(super) of: usize,
    pub(super) are: usize,
}

impl Share {
    pub(super) fn count(&mut self, is: bool) {
        self.of += 1;
        self.are += usize::from(is);
    }

    pub(super) fn percent(self) -> usize {
        (100 * self.are).checked_div(self.of).unwrap_or(100)
    }
}
