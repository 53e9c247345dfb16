use std::time::Duration;

use jiff::SignedDuration;
use misread::domain::retry::RetryPolicy;
use misread::worker::Options;

#[test]
fn a_process_that_has_done_little_takes_few_cases_and_one_alone_never_takes_more() {
    let retry = RetryPolicy { base: Duration::from_secs(1), max: Duration::from_secs(2), attempts: 3 };
    let options = Options {
        concurrency: 16,
        backlog_concurrency: 1000,
        updates_per_ticket: 20,
        lease: Duration::from_mins(1),
        poll: Duration::from_secs(5),
        retry,
        clocks_apart: SignedDuration::from_secs(30),
        fruitless_claims: 5,
    };
    let together = [0, 1, 100, 5000, usize::MAX].map(|steps| options.places(true, steps));
    assert_eq!(together, [16, 17, 116, 1000, 1000]);
    assert_eq!([0, 5000].map(|steps| options.places(false, steps)), [16, 16]);
    let small = Options { backlog_concurrency: 4, ..options };
    assert_eq!(small.places(true, 0), 16, "never below the usual");
}
