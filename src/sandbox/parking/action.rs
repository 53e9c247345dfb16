//! The orders of the mock parking system, their effects on a use, and the log of completed actions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::refusal::Refusal;
use crate::domain::ids::{LotId, UseId};
use crate::domain::parking::{
    Compensation, CompensationKind, Operation, ParkingAction, ParkingUse, UseStatus, Won,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// 픽 취소
    Cancellation,
    /// 결제취소
    Refund,
    /// 미수철회
    ReceivableWithdrawal,
    /// 보전처리
    OperatorMakeGood,
    /// Coupon or T points.
    Compensation,
    /// 기기 점검 요청
    Inspection,
}

/// One completed action, with all data needed to detect a duplicate or a foreign one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoneAction {
    /// The `Idempotency-Key` of the first request for it.
    pub key: String,
    /// The ticket named in it.
    pub ticket_id: String,
    pub kind: ActionKind,
    /// The use it applied to or named.
    pub use_id: UseId,
    pub lot_id: LotId,
    /// The grant, if any.
    pub compensation: Option<Compensation>,
    /// The KRW that it moved, if it moves any.
    pub won: Option<Won>,
    pub receipt_id: String,
    pub done_at: Timestamp,
}

impl DoneAction {
    /// The corresponding action of the service; `None` for a compensation of an unknown kind.
    pub fn as_ordered(&self) -> Option<ParkingAction> {
        Some(match (self.kind, self.compensation.map(|granted| granted.kind)) {
            (ActionKind::Cancellation, _) => ParkingAction::Cancel,
            (ActionKind::Refund, _) => ParkingAction::Refund,
            (ActionKind::ReceivableWithdrawal, _) => ParkingAction::WithdrawReceivable,
            (ActionKind::OperatorMakeGood, _) => ParkingAction::OperatorMakeGood,
            (ActionKind::Inspection, _) => ParkingAction::Inspection,
            (ActionKind::Compensation, Some(CompensationKind::Coupon)) => ParkingAction::Coupon,
            (ActionKind::Compensation, Some(CompensationKind::Points)) => ParkingAction::Points,
            (ActionKind::Compensation, Some(CompensationKind::Unknown) | None) => return None,
        })
    }
}

/// An order as received. Two orders are the same request if path and body are equal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub(super) ticket_id: String,
    pub(super) target: Target,
    /// The whole body, to compare requests.
    pub(super) body: Value,
}

/// The target of an order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    Use { id: UseId, kind: UseAction },
    Lot { id: LotId, use_id: UseId },
}

/// The actions on a use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum UseAction {
    Cancel,
    Refund,
    Withdraw,
    MakeGood,
    Compensate(Compensation),
}

/// The result of an order.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) use_id: UseId,
    pub(super) lot_id: LotId,
    pub(super) compensation: Option<Compensation>,
    pub(super) shown: Option<ParkingUse>,
}

impl Order {
    pub(super) fn kind(&self) -> ActionKind {
        match self.target {
            Target::Lot { .. } => ActionKind::Inspection,
            Target::Use { kind, .. } => match kind {
                UseAction::Cancel => ActionKind::Cancellation,
                UseAction::Refund => ActionKind::Refund,
                UseAction::Withdraw => ActionKind::ReceivableWithdrawal,
                UseAction::MakeGood => ActionKind::OperatorMakeGood,
                UseAction::Compensate(_) => ActionKind::Compensation,
            },
        }
    }

    pub(super) fn use_id(&self) -> &UseId {
        match &self.target {
            Target::Use { id, .. } | Target::Lot { use_id: id, .. } => id,
        }
    }

    pub(super) fn lot_id(&self) -> Option<&LotId> {
        match &self.target {
            Target::Lot { id, .. } => Some(id),
            Target::Use { .. } => None,
        }
    }

    /// Changes the use as ordered, or returns why not. The state is checked before the lot: a conflict is more informative.
    pub(super) fn change(&self, parking_use: &mut ParkingUse) -> Result<Option<Compensation>, Refusal> {
        let Target::Use { kind, .. } = &self.target else {
            return Ok(None);
        };
        match *kind {
            UseAction::Cancel => {
                move_status(parking_use, UseStatus::InUse, UseStatus::CancelledByCentre, false)?;
            }
            UseAction::Refund => move_status(parking_use, UseStatus::Completed, UseStatus::Refunded, true)?,
            UseAction::Withdraw => move_status(parking_use, UseStatus::Unpaid, UseStatus::Withdrawn, true)?,
            UseAction::MakeGood => {
                if parking_use.lot.operation == Operation::Direct {
                    return Err(Refusal::Refused("direct_lot"));
                }
            }
            UseAction::Compensate(grant) => {
                if parking_use.compensation.is_some() {
                    return Err(conflict("already_compensated", parking_use));
                }
                parking_use.compensation = Some(grant);
                return Ok(Some(grant));
            }
        }
        Ok(None)
    }
}

fn move_status(
    parking_use: &mut ParkingUse,
    needed: UseStatus,
    then: UseStatus,
    lot_must_be_open: bool,
) -> Result<(), Refusal> {
    if parking_use.status != needed {
        return Err(conflict("state_conflict", parking_use));
    }
    if lot_must_be_open && parking_use.lot.closed {
        return Err(Refusal::Refused("lot_closed"));
    }
    parking_use.status = then;
    Ok(())
}

fn conflict(error: &'static str, parking_use: &ParkingUse) -> Refusal {
    Refusal::Conflict { error, parking_use: Box::new(parking_use.clone()) }
}
