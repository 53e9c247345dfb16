use std::time::Duration;

use jiff::Timestamp;
use misread::domain::ids::TicketId;
use misread::domain::retry::{AfterFailure, RetryPolicy};

const POLICY: RetryPolicy =
    RetryPolicy { base: Duration::from_secs(2), max: Duration::from_mins(1), attempts: 8 };

fn wait(failures: u32, asked: Option<Duration>) -> Duration {
    let ticket = TicketId::try_from(7).unwrap();
    match POLICY.after_failure(ticket, failures, Timestamp::UNIX_EPOCH, asked) {
        AfterFailure::At(at) => Duration::try_from(at.duration_since(Timestamp::UNIX_EPOCH)).unwrap(),
        AfterFailure::GiveUp => panic!("gave up after {failures}"),
    }
}

#[test]
fn waits_double_up_to_the_ceiling_and_lose_at_most_a_quarter() {
    for (failures, full) in [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60)] {
        let full = Duration::from_secs(full);
        assert!(wait(failures, None) <= full && wait(failures, None) >= full.mul_f64(0.75), "{failures}");
    }
}

#[test]
fn what_the_other_side_asks_for_is_obeyed_even_above_the_ceiling() {
    assert_eq!(wait(1, Some(Duration::from_mins(5))), Duration::from_mins(5));
    assert!(wait(5, Some(Duration::from_secs(1))) > Duration::from_secs(20));
}

#[test]
fn the_last_allowed_failure_gives_up() {
    let ticket = TicketId::try_from(7).unwrap();
    assert_eq!(POLICY.after_failure(ticket, 8, Timestamp::UNIX_EPOCH, None), AfterFailure::GiveUp);
}

#[test]
fn different_tickets_spread_out() {
    let waits: std::collections::BTreeSet<_> = (1..50)
        .map(|id| POLICY.after_failure(TicketId::try_from(id).unwrap(), 6, Timestamp::UNIX_EPOCH, None))
        .map(|after| format!("{after:?}"))
        .collect();
    assert!(waits.len() > 40);
}
