//! The internal note: what an agent must know (policy, what every internal note carries). Agents may see lot and plate.

use std::fmt::{self, Display, Write as _};

use jiff::Timestamp;

use super::case::{Case, Effect, EffectState, Routing, WriteKind};
use super::korea::seoul;
use super::parking::{CompensationKind, Linkage, Operation, ParkingUse, UseStatus};
use super::policy::{Decision, Team, korean_words};

/// The note after a reply: everything is done.
pub fn settled(case: &Case, routing: &Routing) -> String {
    let mut note = Note::titled("본인 미사용 자동 처리 완료");
    note.decision(case).parking_use(case).done(case);
    note.section("고객 안내", [disclosed(case)]);
    note.section("남은 일", ["없음. 고객님이 다시 글을 남기시면 일반 상담으로 이어서 응대해 주세요."]);
    note.finish(routing)
}

/// The note that hands the ticket to a team.
pub fn hand_over(case: &Case, routing: &Routing, team: Team, todo: &str) -> String {
    let mut note = Note::titled("본인 미사용 상담 이관");
    if let Some((reason, _)) = &case.escalated {
        note.section("이관 사유", [reason]);
    }
    note.decision(case).parking_use(case).candidates(case).done(case);
    note.section("고객 안내", ["이 자동 처리에서 고객님께 안내한 내용은 없습니다."]);
    note.section(&format!("남은 일 ({} 그룹)", team.korean()), [todo]);
    note.section("이후 자동 처리", ["없음. 이 티켓은 상담사가 마무리합니다."]);
    note.finish(routing)
}

/// The note that says why the service steps back.
pub fn stepped_back(case: &Case, routing: &Routing) -> String {
    let mut note = Note::titled("본인 미사용 자동 처리 중단");
    note.section("중단 사유", case.stepped_back.iter());
    note.decision(case).parking_use(case).candidates(case).done(case);
    note.section("고객 안내", ["이 자동 처리에서 고객님께 안내한 내용은 없습니다."]);
    note.section(
        "남은 일 (현재 담당자)",
        ["위 내용을 확인하고 상담을 이어서 마무리해 주세요. 자동 처리는 더 진행되지 않습니다."],
    );
    if let Some((write, _)) = case.write(WriteKind::Reply) {
        note.section("준비했던 답변 (발송되지 않음)", [&write.update.body]);
    }
    note.finish(routing)
}

struct Note {
    text: String,
}

impl Note {
    fn titled(title: &str) -> Self {
        Self { text: format!("[misread] {title}") }
    }

    fn section<T: Display>(&mut self, heading: &str, lines: impl IntoIterator<Item = T>) -> &mut Self {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.line(format_args!("\n■ {heading}"));
            for line in lines {
                self.line(format_args!("- {line}"));
            }
        }
        self
    }

    fn line(&mut self, line: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "\n{line}");
    }

    fn decision(&mut self, case: &Case) -> &mut Self {
        match &case.decision {
            Some(decision) => self.section("판단", decision_lines(decision)),
            None => self,
        }
    }

    fn parking_use(&mut self, case: &Case) -> &mut Self {
        match case.facts.the_use() {
            Some(parking_use) => self.section("이용 건", use_lines(parking_use)),
            None => self,
        }
    }

    fn candidates(&mut self, case: &Case) -> &mut Self {
        let (Some(found), None) = (&case.facts.uses, case.facts.the_use()) else {
            return self;
        };
        let fitting = case.facts.candidates();
        let more = found.has_more.then(|| "조회 한도를 넘는 이용 건이 더 있습니다.".to_owned());
        if fitting.is_empty() {
            let all = found.uses.iter().map(use_line).chain(more);
            return self.section("조건에 맞는 이용 건 없음 (조회된 전체)", all);
        }
        self.section("후보 이용 건", fitting.into_iter().map(use_line).chain(more))
    }

    fn done(&mut self, case: &Case) -> &mut Self {
        let lines: Vec<String> = case
            .effects
            .iter()
            .filter_map(|record| match &record.effect {
                Effect::Act(action) => Some((action.action.korean(), &record.state)),
                Effect::Write(_) => None,
            })
            .map(|(action, state)| match state {
                EffectState::Acted(receipt) => {
                    format!("{action}: 완료 (접수번호 {}, {})", receipt.receipt_id, time(receipt.done_at))
                }
                EffectState::Refused { reason, .. } => format!("{action}: 거절됨 ({reason})"),
                EffectState::Unknown => {
                    format!("{action}: 결과 미확인. 주차 시스템에서 처리 여부를 꼭 확인해 주세요.")
                }
                EffectState::NotDone | EffectState::Written => {
                    format!("{action}: 처리되지 않음 (이용 건 상태가 바뀜)")
                }
            })
            .collect();
        if lines.is_empty() {
            self.section("처리 내역", ["처리한 내용 없음"])
        } else {
            self.section("처리 내역", lines)
        }
    }

    fn finish(mut self, routing: &Routing) -> String {
        let guide = &routing.guide;
        let pages = [("보상 정책", &guide.compensation), ("상담제한", &guide.restricted_consultation)];
        self.section("참고", pages.map(|(page, link)| format!("{page}: {link}")));
        self.text
    }
}

fn decision_lines(decision: &Decision) -> Vec<String> {
    let inputs = decision.inputs.iter().map(|input| {
        let (name, value) = korean_words(&input.name, &input.value).unwrap_or((&input.name, &input.value));
        format!("{name} = {value} ({})", input.source)
    });
    [format!("정책 행: {} (정책 {})", decision.row, decision.policy), format!("사유: {}", decision.reason)]
        .into_iter()
        .chain(inputs)
        .collect()
}

fn use_lines(parking_use: &ParkingUse) -> Vec<String> {
    let lot = &parking_use.lot;
    let verified =
        if parking_use.vehicle.ownership_verified { "소유인증 완료" } else { "소유인증 안 됨" };
    vec![
        format!("이용 건 {} · {}", parking_use.id, status(parking_use.status)),
        format!("차량: {} ({verified})", parking_use.vehicle.plate),
        format!(
            "주차장: {} ({}, {}, {}{})",
            lot.name,
            lot.region,
            operation(lot.operation),
            linkage(lot.linkage),
            if lot.closed { ", 폐점" } else { "" }
        ),
        format!(
            "입차 {} · 출차 {}",
            time(parking_use.entered_at),
            parking_use.exited_at.map_or("없음".into(), time)
        ),
        format!("금액: {}", parking_use.amount.map_or("없음".into(), |amount| amount.to_string())),
    ]
    .into_iter()
    .chain(parking_use.compensation.map(|granted| {
        let kind = match granted.kind {
            CompensationKind::Coupon => "쿠폰",
            CompensationKind::Points => "T포인트",
            CompensationKind::Unknown => "알 수 없는 종류",
        };
        format!("이미 지급된 보상: {kind} {}", granted.amount)
    }))
    .collect()
}

fn use_line(parking_use: &ParkingUse) -> String {
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

/// What the customer was told about the use.
fn disclosed(case: &Case) -> String {
    let verified = case.facts.the_use().is_some_and(|parking_use| parking_use.vehicle.ownership_verified);
    let place = if verified {
        "주차장명(소유인증 완료)"
    } else {
        "행정구역까지만(소유인증 안 됨, 주차장명 비공개)"
    };
    format!("공개 답변 1건 발송. 장소는 {place} 안내했습니다.")
}

fn status(status: UseStatus) -> &'static str {
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

/// To the minute; to the second an agent would have to look at the parking system anyway.
fn time(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}
