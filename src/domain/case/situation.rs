//! From what was read and heard to what the policy asks: who writes, whose car it is, how far things have come.

use super::facts::{is_plate_of, is_settled};
use super::fold::Case;
use super::playbook::Playbook;
use crate::domain::parking::{Airport, Lot, Operation, ParkingUse, UseStatus, Won};
use crate::domain::plate::Plate;
use crate::domain::policy::{
    Grant, Identity, LotKind, OneUse, Operator, Progress, Situation, Sourced, Status, VehicleMatch,
};
use crate::domain::ticket::Ticket;
use crate::domain::words::{Answer, Question};

/// What the policy may ask about this case.
pub(super) fn situation(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Situation {
    let one = case.facts.the_use();
    Situation {
        found: sourced(case.facts.found(), case.facts.searched_by()),
        identity: identity(case, ticket, one),
        vehicle: vehicle(case, one),
        one: one.map(|parking_use| OneUse {
            status: status(parking_use),
            lot: sourced(lot_kind(&parking_use.lot), "주차 시스템: 주차장"),
            operation: sourced(operator(parking_use.lot.operation), "주차 시스템: 주차장"),
            progress: progress(case),
            amount: grant(parking_use, playbook.compensation_cap),
        }),
    }
}

/// Policy, order of a consultation 1: the requester's verified external id equals the use's account; otherwise the customer's
/// own word, when asked.
fn identity(case: &Case, ticket: &Ticket, one: Option<&ParkingUse>) -> Sourced<Identity> {
    let requester = &ticket.requester;
    let unknown = match (&requester.external_id, one) {
        (Some(id), Some(parking_use)) if requester.verified && *id == parking_use.account_id => {
            return sourced(Identity::Holder, "문의 작성자의 앱 계정이 이용 건의 계정과 같음");
        }
        (None, _) => "문의 작성자에게 연결된 앱 계정이 없음",
        (Some(_), _) if !requester.verified => "문의 작성자의 신원이 인증되지 않음",
        (Some(_), None) => "이용 건이 특정되지 않음",
        (Some(_), Some(_)) => "문의 작성자의 앱 계정이 이용 건의 계정과 다름",
    };
    match case.answer(Question::Identity) {
        Some(Answer::Yes) => sourced(Identity::Holder, "고객 답변: 계정 본인"),
        Some(Answer::No) => sourced(Identity::NotHolder, "고객 답변: 계정 본인이 아님"),
        Some(Answer::Unclear) | None => sourced(Identity::Unknown, unknown),
    }
}

/// Policy, order of a consultation 3: the ticket's plate equals the use's, or none is given and exactly one vehicle is
/// registered; otherwise the customer's own word, unless it names another plate.
fn vehicle(case: &Case, one: Option<&ParkingUse>) -> Sourced<VehicleMatch> {
    let Some(parking_use) = one else {
        return sourced(VehicleMatch::Unknown, "이용 건이 특정되지 않음");
    };
    let named_another = case.talk.plates.iter().filter_map(|plate| Plate::parse(plate));
    let named_another = named_another.into_iter().any(|plate| !is_plate_of(&plate, parking_use));
    if named_another {
        return sourced(VehicleMatch::Unknown, "고객 답변에 이용 건과 다른 차량번호가 있음");
    }
    if case.facts.given_plate().is_some() {
        return sourced(VehicleMatch::Own, "문의의 차량번호가 이용 건의 차량번호와 같음");
    }
    let vehicles = case.facts.account.iter().flatten().flat_map(|account| &account.vehicles);
    let registered: Vec<_> = vehicles.filter_map(|vehicle| Plate::parse(&vehicle.plate)).collect();
    if let [only] = registered.as_slice()
        && is_plate_of(only, parking_use)
    {
        return sourced(VehicleMatch::Own, "계정에 등록된 유일한 차량이 이용 건의 차량과 같음");
    }
    match case.answer(Question::Vehicle) {
        Some(Answer::Yes) => sourced(VehicleMatch::Own, "고객 답변: 본인 차량"),
        Some(Answer::No) => sourced(VehicleMatch::NotOwn, "고객 답변: 본인 차량이 아님"),
        Some(Answer::Unclear) | None => {
            sourced(VehicleMatch::Unknown, "문의에 차량번호가 없고 등록 차량으로 특정할 수 없음")
        }
    }
}

fn status(parking_use: &ParkingUse) -> Sourced<Status> {
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
    sourced(
        status,
        if granted {
            "주차 시스템: 이미 지급된 보상이 있음"
        } else {
            "주차 시스템: 이용 건"
        },
    )
}

fn progress(case: &Case) -> Sourced<Progress> {
    if case.talk.airport_called {
        return sourced(Progress::AirportCalled, "담당자가 통화한 뒤 태그로 돌려줌");
    }
    match case.answer(Question::Coupon) {
        Some(Answer::Yes) => sourced(Progress::CouponAccepted, "고객 답변: 쿠폰을 받겠음"),
        Some(Answer::No) => sourced(Progress::CouponDeclined, "고객 답변: 쿠폰을 원하지 않음"),
        _ if case.talk.payment_requested => {
            sourced(Progress::PaymentRequested, "이 상담에서 결제를 부탁드림")
        }
        _ => sourced(Progress::None, "이 상담에서 앞선 절차 없음"),
    }
}

/// Policy, decision table, OPEN: the amount charged, up to a configured cap.
fn grant(parking_use: &ParkingUse, cap: Won) -> Sourced<Grant> {
    match parking_use.amount {
        Some(amount) if amount > cap => {
            sourced(Grant::AboveCap, format!("청구 금액 {amount}, 보상 한도 {cap}"))
        }
        Some(amount) if amount.0 > 0 => {
            sourced(Grant::WithinCap, format!("청구 금액 {amount}, 보상 한도 {cap}"))
        }
        _ => sourced(Grant::Unknown, "이용 건에 청구 금액이 없음"),
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

fn sourced<T>(value: T, source: impl Into<String>) -> Sourced<T> {
    Sourced { value, source: source.into() }
}
