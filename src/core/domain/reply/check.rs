//! Checks the macros against the policy: a text that a row or the service itself sends must exist and must be sendable.

use super::names::{self, Own};
use super::{Audience, FaultyFile, Macro, Macros, Placeholder};
use crate::domain::policy::{
    Found as UsesFound, Identity, Input, Outcome, Policy, Row, Status, TableName, Then,
};
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketStatus;
use crate::domain::words::{Asked, Question, Words};

type Found = (FaultyFile, Problem);

/// All mismatches, with their files.
pub(super) fn check(macros: &Macros, policy: &Policy) -> Vec<Found> {
    let mut found: Vec<Found> = policy.rows().flat_map(|row| of_row(macros, row)).collect();
    let in_file = |name: &str, problem| (FaultyFile::Macro(name.to_owned()), problem);
    let own =
        names::MACROS.iter().flat_map(|own| own_macro(macros, own).map(|problem| in_file(own.name, problem)));
    found.extend(own);
    let paragraphs = names::PARAGRAPHS.iter();
    found.extend(
        paragraphs.filter_map(|(name, _)| own_paragraph(macros, name).map(|problem| in_file(name, problem))),
    );
    let questions = names::QUESTIONS.iter();
    found.extend(questions.filter(|(name, _)| !macros.paragraphs.contains_key(*name)).map(|(name, _)| {
        let what = format!("고객에게 묻는 문단 `{name}`이(가) 없습니다");
        in_file(name, Problem::new(what).help(TAKE_OVER))
    }));
    found
}

/// Questions whose choices are not understood: a customer who answers with a number would be asked again.
pub(super) fn choices(macros: &Macros, words: &Words) -> Vec<Found> {
    let problem = |(name, questions): &(&str, &[Question])| {
        let text = macros.paragraphs.get(*name)?.wording.template.as_str();
        let asked = Asked::by(words, questions, text);
        (!asked.has_options() || !asked.is_one()).then(|| {
            let what = format!("문단 `{name}`에 모두 알아듣는 답의 목록이 없습니다");
            let help = "답마다 한 줄씩 `1. `부터, config/words.toml에 있는 말로 쓰세요. 그 가운데 하나는 묻는 것 모두에 네라고 \
                        답합니다";
            (FaultyFile::Macro((*name).to_owned()), Problem::new(what).help(help))
        })
    };
    names::QUESTIONS.iter().filter_map(problem).collect()
}

const TAKE_OVER: &str = "함께 제공되는 config/macros/에서 가져와 글을 고치세요";
const FOR_ANYONE: &str = "`audience = \"anyone\"`을 쓰고 이용 건의 정보를 모두 빼세요";

/// A macro that the service sends by itself, to any reader.
fn own_macro(macros: &Macros, own: &Own) -> impl Iterator<Item = Problem> {
    let Own { name, when, status } = own;
    let found = macros.get(name);
    let missing = found
        .is_none()
        .then(|| Problem::new(format!("매크로 `{name}`이(가) 없습니다. {when}")).help(TAKE_OVER));
    let for_few = found.filter(|found| found.wording.audience != Audience::Anyone).map(|_| {
        let what =
            format!("매크로 `{name}`은(는) 확인된 본인에게만 보내게 되어 있습니다. 누가 글을 썼든 {when}");
        Problem::new(what).help(FOR_ANYONE)
    });
    let status_word = format!("{status:?}").to_lowercase();
    let another_status = found.filter(|found| found.does.status != Some(*status)).map(|found| {
        let what = format!("매크로 `{name}`이(가) 티켓 상태를 {status_word}(으)로 두지 않습니다. {when}");
        found
            .does
            .problem("status", what)
            .help(format!("`[actions]` 아래에 `status = \"{status_word}\"`를 쓰세요"))
    });
    let says_nothing =
        found.filter(|found| *name == names::FOLLOW_UP && !found.wording.takes_paragraphs()).map(|_| {
            let what = format!("매크로 `{name}`에 답할 문단을 넣을 자리가 없습니다");
            Problem::new(what).help("`comment_value`에 `{{ reply.paragraphs }}`를 쓰세요")
        });
    let asks = [names::ASK_AGAIN, names::REMINDER].contains(name);
    let asks_nothing = found.filter(|found| asks && !found.wording.takes_questions()).map(|_| {
        let what = format!("매크로 `{name}`에 아직 답을 기다리는 질문을 넣을 자리가 없습니다");
        Problem::new(what).help("`comment_value`에 `{{ reply.questions }}`를 쓰세요")
    });
    [missing, for_few, another_status, says_nothing, asks_nothing].into_iter().flatten()
}

/// A paragraph that answers a wish, for any reader.
fn own_paragraph(macros: &Macros, name: &str) -> Option<Problem> {
    match macros.paragraphs.get(name) {
        None => {
            let what = format!("고객이 함께 묻는 것에 답하는 문단 `{name}`이(가) 없습니다");
            Some(Problem::new(what).help(TAKE_OVER))
        }
        Some(found) if found.wording.audience != Audience::Anyone => {
            let what = format!(
                "문단 `{name}`은(는) 확인된 본인에게만 보내게 되어 있습니다. 누구나 물을 수 있는 내용입니다"
            );
            Some(Problem::new(what).help(FOR_ANYONE))
        }
        Some(_) => None,
    }
}

fn of_row(macros: &Macros, row: &Row) -> Vec<Found> {
    let Some(reply) = row.reply() else {
        return Vec::new();
    };
    let Some(used) = macros.get(reply) else {
        let names = macros.replies.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let what = format!("행 `{}`이(가) 답하는 매크로 `{reply}`이(가) 없습니다", row.id);
        let problem = Problem::at(row.then_at.clone(), what).help(format!("있는 매크로: {names}"));
        return vec![(FaultyFile::Policy, problem)];
    };
    let mut problems = unknown_facts(row, used);
    problems.extend(disclosure(row, used));
    problems.extend(status(row, used));
    problems.into_iter().map(|problem| (FaultyFile::Macro(reply.to_owned()), problem)).collect()
}

/// Placeholders that are unknown in some situation of the row.
fn unknown_facts(row: &Row, used: &Macro) -> Vec<Problem> {
    let asks = matches!(row.then, Then::Outcome(Outcome::Ask { .. }));
    let unguarded = used.wording.uses.iter().filter(|place| !place.guarded);
    let unguarded = unguarded.filter(|place| !(asks && place.placeholder == Placeholder::Questions));
    let problem = |place: &super::template::Use| {
        let missing = |status: &Status| row.allows(*status) && !place.placeholder.is_known_in(*status);
        let status = Status::ALL.iter().copied().find(missing)?;
        let path = place.placeholder.path();
        let what = format!(
            "이 매크로를 쓰는 행 `{}`의 상황에서는 `{path}`을(를) 알 수 없습니다: {}",
            row.id,
            word(status)
        );
        let help = format!("빼거나, `{{% if {path} %}}`와 `{{% endif %}}` 사이에 넣으세요");
        Some(Problem::at(place.at.clone(), what).help(help))
    };
    unguarded.filter_map(problem).collect()
}

/// A consultation row whose reader is not the established holder must disclose nothing of the use (guide, order of a
/// consultation, 1). If no use or several were found, there is none to mention.
fn disclosure(row: &Row, used: &Macro) -> Option<Problem> {
    if row.table != TableName::Consultation || used.wording.audience != Audience::Holder {
        return None;
    }
    let established = [Identity::Proven, Identity::AccountTied];
    let stranger = |identity: &Identity| !established.contains(identity) && row.allows(*identity);
    let no_use = |found: &UsesFound| *found != UsesFound::One && row.allows(*found);
    let (whom, situation) = match Identity::ALL.iter().copied().find(stranger) {
        Some(identity) => ("작성자가 확인된 본인이 아닐", word(identity)),
        None => ("말할 이용 건이 없을", word(UsesFound::ALL.iter().copied().find(no_use)?)),
    };
    let what = format!("행 `{}`은(는) {whom} 때에도 이 매크로를 보냅니다: {situation}", row.id);
    Some(Problem::new(what).help(format!("{FOR_ANYONE}. 아니면 행에 다른 매크로를 쓰세요")))
}

/// `본인 확인: 확인 안 됨`
fn word<I: Input>(value: I) -> String {
    format!("{}: {}", I::KOREAN, value.korean())
}

/// The row determines the ticket's status: pending while it waits for the customer, solved when settled, and open when a
/// team owns it (policy, consultation type and routing).
fn status(row: &Row, used: &Macro) -> Option<Problem> {
    let set = used.does.status;
    let (does, wanted, word) = match &row.then {
        Then::Outcome(Outcome::Ask { .. } | Outcome::AwaitPayment { .. }) => {
            ("고객을 기다리는데", TicketStatus::Pending, "pending")
        }
        Then::Outcome(Outcome::Settle { .. }) => ("문의를 마무리하는데", TicketStatus::Solved, "solved"),
        Then::Outcome(Outcome::HandOver { .. }) if set.is_some() => {
            ("담당에게 이관하는데", TicketStatus::Open, "open")
        }
        Then::Outcome(Outcome::HandOver { .. }) | Then::Decide => return None,
    };
    (set != Some(wanted)).then(|| {
        let what =
            format!("행 `{}`은(는) {does}, 이 매크로가 티켓 상태를 {word}(으)로 두지 않습니다", row.id);
        used.does.problem("status", what).help(format!("`[actions]` 아래에 `status = \"{word}\"`를 쓰세요"))
    })
}
