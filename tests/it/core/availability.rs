use jiff::{SignedDuration, Timestamp};
use misread::ports::{Availability, AvailabilityChange};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

#[test]
fn an_outage_is_told_when_it_begins_every_hour_and_when_it_is_over() {
    let contact = Availability::new("x");
    assert_eq!([contact.failed(at(0), false), contact.failed(at(1), false)], [None, None]);
    assert_eq!(contact.failing_since(), None);
    let failing = Some(AvailabilityChange::Failing { since: at(0) });
    assert_eq!(contact.failed(at(2), false), failing);
    assert_eq!(contact.failing_since(), Some(at(0)));
    assert_eq!(contact.failed(at(3_601), false), None);
    assert_eq!(contact.failed(at(3_602), false), failing);
    let back = AvailabilityChange::Back { after: SignedDuration::from_secs(4_000) };
    assert_eq!(contact.answered(at(4_000)), Some(back));
    assert_eq!((contact.answered(at(4_001)), contact.failing_since()), (None, None));
}

#[test]
fn weather_is_not_told_and_what_is_certain_is_told_at_once() {
    let contact = Availability::new("x");
    for second in 0..20 {
        assert_eq!(contact.failed(at(second), false), None);
        assert_eq!(contact.failed(at(second), false), None);
        assert_eq!(contact.answered(at(second)), None);
    }
    assert!(contact.failed(at(30), true).is_some());
}

#[test]
fn clocks_that_differ_by_more_than_a_minute_are_told_every_hour() {
    let contact = Availability::new("x");
    assert_eq!(contact.clocks_apart(at(0), at(0), at(60)), None);
    let behind = SignedDuration::from_secs(-61);
    assert_eq!(contact.clocks_apart(at(100), at(100), at(38)), Some(behind));
    assert_eq!(contact.clock(), Some((behind, at(100))));
    assert_eq!(contact.clocks_apart(at(200), at(200), at(138)), None);
    assert_eq!(contact.clocks_apart(at(3_700), at(3_700), at(3_638)), Some(behind));
}

#[test]
fn a_slow_answer_and_a_whole_second_are_no_difference_of_clocks() {
    let ahead = |asked, now, theirs| {
        let contact = Availability::new("x");
        contact.clocks_apart(asked, now, theirs);
        contact.clock().unwrap().0
    };
    assert_eq!(ahead(at(0), at(10), at(0)), SignedDuration::ZERO);
    assert_eq!(ahead(at(0), at(10), at(10)), SignedDuration::ZERO);
    assert_eq!(ahead(at(0), at(10), at(-1)), SignedDuration::ZERO);
    assert_eq!(ahead(at(0), at(10), at(-3)), SignedDuration::from_secs(-2));
    assert_eq!(ahead(at(0), at(10), at(12)), SignedDuration::from_secs(2));
}
