//! Taking in what the customer has said since it was last listened.

use super::effect::Occasion;
use super::entry::Entry;
use super::fold::Case;
use super::playbook::{Playbook, Routing};
use super::resume::given_back;
use crate::domain::plate::Plate;
use crate::domain::ticket::TicketChange;
use crate::domain::words::{Answer, Question, Reading};

/// Reads the messages of this turn, when there are new ones and the turn has not spoken yet.
pub(super) fn hear(case: &Case, playbook: &Playbook) -> Option<Entry> {
    // Where operations hand the ticket over, an agent reads it all.
    if case.has_spoken() || case.stepped_back.is_some() || case.turn.occasion == Occasion::Ordered {
        return None;
    }
    case.unheard().next()?;
    let messages = messages_of_turn(case);
    let audits: Vec<i64> = messages.iter().map(|message| case.heard_as(message)).collect();
    let plates = messages.iter().flat_map(|message| Plate::mentioned(text(message)));
    let plates = plates.map(|plate| plate.as_str().to_owned()).collect();
    let (reading, understood) = match case.turn.occasion {
        Occasion::Start => of_the_first(&messages, playbook),
        Occasion::GivenBack | Occasion::Released | Occasion::Ordered => {
            beside_a_colleague(case, &messages, playbook)
        }
        Occasion::Customer | Occasion::TimeUp { .. } => of_an_answer(case, &messages, playbook),
    };
    Some(Entry::Heard { audits, reading, understood, plates })
}

/// What was heard in this turn and what is new, in order: a second message can take back the first.
fn messages_of_turn(case: &Case) -> Vec<&TicketChange> {
    let heard = case.turn.heard.as_ref().map_or(&[][..], |heard| &heard.audits);
    let said = case.changes.iter().flatten().filter(|change| change.said.is_some());
    said.filter(|change| heard.contains(&case.heard_as(change)) || case.is_new(change)).collect()
}

/// The first message is what the ticket is about. What was added before the service looked must not contradict it.
fn of_the_first(messages: &[&TicketChange], playbook: &Playbook) -> (Reading, bool) {
    let later = messages.get(1..).unwrap_or_default();
    let added = read(later, &[], playbook);
    let understood = later.is_empty() || added.nothing_else;
    (read(messages, &[], playbook), understood)
}

/// What was said before the colleague acted, they have seen; yet nobody's denial of who they are or whose car it is is passed over.
fn beside_a_colleague(case: &Case, messages: &[&TicketChange], playbook: &Playbook) -> (Reading, bool) {
    let acted = given_back(case, own_tags(&playbook.routing)).map(|change| (change.at, change.audit_id));
    let later: Vec<&TicketChange> = messages
        .iter()
        .filter(|message| acted.is_none_or(|acted| (message.at, message.audit_id) > acted))
        .copied()
        .collect();
    let understood = later.is_empty() || read(&later, &[], playbook).nothing_else;
    (read(messages, &[], playbook), understood && !denies(messages, playbook))
}

fn denies(messages: &[&TicketChange], playbook: &Playbook) -> bool {
    [Question::Identity, Question::Vehicle]
        .into_iter()
        .any(|question| read(messages, &[question], playbook).answers.get(&question) == Some(&Answer::No))
}

/// Whether it is denied in so many words, though something else was asked, that the account or the car is theirs. A bare no
/// answers what was asked.
fn takes_back(messages: &[&TicketChange], asked: &[Question], playbook: &Playbook) -> bool {
    let unasked =
        [Question::Identity, Question::Vehicle].into_iter().filter(|question| !asked.contains(question));
    let all: Vec<Question> = asked.iter().copied().chain(unasked.clone()).collect();
    let answers = read(messages, &all, playbook).answers;
    unasked.into_iter().any(|question| answers.get(&question) == Some(&Answer::No))
}

fn own_tags(routing: &Routing) -> [&str; 2] {
    [&routing.give_back_tag, &routing.release_tag]
}

/// Only what was said after the question can answer it; what crossed with it was said to nothing that was asked. What takes back
/// an answer that was acted on needs a person.
fn of_an_answer(case: &Case, messages: &[&TicketChange], playbook: &Playbook) -> (Reading, bool) {
    let asked = case.talk.asked_at.map(|position| case.key(position));
    let mut changes = case.changes.iter().flatten();
    let question = changes
        .find(|change| asked.as_ref().is_some_and(|asked| change.marker.as_deref() == Some(asked.as_str())));
    let is_before = |message: &&&TicketChange| {
        question.is_some_and(|question| (message.at, message.audit_id) < (question.at, question.audit_id))
    };
    let crossed: Vec<&TicketChange> = messages.iter().filter(is_before).copied().collect();
    let answers = question.is_some() && crossed.is_empty();
    let questions: &[Question] = if answers { &case.talk.asked } else { &[] };
    let reading = read(messages, questions, playbook);
    let acted = case.receipts_of_turn().next().is_some() || case.unclear().is_some();
    let before = case.turn.heard.as_ref().map(|heard| &heard.reading.answers);
    let understood = !acted || (before == Some(&reading.answers) && reading.nothing_else);
    let harmless = crossed.is_empty() || read(&crossed, &[], playbook).nothing_else;
    (reading, understood && harmless && !takes_back(messages, questions, playbook))
}

fn read(messages: &[&TicketChange], questions: &[Question], playbook: &Playbook) -> Reading {
    let text = messages.iter().map(|message| text(message)).collect::<Vec<_>>().join("\n");
    playbook.words.read(questions, &text)
}

fn text(message: &TicketChange) -> &str {
    message.said.as_deref().unwrap_or_default()
}
