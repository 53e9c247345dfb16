use jiff::SignedDuration;
use misread::domain::limits::{Breaker, Counted, Measure, Tally};

const BREAKER: Breaker = Breaker { factor: 5, at_least: Tally { won: 1_000, refusals: 10, hand_overs: 20 } };

fn counted(hour: Tally, before: Tally, hours: i64) -> Counted {
    Counted { hour, before, reaches_back: Some(SignedDuration::from_hours(hours)) }
}

#[test]
fn an_hour_beyond_the_factor_of_the_usual_opens_the_breaker_and_one_that_reaches_it_does_not() {
    let before = Tally { won: 168 * 1_000, refusals: 168 * 4, hand_overs: 168 * 10 };
    for (hour, expected) in [
        (Tally { won: 5_000, refusals: 20, hand_overs: 50 }, None),
        (Tally { won: 5_001, ..Tally::default() }, Some(Measure::Won)),
        (Tally { refusals: 21, ..Tally::default() }, Some(Measure::Refusals)),
        (Tally { hand_overs: 51, ..Tally::default() }, Some(Measure::HandOvers)),
    ] {
        let trip = BREAKER.trip(&counted(hour, before, 168));
        assert_eq!(trip.as_ref().map(|trip| trip.measure), expected, "{hour:?}");
    }
}

#[test]
fn below_the_least_no_hour_is_too_much_and_a_young_ledger_has_no_usual() {
    let nothing = Counted { reaches_back: None, ..Counted::default() };
    let at_least = Counted { hour: BREAKER.at_least, ..nothing };
    assert_eq!(BREAKER.trip(&at_least), None);
    let mut more = at_least;
    more.hour.won += 1;
    let trip = BREAKER.trip(&more).unwrap();
    assert_eq!((trip.usual, trip.most, trip.in_hour), (0, 1_000, 1_001));
    // One busy hour defines no usual rate: it counts as one hour of a day.
    let busy = Tally { won: 24_000, ..Tally::default() };
    assert_eq!(counted(Tally::default(), busy, 1).usual(Measure::Won), 1_000);
    assert_eq!(counted(Tally::default(), busy, 48).usual(Measure::Won), 500);
}
