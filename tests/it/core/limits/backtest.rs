use jiff::Timestamp;
use misread::domain::case::{Action, Effect, Entry};
use misread::domain::ids::{AccountId, LotId, TicketId};
use misread::domain::limits::{Backtest, Breaker, Limits, Most, Report, Stopped, Tally};
use misread::domain::parking::{ParkingAction, ParkingUse, Won};

use super::super::parking_use;

const HOURS_OF_A_MONTH: i64 = 30 * 24;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + hour * 3600).unwrap()
}

fn most(won: i64, times: u32) -> Most {
    Most { won: Won(won), times }
}

fn limits() -> Limits {
    Limits {
        per_action: Won(100),
        per_account: most(200, 9),
        per_lot: most(10_000, 2),
        per_day: most(350, 9),
        breaker: Breaker { factor: 2, at_least: Tally { won: 150, refusals: 9, hand_overs: 9 } },
    }
}

/// The journal of a ticket whose use is found and refunded.
fn refund(account: &str, lot: &str, won: Won) -> [Entry; 2] {
    let mut parking_use =
        ParkingUse { account_id: AccountId::new(account), amount: Some(won), ..parking_use() };
    parking_use.lot.id = LotId::new(lot);
    let action = Action {
        action: ParkingAction::Refund,
        use_id: parking_use.id.clone(),
        lot_id: parking_use.lot.id.clone(),
        amount: None,
    };
    let effect = Effect::Act(action);
    [
        Entry::UsesRead { uses: vec![parking_use], has_more: false },
        Entry::Intended { effect, together: false, sealed: false, first_since: None },
    ]
}

/// Each movement: hours from the start, account, lot, amount.
fn report(movements: &[(i64, &str, &str, i64)], since: Option<Timestamp>) -> Report {
    let mut backtest = Backtest::default();
    for (number, (hour, account, lot, won)) in (1..).zip(movements) {
        let journal = refund(account, lot, Won(*won));
        backtest.take(TicketId::try_from(number).unwrap(), journal.iter().map(|entry| (at(*hour), entry)));
    }
    backtest.against(&limits(), since)
}

fn stopped(movements: &[(i64, &str, &str, i64)]) -> Vec<(&'static str, i64)> {
    let report = report(movements, None);
    let of = |(name, all): (&&'static str, &Vec<Stopped>)| {
        all.iter().map(|one| (*name, one.ticket_id.get())).collect::<Vec<_>>()
    };
    report.stopped.iter().flat_map(of).collect()
}

#[test]
fn each_limit_stops_what_it_would_have_and_frees_itself_after_its_span() {
    assert_eq!(stopped(&[(0, "a", "x", 100), (1, "b", "y", 101)]), [("limits.per_action", 2)]);
    let month = HOURS_OF_A_MONTH;
    let account = [(0, "a", "x", 100), (30, "a", "y", 100), (60, "a", "z", 1), (month, "a", "z", 100)];
    assert_eq!(stopped(&account), [("limits.per_account_30_days", 3)]);
    let lot = [(0, "a", "x", 1), (1, "b", "x", 1), (2, "c", "x", 1), (24, "d", "x", 1)];
    assert_eq!(stopped(&lot), [("limits.per_lot_day", 3)]);
    let day =
        [(0, "a", "x", 100), (1, "b", "y", 100), (2, "c", "z", 100), (3, "d", "w", 51), (3, "e", "v", 50)];
    assert_eq!(stopped(&day), [("limits.per_day", 4)]);
}

#[test]
fn what_came_before_the_day_asked_for_counts_and_is_not_told() {
    let told = report(&[(0, "a", "x", 100), (1, "a", "y", 100), (2, "a", "z", 100)], Some(at(2)));
    assert_eq!((told.movements, told.won), (1, 100));
    assert_eq!(told.stopped.len(), 1);
    assert!(told.trips.is_empty(), "{told:?}");
}

#[test]
fn an_hour_that_leaves_the_usual_is_told_once_for_each_lift() {
    let busy = [(0, "a", "x", 100), (0, "b", "y", 100), (0, "c", "z", 100), (0, "d", "w", 100)];
    let told = report(&busy, None);
    assert_eq!(told.trips.iter().map(|(_, trip)| trip.in_hour).collect::<Vec<_>>(), [200, 200]);
    let steady = [(0, "a", "x", 100), (1, "b", "y", 100), (2, "c", "z", 100)];
    assert!(report(&steady, None).trips.is_empty());
}
