//! The policy's inputs about the use: its status, its lot, and its progress.

use crate::domain::case::facts::is_settled;
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::parking::{Airport, Lot, Operation, ParkingUse, UseStatus, Won};
use crate::domain::policy::{Evidence, Grant, LotKind, OneUse, Operator, Progress, Status};
use crate::domain::words::{Answer, Question};

pub(super) fn of_use(case: &Case, playbook: &Playbook, parking_use: &ParkingUse) -> OneUse {
    OneUse {
        status: status(parking_use),
        lot: Evidence::of(lot_kind(&parking_use.lot), "주차 시스템: 주차장"),
        operation: Evidence::of(operator(parking_use.lot.operation), "주차 시스템: 주차장"),
        progress: progress(case),
        amount: grant(parking_use, playbook.compensation_cap),
    }
}

fn status(parking_use: &ParkingUse) -> Evidence<Status> {
    let status = match parking_use.status {
        UseStatus::CancelledByCustomer => Status::CancelledByCustomer,
        _ if is_settled(parking_use) => Status::Settled,
        UseStatus::InUse => Status::InUse,
        UseStatus::Completed => Status::Completed,
        UseStatus::Unpaid => Status::Unpaid,
        UseStatus::CancelledByCentre | UseStatus::Refunded | UseStatus::Withdrawn => Status::Settled,
        UseStatus::Unknown => Status::Unknown,
    };
    let granted = status == Status::Settled && parking_use.compensation.is_some();
    Evidence::of(
        status,
        if granted {
            "주차 시스템: 이미 지급된 보상이 있음"
        } else {
            "주차 시스템: 이용 건"
        },
    )
}

fn progress(case: &Case) -> Evidence<Progress> {
    if case.talk.airport_called {
        return Evidence::of(Progress::AirportCalled, "담당자가 통화한 뒤 태그로 돌려줌");
    }
    match case.answer(Question::Coupon) {
        Some(Answer::Yes) => Evidence::of(Progress::CouponAccepted, "고객 답변: 쿠폰을 받겠음"),
        Some(Answer::No) => Evidence::of(Progress::CouponDeclined, "고객 답변: 쿠폰을 원하지 않음"),
        _ if case.talk.payment_requested => {
            Evidence::of(Progress::PaymentRequested, "이 상담에서 결제를 부탁드림")
        }
        _ => Evidence::of(Progress::None, "이 상담에서 앞선 절차 없음"),
    }
}

/// Policy, decision table, OPEN: the amount charged, up to a configured cap.
fn grant(parking_use: &ParkingUse, cap: Won) -> Evidence<Grant> {
    match parking_use.amount {
        Some(amount) if amount > cap => {
            Evidence::of(Grant::AboveCap, format!("청구 금액 {amount}, 보상 한도 {cap}"))
        }
        Some(amount) if amount.0 > 0 => {
            Evidence::of(Grant::WithinCap, format!("청구 금액 {amount}, 보상 한도 {cap}"))
        }
        _ => Evidence::of(Grant::Unknown, "이용 건에 청구 금액이 없음"),
    }
}

fn lot_kind(lot: &Lot) -> LotKind {
    match (lot.airport, lot.closed) {
        (None, false) => LotKind::Open,
        (None, true) => LotKind::Closed,
        (Some(Airport::Incheon), false) => LotKind::Incheon,
        (Some(Airport::Incheon), true) => LotKind::IncheonClosed,
        (Some(Airport::Unknown), _) => LotKind::Unknown,
    }
}

fn operator(operation: Operation) -> Operator {
    match operation {
        Operation::Direct => Operator::Direct,
        Operation::Partner => Operator::Partner,
        Operation::Unknown => Operator::Unknown,
    }
}
