//! The guarantees: never too many grants in any stretch, every waiting caller gets a turn, and no lane starves the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use misread::account::sliding_window::{Capacity, GrantLog, Lane, SlidingWindow};
use proptest::prelude::*;

const SPAN: i64 = 60_000;
const GRACE: i64 = 30_000;
/// The queue length per lane.
const MOST_WAITING: usize = 10_000;

/// A quota with the record of one process.
struct Window {
    limit: usize,
    opens_at: Timestamp,
    inner: SlidingWindow<u32>,
    log: GrantLog,
}

fn window(limit: u32) -> Window {
    let milliseconds = |count: i64| Duration::from_millis(u64::try_from(count).unwrap());
    let inner = SlidingWindow::new(milliseconds(SPAN), milliseconds(GRACE));
    let limit = usize::try_from(limit).unwrap();
    Window { limit, opens_at: Timestamp::MIN, inner, log: GrantLog::default() }
}

impl Window {
    fn reserve(&mut self, key: u32, now: Timestamp) -> Result<(), Duration> {
        self.reserve_in(Lane::Fresh, key, now)
    }

    fn reserve_in(&mut self, lane: Lane, key: u32, now: Timestamp) -> Result<(), Duration> {
        let Self { limit, opens_at, inner, log } = self;
        let mut decided = None;
        log.decide("updates", inner.span(), now, &mut |granted| {
            let room = Capacity { granted, limit: *limit, opens_at: *opens_at, now };
            let reserved = inner.reserve(room, (lane, key));
            decided = Some(reserved.map(drop));
            reserved.ok()
        });
        decided.unwrap()
    }
}

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + millisecond).unwrap()
}

fn milliseconds(wait: Duration) -> i64 {
    i64::try_from(wait.as_millis()).unwrap()
}

#[test]
fn a_full_window_opens_exactly_when_its_oldest_grant_leaves_it() {
    let mut window = window(2);
    assert_eq!(window.reserve(1, at(0)), Ok(()));
    assert_eq!(window.reserve(2, at(10_000)), Ok(()));
    assert_eq!(window.reserve(3, at(20_000)), Err(Duration::from_secs(40)));
    assert_eq!(window.reserve(3, at(59_999)), Err(Duration::from_millis(1)));
    assert_eq!(window.reserve(3, at(60_000)), Ok(()));
}

#[test]
fn no_burst_of_twice_the_limit_around_a_minute_boundary() {
    let mut window = window(5);
    let granted = |window: &mut Window, from: u32, when| {
        (from..from + 10).filter(|key| window.reserve(*key, at(when)).is_ok()).count()
    };
    assert_eq!(granted(&mut window, 0, 59_000), 5);
    assert_eq!(granted(&mut window, 100, 61_000), 0);
}

#[test]
fn a_newcomer_does_not_take_the_place_of_one_who_waits() {
    let mut window = window(1);
    assert_eq!(window.reserve(1, at(0)), Ok(()));
    assert_eq!(window.reserve(2, at(1)), Err(Duration::from_millis(59_999)));
    assert_eq!(window.reserve(3, at(60_000)), Err(Duration::from_mins(1)));
    assert_eq!(window.reserve(2, at(60_001)), Ok(()));
}

#[test]
fn a_place_that_is_not_used_within_the_grace_time_goes_to_the_next() {
    let mut window = window(1);
    assert_eq!(window.reserve(1, at(0)), Ok(()));
    assert!(window.reserve(2, at(0)).is_err());
    assert!(window.reserve(3, at(SPAN + GRACE)).is_err(), "2 may still come");
    assert_eq!(window.reserve(3, at(SPAN + GRACE + 1)), Ok(()));
    assert!(window.reserve(2, at(SPAN + GRACE + 2)).is_err(), "2 comes too late");
}

#[test]
fn a_clock_set_back_neither_opens_the_window_nor_shuts_it_for_ever() {
    let mut window = window(1);
    assert_eq!(window.reserve(1, at(3_600_000)), Ok(()));
    assert_eq!(window.reserve(2, at(0)), Err(Duration::from_mins(1)));
    assert_eq!(window.reserve(2, at(SPAN)), Ok(()));
}

#[test]
fn a_crowd_is_spread_over_time_and_its_memory_is_bounded() {
    let mut window = window(80);
    let crowd = u32::try_from(MOST_WAITING).unwrap() + 500;
    let mut told = BTreeMap::<i64, usize>::new();
    for key in 0..crowd {
        if let Err(wait) = window.reserve_in(Lane::Backlog, key, at(0)) {
            *told.entry(milliseconds(wait)).or_default() += 1;
        }
    }
    assert_eq!(window.inner.waiting(), MOST_WAITING);
    let last = told.pop_last().unwrap();
    assert!(told.values().all(|count| *count == 80), "{told:?}");
    assert_eq!(last, (126 * SPAN, 420), "10,000 places at 80 a minute, and the rest behind them");
    assert_eq!(window.reserve(crowd, at(1_000 * SPAN)), Ok(()), "nobody waits for ever for who never comes");
    assert_eq!(window.inner.waiting(), 0);
}

#[test]
fn a_limit_that_shrinks_or_vanishes_makes_all_wait_without_a_panic() {
    let mut window = window(4);
    for key in 0..4 {
        assert_eq!(window.reserve(key, at(i64::from(key) * 1_000)), Ok(()));
    }
    window.limit = 2;
    assert_eq!(window.reserve(9, at(10_000)), Err(Duration::from_secs(52)), "three must leave");
    window.limit = 0;
    assert_eq!(window.reserve(9, at(10_000)), Err(Duration::from_mins(1)));
}

#[test]
fn who_comes_while_it_is_shut_waits_in_line_for_the_opening() {
    let mut window = window(2);
    window.opens_at = at(40_000);
    let waits: Vec<_> = (1..=3).map(|key| window.reserve(key, at(0)).map_err(milliseconds)).collect();
    assert_eq!(waits, [Err(40_000), Err(40_000), Err(60_000)]);
    assert_eq!(window.inner.waiting(), 3);
    let waited = |window: &Window, key| milliseconds(window.inner.waited(&key, at(39_000)));
    assert_eq!([1, 3, 4].map(|key| waited(&window, key)), [39_000, 39_000, 0]);
    assert_eq!(window.reserve(4, at(40_000)), Err(Duration::from_mins(1)), "two come before");
    assert_eq!([1, 2].map(|key| window.reserve(key, at(40_000))), [Ok(()), Ok(())]);
}

#[test]
fn who_leaves_gives_the_place_to_the_next() {
    let mut window = window(1);
    assert_eq!(window.reserve(1, at(0)), Ok(()));
    assert!(window.reserve(2, at(0)).is_err());
    assert_eq!(window.reserve(3, at(0)), Err(Duration::from_mins(2)));
    window.inner.leave(&2);
    assert_eq!((window.inner.waiting(), window.reserve(3, at(SPAN))), (1, Ok(())));
}

#[test]
fn while_both_lanes_wait_each_gets_its_quarter() {
    let mut window = window(8);
    for key in 0..100 {
        let _ = window.reserve_in(Lane::Backlog, key, at(0));
    }
    assert!(window.reserve_in(Lane::Fresh, 200, at(1)).is_err(), "the minute is used up");
    let granted = |window: &mut Window, lane, keys: std::ops::Range<u32>, when| {
        keys.filter(|key| window.reserve_in(lane, *key, at(when)).is_ok()).count()
    };
    assert_eq!(
        granted(&mut window, Lane::Backlog, 8..100, SPAN + 1),
        6,
        "two are kept for the one who waits"
    );
    assert_eq!(granted(&mut window, Lane::Fresh, 200..300, SPAN + 2), 2);
    assert_eq!(granted(&mut window, Lane::Fresh, 202..300, 2 * SPAN + 3), 6, "and the other way round");
    assert_eq!(granted(&mut window, Lane::Backlog, 14..100, 2 * SPAN + 4), 2);
}

#[test]
fn a_lane_alone_gets_everything() {
    let mut window = window(8);
    let granted = (0..20).filter(|key| window.reserve_in(Lane::Backlog, *key, at(0)).is_ok()).count();
    assert_eq!(granted, 8);
}

proptest! {
    /// For any callers at any times, whether or not they keep to their given times.
    #[test]
    fn no_stretch_ever_holds_more_than_the_limit(
        limit in 1_u32..5,
        asks in proptest::collection::vec((0_u32..12, 0_i64..25_000), 1..200),
    ) {
        let mut window = window(limit);
        let mut now = 0;
        let mut granted = Vec::new();
        for (key, pause) in asks {
            now += pause;
            if window.reserve(key, at(now)).is_ok() {
                granted.push(now);
            }
        }
        for pair in granted.windows(usize::try_from(limit).unwrap() + 1) {
            prop_assert!(pair.last().unwrap() - pair.first().unwrap() >= SPAN, "{granted:?}");
        }
    }

    /// Callers come back at their given times, with some lateness within the grace time, while others keep arriving.
    #[test]
    fn everybody_who_comes_back_as_told_gets_through(
        limit in 1_u32..5,
        lateness in proptest::collection::vec(0_i64..GRACE, 1..40),
    ) {
        let mut window = window(limit);
        let mut agenda: BTreeSet<_> = (0_i64..).zip(0_u32..).zip(&lateness).map(|(start, late)| (start.0, start.1, *late)).collect();
        let mut pushers = 1_000..;
        while let Some((now, key, late)) = agenda.pop_first() {
            let pusher = pushers.next().unwrap();
            prop_assert!(pusher < 20_000, "{key} and {} more do not get through", agenda.len());
            let granted = window.reserve(key, at(now));
            if let Err(wait) = granted {
                agenda.insert((now + milliseconds(wait) + late, key, late));
            }
            let _ = window.reserve(pusher, at(now));
        }
    }

    /// If all callers are punctual and in one lane, the first given time is the time of the grant.
    #[test]
    fn a_punctual_caller_waits_once(limit in 1_u32..5, arrivals in proptest::collection::vec(0_i64..20_000, 1..60)) {
        let mut window = window(limit);
        let mut agenda = BTreeSet::new();
        let mut now = 0;
        for (key, pause) in (0_u32..).zip(&arrivals) {
            now += pause;
            agenda.insert((now, key, false));
        }
        while let Some((now, key, waited)) = agenda.pop_first() {
            match window.reserve_in(Lane::Backlog, key, at(now)) {
                Ok(()) => {}
                Err(wait) => {
                    prop_assert!(!waited, "{key} was told to wait twice");
                    agenda.insert((now + milliseconds(wait), key, true));
                }
            }
        }
    }
}

#[test]
fn a_crowd_is_not_in_the_way_of_who_comes_after_it() {
    let mut window = window(4);
    let mut agenda: BTreeSet<(i64, u32)> = (1..=40).map(|key| (0, key)).collect();
    agenda.insert((180_000, 99));
    let mut gone = BTreeMap::new();
    while let Some((now, key)) = agenda.pop_first() {
        match window.reserve(key, at(now)) {
            Ok(()) => drop(gone.insert(key, now)),
            Err(wait) => drop(agenda.insert((now + milliseconds(wait), key))),
        }
    }
    assert!(gone[&99] <= 180_000 + SPAN, "{gone:?}");
    let crowd: Vec<i64> = (1..=40).map(|key| gone[&key]).collect();
    assert!(crowd.iter().all(|at| *at <= 11 * SPAN), "nobody's place is lost: {crowd:?}");
}
