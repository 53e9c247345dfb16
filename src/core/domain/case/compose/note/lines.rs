//! The lines of a note: a decision, a use.

use crate::domain::parking::{CompensationKind, ParkingUse};
use crate::domain::policy::{
    Decision, Found, Identity, Input as _, InputValue, Request, Trust, VehicleMatch, korean_words,
};
use crate::domain::seoul::to_the_minute;

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
            parking_use.status.korean(),
            parking_use.amount.map_or("없음".into(), |amount| amount.to_string()),
            granted.unwrap_or_default()
        ),
        format!(
            "차량: {} ({verified}) · 입차 {} · 출차 {}",
            parking_use.vehicle.plate,
            to_the_minute(parking_use.entered_at),
            parking_use.exited_at.map_or("없음".into(), to_the_minute)
        ),
        format!(
            "주차장: {} ({}, {}, {}{})",
            lot.name,
            lot.region,
            lot.operation.korean(),
            lot.linkage.korean(),
            if lot.closed { ", 폐점" } else { "" }
        ),
    ]
}
