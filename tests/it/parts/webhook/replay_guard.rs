use std::time::Duration;

use jiff::Timestamp;
use misread::webhook::replay_guard::{REMEMBERED, ReplayGuard};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_323_045 + second).unwrap()
}

#[test]
fn a_signature_is_taken_so_often_and_no_more_while_its_timestamp_is_in_the_window() {
    let repeats = ReplayGuard::new(2, Duration::from_secs(10));
    let taken: Vec<bool> =
        [0, 1, 2, 19, 20].into_iter().map(|second| repeats.admits([1; 32], at(second))).collect();
    assert_eq!(taken, [true, true, false, false, false]);
    assert!(repeats.admits([2; 32], at(20)));
    assert!(repeats.admits([1; 32], at(60)), "forgotten when it cannot come again");
}

#[test]
fn what_is_remembered_is_bounded() {
    let repeats = ReplayGuard::new(1, Duration::from_secs(10));
    let signature = |number: usize| {
        let mut signature = [0; 32];
        signature[..8].copy_from_slice(&number.to_be_bytes());
        signature
    };
    assert!((0..=REMEMBERED).all(|number| repeats.admits(signature(number), at(0))));
    assert!(!repeats.admits(signature(REMEMBERED), at(0)), "the newest is remembered");
    assert!(repeats.admits(signature(0), at(0)), "the oldest is forgotten");
}
