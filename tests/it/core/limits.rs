mod backtest;
mod breaker;

use misread::domain::ids::{AccountId, LotId};
use misread::domain::limits::{Breaker, Limit, Limits, Most, Moved, Movement, Sum, Tally};
use misread::domain::parking::Won;

const fn most(won: i64, times: u32) -> Most {
    Most { won: Won(won), times }
}

const LIMITS: Limits = Limits {
    per_action: Won(100),
    per_account: most(200, 2),
    per_lot: most(300, 3),
    per_day: most(400, 4),
    breaker: Breaker { factor: 1, at_least: Tally { won: 0, refusals: 0, hand_overs: 0 } },
};

#[test]
fn an_amount_that_is_absent_none_or_too_much_is_for_a_person() {
    for (amount, is_admitted) in [
        (None, false),
        (Some(Won(-8_000)), false),
        (Some(Won(0)), false),
        (Some(Won(1)), true),
        (Some(Won(100)), true),
        (Some(Won(101)), false),
        (Some(Won(i64::MAX)), false),
    ] {
        assert_eq!(LIMITS.admit(amount).is_ok(), is_admitted, "{amount:?}");
    }
}

#[test]
fn what_reaches_a_limit_passes_and_what_exceeds_it_does_not() {
    let movement =
        |won| Movement { account_id: AccountId::new("acct"), lot_id: LotId::new("lot"), won: Won(won) };
    let sum = |won, times| Sum { won, times };
    for (won, account, lot, day, expected) in [
        (100, sum(100, 1), sum(100, 1), sum(100, 1), None),
        (100, sum(101, 1), sum(101, 1), sum(101, 1), Some(Limit::Account)),
        (1, sum(2, 2), sum(2, 2), sum(2, 2), Some(Limit::Account)),
        (100, sum(0, 0), sum(201, 1), sum(201, 1), Some(Limit::Lot)),
        (1, sum(0, 0), sum(3, 3), sum(3, 3), Some(Limit::Lot)),
        (100, sum(0, 0), sum(0, 0), sum(301, 1), Some(Limit::Day)),
        (1, sum(0, 0), sum(0, 0), sum(4, 4), Some(Limit::Day)),
        (i64::MAX, sum(i64::MAX, 1), sum(0, 0), sum(0, 0), Some(Limit::Account)),
    ] {
        let moved = Moved { account, lot, day };
        assert_eq!(LIMITS.exceeded(&movement(won), &moved), expected, "{won} {moved:?}");
    }
}
