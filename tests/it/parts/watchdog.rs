use jiff::{SignedDuration, Timestamp};
use misread::domain::ids::TicketId;
use misread::ports::{Backlog, Group, RateLimitStatus};
use misread::worker::upkeep::watchdog::{Report, Watchdog};

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + minute * 60).unwrap()
}

fn group(cases: u64, since: i64) -> Group {
    Group { cases, oldest: Some((TicketId::try_from(5).unwrap(), at(since))) }
}

#[test]
fn how_cases_stand_is_told_at_the_start_and_every_hour() {
    let mut watchdog = Watchdog::new(SignedDuration::from_mins(10));
    let backlog = Backlog { waiting: group(3, -500), ..Backlog::default() };
    assert_eq!(
        watchdog.judge(at(0), &backlog, RateLimitStatus::default()),
        [Report::Summary(backlog, RateLimitStatus::default())]
    );
    assert_eq!(watchdog.judge(at(59), &backlog, RateLimitStatus::default()), []);
    assert_eq!(
        watchdog.judge(at(60), &backlog, RateLimitStatus::default()),
        [Report::Summary(backlog, RateLimitStatus::default())]
    );
}

#[test]
fn overdue_cases_are_told_when_they_are_late_and_then_every_hour() {
    let mut watchdog = Watchdog::new(SignedDuration::from_mins(10));
    watchdog.judge(at(0), &Backlog::default(), RateLimitStatus::default());
    let late = Backlog { overdue: group(1, 1), ..Backlog::default() };
    assert_eq!(watchdog.judge(at(10), &late, RateLimitStatus::default()), []);
    assert_eq!(watchdog.judge(at(11), &late, RateLimitStatus::default()), [Report::Overdue(late.overdue)]);
    assert_eq!(watchdog.judge(at(12), &late, RateLimitStatus::default()), []);
    assert_eq!(watchdog.judge(at(13), &Backlog::default(), RateLimitStatus::default()), []);
    assert_eq!(
        watchdog.judge(at(14), &late, RateLimitStatus::default()),
        [Report::Overdue(late.overdue)],
        "it has begun anew"
    );
    assert!(
        watchdog.judge(at(74), &late, RateLimitStatus::default()).contains(&Report::Overdue(late.overdue))
    );
}

#[test]
fn stuck_cases_are_told_at_once_when_there_are_more_and_every_hour() {
    let mut watchdog = Watchdog::new(SignedDuration::from_mins(10));
    watchdog.judge(at(0), &Backlog::default(), RateLimitStatus::default());
    let stuck = |cases| Backlog { stuck: group(cases, 0), ..Backlog::default() };
    assert_eq!(watchdog.judge(at(1), &stuck(1), RateLimitStatus::default()), [Report::Stuck(group(1, 0))]);
    assert_eq!(watchdog.judge(at(2), &stuck(1), RateLimitStatus::default()), []);
    assert_eq!(watchdog.judge(at(3), &stuck(2), RateLimitStatus::default()), [Report::Stuck(group(2, 0))]);
    assert_eq!(watchdog.judge(at(4), &stuck(1), RateLimitStatus::default()), []);
    assert!(
        watchdog.judge(at(63), &stuck(1), RateLimitStatus::default()).contains(&Report::Stuck(group(1, 0)))
    );
}
