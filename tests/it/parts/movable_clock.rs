use std::time::Duration;

use jiff::SignedDuration;
use misread::app::clock::MovableClock;
use misread::ports::Clock as _;

#[test]
fn it_is_moved_forward_by_a_time_or_to_a_time_and_never_back() {
    let clock = MovableClock::default();
    let start = clock.now();
    clock.advance(Duration::from_hours(25));
    assert!(clock.now() >= start + SignedDuration::from_hours(25));
    clock.advance_to(start);
    assert_eq!(clock.ahead(), SignedDuration::from_hours(25));
    let later = start + SignedDuration::from_hours(30);
    clock.advance_to(later);
    assert!(clock.now() > later && clock.ahead() <= SignedDuration::from_hours(30));
}
