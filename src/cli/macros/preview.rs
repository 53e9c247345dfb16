//! `misread macros preview`: renders texts for sample customers, and prints each different result once.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;

use super::sample::{self, Sample};
use crate::cli::wrong::Mistyped;
use crate::domain::ids::TicketId;
use crate::domain::policy::{Outcome, Policy, Then};
use crate::domain::reply::{Audience, Macro, Macros, RenderError, ReplyFacts, Wording, names};
use crate::domain::words::{Question, Wish};
use crate::story::told::ticket_status;

const RULE: &str = "────────────────────────────────────────────────────────────────────────────────";
const REQUESTER: &str = "김하늘";

pub(super) fn run(policy: &Policy, macros: &Macros, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let is_selected = |candidate: &str| name.is_none_or(|name| name == candidate);
    let mut text = String::new();
    for (name, found) in macros.iter().filter(|(name, _)| is_selected(name)) {
        one_macro(&mut text, policy, macros, name, found)?;
    }
    for (name, found) in macros.paragraphs().filter(|(name, _)| is_selected(name)) {
        head(&mut text, name, &found.title, found.description.as_deref(), &found.wording)?;
        let asks = names::asks(name).map(|questions| {
            let questions: Vec<&str> = questions.iter().map(|question| question.korean()).collect();
            format!("질문: {}", questions.join(", "))
        });
        let answers = || names::answers(name).map_or("서비스가 쓰지 않음", Wish::korean);
        let does = asks.unwrap_or_else(|| format!("답하는 문의: {}", answers()));
        writeln!(text, "문단 · {does}")?;
        readings(&mut text, samples(policy, name, &found.wording), |facts| macros.paragraph(name, facts))?;
    }
    if text.is_empty() {
        let names = macros.iter().map(|(name, _)| name).chain(macros.paragraphs().map(|(name, _)| name));
        let names = names.collect::<Vec<_>>().join(", ");
        bail!(Mistyped(format!("그런 매크로나 문단이 없습니다. 있는 것: {names}")));
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn one_macro(text: &mut String, policy: &Policy, macros: &Macros, name: &str, found: &Macro) -> fmt::Result {
    head(text, name, &found.title, found.description.as_deref(), &found.wording)?;
    let status = found.does.status.map_or("그대로", ticket_status);
    let rows = policy.rows().filter(|row| row.reply() == Some(name)).map(|row| row.id.as_str());
    let rows = rows.collect::<Vec<_>>().join(", ");
    let rows = (!rows.is_empty()).then(|| format!("행: {rows}"));
    let sent: Vec<String> = rows.into_iter().chain(names::sent_when(name).map(str::to_owned)).collect();
    let sent = if sent.is_empty() { "보내는 행이 없음".to_owned() } else { sent.join(" · ") };
    writeln!(text, "티켓 상태 {status} · {sent}")?;
    let with_each = found.wording.needs_paragraphs();
    if !with_each {
        readings(text, samples(policy, name, &found.wording), |facts| {
            macros.render_with(name, &[], &questions(policy, name), facts)
        })?;
    }
    // Paragraphs that ask are left out: a macro that asks has its own place for them, which `questions` fills.
    let anyones = macros.paragraphs().filter(|(paragraph_name, paragraph)| {
        paragraph.wording.audience == Audience::Anyone && names::asks(paragraph_name).is_none()
    });
    let takes_any = anyones.filter(|_| found.wording.takes_paragraphs());
    for (paragraph, _) in takes_any.take(if with_each { usize::MAX } else { 1 }) {
        with_paragraph(text, policy, macros, (name, found), paragraph)?;
    }
    Ok(())
}

/// Prints the reply with a paragraph in it, for the first sample customer for whom it can be rendered.
fn with_paragraph(
    text: &mut String,
    policy: &Policy,
    macros: &Macros,
    (name, found): (&str, &Macro),
    paragraph: &str,
) -> fmt::Result {
    let render =
        |facts: &ReplyFacts<'_>| macros.render_with(name, &[paragraph], &questions(policy, name), facts);
    let first =
        samples(policy, name, &found.wording).into_iter().find(|sample| render(&facts(sample)).is_ok());
    let with = first.map(|sample| Sample { label: format!("{} + {paragraph}", sample.label), ..sample });
    readings(text, with.into_iter().collect(), render)
}

fn head(
    text: &mut String,
    name: &str,
    title: &str,
    description: Option<&str>,
    wording: &Wording,
) -> fmt::Result {
    writeln!(text, "{RULE}\n{name}  {title}")?;
    if let Some(description) = description {
        writeln!(text, "{description}")?;
    }
    let audience = match wording.audience {
        Audience::Anyone => "누구에게나",
        Audience::Holder => "확인된 본인에게만",
    };
    let mentions = wording.must_mention.iter().map(|mention| format!("  {} ({})", mention.text, mention.why));
    writeln!(text, "{RULE}\n{audience} · 꼭 알릴 말\n{}", mentions.collect::<Vec<_>>().join("\n"))
}

fn samples(policy: &Policy, name: &str, wording: &Wording) -> Vec<Sample> {
    let samples = match wording.audience {
        Audience::Anyone => sample::strangers(policy, name),
        Audience::Holder => sample::holders(policy, name),
    };
    sample::in_each_setting(&samples)
}

/// Prints each different text once, with the labels of all samples that get it. Samples without a fact that the text
/// needs are skipped: there the ticket goes to a person.
fn readings(
    text: &mut String,
    samples: Vec<Sample>,
    render: impl Fn(&ReplyFacts<'_>) -> Result<String, RenderError>,
) -> fmt::Result {
    let mut shown: Vec<(String, Vec<String>)> = Vec::new();
    for sample in samples {
        let reading = match render(&facts(&sample)) {
            Ok(reading) => reading,
            Err(RenderError::Missing { .. }) => continue,
            Err(error) => format!("({})", not_rendered(&error)),
        };
        match shown.iter_mut().find(|(known, _)| *known == reading) {
            Some((_, labels)) => labels.push(sample.label),
            None => shown.push((reading, vec![sample.label])),
        }
    }
    for (reading, labels) in shown {
        writeln!(text, "\n[{}]", labels.join(" | "))?;
        for line in reading.lines() {
            writeln!(text, "  │ {line}")?;
        }
    }
    writeln!(text)
}

fn facts(sample: &Sample) -> ReplyFacts<'_> {
    let ticket_id = TicketId::try_from(35_436).unwrap_or_else(|_| unreachable!("35436 is a ticket id"));
    ReplyFacts {
        ticket_id,
        requester_name: REQUESTER,
        parking_use: sample.parking_use.as_ref(),
        is_first: sample.is_first,
        is_answer: sample.is_answer,
        is_letter: sample.is_letter,
    }
}

/// The questions of the row that sends this macro. A macro that no row sends but the service itself, such as the one
/// that asks again, is shown with the question on identity.
fn questions(policy: &Policy, name: &str) -> Vec<Question> {
    let of_row = policy.rows().filter(|row| row.reply() == Some(name)).find_map(|row| match &row.then {
        Then::Outcome(Outcome::Ask { questions, .. }) => Some(questions.clone()),
        _ => None,
    });
    of_row.unwrap_or_else(|| vec![Question::Identity])
}

/// The reason why a text cannot be rendered, in Korean.
fn not_rendered(error: &RenderError) -> String {
    match error {
        RenderError::UnknownMacro(name) => format!("매크로 `{name}`이(가) 없습니다"),
        RenderError::UnknownParagraph(name) => format!("문단 `{name}`이(가) 없습니다"),
        RenderError::OnlyForTheHolder(name) => format!("`{name}`은(는) 확인된 본인에게만 보냅니다"),
        RenderError::TakesNoParagraphs(name) => format!("`{name}`에 문단을 넣을 자리가 없습니다"),
        RenderError::Missing { name, placeholder } => {
            format!("`{name}`: 이 이용 건에는 `{placeholder}`이(가) 없습니다")
        }
        RenderError::Failed { name, reason } => format!("`{name}`을(를) 쓸 수 없습니다: {reason}"),
    }
}
