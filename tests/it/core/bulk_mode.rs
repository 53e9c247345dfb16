use std::time::Duration;

use jiff::Timestamp;
use misread::account::bulk_mode::{BulkMode, Change};

const LIMIT: usize = 80;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

#[test]
fn who_would_wait_for_long_is_sent_together_and_who_waits_a_moment_is_not() {
    let mut mode = BulkMode::default();
    assert_eq!(mode.must_wait(Duration::from_secs(5), at(0)), None, "a moment");
    assert_eq!(mode.must_wait(Duration::from_secs(6), at(0)), Some(Change::Bulk));
    assert!(mode.is_bulk());
    assert_eq!(mode.must_wait(Duration::from_secs(6), at(1)), None, "it is already");
}

#[test]
fn it_goes_back_when_for_a_minute_half_of_the_limit_was_enough() {
    let mut mode = BulkMode::default();
    mode.must_wait(Duration::from_mins(1), at(0));
    let changes: Vec<_> = (0..600).filter_map(|tenth| mode.admitted(LIMIT, 0, at(tenth / 10))).collect();
    assert_eq!(changes, [], "there is much to do");
    let slowly: Vec<_> = (60..240)
        .step_by(2)
        .filter_map(|second| Some((second, mode.admitted(LIMIT, 0, at(second))?)))
        .collect();
    assert_eq!(slowly, [(118, Change::Single)]);
    assert!(!mode.is_bulk());
}

#[test]
fn while_a_crowd_waits_for_slow_jobs_it_does_not_go_back() {
    let mut mode = BulkMode::default();
    mode.must_wait(Duration::from_mins(1), at(0));
    assert_eq!(
        mode.admitted(LIMIT, 300, at(90)),
        None,
        "nothing was admitted for a while, and much is under way"
    );
    assert_eq!(mode.admitted(LIMIT, 0, at(91)), Some(Change::Single));
}

#[test]
fn between_half_and_all_of_the_limit_it_stays_as_it_is() {
    for together in [false, true] {
        let mut mode = BulkMode::default();
        if together {
            mode.must_wait(Duration::from_mins(1), at(-1));
        }
        let changes: Vec<_> = (0..600).filter_map(|second| mode.admitted(LIMIT, 0, at(second))).collect();
        assert_eq!((changes, mode.is_bulk()), (vec![], together), "sixty a minute");
    }
}

#[test]
fn a_clock_set_back_changes_nothing_at_once() {
    let mut mode = BulkMode::default();
    mode.must_wait(Duration::from_mins(1), at(3_600));
    assert_eq!(mode.admitted(LIMIT, 0, at(0)), None);
    assert_eq!(mode.admitted(LIMIT, 0, at(60)), Some(Change::Single));
}

#[test]
fn a_crowd_whose_requests_run_out_is_sent_together_and_a_few_are_not() {
    let mut mode = BulkMode::default();
    for second in 0..40 {
        mode.admitted(LIMIT, 0, at(second));
    }
    assert_eq!(mode.requests_run_out(LIMIT, at(40)), None, "half of the limit is no crowd");
    mode.admitted(LIMIT, 0, at(40));
    assert_eq!(mode.requests_run_out(LIMIT, at(60)), None, "the first was a minute ago");
    assert_eq!(mode.requests_run_out(LIMIT, at(41)), Some(Change::Bulk));
    assert_eq!(mode.requests_run_out(LIMIT, at(41)), None, "it is already");
}
