//! How a run may end: no ticket is lost, no message stays unread, each turn leaves one note.

use std::collections::BTreeMap;

use misread::domain::case::{Awaited, Ending, Entry, Rest};
use misread::domain::parking::ParkingAction;
use misread::domain::policy::Trust;
use misread::ports::CaseState;

use super::who::begins_a_turn;
use super::{Verdict, View};
use crate::simulation::said::Said;
use crate::simulation::texts;
use crate::simulation::utterances::{BLANK, Kind, Matter};
use crate::simulation::world::What;

/// A copied person's message, which a person has to read.
const COPIED: Said = Said { words: Some(BLANK), files: 1, ..Said::OPENING };

pub(super) fn judge(view: &View<'_>, verdict: &mut Verdict) {
    at_rest(view, verdict);
    messages(view, verdict);
    turns(view, verdict);
}

/// It never loses a ticket.
fn at_rest(view: &View<'_>, verdict: &mut Verdict) {
    let finished = view.finished;
    let sentence = "it never loses a ticket";
    verdict.must(finished.rests, sentence, "something was due or turned in circles to the end");
    verdict.must(
        finished.unread == 0,
        sentence,
        format!("{} deliveries were never taken in", finished.unread),
    );
    verdict.must(finished.due_at.is_none(), sentence, format!("due at {:?} and never done", finished.due_at));
    let has = |tag: &str| finished.tags.iter().any(|present| present == tag);
    left(view, verdict);
    let persons =
        view.persons().next().is_some() || view.events().any(|(_, event)| matches!(event.what, What::Closed));
    match (&finished.case.rest, finished.state) {
        (Some(Rest::Ended(Ending::Settled | Ending::Silent)), CaseState::Ended) => {
            verdict.must(
                has("misread_done") || persons,
                sentence,
                "settled, but nobody would hear the customer",
            );
        }
        (Some(Rest::Ended(ending)), CaseState::Ended) => {
            let noted = view.writes().next_back().is_some_and(|(_, written)| !written.public);
            let by_us = matches!(ending, Ending::HandedOver | Ending::SteppedBack | Ending::Shadowed);
            verdict.must(
                !by_us || noted,
                "with a note that says what was looked at and found",
                format!("{ending:?}"),
            );
        }
        (Some(Rest::Waiting(waiting)), CaseState::Waiting) => {
            let end = finished.log.len();
            let asked = match waiting.awaited {
                Awaited::GiveBack => view.is_asked_to_call(end),
                Awaited::Release => view.is_prepared(end),
                Awaited::Answer { .. } | Awaited::Payment => false,
            };
            verdict.must(asked, sentence, format!("waits for what nobody was asked for: {waiting:?}"));
        }
        (Some(Rest::Stuck(_)), CaseState::Stuck) => {}
        (rest, state) => verdict.breaks(sentence, format!("ends as {state:?} with {rest:?}")),
    }
}

/// A ticket that needs a person is in a group or with an agent, with a note.
fn left(view: &View<'_>, verdict: &mut Verdict) {
    let finished = view.finished;
    let closed = view.events().any(|(_, event)| matches!(event.what, What::Closed));
    let watched = finished.trust == Trust::Shadow;
    let needs = match &finished.case.rest {
        Some(Rest::Ended(Ending::HandedOver | Ending::SteppedBack)) => true,
        Some(Rest::Waiting(waiting)) => matches!(waiting.awaited, Awaited::GiveBack | Awaited::Release),
        // A case that repeatedly crashes its worker cannot be noted either.
        Some(Rest::Stuck(why)) => !finished.case.gone && !why.to_string().contains("without a recorded step"),
        _ => false,
    };
    let noted = view.writes().next_back().is_some_and(|(_, written)| !written.public);
    // A settled ticket that a colleague works on, with no message since, is theirs without a note.
    let silent = matches!(finished.case.rest, Some(Rest::Ended(Ending::SteppedBack)))
        && !view.writes().any(|(_, written)| written.body.contains("자동 처리 중단"));
    let how = format!("{:?}: group {:?}, noted: {noted}", finished.case.rest, finished.group);
    let seen = finished.group.is_some() && noted;
    verdict.must(!needs || closed || watched || silent || seen, "nobody is left standing", how);
}

/// Every message of the customer is read by the service or a person.
fn messages(view: &View<'_>, verdict: &mut Verdict) {
    let finished = view.finished;
    let over = view.events().any(|(_, event)| matches!(event.what, What::Closed));
    // In shadow, and before a release, people read the ticket as usual.
    let with_people = finished.trust == Trust::Shadow || view.is_prepared(finished.log.len());
    if over || with_people || finished.state == CaseState::Stuck {
        return;
    }
    let persons = view.persons().map(|(place, ..)| place).max();
    let note_to_team = |since: usize| {
        view.writes().any(|(at, note)| {
            let tasks = note.group.is_some() || note.body.contains("자동 처리 중단");
            at > since && !note.public && tasks
        })
    };
    for (place, event) in view.events() {
        let said = match &event.what {
            What::Said(said) if said.is_a_machines() => continue,
            What::Said(said) => said,
            // The evidence judges it, but it must also be read.
            What::CopiedPersonSaid => &COPIED,
            _ => continue,
        };
        let given_back = view.returns(finished.log.len());
        let seen_by_colleague = given_back.iter().any(|at| *at > place);
        let before_give_back = given_back.last().copied().unwrap_or(0);
        let is_theirs = persons.is_some_and(|at| at > before_give_back && !given_back.contains(&at));
        if seen_by_colleague || is_theirs || note_to_team(before_give_back) {
            continue;
        }
        let read = view.events().find(|(at, event)| *at > place && matches!(event.what, What::ReadHistory));
        let answer = |(at, _): (usize, _)| view.texts().find(|(_, text)| text.call.place > at);
        let answered: Option<(usize, _)> = read.and_then(answer);
        let asked = view.asked(place);
        let (enough, words) = match said.words.map(|said| (said.kind, said.text)) {
            Some((_, words)) if said.has_no_words() => (false, words),
            None => {
                let wish = finished.situation.wish;
                let granted = wish.is_none_or(|matter| is_granted(view, place, matter));
                (answered.is_some() && granted, "the first message")
            }
            // Thanks require no answer if nothing was asked, nor if they cross with a text that answers the message
            // before.
            Some((Kind::Polite, words)) => {
                let crossed = view.texts().any(|(at, text)| at > place && text.call.place <= place);
                (asked.is_empty() || answered.is_some() || crossed, words)
            }
            Some((Kind::Answer, words)) => (answered.is_some(), words),
            Some((Kind::Wish(matter), words)) => (is_granted(view, place, matter), words),
            // A message while a question is open or a payment awaited counts as an attempt at that; anything else in it
            // is not followed up (OPEN: the policy does not say).
            Some((Kind::Other | Kind::Machine | Kind::Blank, words)) => {
                (is_awaited(view, place) && answered.is_some(), words)
            }
        };
        verdict.must(
            enough,
            "it never loses a ticket; what the customer also says has its own reply or goes to an agent",
            format!("`{words}` at log {place} is neither answered nor handed over"),
        );
    }
}

/// Whether the last text asked the customer for something.
fn is_awaited(view: &View<'_>, place: usize) -> bool {
    let told = |words: &str| view.texts().any(|(at, text)| at < place && text.body.contains(words));
    (told(texts::PAY_FIRST) && !told(texts::POINTS_GRANTED)) || !view.asked(place).is_empty()
}

/// Each follow-up has its own reply. A customer who is not established, or never answers, gets only a question.
fn is_granted(view: &View<'_>, place: usize, matter: Matter) -> bool {
    let finished = view.finished;
    let told = view.texts().any(|(at, text)| at > place && texts::answers(&text.body, matter));
    let restricted = view.texts().any(|(_, text)| text.body.contains(texts::RESTRICTS));
    told || restricted || finished.case.rest == Some(Rest::Ended(Ending::Silent))
}

/// At most one public text and exactly one internal note in a turn.
fn turns(view: &View<'_>, verdict: &mut Verdict) {
    let finished = view.finished;
    let began = |position: u32| view.turns_up_to(position);
    let turn_of = |key: &str| view.number_of_turn(key);
    let mut counts: BTreeMap<usize, [usize; 3]> = BTreeMap::new();
    // The note that the service is stuck belongs to no turn.
    for (_, written) in view.writes().filter(|(_, written)| !written.body.contains("자동 처리 멈춤")) {
        counts.entry(turn_of(written.key.as_str())).or_default()[usize::from(!written.public)] += 1;
    }
    for (_, act) in view.acts().filter(|(_, act)| act.action != ParkingAction::Inspection) {
        counts.entry(turn_of(act.key.as_str())).or_default()[2] += 1;
    }
    let last = began(u32::MAX);
    let ordered = finished.journal.iter().filter(|recorded| matches!(recorded.entry, Entry::Ordered { .. }));
    // If operations hand the ticket over, that note covers the turn that it interrupts.
    let cut_by_order: Vec<usize> = ordered
        .filter(|recorded| begins_a_turn(&recorded.entry))
        .map(|recorded| began(recorded.position) - 1)
        .collect();
    let cut_short = finished.state == CaseState::Stuck
        || matches!(finished.case.rest, Some(Rest::Ended(Ending::TicketClosed)));
    for (turn, [texts, notes, acts]) in counts {
        let how = format!("turn {turn}: {texts} public texts, {notes} notes, {acts} actions");
        verdict.must(texts <= 1, "one reply in a turn", &how);
        let owed = usize::from(texts + acts > 0 || notes > 0);
        verdict.must(
            notes == owed || (notes == 0 && (cut_by_order.contains(&turn) || (turn == last && cut_short))),
            "every internal note carries what was done: one note in a turn",
            &how,
        );
    }
}
