//! Limits on the money moved without a person: a fault upstream or in the service does little damage and is noticed at
//! once.

mod backtest;
mod breaker;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, LotId};
use super::parking::{ParkingAction, Won};

pub use backtest::{Backtest, Report, Stopped};
pub use breaker::{Breaker, Counted, Event, HOUR, Happened, Measure, Tally, Trip, WEEK};

/// The span over which an account's movements count.
pub const ACCOUNT_SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The span over which a lot's movements, and all movements together, count.
pub const DAY_SPAN: SignedDuration = SignedDuration::from_hours(24);

/// The limits from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The limit of one action.
    pub per_action: Won,
    /// The limit of one account in [`ACCOUNT_SPAN`].
    pub per_account: Most,
    /// The limit of one lot in [`DAY_SPAN`].
    pub per_lot: Most,
    /// The limit of all movements together in [`DAY_SPAN`].
    pub per_day: Most,
    /// When the breaker stops everything that no person releases.
    pub breaker: Breaker,
}

/// A limit on the amount and on the number of movements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// The total in KRW.
    pub won: Won,
    /// The number of movements.
    pub times: u32,
}

/// The money moved within a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// KRW.
    pub won: i64,
    /// The number of movements.
    pub times: u32,
}

/// Money that an action is about to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The account of the use.
    pub account_id: AccountId,
    /// The lot of the use.
    pub lot_id: LotId,
    /// The amount; at least 1.
    pub won: Won,
}

/// Earlier movements that count towards a movement's limits, without the movement itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Those of the same account.
    pub account: Sum,
    /// Those at the same lot.
    pub lot: Sum,
    /// All of them.
    pub day: Sum,
}

/// Why an amount may not move without a person. Part of the journal: its serialised form must stay readable for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "amount_is", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum UnfitAmount {
    /// The use has none, or it is no whole number of won.
    Absent,
    /// It is zero or negative.
    NotPositive { amount: Won },
    /// It exceeds the limit of one action.
    AboveLimit {
        amount: Won,
        /// The limit at that time.
        limit: Won,
    },
}

impl UnfitAmount {
    /// The finding, for the note.
    pub fn korean(self) -> String {
        match self {
            Self::Absent => "이용 건에 금액이 없거나 원 단위의 수가 아닙니다.".to_owned(),
            Self::NotPositive { amount } => format!("이용 건의 금액이 {amount}입니다."),
            Self::AboveLimit { amount, limit } => {
                format!("금액 {amount}이 한 번에 자동으로 처리할 수 있는 한도 {limit}을 넘습니다.")
            }
        }
    }
}

/// The limit that a movement would exceed. Part of the journal: its serialised form must stay readable for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The limit of the account.
    Account,
    /// The limit of the lot.
    Lot,
    /// The limit of the day.
    Day,
}

impl Limit {
    /// All limits, in the order of their checks.
    pub const ALL: [Self; 3] = [Self::Account, Self::Lot, Self::Day];

    /// The finding, for the note.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Account => "이 계정에서 30일 동안 자동으로 처리할 수 있는 금액이나 건수를 넘습니다.",
            Self::Lot => {
                "이 주차장에서 하루 동안 자동으로 처리할 수 있는 금액이나 건수를 넘습니다. 인식 기기가 고장 났을 수 있습니다."
            }
            Self::Day => "하루 동안 자동으로 처리할 수 있는 전체 금액이나 건수를 넘습니다.",
        }
    }

    /// What agents have to do, for the note.
    pub fn todo(self) -> &'static str {
        match self {
            Self::Account => "같은 계정의 앞선 처리 내역을 확인하고, 맞으면 직접 처리해 주세요.",
            Self::Lot => "주차장에 인식 기기 상태를 확인하고, 이 건이 맞으면 직접 처리해 주세요.",
            Self::Day => "운영 담당자에게 알리고, 이 건이 맞으면 직접 처리해 주세요.",
        }
    }

    /// The section of the setting, for operators.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Account => "limits.per_account_30_days",
            Self::Lot => "limits.per_lot_day",
            Self::Day => "limits.per_day",
        }
    }
}

impl Limits {
    /// Whether an action may move the amount of a use without a person.
    ///
    /// # Errors
    /// The problem with the amount.
    pub fn admit(&self, amount: Option<Won>) -> Result<Won, UnfitAmount> {
        match amount {
            None => Err(UnfitAmount::Absent),
            Some(amount) if amount < Won(1) => Err(UnfitAmount::NotPositive { amount }),
            Some(amount) if amount > self.per_action => {
                Err(UnfitAmount::AboveLimit { amount, limit: self.per_action })
            }
            Some(amount) => Ok(amount),
        }
    }

    /// The first limit that a movement would exceed.
    pub fn exceeded(&self, movement: &Movement, moved: &Moved) -> Option<Limit> {
        let (won, limits) = (movement.won.0, Limit::ALL);
        limits.into_iter().find(|limit| {
            let (most, sum) = match limit {
                Limit::Account => (self.per_account, moved.account),
                Limit::Lot => (self.per_lot, moved.lot),
                Limit::Day => (self.per_day, moved.day),
            };
            sum.won.saturating_add(won) > most.won.0 || sum.times >= most.times
        })
    }
}

impl ParkingAction {
    /// Whether it moves the amount of the use: a use in progress has no amount yet, and a make-good goes to the lot's
    /// operator.
    pub fn moves_amount(self) -> bool {
        match self {
            Self::Refund | Self::WithdrawReceivable | Self::Coupon | Self::Points => true,
            Self::Cancel | Self::OperatorMakeGood | Self::Inspection => false,
        }
    }
}
