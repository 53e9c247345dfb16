//! One customer's story in the demo, as a dialogue in order of time: the customer's messages, the service's readings,
//! decisions, actions and replies, and the agents' actions.

use std::fmt::{self, Write as _};

use jiff::{SignedDuration, Timestamp};

use super::RULE;
use crate::demo::{Comment, ScriptStep, Tale, Turn, group_name};
use crate::domain::case::{Occasion, WriteKind};
use crate::domain::policy::Policy;
use crate::domain::seoul::seoul;
use crate::story::told;
use crate::story::told::{note, quote};

/// The shortest pause that gets a line of its own.
const LONG: SignedDuration = SignedDuration::from_hours(1);

pub(super) fn tell(text: &mut String, number: usize, of: usize, tale: &Tale, policy: &Policy) -> fmt::Result {
    let story = &tale.story;
    let row = story.row.map(|row| format!(" · 가이드 결정표 {row}행")).unwrap_or_default();
    writeln!(
        text,
        "{RULE}\n{number}/{of}  {}{row}  (ticket {})\n{RULE}",
        story.title, tale.ticket.fields.id
    )?;
    facts(text, tale)?;
    let mut last: Option<Timestamp> = None;
    for (at, moment) in moments(tale) {
        let paused = last.map(|last| at.duration_since(last)).filter(|pause| *pause >= LONG);
        if let Some(pause) = paused {
            writeln!(text, "  ⋯ {}시간 뒤", pause.as_hours())?;
        }
        last = Some(at);
        match moment {
            Moment::Said(comment) => {
                said(text, &format!("{}  고객 {}", time(at), story.customer.name), comment)?;
            }
            Moment::Did(step) => did(text, at, step)?,
            Moment::Turned(turn) => turned(text, tale, turn, policy)?,
        }
    }
    routing(text, tale)?;
    writeln!(text)
}

/// An event of a story.
enum Moment<'a> {
    Said(&'a Comment),
    /// The customer or an agent did something other than write.
    Did(ScriptStep),
    /// The service worked on the case.
    Turned(&'a Turn),
}

/// All events in order of time. In the same second people come before the service, which reacts to them.
fn moments(tale: &Tale) -> Vec<(Timestamp, Moment<'_>)> {
    let by_customer = |author: i64| author == tale.story.customer.id;
    let comments = tale.ticket.comments.iter().filter(|comment| by_customer(comment.author_id));
    let said = comments.map(|comment| (comment.created_at, Moment::Said(comment)));
    // Messages are among the comments, and pauses follow from the times of the events.
    let others = tale.steps.iter().filter(|(_, step)| step.words().is_none());
    let did = others.map(|(at, step)| (*at, Moment::Did(*step)));
    let turned = tale.turns.iter().map(|turn| (turn.began_at, Moment::Turned(turn)));
    let mut moments: Vec<_> = said.chain(did).chain(turned).collect();
    // Zendesk's times are whole seconds.
    moments.sort_by_key(|(at, moment)| (at.as_second(), matches!(moment, Moment::Turned(_))));
    moments
}

fn did(text: &mut String, at: Timestamp, step: ScriptStep) -> fmt::Result {
    let at = time(at);
    match step {
        ScriptStep::CustomerPays => quote(text, &format!("{at}  고객"), "(앱에서 미수 요금을 결제함)"),
        ScriptStep::AgentTags { tag, note } => {
            quote(text, &format!("{at}  담당자"), &format!("(메모) {note}\n(태그 추가) {tag}"))
        }
        ScriptStep::CustomerSays(_) | ScriptStep::CustomerMails(_) | ScriptStep::HoursPass(_) => Ok(()),
    }
}

/// Writes a customer's comment with the names of its attachments.
fn said(text: &mut String, label: &str, comment: &Comment) -> fmt::Result {
    let files: Vec<&str> = comment.attachments.iter().map(|file| file.file_name.as_str()).collect();
    let files = (!files.is_empty()).then(|| format!("(첨부) {}", files.join(", ")));
    let body = Some(comment.body.trim_end().to_owned()).filter(|body| !body.is_empty());
    quote(text, label, &body.into_iter().chain(files).collect::<Vec<_>>().join("\n"))
}

fn facts(text: &mut String, tale: &Tale) -> fmt::Result {
    let story = &tale.story;
    let account = story.customer.external_id.as_deref().unwrap_or("연결 안 됨");
    let plate = story.plate.as_deref().unwrap_or("적지 않음");
    let mut lines = format!("계정 {account} · 문의의 차량번호 {plate}");
    if let Some(used_at) = &story.used_at {
        write!(lines, " · 문의의 이용 일시 {used_at}")?;
    }
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

fn turned(text: &mut String, tale: &Tale, turn: &Turn, policy: &Policy) -> fmt::Result {
    if turn.only_looked() {
        let row = turn.decision.as_ref().map(|decision| format!("행 {}: ", decision.row)).unwrap_or_default();
        return quote(text, "확인", &format!("{row}달라진 것이 없어 더 기다립니다."));
    }
    if let (Occasion::Customer, Some(heard)) = (turn.occasion, &turn.heard) {
        quote(text, "이해", &told::understood(heard))?;
    }
    judged(text, turn, policy)?;
    actions(text, turn)?;
    let is_last = tale
        .turns
        .iter()
        .rfind(|turn| !turn.writes.is_empty())
        .is_some_and(|last| last.began_at == turn.began_at);
    for written in &turn.writes {
        let Some(comment) = tale.comment(written) else { continue };
        if comment.public {
            quote(text, "공개 답변", &comment.body)?;
        } else if is_last {
            quote(text, "내부 메모", &comment.body.replace("\n\n", "\n"))?;
        } else {
            quote(text, "내부 메모", &note::shortened(&comment.body))?;
        }
    }
    Ok(())
}

fn judged(text: &mut String, turn: &Turn, policy: &Policy) -> fmt::Result {
    let prepared = turn.writes.iter().any(|written| written.kind == WriteKind::Prepared);
    let by_row = turn.decision.as_ref().map(|decision| told::decided(decision, prepared, Some(policy)));
    let machine = turn.heard.as_ref().is_some_and(|heard| heard.automatic);
    let otherwise = match turn.occasion {
        Occasion::Customer if machine => {
            "자동 회신은 답변으로 보지 않습니다. 질문한 횟수에 넣지 않고 계속 기다립니다."
        }
        Occasion::TimeUp { last: false } => "답변을 기다리다 한 번 더 알려 드립니다.",
        Occasion::TimeUp { last: true } => "답변이 없어 문의를 마무리합니다.",
        _ => "처리는 이미 마쳤으므로 결정표를 다시 보지 않습니다.",
    };
    let mut lines = by_row.unwrap_or_else(|| otherwise.to_owned());
    if let Some(reason) = &turn.escalated {
        write!(lines, "\n일반 상담으로 이관: {reason}")?;
    }
    quote(text, "판단", &lines)
}

fn actions(text: &mut String, turn: &Turn) -> fmt::Result {
    if turn.actions.is_empty() {
        return Ok(());
    }
    let lines = turn.actions.iter().map(|action| match &action.receipt {
        Some(receipt) => format!("{} ✓ 접수번호 {}", action.action.korean(), receipt.receipt_id),
        None => format!("{} ✗", action.action.korean()),
    });
    quote(text, "처리", &lines.collect::<Vec<_>>().join("\n"))
}

fn routing(text: &mut String, tale: &Tale) -> fmt::Result {
    let fields = &tale.ticket.fields;
    let group =
        fields.group_id.and_then(group_name).map(|name| format!(" · 그룹 {name}")).unwrap_or_default();
    let tags: Vec<&str> = fields.tags.iter().map(String::as_str).collect();
    let status = format!("{:?}", fields.status).to_lowercase();
    quote(text, "라우팅", &format!("상태 {status}{group} · 태그 {}", tags.join(" ")))
}

fn time(at: Timestamp) -> String {
    seoul(at).strftime("%m-%d %H:%M").to_string()
}
