//! The internal parking API's data: accounts, vehicles, lots, uses, receipts.
//!
//! The serialised form is the API contract's, and so the journal's. An unknown word becomes `Unknown`, which the policy
//! hands to a person. It is never an error, which would hide the rest of a response.

mod korean;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::ids::{AccountId, LotId, UseId};

/// An amount of money in whole KRW.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Won(pub i64);

/// An app account with its registered vehicles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The requester's external id in Zendesk.
    pub id: AccountId,
    /// The vehicles registered by the holder.
    pub vehicles: Vec<Vehicle>,
    /// 주차패스: automatic payment when the plate is read.
    pub pass_active: bool,
}

/// A vehicle that the customer has registered in the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vehicle {
    /// The plate as the parking system spells it, without spaces.
    pub plate: String,
    /// 소유인증: the customer has proved ownership of the car.
    pub ownership_verified: bool,
}

/// A parking lot in its current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Names the lot to the parking system.
    pub id: LotId,
    /// The lot's name; it may be disclosed to the customer only if ownership is verified.
    pub name: String,
    /// The administrative area; it may always be disclosed to the established holder.
    pub region: String,
    /// 직영 or not.
    pub operation: Operation,
    /// 연동 · 비연동 · 기타.
    pub linkage: Linkage,
    /// 폐점: out of business.
    pub closed: bool,
    /// The airport that the lot belongs to, if any.
    pub airport: Option<Airport>,
    /// Whether [앱결제 취소] is offered for this lot.
    pub self_cancel: bool,
}

/// The operator of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// 직영: the company itself.
    Direct,
    /// 제휴: a partner.
    Partner,
    /// An unknown word.
    #[serde(other)]
    Unknown,
}

/// How a lot is connected to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Linkage {
    /// 연동
    Linked,
    /// 비연동
    Unlinked,
    /// 기타, and every unknown word.
    #[serde(other)]
    Other,
}

/// An airport whose lots have their own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Airport {
    /// 인천공항
    Incheon,
    /// An unknown word.
    #[serde(other)]
    Unknown,
}

/// 픽 상태
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseStatus {
    /// 이용 중
    InUse,
    /// 이용완료(결제완료)
    Completed,
    /// 미수
    Unpaid,
    /// 고객 취소
    CancelledByCustomer,
    /// 픽 취소 by the centre
    CancelledByCentre,
    /// 결제취소
    Refunded,
    /// 미수철회
    Withdrawn,
    /// An unknown word.
    #[serde(other)]
    Unknown,
}

/// One parking use (픽, 이용 건): one stay of one plate at one lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ParkingUse {
    pub id: UseId,
    /// The account that was charged.
    pub account_id: AccountId,
    /// The vehicle that the camera recognised.
    pub vehicle: Vehicle,
    pub lot: Lot,
    /// 픽 상태
    pub status: UseStatus,
    /// When the car entered.
    pub entered_at: Timestamp,
    /// When the car left; `None` while it is inside.
    pub exited_at: Option<Timestamp>,
    /// KRW charged or owed; `None` while in use, and for an amount that is no whole number of won.
    #[serde(default, deserialize_with = "whole_won")]
    pub amount: Option<Won>,
    /// The compensation granted for this use, if any.
    pub compensation: Option<Compensation>,
}

/// An amount that is no whole number of won becomes `None`, which no action accepts; the rest of the use stays readable.
fn whole_won<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Won>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    Ok(number.and_then(|number| number.as_i64()).map(Won))
}

/// A grant to the customer; at most one per use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compensation {
    /// Coupon or points.
    pub kind: CompensationKind,
    /// KRW.
    pub amount: Won,
}

/// The kinds of compensation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompensationKind {
    /// 쿠폰
    Coupon,
    /// T포인트
    Points,
    /// An unknown word.
    #[serde(other)]
    Unknown,
}

/// A query for uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseQuery {
    /// The account or plate.
    pub of: UsesOf,
    /// Only uses that entered between these two times, both inclusive; `None`: any time.
    pub entered: Option<(Timestamp, Timestamp)>,
}

/// The account or plate whose uses are queried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsesOf {
    /// All uses charged to an account.
    Account(AccountId),
    /// All uses recorded for a plate (normalised, without spaces).
    Plate(String),
}

/// The parking system's proof of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Names the receipt to the parking system; the same for a replay.
    pub receipt_id: String,
    /// When it was done; the first time, if this response is a replay.
    pub done_at: Timestamp,
    /// Whether the same idempotency key had been used before.
    pub replayed: bool,
    /// The current state of the use; `None` for an inspection.
    #[serde(rename = "use")]
    pub parking_use: Option<ParkingUse>,
}

/// The actions of the parking system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkingAction {
    /// 픽 취소
    Cancel,
    /// 결제취소
    Refund,
    /// 미수철회
    WithdrawReceivable,
    /// 보전처리
    OperatorMakeGood,
    /// 기기 점검 요청
    Inspection,
    /// A coupon for the customer.
    Coupon,
    /// T points for the customer.
    Points,
}

impl ParkingAction {
    /// The compensation that it grants the customer, if any.
    pub fn compensation(self) -> Option<CompensationKind> {
        match self {
            Self::Coupon => Some(CompensationKind::Coupon),
            Self::Points => Some(CompensationKind::Points),
            _ => None,
        }
    }

    /// Its Korean name in the centre.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Cancel => "픽 취소",
            Self::Refund => "결제취소",
            Self::WithdrawReceivable => "미수철회",
            Self::OperatorMakeGood => "보전처리",
            Self::Inspection => "기기 점검 요청",
            Self::Coupon => "쿠폰 지급",
            Self::Points => "T포인트 지급",
        }
    }
}
