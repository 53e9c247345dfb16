//! The oracle: judges the events of a run by the customer centre's policy, independently of the service.
//!
//! It reads the world's log. Messages count by their hand-made labels; the service's knowledge counts up to the last
//! time that the acting worker had read the ticket. The journal is used only to assign writes to turns.

mod ends;
mod evidence;
mod money;
mod texts;
mod trust;
mod who;

use jiff::Timestamp;
use misread::domain::case::{Ending, Entry, Occasion};
use misread::domain::parking::{Account, ParkingUse, UseStatus};

use super::desk::AIRPORT_DESK;
use super::run::Finished;
use super::said::Said;
use super::situation::day;
use super::texts::{TELLS_OF_TAGS, questions_in, reminds};
use super::utterances::{Kind, Label, Question, Utterance};
use super::world::{Act, Call, Event, PersonDid, What, Written};

/// The violations of the policy, each with the sentence that is broken.
pub(super) fn judge(finished: &Finished) -> Vec<String> {
    let view = View { finished };
    let mut verdict = Verdict::default();
    if let Some(broken) = &finished.broken {
        // The run stopped early: the rest cannot be judged.
        return vec![broken.clone()];
    }
    trust::judge(&view, &mut verdict);
    money::judge(&view, &mut verdict);
    texts::judge(&view, &mut verdict);
    evidence::judge(&view, &mut verdict);
    ends::judge(&view, &mut verdict);
    verdict.0
}

#[derive(Default)]
struct Verdict(Vec<String>);

impl Verdict {
    fn breaks(&mut self, sentence: &str, how: impl std::fmt::Display) {
        self.0.push(format!("“{sentence}”: {how}"));
    }

    /// Records the sentence as broken unless `holds`.
    fn must(&mut self, holds: bool, sentence: &str, how: impl std::fmt::Display) {
        if !holds {
            self.breaks(sentence, how);
        }
    }
}

/// The events visible from outside, by their place in the log.
struct View<'a> {
    finished: &'a Finished,
}

impl<'a> View<'a> {
    fn events(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Event)> + Clone + use<'a> {
        let all: &'a [Event] = &self.finished.log;
        (0..all.len()).zip(all)
    }

    /// The last place before `end` with such an event.
    fn last(&self, end: usize, is: impl Fn(&Event) -> bool) -> Option<usize> {
        self.finished.log[..end].iter().rposition(is)
    }

    /// The place of what the worker had read when it made this call: its own last such reading, or else any worker's.
    fn basis(&self, call: Call, reads: fn(&What) -> bool) -> usize {
        let own = self.last(call.place, |event| reads(&event.what) && event.task == call.task);
        own.or_else(|| self.last(call.place, |event| reads(&event.what))).unwrap_or(0)
    }

    fn facts(&self, place: usize) -> &'a [ParkingUse] {
        let all = &self.finished.log[..=place];
        let facts = all.iter().rev().find_map(|event| match &event.what {
            What::Facts(uses) => Some(uses.as_slice()),
            _ => None,
        });
        facts.unwrap_or(&[])
    }

    fn acts(&self) -> impl Iterator<Item = (usize, &'a Act)> + Clone + use<'a> {
        self.events().filter_map(|(place, event)| match &event.what {
            What::Acted(act) => Some((place, act.as_ref())),
            _ => None,
        })
    }

    /// The service's writes, except the notes about misspelt tags: nothing follows from those.
    fn writes(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Written)> + Clone + use<'a> {
        self.all_writes().filter(|(_, written)| !tells_of_tags(written))
    }

    fn all_writes(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Written)> + Clone + use<'a> {
        self.events().filter_map(|(place, event)| match &event.what {
            What::Wrote(written) => Some((place, written)),
            _ => None,
        })
    }

    fn texts(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Written)> + Clone + use<'a> {
        self.writes().filter(|(_, written)| written.public)
    }

    /// The customer's messages after the opening.
    fn messages(&self) -> impl Iterator<Item = (usize, &'a Said)> + use<'a> {
        self.events().filter_map(|(place, event)| match &event.what {
            What::Said(said) if said.words.is_some() => Some((place, said)),
            _ => None,
        })
    }

    /// The messages that are the customer's own words, as far as Zendesk knows.
    fn said(&self) -> impl Iterator<Item = (usize, &'a Utterance)> + use<'a> {
        let own = self.messages().filter(|(_, said)| !said.is_a_machines() && !said.is_doubted());
        own.filter_map(|(place, said)| Some((place, said.words.as_ref()?)))
    }

    fn persons(&self) -> impl Iterator<Item = (usize, PersonDid, &'a Event)> + use<'a> {
        self.events().filter_map(|(place, event)| match event.what {
            What::Person(did) => Some((place, did, event)),
            _ => None,
        })
    }

    /// The questions open at this place: asked last, with no further text since.
    fn asked(&self, place: usize) -> Vec<Question> {
        let before = self.texts().filter(|(at, _)| *at < place);
        before.fold(
            Vec::new(),
            |open, (_, text)| {
                if reminds(&text.body) { open } else { questions_in(&text.body) }
            },
        )
    }

    /// The customer's latest answer to a question before `place`.
    fn word(&self, question: Question, place: usize) -> Label {
        let returns = self.returns(place);
        let mut word = (Label::Silent, 0);
        for (at, said) in self.said().filter(|(at, _)| *at < place) {
            let asked_anew = self.texts().any(|(text, _)| (word.1..at).contains(&text));
            let label = said.label(question, &self.asked(at));
            // A bare yes or an unclear message does not withdraw a no.
            let weak = said.kind == Kind::Polite || matches!(label, Label::Unclear | Label::NotYes);
            let nods = weak && word.0 == Label::No && !asked_anew;
            let yes = word.0 == Label::Yes;
            // After a yes to identity, an answer about the car does not change it.
            let of_another = yes && label == Label::NotYes && said.is_of_another(question);
            // An unclear message that a person has read before letting the service continue was theirs to judge; a
            // denial is not.
            let judged = yes && label != Label::No && returns.iter().any(|returned| *returned > at);
            if label != Label::Silent && !nods && !of_another && !judged {
                word = (label, at);
            }
        }
        word.0
    }

    /// Policy, the order of a consultation 3.
    fn is_own_car(&self, parking_use: &ParkingUse, place: usize) -> bool {
        let situation = &self.finished.situation;
        let Account { id, vehicles, .. } = &situation.account;
        let car = &parking_use.vehicle.plate;
        let known = if let Some(given) = situation.given_plate() {
            given == car
        } else {
            let only = matches!(vehicles.as_slice(), [only] if only.plate == *car);
            only && situation.requester.external_id.as_ref() == Some(id)
        };
        known || matches!(self.word(Question::Vehicle, place), Label::Yes | Label::Either)
    }

    /// The uses that the ticket may mean; of several, those that are not settled.
    fn meant(&self, place: usize) -> Vec<&'a ParkingUse> {
        if let Some(stays) = self.spoken_of(place) {
            return vec![stays];
        }
        let situation = &self.finished.situation;
        let fits = |parking_use: &&ParkingUse| {
            let of_account = situation.requester.external_id.as_ref();
            let searched =
                of_account.map_or(situation.given_plate().is_some(), |id| *id == parking_use.account_id);
            let given = situation.given_plate();
            let same_day = situation.used_at.1.is_none_or(|meant| {
                let left = parking_use.exited_at.map(day);
                day(parking_use.entered_at) <= meant && left.is_none_or(|left| meant <= left)
            });
            searched && given.is_none_or(|given| *given == parking_use.vehicle.plate) && same_day
        };
        let all: Vec<&ParkingUse> = self.facts(place).iter().filter(fits).collect();
        let open: Vec<&ParkingUse> =
            all.iter().filter(|parking_use| !is_settled(parking_use)).copied().collect();
        if all.len() > 1 && !open.is_empty() { open } else { all }
    }

    /// The use in the service's last text to the customer, or in the note that an agent has released. The consultation
    /// stays about this use, also if there are later ones.
    fn spoken_of(&self, place: usize) -> Option<&'a ParkingUse> {
        let released = self.releases(place).pop().unwrap_or(0);
        let (_, said) = self.writes().rfind(|(at, written)| {
            let counts = written.public || (*at < released && trust::asks_for_release(written));
            *at < place && counts
        })?;
        let looked = self.basis(said.call, |what| matches!(what, What::ReadUses));
        let before = if looked < place { self.meant(looked) } else { Vec::new() };
        let [one] = before.as_slice() else { return None };
        self.facts(place).iter().find(|parking_use| parking_use.id == one.id)
    }

    /// The places before `place` at which a person released a prepared reply.
    fn releases(&self, place: usize) -> Vec<usize> {
        let released = self.persons().filter(|(at, did, _)| *did == PersonDid::Released && *at < place);
        released.map(|(at, ..)| at).filter(|at| self.is_prepared(*at)).collect()
    }

    /// Whether the service's last write before this place was a note that asks for a release.
    fn is_prepared(&self, place: usize) -> bool {
        let last = self.writes().rfind(|(at, _)| *at < place);
        last.is_some_and(|(_, last)| trust::asks_for_release(last))
    }

    /// The places before `place` at which a person did what the service had asked for.
    fn returns(&self, place: usize) -> Vec<usize> {
        let mut all = self.give_backs(place);
        all.extend(self.releases(place));
        all.sort_unstable();
        all
    }

    /// The places before `place` at which a person gave the ticket back after the airport desk was asked to call.
    fn give_backs(&self, place: usize) -> Vec<usize> {
        let given = self.persons().filter(|(at, did, _)| *did == PersonDid::GaveBack && *at < place);
        given.map(|(at, ..)| at).filter(|at| self.is_asked_to_call(*at)).collect()
    }

    /// Whether the service's last write before this place gave the ticket to the airport desk for a call.
    fn is_asked_to_call(&self, place: usize) -> bool {
        let last = self.writes().rfind(|(at, _)| *at < place);
        last.is_some_and(|(_, last)| {
            let says_how = last.public || last.body.contains("misread_airport_called");
            says_how && last.group == Some(AIRPORT_DESK)
        })
    }

    /// Whether a person had taken the ticket over, and the service had read this before `place`.
    ///
    /// A person's changes do not count if they came before the service knew the ticket, or if the service read them
    /// together with that person's give-back.
    fn is_a_persons(&self, place: usize) -> bool {
        let legal = self.returns(place);
        let together = legal.last().and_then(|given| {
            let given_at = self.finished.log[*given].at;
            let (_, went_on) = self.finished.recorded().find(|(recorded, really_at)| {
                let given_back = matches!(
                    recorded.entry,
                    Entry::TurnBegan { occasion: Occasion::GivenBack | Occasion::Released, .. }
                );
                given_back && *really_at >= given_at
            })?;
            let until = |event: &Event| event.at <= went_on && matches!(event.what, What::ReadHistory);
            self.last(self.finished.log.len(), until).map(|at| (at, None))
        });
        // The service's first knowledge is dated only by the ticket's time, in whole seconds.
        let first = || self.first_known().map(|(since, stamp)| (since, Some(stamp.as_second())));
        let Some((since, second)) = together.or_else(first) else {
            return false;
        };
        self.persons().any(|(at, _, event)| {
            let later = at > since && second.is_none_or(|second| event.at.as_second() > second);
            later && at < place && !legal.contains(&at)
        })
    }

    /// The place and the ticket's time at which the service first knew the ticket. A reading lost in a crash does not
    /// count, and a ticket that was already solved starts anew.
    fn first_known(&self) -> Option<(usize, Timestamp)> {
        let mut first = None;
        for recorded in &self.finished.journal {
            match &recorded.entry {
                Entry::TicketRead { ticket } if first.is_none() => first = Some((0, ticket.updated_at)),
                Entry::Ended { ending: Ending::AlreadySolved } => first = None,
                Entry::Intended { .. } => break,
                _ => {}
            }
        }
        first
    }
}

/// Whether a write is a note about misspelt tags.
fn tells_of_tags(written: &Written) -> bool {
    written.body.contains(TELLS_OF_TAGS)
}

fn is_settled(parking_use: &ParkingUse) -> bool {
    let by_us = [UseStatus::CancelledByCentre, UseStatus::Refunded, UseStatus::Withdrawn];
    parking_use.compensation.is_some() || by_us.contains(&parking_use.status)
}
