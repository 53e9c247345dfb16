//! Korean sentences on decisions and on customers' messages, for the stories of the demo, of `misread case show` and of the console.

pub mod note;

use std::fmt::{self, Write as _};

use crate::domain::case::Heard;
use crate::domain::policy::{Decision, InputValue, Outcome, Policy, korean_words};
use crate::domain::ticket::TicketStatus;
use crate::domain::words::{Answer, Question};

/// Writes a label, then the text with a bar before each line.
pub(crate) fn quote(text: &mut String, label: &str, body: &str) -> fmt::Result {
    writeln!(text, "{label}")?;
    for line in body.trim_end().lines() {
        writeln!(text, "  │ {line}")?;
    }
    Ok(())
}

/// The customer centre's terms for the questions.
pub(crate) fn asked(questions: &[Question]) -> String {
    questions.iter().map(|question| question.korean()).collect::<Vec<_>>().join(", ")
}

/// What was read of a message: answers, wishes, objections and warnings. Empty if nothing was.
pub(crate) fn heard(heard: &Heard) -> Vec<String> {
    let reading = &heard.reading;
    let answers = reading.answers.iter().map(|(question, answer)| {
        let answer = match answer {
            Answer::Yes => "네",
            Answer::No => "아니요",
            Answer::Unclear => "분명하지 않음",
        };
        format!("{}: {answer}", question.korean())
    });
    let wishes = reading.wishes.iter().map(|wish| format!("문의: {}", wish.korean()));
    let thanks = (reading.only_thanks && reading.answers.is_empty()).then(|| "감사 인사".to_owned());
    let machine = heard.automatic.then(|| "자동 회신".to_owned());
    let warnings = heard.warnings.iter().map(|warning| format!("경고: {}", warning.korean()));
    let against = reading.against.iter().map(|against| against.korean().to_owned());
    let unreadable = (heard.unreadable > 0).then(|| "읽을 수 없는 첨부나 빈 글".to_owned());
    machine
        .into_iter()
        .chain(answers)
        .chain(wishes)
        .chain(thanks)
        .chain(against)
        .chain(warnings)
        .chain(unreadable)
        .collect()
}

/// The same in one line. If nothing was read, the line says that a person must read the message.
pub(crate) fn understood(words: &Heard) -> String {
    let said = heard(words);
    if said.is_empty() { "사람이 읽어야 하는 글".to_owned() } else { said.join(" · ") }
}

/// A decision with its row's sentence, its reason and its inputs, and with the grounds against them. `prepared`: an
/// agent must release it. `policy` holds the row's sentence, if it is known.
pub(crate) fn decided(decision: &Decision, prepared: bool, policy: Option<&Policy>) -> String {
    let row = policy.and_then(|policy| policy.row(&decision.row));
    let inputs = decision.inputs.iter().filter_map(|input| korean_words(&input.name, &input.value));
    let inputs: Vec<String> = inputs.map(|(name, value)| format!("{name}={value}")).collect();
    let outcome = match &decision.outcome {
        _ if prepared => "처리와 답변을 준비하고 상담사의 승인을 기다림".to_owned(),
        Outcome::Settle { .. } => "자동 처리".to_owned(),
        Outcome::Ask { questions, .. } => format!("고객에게 질문({})", asked(questions)),
        Outcome::AwaitPayment { .. } => "고객의 결제를 기다림".to_owned(),
        Outcome::HandOver { team, interim: None, .. } => format!("{} 그룹으로 이관", team.korean()),
        Outcome::HandOver { team, interim: Some(_), .. } => {
            format!("{} 그룹이 처리하고 돌려줄 때까지 기다림", team.korean())
        }
    };
    let mut lines = vec![format!("행 {} → {outcome}", decision.row)];
    lines.extend(row.map(|row| row.sentence.clone()));
    lines.push(format!("이유: {}", decision.reason));
    lines.push(inputs.join(" · "));
    lines.extend(decision.inputs.iter().filter_map(doubts));
    lines.join("\n")
}

/// The grounds against an input's value, and those that were not understood; `None` if there are none.
fn doubts(input: &InputValue) -> Option<String> {
    let (name, _) = korean_words(&input.name, &input.value)?;
    let against = input.against.iter().map(|ground| format!("− {ground}"));
    let unread = input.not_understood.iter().map(|ground| format!("? {ground}"));
    let grounds: Vec<String> = against.chain(unread).collect();
    (!grounds.is_empty()).then(|| format!("{name}: {}", grounds.join(" · ")))
}

/// The customer centre's term for a ticket's status.
pub(crate) fn ticket_status(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::New => "신규",
        TicketStatus::Open => "열림",
        TicketStatus::Pending => "대기",
        TicketStatus::Hold => "보류",
        TicketStatus::Solved => "해결",
        TicketStatus::Closed => "종료",
        TicketStatus::Unknown => "알 수 없음",
    }
}
