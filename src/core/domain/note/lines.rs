//! The lines of a note: a decision, a use.

use jiff::Timestamp;

use crate::domain::parking::{CompensationKind, Linkage, Operation, ParkingUse, UseStatus};
use crate::domain::policy::{
    Decision, Found, Identity, Input as _, InputValue, Request, Trust, VehicleMatch, korean_words,
};
use crate::domain::seoul::seoul;

/// The row that decided, and its trust.
pub(super) fn row_of(decision: &Decision) -> String {
    let trust = match decision.trust {
        Trust::Auto => String::new(),
        trust => format!(" · 신뢰 단계 {}", trust.korean()),
    };
    format!("정책 행: {} (정책 {}){trust}", decision.row, decision.policy)
}

/// A line for each input of the policy: its value, the evidence for it (+), against it (−), and what was given and not
/// understood (?). The inputs about the use share one line.
pub(super) fn evidence_lines(decision: &Decision) -> Vec<String> {
    let (people, of_use): (Vec<_>, Vec<_>) =
        decision.inputs.iter().partition(|input| CONSULTATION.contains(&input.name.as_str()));
    let of_use: Vec<String> = of_use.into_iter().map(named_value).collect();
    let of_use = (!of_use.is_empty()).then(|| of_use.join(" · "));
    people.into_iter().map(evidence_line).chain(of_use).collect()
}

/// The inputs about the customer and their words.
const CONSULTATION: [&str; 4] = [Found::NAME, Identity::NAME, VehicleMatch::NAME, Request::NAME];

fn named_value(input: &InputValue) -> String {
    let (name, value) = korean_words(&input.name, &input.value).unwrap_or((&input.name, &input.value));
    format!("{name} = {value}")
}

fn evidence_line(input: &InputValue) -> String {
    let side = |sign: &str, grounds: &[String]| {
        if grounds.is_empty() { String::new() } else { format!(" | {sign} {}", grounds.join(", ")) }
    };
    format!(
        "{} | + {}{}{}",
        named_value(input),
        input.source,
        side("−", &input.against),
        side("?", &input.not_understood)
    )
}

/// The current state of the use: its status, times and place.
pub(super) fn use_lines(parking_use: &ParkingUse) -> [String; 3] {
    let lot = &parking_use.lot;
    let verified =
        if parking_use.vehicle.ownership_verified { "소유인증 완료" } else { "소유인증 안 됨" };
    let granted = parking_use.compensation.map(|granted| {
        let kind = match granted.kind {
            CompensationKind::Coupon => "쿠폰",
            CompensationKind::Points => "T포인트",
            CompensationKind::Unknown => "알 수 없는 종류",
        };
        format!(" · 이미 지급된 보상: {kind} {}", granted.amount)
    });
    [
        format!(
            "이용 건 {} · {} · 금액: {}{}",
            parking_use.id,
            status(parking_use.status),
            parking_use.amount.map_or("없음".into(), |amount| amount.to_string()),
            granted.unwrap_or_default()
        ),
        format!(
            "차량: {} ({verified}) · 입차 {} · 출차 {}",
            parking_use.vehicle.plate,
            time(parking_use.entered_at),
            parking_use.exited_at.map_or("없음".into(), time)
        ),
        format!(
            "주차장: {} ({}, {}, {}{})",
            lot.name,
            lot.region,
            operation(lot.operation),
            linkage(lot.linkage),
            if lot.closed { ", 폐점" } else { "" }
        ),
    ]
}

/// A use in one line: what it is, whose car, where, when, how much.
pub fn use_line(parking_use: &ParkingUse) -> String {
    format!(
        "{} · {} · {} · {} · 입차 {} · {}",
        parking_use.id,
        status(parking_use.status),
        parking_use.vehicle.plate,
        parking_use.lot.name,
        time(parking_use.entered_at),
        parking_use.amount.map_or("금액 없음".into(), |amount| amount.to_string()),
    )
}

/// The centre's word for a use's state.
pub fn status(status: UseStatus) -> &'static str {
    match status {
        UseStatus::InUse => "이용 중",
        UseStatus::Completed => "이용완료(결제완료)",
        UseStatus::Unpaid => "미수",
        UseStatus::CancelledByCustomer => "고객 취소",
        UseStatus::CancelledByCentre => "센터 취소",
        UseStatus::Refunded => "결제취소됨",
        UseStatus::Withdrawn => "미수철회됨",
        UseStatus::Unknown => "알 수 없는 상태",
    }
}

fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Direct => "직영",
        Operation::Partner => "제휴",
        Operation::Unknown => "운영 형태 미상",
    }
}

fn linkage(linkage: Linkage) -> &'static str {
    match linkage {
        Linkage::Linked => "연동",
        Linkage::Unlinked => "비연동",
        Linkage::Other => "기타",
    }
}

/// To the minute: an agent who needs seconds has to look at the parking system anyway.
pub(super) fn time(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}
