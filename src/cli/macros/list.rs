//! `misread macros list`: prints one line for each macro and paragraph.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::aligned::{line, widths};
use crate::cli::json::{self, Format};
use crate::domain::policy::Policy;
use crate::domain::reply::{Audience, Macros, Wording, names};
use crate::domain::ticket::TicketStatus;
use crate::domain::words::{Question, Wish};

/// The help on the JSON document.
pub(super) const HELP: &str = "\
JSON(--json): {\"macros\": [{name, kind(macro·paragraph), title, audience(anyone·holder), status(티켓 상태 또는 null), rows(보내는 정책 행),
asks(identity·vehicle·coupon), answers(문의 또는 null), sent_by_service(서비스가 스스로 보냄), must_mention}]}";

#[derive(Serialize)]
struct Document<'a> {
    macros: Vec<Text<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    name: &'a str,
    kind: &'static str,
    title: &'a str,
    audience: &'static str,
    status: Option<TicketStatus>,
    rows: Vec<&'a str>,
    asks: &'static [Question],
    answers: Option<Wish>,
    sent_by_service: bool,
    must_mention: Vec<&'a str>,
}

const COLUMNS: [&str; 5] = ["이름", "종류", "받는 사람", "쓰는 때", "제목"];

pub(super) fn run(policy: &Policy, macros: &Macros, format: Format) -> anyhow::Result<ExitCode> {
    let replies = macros.iter().map(|(name, found)| Text {
        status: found.does.status,
        rows: policy.rows().filter(|row| row.reply() == Some(name)).map(|row| row.id.as_str()).collect(),
        ..text(name, "macro", &found.title, &found.wording)
    });
    let paragraphs =
        macros.paragraphs().map(|(name, found)| text(name, "paragraph", &found.title, &found.wording));
    let texts: Vec<Text<'_>> = replies.chain(paragraphs).collect();
    if format.json {
        json::print(&Document { macros: texts })?;
    } else {
        tell(&texts)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text<'a>(name: &'a str, kind: &'static str, title: &'a str, wording: &'a Wording) -> Text<'a> {
    Text {
        name,
        kind,
        title,
        audience: match wording.audience {
            Audience::Anyone => "anyone",
            Audience::Holder => "holder",
        },
        status: None,
        rows: Vec::new(),
        asks: names::asks(name).unwrap_or_default(),
        answers: names::answers(name),
        sent_by_service: names::sent_when(name).is_some(),
        must_mention: wording.must_mention.iter().map(|mention| mention.text.as_str()).collect(),
    }
}

fn tell(texts: &[Text<'_>]) -> io::Result<()> {
    let heads = COLUMNS.map(str::to_owned).to_vec();
    let lines: Vec<Vec<String>> = [heads].into_iter().chain(texts.iter().map(cells)).collect();
    let widths = widths(&lines);
    let mut out = io::stdout().lock();
    lines.iter().try_for_each(|cells| writeln!(out, "{}", line(cells, &widths)))
}

fn cells(text: &Text<'_>) -> Vec<String> {
    let kind = if text.kind == "macro" { "매크로" } else { "문단" };
    let audience = if text.audience == "anyone" { "누구나" } else { "확인된 본인" };
    [text.name, kind, audience, &used(text), text.title].map(str::to_owned).to_vec()
}

fn used(text: &Text<'_>) -> String {
    let rows = (!text.rows.is_empty()).then(|| format!("행 {}", text.rows.join(", ")));
    let asks: Vec<&str> = text.asks.iter().map(|question| question.korean()).collect();
    let asks = (!asks.is_empty()).then(|| format!("질문({})", asks.join(", ")));
    let answers = text.answers.map(|wish| format!("문의({})", wish.korean()));
    let by_itself = names::sent_when(text.name).map(str::to_owned);
    let used: Vec<String> = [rows, asks, answers, by_itself].into_iter().flatten().collect();
    if used.is_empty() { "-".to_owned() } else { used.join(" · ") }
}
