//! Texts as customers read them: each macro and paragraph for sample customers in every situation in which it may be sent.

mod sample;

use super::told::ticket_status;
use crate::domain::ids::TicketId;
use crate::domain::policy::{Outcome, Policy, Then};
use crate::domain::reply::{
    Audience, Macro, Macros, Mention, Paragraph, RenderError, ReplyFacts, Said, Wording, names,
};
use crate::domain::words::{Question, Wish};
use sample::Sample;

const REQUESTER: &str = "김하늘";

/// A text with all its variants.
pub(crate) struct Preview<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: Option<&'a str>,
    /// Who may read it.
    pub(crate) audience: &'static str,
    /// What it must mention, and how far it does.
    pub(crate) mentions: Vec<(&'a Mention, Said)>,
    /// What it is for: when it is sent and what it does to the ticket, or which question it belongs to.
    pub(crate) used: String,
    /// One for each different text: sample customers with the same text share it.
    pub(crate) variants: Vec<Variant>,
}

/// A text as sent to some of the sample customers.
pub(crate) struct Variant {
    /// The sample customers' situations.
    pub(crate) labels: Vec<String>,
    pub(crate) text: String,
}

/// The macros, then the paragraphs; only the one with this name if one is given.
pub(crate) fn previews<'a>(policy: &Policy, macros: &'a Macros, name: Option<&str>) -> Vec<Preview<'a>> {
    let is_selected = |candidate: &str| name.is_none_or(|name| name == candidate);
    let replies = macros.iter().filter(|(name, _)| is_selected(name));
    let replies = replies.map(|(name, found)| of_macro(policy, macros, name, found));
    let paragraphs = macros.paragraphs().filter(|(name, _)| is_selected(name));
    let paragraphs = paragraphs.map(|(name, found)| of_paragraph(policy, macros, name, found));
    replies.chain(paragraphs).collect()
}

fn of_macro<'a>(policy: &Policy, macros: &Macros, name: &'a str, found: &'a Macro) -> Preview<'a> {
    let status = found.does.status.map_or("그대로", ticket_status);
    let rows = policy.rows().filter(|row| row.reply() == Some(name)).map(|row| row.id.as_str());
    let rows = rows.collect::<Vec<_>>().join(", ");
    let rows = (!rows.is_empty()).then(|| format!("행: {rows}"));
    let sent: Vec<String> = rows.into_iter().chain(names::sent_when(name).map(str::to_owned)).collect();
    let sent = if sent.is_empty() { "보내는 행이 없음".to_owned() } else { sent.join(" · ") };
    let mut variants = Vec::new();
    let with_each = found.wording.needs_paragraphs();
    if !with_each {
        variants.extend(readings(samples(policy, name, &found.wording), |facts| {
            macros.render_with(name, &[], &questions(policy, name), facts)
        }));
    }
    // Paragraphs that ask are left out: a macro that asks has its own place for them, which `questions` fills.
    let anyones = macros.paragraphs().filter(|(paragraph_name, paragraph)| {
        paragraph.wording.audience == Audience::Anyone && names::asks(paragraph_name).is_none()
    });
    let takes_any = anyones.filter(|_| found.wording.takes_paragraphs());
    for (paragraph, _) in takes_any.take(if with_each { usize::MAX } else { 1 }) {
        variants.extend(with_paragraph(policy, macros, (name, found), paragraph));
    }
    Preview {
        name,
        title: &found.title,
        description: found.description.as_deref(),
        audience: audience(&found.wording),
        mentions: found.wording.mentions(),
        used: format!("티켓 상태 {status} · {sent}"),
        variants,
    }
}

fn of_paragraph<'a>(policy: &Policy, macros: &Macros, name: &'a str, found: &'a Paragraph) -> Preview<'a> {
    let asks = names::asks(name).map(|questions| {
        let questions: Vec<&str> = questions.iter().map(|question| question.korean()).collect();
        format!("질문: {}", questions.join(", "))
    });
    let answers = || names::answers(name).map_or("서비스가 쓰지 않음", Wish::korean);
    let does = asks.unwrap_or_else(|| format!("답하는 문의: {}", answers()));
    Preview {
        name,
        title: &found.title,
        description: found.description.as_deref(),
        audience: audience(&found.wording),
        mentions: found.wording.mentions(),
        used: format!("문단 · {does}"),
        variants: readings(samples(policy, name, &found.wording), |facts| macros.paragraph(name, facts)),
    }
}

/// The reply with a paragraph in it, for the first sample customer for whom it can be rendered.
fn with_paragraph(
    policy: &Policy,
    macros: &Macros,
    (name, found): (&str, &Macro),
    paragraph: &str,
) -> Vec<Variant> {
    let render =
        |facts: &ReplyFacts<'_>| macros.render_with(name, &[paragraph], &questions(policy, name), facts);
    let first =
        samples(policy, name, &found.wording).into_iter().find(|sample| render(&facts(sample)).is_ok());
    let with = first.map(|sample| Sample { label: format!("{} + {paragraph}", sample.label), ..sample });
    readings(with.into_iter().collect(), render)
}

/// Who may read a text.
pub(crate) fn audience(wording: &Wording) -> &'static str {
    match wording.audience {
        Audience::Anyone => "누구에게나",
        Audience::Holder => "확인된 본인에게만",
    }
}

fn samples(policy: &Policy, name: &str, wording: &Wording) -> Vec<Sample> {
    let samples = match wording.audience {
        Audience::Anyone => sample::strangers(policy, name),
        Audience::Holder => sample::holders(policy, name),
    };
    sample::in_each_setting(&samples)
}

/// Each different text once, with the labels of all samples that get it. Samples without a fact that the text needs are
/// skipped: there the ticket goes to a person.
fn readings(
    samples: Vec<Sample>,
    render: impl Fn(&ReplyFacts<'_>) -> Result<String, RenderError>,
) -> Vec<Variant> {
    let mut variants: Vec<Variant> = Vec::new();
    for sample in samples {
        let text = match render(&facts(&sample)) {
            Ok(text) => text,
            Err(RenderError::Missing { .. }) => continue,
            Err(error) => format!("({})", not_rendered(&error)),
        };
        match variants.iter_mut().find(|known| known.text == text) {
            Some(known) => known.labels.push(sample.label),
            None => variants.push(Variant { labels: vec![sample.label], text }),
        }
    }
    variants
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
