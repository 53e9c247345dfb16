use jiff::Timestamp;
use misread::account::missed::{Change, LastChange, change, last_change};
use misread::domain::case::Case;
use misread::domain::ids::TicketId;
use misread::domain::ticket::Seen;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + minute * 60).unwrap()
}

#[test]
fn only_what_changed_after_its_case_and_some_minutes_ago_was_missed() {
    use Change::{Close, Known, Missed};
    for (changed, known, now, expected) in [
        (0, None, 5, Missed),
        (0, None, 4, Known),
        (0, Some(6), 60, Known),
        (0, Some(5), 60, Close { known: at(5) }),
        (0, Some(0), 60, Close { known: at(0) }),
        (6, Some(1), 60, Close { known: at(1) }),
        (7, Some(1), 60, Missed),
        (7, Some(1), 11, Known),
    ] {
        let known = known.map(at);
        assert_eq!(change(at(changed), known, at(now)), expected, "{changed} {known:?} {now}");
    }
}

#[test]
fn what_the_case_has_seen_decides_and_one_that_has_seen_nothing_goes_by_its_own_time() {
    let mut case = Case::new(TicketId::try_from(5).unwrap());
    let last = |changed, case: &Case, known| last_change(at(changed), case, at(known));
    assert_eq!(last(2, &case, 1), LastChange::Unseen);
    assert_eq!(last(1, &case, 1), LastChange::Seen);
    case.seen = Some(Seen { updated_at: at(3), comments: None });
    assert_eq!(last(4, &case, 9), LastChange::Unseen);
    assert_eq!(last(3, &case, 8), LastChange::Seen);
    assert_eq!(last(3, &case, 7), LastChange::InDoubt);
    assert_eq!(last(2, &case, 1), LastChange::Seen);
}
