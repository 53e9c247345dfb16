//! Reads the requester's messages since the last reading.

use std::collections::BTreeSet;

use crate::domain::case::conversation::{Heard, Named};
use crate::domain::case::effect::{Effect, Occasion};
use crate::domain::case::entry::Entry;
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::view::Message;
use crate::domain::mail::own_words;
use crate::domain::plate::{Plate, last_digits_mentioned};
use crate::domain::seoul::seoul;
use crate::domain::ticket::{TicketChange, Warning};
use crate::domain::used_at::{self, TimeMentioned};
use crate::domain::words::{Answer, Asked, Question, Reading};

/// Reads the messages of this turn, if there are new ones and the turn has not written its public text yet.
pub(super) fn unheard(case: &Case, playbook: &Playbook) -> Option<Entry> {
    // After an operator's hand-over, an agent reads everything.
    if case.has_spoken() || case.stepped_back.is_some() || case.turn.occasion == Occasion::Ordered {
        return None;
    }
    case.unheard().find(|message| case.is_due(message.change))?;
    let said = said_in_turn(case, playbook);
    // The opening is always read, even if its author is a machine.
    let is_start = case.turn.occasion == Occasion::Start;
    let by_people: Vec<&Said> = said.iter().filter(|said| is_start || !said.automatic).collect();
    let (reading, understood) = match case.turn.occasion {
        Occasion::Start => of_the_first(case, &by_people, playbook),
        Occasion::GivenBack | Occasion::Released | Occasion::Ordered | Occasion::CopiedPerson => {
            beside_a_colleague(case, &by_people, playbook)
        }
        Occasion::Customer | Occasion::TimeUp { .. } => of_an_answer(case, &by_people, playbook),
    };
    let warnings: BTreeSet<Warning> = by_people.iter().flat_map(|said| said.message.doubts()).collect();
    let unreadable: usize = by_people.iter().map(|said| said.unreadable).sum();
    // Once money has moved, a new doubt about the words cannot affect the decision any more: a person reads them.
    let acted = case.receipts_of_turn().next().is_some() || case.unclear().is_some();
    let before = case.turn.heard.as_ref();
    let grown = before.is_some_and(|heard| heard.warnings != warnings || heard.unreadable != unreadable);
    let understood = understood && !(acted && grown);
    Some(Entry::Heard(Heard {
        audits: said.iter().map(|said| case.heard_as(said.message.change)).collect(),
        reading: if warnings.is_empty() { reading } else { reading.without_answers() },
        understood,
        doubtful: is_doubtful(case, &by_people, playbook),
        named: named(&by_people, playbook),
        warnings,
        unreadable,
        automatic: by_people.is_empty(),
    }))
}

/// A message and its author's own words.
struct Said<'a> {
    message: Message<'a>,
    /// The text without what a mail program added and without our own texts.
    own: String,
    /// Whether it is automatic: it then answers nothing.
    automatic: bool,
    /// The number of files, plus one for a message without words and one for words that may be quoted from another person.
    unreadable: usize,
}

/// The messages of this turn, heard and new, in order: a later message can withdraw an earlier one.
fn said_in_turn<'a>(case: &'a Case, playbook: &Playbook) -> Vec<Said<'a>> {
    let heard = case.turn.heard.as_ref().map_or(&[][..], |heard| &heard.audits);
    let texts = public_texts(case);
    let of_turn = case
        .messages()
        .filter(|message| heard.contains(&case.heard_as(message.change)) || case.is_due(message.change));
    of_turn.map(|message| Said::of(case, message, &texts, playbook)).collect()
}

/// The questions, numbered as in the last text that asked them: customers answer by these numbers.
fn as_asked(case: &Case, questions: &[Question], playbook: &Playbook) -> Asked {
    let since = case.talk.asked_at.unwrap_or_default();
    let texts = case.effects.iter().filter_map(|record| match &record.effect {
        Effect::Write(write) if write.kind.is_public() && record.position >= since => {
            Some(&write.update.body)
        }
        Effect::Write(_) | Effect::Act(_) => None,
    });
    let asked = texts.rev().map(|text| Asked::by(&playbook.words, questions, text));
    asked.into_iter().find(Asked::is_numbered).unwrap_or_else(|| Asked::of(questions))
}

/// The public texts that the service has written, or may have.
fn public_texts(case: &Case) -> Vec<&str> {
    let public = case.effects.iter().filter_map(|record| match &record.effect {
        Effect::Write(write) if write.kind.is_public() => Some(write.update.body.as_str()),
        Effect::Write(_) | Effect::Act(_) => None,
    });
    public.collect()
}

impl<'a> Said<'a> {
    fn of(case: &Case, message: Message<'a>, ours: &[&str], playbook: &Playbook) -> Self {
        let own = own_words(message.text, ours);
        let flagged = message.change.warnings.contains(&Warning::Automatic);
        // "메일이 반송되었길래 다시 보냅니다. 네" is a person's message, although it mentions a bounce.
        let is_answer = || {
            let read = playbook.words.read(&as_asked(case, &case.talk.asked, playbook), &own.text);
            read.answers.values().any(|answer| *answer != Answer::Unclear)
        };
        let worded = own.automatic && !is_answer();
        let rejected = message.change.warnings.contains(&Warning::AttachmentRejected);
        let files = message.change.attachments + usize::from(rejected);
        let blank = usize::from(files == 0 && !own.text.contains(char::is_alphanumeric));
        let unreadable = files + blank + usize::from(own.doubtful);
        // The form of an opening asks for pictures of the charge and may have no text.
        let unreadable = if is_opening(case, message.change) { 0 } else { unreadable };
        Self { message, own: own.text, automatic: flagged || worded, unreadable }
    }

    fn audit_id(&self) -> i64 {
        self.message.change.audit_id
    }
}

fn named(messages: &[&Said<'_>], playbook: &Playbook) -> Named {
    let mut named = Named::default();
    for said in messages {
        // The day on which it was written. The time serves only as a date here, never to order changes.
        let today = seoul(said.message.change.at).date();
        named.plates.extend(Plate::mentioned(&said.own).iter().map(|plate| plate.as_str().to_owned()));
        named.last_digits.extend(last_digits_mentioned(&said.own));
        named.places.extend(playbook.words.places(&said.own));
        // "오늘 알림을 받았어요" dates the message, not the stay.
        let is_dated =
            |time: &TimeMentioned| said.own[time.range.clone()].contains(|sign: char| sign.is_ascii_digit());
        let times = used_at::mentioned(&said.own, today).into_iter().filter(is_dated);
        named.times.extend(times.filter_map(|time| time.used_at));
    }
    named
}

/// Whether the first message resembles those that a person must see.
fn is_doubtful(case: &Case, messages: &[&Said<'_>], playbook: &Playbook) -> bool {
    let opening = messages.first().filter(|_| case.turn.occasion == Occasion::Start);
    opening.is_some_and(|said| {
        said.automatic || (!playbook.words.is_plain(&said.own) && playbook.openings.is_doubtful(&said.own))
    })
}

/// The first message states the ticket's subject. What was added before the service looked must not contradict it.
fn of_the_first(case: &Case, messages: &[&Said<'_>], playbook: &Playbook) -> (Reading, bool) {
    let later: Vec<&Said<'_>> =
        messages.iter().filter(|said| !is_opening(case, said.message.change)).copied().collect();
    let understood = later.is_empty()
        || (read(&later, &Asked::default(), playbook).nothing_else
            && later.iter().all(|said| said.unreadable == 0));
    (read(messages, &Asked::default(), playbook), understood)
}

fn is_opening(case: &Case, change: &TicketChange) -> bool {
    case.changes.iter().flatten().next().is_some_and(|first| first.audit_id == change.audit_id)
}

/// The agent has seen what was said before they acted. Yet a denial of the writer's identity or car always counts.
fn beside_a_colleague(case: &Case, messages: &[&Said<'_>], playbook: &Playbook) -> (Reading, bool) {
    let acted = case.turn.seen_by_colleague;
    let is_later = |said: &&&Said<'_>| acted.is_none_or(|acted| said.audit_id() > acted);
    let later: Vec<&Said<'_>> = messages.iter().filter(is_later).copied().collect();
    let understood = later.is_empty()
        || (read(&later, &Asked::default(), playbook).nothing_else
            && later.iter().all(|said| said.unreadable == 0));
    (read(messages, &Asked::default(), playbook), understood && !denies(messages, playbook))
}

fn denies(messages: &[&Said<'_>], playbook: &Playbook) -> bool {
    [Question::Identity, Question::Vehicle].into_iter().any(|question| {
        read(messages, &Asked::of(&[question]), playbook).answers.get(&question) == Some(&Answer::No)
    })
}

/// Whether the writer denies explicitly that the account or the car is theirs, though something else was asked. A bare "no"
/// answers the question that was asked.
fn takes_back(messages: &[&Said<'_>], asked: &[Question], playbook: &Playbook) -> bool {
    let mut unasked = [Question::Identity, Question::Vehicle].to_vec();
    unasked.retain(|question| !asked.contains(question));
    if unasked.is_empty() {
        return false;
    }
    let answers = read(messages, &Asked::of(&[asked, &unasked].concat()), playbook).answers;
    unasked.iter().any(|question| answers.get(question) == Some(&Answer::No))
}

/// Only what was said after the question can answer it; a message that crossed with it answers nothing. If a message
/// withdraws an answer that was acted on, a person is needed.
fn of_an_answer(case: &Case, messages: &[&Said<'_>], playbook: &Playbook) -> (Reading, bool) {
    let asked = case.effects.iter().find(|record| Some(record.position) == case.talk.asked_at);
    let question = asked.and_then(|asked| case.audit_of(asked));
    let is_before = |said: &&&Said<'_>| question.is_some_and(|question| said.audit_id() < question);
    let crossed: Vec<&Said<'_>> = messages.iter().filter(is_before).copied().collect();
    let answers = question.is_some() && crossed.is_empty();
    let questions: &[Question] = if answers { &case.talk.asked } else { &[] };
    let reading = read(messages, &as_asked(case, questions, playbook), playbook);
    let acted = case.receipts_of_turn().next().is_some() || case.unclear().is_some();
    let before = case.turn.heard.as_ref().map(|heard| &heard.reading.answers);
    let understood = !acted || (before == Some(&reading.answers) && reading.nothing_else);
    let harmless = crossed.is_empty() || read(&crossed, &Asked::default(), playbook).nothing_else;
    (reading, understood && harmless && !takes_back(messages, questions, playbook))
}

fn read(messages: &[&Said<'_>], asked: &Asked, playbook: &Playbook) -> Reading {
    let text = messages.iter().map(|said| said.own.as_str()).collect::<Vec<_>>().join("\n");
    playbook.words.read(asked, &text)
}
