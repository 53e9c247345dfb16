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
        let what = format!("the paragraph `{name}` does not exist: it asks the customer");
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
            let what = format!("the paragraph `{name}` has no list of answers that are all understood");
            let help = "write each answer in a line of its own, from `1. ` on, in words of config/words.toml; one of them says yes \
                        to everything that is asked";
            (FaultyFile::Macro((*name).to_owned()), Problem::new(what).help(help))
        })
    };
    names::QUESTIONS.iter().filter_map(problem).collect()
}

const TAKE_OVER: &str = "take it over from the shipped config/macros/ and change its words";
const FOR_ANYONE: &str = "write `audience = \"anyone\"` and leave out every fact of the use";

/// A macro that the service sends by itself, to any reader.
fn own_macro(macros: &Macros, own: &Own) -> impl Iterator<Item = Problem> {
    let Own { name, when, status } = own;
    let found = macros.get(name);
    let missing = found
        .is_none()
        .then(|| Problem::new(format!("the macro `{name}` does not exist: {when}")).help(TAKE_OVER));
    let for_few = found.filter(|found| found.wording.audience != Audience::Anyone).map(|_| {
        let what = format!("the macro `{name}` is for the established holder only: {when}, whoever wrote");
        Problem::new(what).help(FOR_ANYONE)
    });
    let status_word = format!("{status:?}").to_lowercase();
    let another_status = found.filter(|found| found.does.status != Some(*status)).map(|found| {
        let what = format!("the macro `{name}` does not set the ticket to {status_word}: {when}");
        found
            .does
            .problem("status", what)
            .help(format!("write `status = \"{status_word}\"` under `[actions]`"))
    });
    let says_nothing =
        found.filter(|found| *name == names::FOLLOW_UP && !found.wording.takes_paragraphs()).map(|_| {
            let what = format!("the macro `{name}` has no place for the paragraphs that it is sent for");
            Problem::new(what).help("write `{{ reply.paragraphs }}` in `comment_value`")
        });
    let asks = [names::ASK_AGAIN, names::REMINDER].contains(name);
    let asks_nothing = found.filter(|found| asks && !found.wording.takes_questions()).map(|_| {
        let what = format!("the macro `{name}` has no place for the questions that are still open");
        Problem::new(what).help("write `{{ reply.questions }}` in `comment_value`")
    });
    [missing, for_few, another_status, says_nothing, asks_nothing].into_iter().flatten()
}

/// A paragraph that answers a wish, for any reader.
fn own_paragraph(macros: &Macros, name: &str) -> Option<Problem> {
    match macros.paragraphs.get(name) {
        None => {
            let what = format!("the paragraph `{name}` does not exist: it answers what customers also ask");
            Some(Problem::new(what).help(TAKE_OVER))
        }
        Some(found) if found.wording.audience != Audience::Anyone => {
            let what = format!(
                "the paragraph `{name}` is for the established holder only: anybody may ask about it"
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
        let what = format!("row `{}` answers with the macro `{reply}`, which does not exist", row.id);
        let problem = Problem::at(row.then_at.clone(), what).help(format!("the macros are {names}"));
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
            "`{path}` is not known in a situation of row `{}`, which uses this macro: {}",
            row.id,
            word(status)
        );
        let help = format!("leave it out, or put it between `{{% if {path} %}}` and `{{% endif %}}`");
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
        Some(identity) => ("the writer is not the established holder", word(identity)),
        None => ("there is no use to speak about", word(UsesFound::ALL.iter().copied().find(no_use)?)),
    };
    let what = format!("row `{}` sends this macro where {whom}: {situation}", row.id);
    Some(Problem::new(what).help(format!("{FOR_ANYONE}, or name another macro in the row")))
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
            ("waits for the customer", TicketStatus::Pending, "pending")
        }
        Then::Outcome(Outcome::Settle { .. }) => ("settles the ticket", TicketStatus::Solved, "solved"),
        Then::Outcome(Outcome::HandOver { .. }) if set.is_some() => {
            ("hands the ticket to a team", TicketStatus::Open, "open")
        }
        Then::Outcome(Outcome::HandOver { .. }) | Then::Decide => return None,
    };
    (set != Some(wanted)).then(|| {
        let what = format!("row `{}` {does}, and this macro does not set the ticket to {word}", row.id);
        used.does.problem("status", what).help(format!("write `status = \"{word}\"` under `[actions]`"))
    })
}
