//! What is long by nature is played in full only where `MISREAD_TEST_LONG=1` says so, as CI does; otherwise in a sample that is
//! the same in every run.

use misread::config::{Environment as _, ProcessEnvironment};

fn is_wanted() -> bool {
    ProcessEnvironment.variable("MISREAD_TEST_LONG").is_some_and(|value| value == "1")
}

/// The step from one case to the next: 1 in a long run, otherwise `step`.
pub(crate) fn step(step: usize) -> usize {
    if is_wanted() { 1 } else { step }
}

/// The number of cases: `all` in a long run, otherwise `some`.
pub(crate) fn cases<N>(some: N, all: N) -> N {
    if is_wanted() { all } else { some }
}
