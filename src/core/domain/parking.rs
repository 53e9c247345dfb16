//! What the internal parking API tells us: accounts, vehicles, lots, uses, receipts.
//!
//! The serialised form is the API contract's (and so the journal's). A word that we do not know becomes `Unknown`, which the
//! policy hands to a person; it is never an error that would hide the rest of an answer.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::ids::{AccountId, LotId, UseId};

/// An amount of money in whole KRW.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Won(pub i64);

/// One app account with its registered vehicles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The vehicles that the holder registered.
    pub vehicles: Vec<Vehicle>,
    /// 주차패스: the feature that pays by itself when the plate is read.
    pub pass_active: bool,
}

/// A registered vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vehicle {
    /// The plate as the parking system spells it, without blanks.
    pub plate: String,
    /// 소유인증: the customer has proved that the car is theirs.
    pub ownership_verified: bool,
}

/// A parking lot as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The lot's id.
    pub id: LotId,
    /// The lot's name: may be disclosed to the customer only when ownership is verified.
    pub name: String,
    /// The administrative area, which may always be named to the established holder.
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

/// Who runs a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// 직영: the company itself.
    Direct,
    /// 제휴: a partner.
    Partner,
    /// A word that we do not know.
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
    /// 기타, and every word that we do not know.
    #[serde(other)]
    Other,
}

/// An airport whose lots have rules of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Airport {
    /// 인천공항
    Incheon,
    /// A word that we do not know.
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
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}

/// One parking use (픽, 이용 건): one stay of one plate at one lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkingUse {
    /// The use's id.
    pub id: UseId,
    /// The account that it was charged to.
    pub account_id: AccountId,
    /// The vehicle that the camera believed to see.
    pub vehicle: Vehicle,
    /// Where.
    pub lot: Lot,
    /// 픽 상태
    pub status: UseStatus,
    /// When the car went in.
    pub entered_at: Timestamp,
    /// When it left; none while it is inside.
    pub exited_at: Option<Timestamp>,
    /// KRW charged or owed; none while in use, and for what is no whole number of won.
    #[serde(default, deserialize_with = "whole_won")]
    pub amount: Option<Won>,
    /// What was granted for this use, if anything.
    pub compensation: Option<Compensation>,
}

/// An amount that is no whole number of won is none that anything is done about; the use can be read all the same.
fn whole_won<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Won>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    Ok(number.and_then(|number| number.as_i64()).map(Won))
}

/// A grant to the customer: at most one for a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compensation {
    /// Coupon or points.
    pub kind: CompensationKind,
    /// KRW.
    pub amount: Won,
}

/// What a customer is compensated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompensationKind {
    /// 쿠폰
    Coupon,
    /// T포인트
    Points,
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}

/// How to find uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseQuery {
    /// Whose.
    pub of: UsesOf,
    /// Only uses that entered within these two times, both included; `None`: whenever.
    pub entered: Option<(Timestamp, Timestamp)>,
}

/// Whose uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsesOf {
    /// All that were charged to an account.
    Account(AccountId),
    /// All that were recorded for a plate (normalised, without blanks).
    Plate(String),
}

/// The proof that the parking system did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The receipt's id.
    pub receipt_id: String,
    /// When it was done; the first time, if this answer is a replay.
    pub done_at: Timestamp,
    /// Whether the same key had been used before.
    pub replayed: bool,
    /// The use as it is now; none for an inspection.
    #[serde(rename = "use")]
    pub parking_use: Option<ParkingUse>,
}

/// What the service can ask the parking system to do.
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
    /// What the customer is granted by it, if it is a compensation.
    pub fn compensation(self) -> Option<CompensationKind> {
        match self {
            Self::Coupon => Some(CompensationKind::Coupon),
            Self::Points => Some(CompensationKind::Points),
            _ => None,
        }
    }

    /// The centre's word for it.
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Won, whole_won};

    #[derive(Deserialize)]
    struct Charged {
        #[serde(default, deserialize_with = "whole_won")]
        amount: Option<Won>,
    }

    #[test]
    fn an_amount_that_is_no_whole_number_of_won_is_none() {
        for (json, amount) in [
            (r#"{"amount":8000}"#, Some(8_000)),
            (r#"{"amount":-8000}"#, Some(-8_000)),
            (r#"{"amount":8000.5}"#, None),
            (r#"{"amount":9200000000000000000000}"#, None),
            (r#"{"amount":null}"#, None),
            ("{}", None),
        ] {
            let charged: Charged = serde_json::from_str(json).unwrap();
            assert_eq!(charged.amount, amount.map(Won), "{json}");
        }
    }
}
