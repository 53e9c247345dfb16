//! One customer's story: what they wrote, the facts, the row and why, the actions, the reply, the note, the routing.

use std::fmt::{self, Write as _};

use super::RULE;
use crate::app::demo::{Tale, group_name};
use crate::domain::case::{Effect, EffectState};
use crate::domain::korea::seoul;
use crate::domain::policy::{Outcome, Policy, korean_words};

pub(super) fn tell(text: &mut String, number: usize, of: usize, tale: &Tale, policy: &Policy) -> fmt::Result {
    let story = &tale.story;
    let row = story.row.map(|row| format!(" · 가이드 결정표 {row}행")).unwrap_or_default();
    writeln!(
        text,
        "{RULE}\n{number}/{of}  {}{row}  (ticket {})\n{RULE}",
        story.title, tale.ticket.fields.id
    )?;
    quote(text, "고객", &format!("{}: {}", story.customer.name, story.message))?;
    facts(text, tale)?;
    decision(text, tale, policy)?;
    actions(text, tale)?;
    for reply in &tale.replies {
        quote(text, "공개 답변", &reply.body)?;
    }
    if tale.replies.is_empty() {
        quote(text, "공개 답변", "없음 (담당자가 이어서 답합니다)")?;
    }
    for note in &tale.notes {
        quote(text, "내부 메모", &note.body)?;
    }
    routing(text, tale)?;
    writeln!(text)
}

fn facts(text: &mut String, tale: &Tale) -> fmt::Result {
    let story = &tale.story;
    let account = story.customer.external_id.as_deref().unwrap_or("연결 안 됨");
    let plate = story.plate.as_deref().unwrap_or("적지 않음");
    let mut lines = format!("계정 {account} · 문의의 차량번호 {plate}");
    for parking_use in &story.uses {
        let entered = seoul(parking_use.entered_at).strftime("%Y-%m-%d %H:%M").to_string();
        let verified = if parking_use.vehicle.ownership_verified {
            "소유인증 완료"
        } else {
            "소유인증 안 됨"
        };
        let amount = parking_use.amount.map(|amount| format!(" · {amount}")).unwrap_or_default();
        write!(
            lines,
            "\n{} · {} ({}) · {} · {verified} · 입차 {entered}{amount}",
            parking_use.id, parking_use.lot.name, parking_use.lot.region, parking_use.vehicle.plate
        )?;
    }
    if story.uses.is_empty() {
        lines.push_str("\n이용 건 없음");
    }
    quote(text, "사실", &lines)
}

fn decision(text: &mut String, tale: &Tale, policy: &Policy) -> fmt::Result {
    let Some(decision) = &tale.case.decision else { return quote(text, "판단", "판단 전에 끝남") };
    let sentence = policy.row(&decision.row).map_or("", |row| row.sentence.as_str());
    let inputs = decision.inputs.iter().filter_map(|input| korean_words(&input.name, &input.value));
    let inputs: Vec<String> = inputs.map(|(name, value)| format!("{name}={value}")).collect();
    let outcome = match &decision.outcome {
        Outcome::Settle { .. } => "자동 처리".to_owned(),
        Outcome::Ask { .. } => "고객에게 질문".to_owned(),
        Outcome::AwaitPayment { .. } => "고객의 결제를 기다림".to_owned(),
        Outcome::HandOver { team, .. } => format!("{} 그룹으로 이관", team.korean()),
    };
    quote(
        text,
        "판단",
        &format!(
            "행 {} → {outcome}\n{sentence}\n이유: {}\n{}",
            decision.row,
            decision.reason,
            inputs.join(" · ")
        ),
    )
}

fn actions(text: &mut String, tale: &Tale) -> fmt::Result {
    let done = tale.case.effects.iter().filter_map(|record| match (&record.effect, &record.state) {
        (Effect::Act(action), EffectState::Acted(receipt)) => {
            Some(format!("{} ✓ 접수번호 {}", action.action.korean(), receipt.receipt_id))
        }
        (Effect::Act(action), _) => Some(format!("{} ✗", action.action.korean())),
        (Effect::Write(_), _) => None,
    });
    let done: Vec<String> = done.collect();
    quote(text, "처리", if done.is_empty() { "없음".to_owned() } else { done.join("\n") }.as_str())
}

fn routing(text: &mut String, tale: &Tale) -> fmt::Result {
    let fields = &tale.ticket.fields;
    let group =
        fields.group_id.and_then(group_name).map(|name| format!(" · 그룹 {name}")).unwrap_or_default();
    let tags: Vec<&str> = fields.tags.iter().map(String::as_str).collect();
    let status = format!("{:?}", fields.status).to_lowercase();
    quote(text, "라우팅", &format!("상태 {status}{group} · 태그 {}", tags.join(" ")))
}

/// A label, then the text, each of its lines behind a bar.
fn quote(text: &mut String, label: &str, body: &str) -> fmt::Result {
    writeln!(text, "{label}")?;
    for line in body.trim_end().lines() {
        writeln!(text, "  │ {line}")?;
    }
    Ok(())
}
