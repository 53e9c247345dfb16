//! Whether money moved or facts were disclosed on messages that must not be acted upon.

use misread::domain::case::{Entry, Occasion};
use misread::domain::policy::Trust;

use super::who::{Turn, tells_nothing};
use super::{Verdict, View};
use crate::simulation::said::Said;
use crate::simulation::situation::Situation;
use crate::simulation::texts::reminds;
use crate::simulation::world::{What, Written};

/// The two first questions as in their files: the macro around the question, and the question.
const ASK_IDENTITY: [&str; 2] = [
    include_str!("../../../../config/macros/ask_identity.toml"),
    include_str!("../../../../config/macros/question_identity.toml"),
];
const ASK_BOTH: [&str; 2] = [
    include_str!("../../../../config/macros/ask_both.toml"),
    include_str!("../../../../config/macros/question_both.toml"),
];

pub(super) fn judge(view: &View<'_>, verdict: &mut Verdict) {
    for (place, act) in view.acts() {
        let how = format!("{:?} at log {place}", act.action);
        let turn = view.turn(&act.key, act.call);
        rests_on_all_words(view, turn, &how, verdict);
        opening(view, turn, &how, verdict);
    }
    for (place, text) in view.texts() {
        let how = format!("text at log {place}");
        let turn = view.turn(&text.key, text.call);
        let excluded = view.is_excluded(turn.read);
        verdict.must(!excluded, "a requester whom nobody may ask is never asked nor told", &how);
        if tells_nothing(text) {
            continue;
        }
        rests_on_all_words(view, turn, &how, verdict);
        opening(view, turn, &how, verdict);
    }
    first_text(view, verdict);
    for (place, said) in view.messages().filter(|(_, said)| said.has_no_words()) {
        without_words(view, place, said, verdict);
    }
    for place in view.copied() {
        copied(view, place, verdict);
    }
    machines(view, verdict);
}

/// All of a message counts: the service acts and discloses only if all own words are understood and agree.
fn rests_on_all_words(view: &View<'_>, turn: Turn, how: &str, verdict: &mut Verdict) {
    let unseen = |at: usize| !view.is_seen_by_colleague(at, turn.read);
    let unread = view
        .messages_of(turn)
        .find(|(at, said)| unseen(*at) && !said.is_doubted() && said.needs_a_reader(&view.asked(*at)));
    verdict.must(
        unread.is_none(),
        "All of a message counts: nothing is done and nothing told unless all of it is understood and agrees",
        format!("{how} after {unread:?}"),
    );
    let against = view.messages().find(|(at, said)| *at < turn.read && said.is_against() && unseen(*at));
    verdict.must(
        against.is_none(),
        "what speaks against the request: a person",
        format!("{how} after {against:?}"),
    );
}

/// The first message may contradict the request.
fn opening(view: &View<'_>, turn: Turn, how: &str, verdict: &mut Verdict) {
    let is_against = view.finished.situation.opening.is_against();
    let seen = view.is_seen_by_colleague(0, turn.read);
    verdict.must(!is_against || seen, "The first message may contradict the request: a person", how);
}

/// The first text to a customer who is not proven is the same with and without a use.
fn first_text(view: &View<'_>, verdict: &mut Verdict) {
    let Some((place, text)) = view.texts().next() else { return };
    let turn = view.turn(&text.key, text.call);
    let doubted = view.messages_of(turn).any(|(_, said)| said.is_doubted());
    let situation = &view.finished.situation;
    // Without a use for a proven customer nothing is asked: agents look.
    if view.may_be_proven() && !doubted {
        return;
    }
    // A plate in a message before the question counts as given.
    let names_plate = |said: &Said| said.words.is_some_and(|words| words.text.contains("99하9999"));
    let named = view.messages().any(|(at, said)| at < turn.read && names_plate(said));
    let asks = if named { vec![ASK_IDENTITY, ASK_BOTH] } else { may_ask(situation) };
    let is_one = asks.iter().any(|files| as_first_text(*files) == without_blank_lines(&text.body));
    verdict.must(
        is_one,
        "a writer who is not proven is asked first, with the same words whether or not there is a use",
        format!("text at log {place}: {}", text.body),
    );
}

/// The lines of a first text in its files, as in a mail that answers nothing; blank lines are left out.
fn as_first_text([around, question]: [&str; 2]) -> Vec<String> {
    let read = |file: &str| file.parse::<toml::Table>().unwrap();
    let (around, question) = (read(around), read(question));
    let around = around["actions"]["comment_value"].as_str().unwrap();
    let (before, answers) = around.split_once("{% if reply.is_answer %}").unwrap();
    let after = answers.split_once("{% endif %}").unwrap().1;
    let text =
        format!("{before}{after}").replace("{{ reply.questions }}", question["text"].as_str().unwrap());
    without_blank_lines(&text).into_iter().filter(|line| !line.starts_with("{%")).collect()
}

fn without_blank_lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// The first questions that fit the given and the registered plates.
fn may_ask(situation: &Situation) -> Vec<[&'static str; 2]> {
    let has_account = situation.requester.external_id.as_ref() == Some(&situation.account.id);
    let only_car = has_account && situation.account.vehicles.len() == 1;
    match (&situation.plate, situation.given_plate(), only_car) {
        (_, Some(_), _) | ((None, _), None, true) => vec![ASK_IDENTITY],
        ((None, _), None, false) => vec![ASK_BOTH],
        // The field has a text that is no plate: given, but not understood.
        ((Some(_), _), None, _) => vec![ASK_BOTH, ASK_IDENTITY],
    }
}

/// The service's first write that may take the event at `place` into account, and does not finish an earlier turn.
fn reaction<'a>(view: &View<'a>, place: usize) -> Option<(usize, &'a Written)> {
    view.writes().find(|(_, written)| {
        let turn = view.turn(&written.key, written.call);
        let number = |key: &str| view.number_of_turn(key);
        let of_turn = |other: &Written| number(other.key.as_str()) == number(written.key.as_str());
        let first = view.writes().find(|(_, other)| of_turn(other));
        let spoke = first.is_some_and(|(_, first)| view.turn(&first.key, first.call).read < place);
        turn.read > place && !spoke
    })
}

/// Whether a write gives the ticket to agents, by a note that says so.
fn hands_to_people(written: &Written) -> bool {
    let stops = written.body.contains("자동 처리 중단");
    !written.public && (written.group.is_some() || stops)
}

/// Whether people read the event at `place` in any case.
fn is_read_anyway(view: &View<'_>, place: usize) -> bool {
    view.finished.trust == Trust::Shadow
        || view.is_with_people(place)
        || view.is_seen_by_colleague(place, view.finished.log.len())
}

/// A file or an empty message is an answer, which a person reads.
fn without_words(view: &View<'_>, place: usize, said: &Said, verdict: &mut Verdict) {
    if is_read_anyway(view, place) {
        return;
    }
    let Some((at, next)) = reaction(view, place) else { return };
    let how = format!("{said:?} at log {place} is followed by {next:?} at log {at}");
    verdict.must(hands_to_people(next), "an answer that is a file or nothing goes to agents at once", how);
}

/// A copied person's answer does not count as the customer's; it goes to agents.
fn copied(view: &View<'_>, place: usize, verdict: &mut Verdict) {
    if is_read_anyway(view, place) {
        return;
    }
    let sentence = "the answer of somebody who only gets copies goes to agents";
    let acted = view.acts().find(|(_, act)| view.turn(&act.key, act.call).read > place);
    verdict.must(acted.is_none(), sentence, format!("log {place} is followed by {acted:?}"));
    let Some((at, next)) = reaction(view, place) else { return };
    let how = format!("log {place} is followed by {next:?} at log {at}");
    verdict.must(hands_to_people(next), sentence, how);
}

/// A machine's message answers nothing: the service waits as before, and no attempt is used up.
fn machines(view: &View<'_>, verdict: &mut Verdict) {
    let began =
        view.finished.journal.iter().filter(|recorded| {
            matches!(recorded.entry, Entry::TurnBegan { occasion: Occasion::Customer, .. })
        });
    for recorded in began {
        let number = view.turns_up_to(recorded.position);
        let mut of_turn = view
            .writes()
            .filter(|(_, written)| view.number_of_turn(written.key.as_str()) == number)
            .peekable();
        let Some((_, first)) = of_turn.peek() else { continue };
        let turn = view.turn(&first.key, first.call);
        let mut messages = view.messages_of(turn).peekable();
        let others = view.has_person(turn.since, turn.read)
            || view.is_excluded(turn.read)
            || view.copied().any(|at| (turn.since..turn.read).contains(&at));
        let (some, all) = (messages.peek().is_some(), messages.all(|(_, said)| said.is_a_machines()));
        if !some || !all || others {
            continue;
        }
        for (place, written) in of_turn {
            // The note leaves the ticket to people, with its earlier group.
            let left = written.body.contains("자동 처리 중단") || written.body.contains("자동 처리 멈춤");
            let quiet = !written.public && (written.group.is_none() || left);
            verdict.must(
                quiet,
                "what a machine wrote changes nothing and uses up no try",
                format!("{written:?} at log {place}"),
            );
        }
    }
    let machine_alone = |event: &What| matches!(event, What::Said(said) if said.is_a_machines());
    let texts: Vec<(usize, &Written)> = view.texts().collect();
    for pair in texts.windows(2) {
        let [(first, _), (second, text)] = pair else { continue };
        let reminds = reminds(&text.body);
        let between = || view.finished.log[*first..*second].iter();
        let others = between().any(|event| {
            matches!(event.what, What::Said(_) | What::Person(_) | What::Facts(_) | What::CopiedPersonSaid)
                && !machine_alone(&event.what)
        });
        let crossed = view.messages().any(|(at, said)| at < *first && !said.is_a_machines());
        let machine = between().any(|event| machine_alone(&event.what));
        verdict.must(
            !machine || others || reminds || crossed,
            "what a machine wrote changes nothing and uses up no try",
            format!("text at log {second}"),
        );
    }
}
