//! The acts of other parties in the course of a run, and their times.

use jiff::SignedDuration;
use misread::domain::case::OrderKind;
use misread::domain::parking::{Airport, ParkingUse, UseStatus, Won};
use misread::domain::policy::Trust;
use misread::domain::ticket::{ChangeAuthor, TicketStatus};

use super::desk::{AGENT, COPIED, NewChange};
use super::rng::Rng;
use super::said::Said;
use super::situation::{Situation, a_use, amount};
use super::texts::{questions_in, reminds};
use super::utterances::{Kind, Label, Question, UTTERANCES, Utterance};
use super::world::{PersonDid, State, What};

/// Tags that an agent means for the service and misspells.
pub(super) const MISSPELT: [&str; 2] = ["misread_relese", "misread_airport_caled"];

/// A act, timed from the previous one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) moment: Moment,
    act: Occurrence,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// This long after the previous act.
    After(SignedDuration),
    /// While the service works, after this many of its steps; at once if it has nothing to do.
    Amid(i64),
}

#[derive(Clone, Copy, Debug)]
enum Occurrence {
    Say(Mood),
    CopiedPersonSays,
    ChangeRequester(ChangeAuthor),
    GiveBack(ChangeAuthor),
    Release(ChangeAuthor),
    AgentSpeaks,
    AgentTouches,
    AgentMisspells,
    AgentSolves,
    ZendeskCloses,
    RuleTouches,
    Pay,
    CarLeaves,
    CancelInApp,
    CloseLot,
    Reprice,
    AnotherUse,
    WakeAgain,
    Order(OrderKind),
}

/// The kind of a customer's answer.
#[derive(Clone, Copy, Debug)]
enum Mood {
    Agreeable,
    Negative,
    Muddled,
    Polite,
    Wishing,
    Odd,
    Random,
}

/// A random schedule, in which acts that suit this run's situation are more frequent.
/// `slips` draws separately, so that older seeds keep their runs.
pub(super) fn plan(
    rng: &mut Rng,
    evidence: &mut Rng,
    slips: &mut Rng,
    situation: &Situation,
    trust: Trust,
) -> Vec<Planned> {
    let is = |fits: fn(&ParkingUse) -> bool| situation.uses.first().is_some_and(fits);
    let at_airport = is(|parking_use| parking_use.lot.airport == Some(Airport::Incheon));
    let owes = is(|parking_use| parking_use.status == UseStatus::Unpaid);
    let inside = is(|parking_use| parking_use.status == UseStatus::InUse);
    let assisted = trust == Trust::Assist;
    let often = |yes: bool, often: i64| if yes { often } else { 0 };
    let likely = |yes: bool, often: i64| if yes { often } else { 1 };
    let acts = [
        (60, None),
        (likely(at_airport, 40), Some(Occurrence::GiveBack(AGENT))),
        (likely(at_airport, 6), Some(Occurrence::GiveBack(ChangeAuthor::Rule))),
        (likely(at_airport, 6), Some(Occurrence::GiveBack(ChangeAuthor::Requester))),
        (often(assisted, 70), Some(Occurrence::Release(AGENT))),
        (often(assisted, 5), Some(Occurrence::Release(ChangeAuthor::Rule))),
        (often(assisted, 5), Some(Occurrence::Release(ChangeAuthor::Requester))),
        (often(assisted, 35), Some(Occurrence::Reprice)),
        (likely(owes, 30), Some(Occurrence::Pay)),
        (likely(inside, 15), Some(Occurrence::CarLeaves)),
        (likely(inside, 8), Some(Occurrence::CancelInApp)),
        (3, Some(Occurrence::AgentSpeaks)),
        (3, Some(Occurrence::AgentTouches)),
        (2, Some(Occurrence::AgentSolves)),
        (1, Some(Occurrence::ZendeskCloses)),
        (4, Some(Occurrence::RuleTouches)),
        (3, Some(Occurrence::CloseLot)),
        (2, Some(Occurrence::AnotherUse)),
        (4, Some(Occurrence::WakeAgain)),
        (2, Some(Occurrence::Order(OrderKind::Retry))),
        (1, Some(Occurrence::Order(OrderKind::HandOver))),
    ];
    let count = rng.weigh(&[(8, 0), (12, 1), (18, 2), (20, 3), (18, 4), (14, 6), (10, 9)]);
    let planned = |_| {
        let act = rng.weigh(&acts).unwrap_or_else(|| Occurrence::Say(mood(rng)));
        Planned { moment: moment(rng), act }
    };
    let mut plan: Vec<Planned> = (0..count).map(planned).collect();
    // At a time between the look-up and the action.
    if rng.percent(10) {
        let act = rng.pick(&[
            Occurrence::CarLeaves,
            Occurrence::CancelInApp,
            Occurrence::Pay,
            Occurrence::CloseLot,
        ]);
        plan.insert(0, Planned { moment: Moment::Amid(rng.between(11, 15)), act });
    }
    let by = evidence.pick(&[AGENT, ChangeAuthor::Rule]);
    let strange = evidence.weigh(&[
        (90, None),
        (7, Some(Occurrence::CopiedPersonSays)),
        (3, Some(Occurrence::ChangeRequester(by))),
    ]);
    if let Some(act) = strange {
        let last = i64::try_from(plan.len()).unwrap();
        let place = usize::try_from(evidence.between(0, last)).unwrap();
        plan.insert(place, Planned { moment: moment(evidence), act });
        if matches!(act, Occurrence::ChangeRequester(_)) && evidence.percent(50) {
            // At a time between the first decision and the text.
            let moment = Moment::Amid(evidence.between(14, 34));
            let changed = plan.remove(place);
            plan.insert(0, Planned { moment, ..changed });
        }
    }
    if situation.requester.external_id.is_none() && evidence.percent(40) {
        // What only the customer's own word establishes requires a release.
        let acts = [Occurrence::Release(AGENT), Occurrence::Say(Mood::Agreeable), Occurrence::Release(AGENT)];
        let later = |act| {
            let wait = SignedDuration::from_secs(evidence.between(600, 7_200));
            Planned { moment: Moment::After(wait), act }
        };
        let needed = if assisted { &acts[..] } else { &acts[1..] };
        plan.splice(..0, needed.iter().copied().map(later));
    }
    misspell(&mut plan, slips);
    plan
}

/// Before the right tag an agent may set a misspelt one.
fn misspell(plan: &mut Vec<Planned>, slips: &mut Rng) {
    let is_right =
        |planned: &Planned| matches!(planned.act, Occurrence::GiveBack(AGENT) | Occurrence::Release(AGENT));
    if let Some(place) = plan.iter().position(is_right)
        && slips.percent(30)
    {
        let moment = Moment::After(SignedDuration::from_secs(slips.between(600, 7_200)));
        plan.insert(place, Planned { moment, act: Occurrence::AgentMisspells });
    }
}

fn mood(rng: &mut Rng) -> Mood {
    rng.weigh(&[
        (50, Mood::Agreeable),
        (12, Mood::Negative),
        (10, Mood::Muddled),
        (8, Mood::Polite),
        (9, Mood::Wishing),
        (5, Mood::Odd),
        (6, Mood::Random),
    ])
}

fn moment(rng: &mut Rng) -> Moment {
    let (shortest, longest) = match rng.between(0, 99) {
        0..18 => return Moment::Amid(rng.between(1, 45)),
        18..28 => (0, 20),
        28..70 => (60, 3_600),
        70..90 => (3_600, 86_400),
        _ => (86_400, 9 * 86_400),
    };
    Moment::After(SignedDuration::from_millis(rng.between(shortest * 1000, longest * 1000)))
}

impl State {
    /// Carries out the first planned act.
    pub(super) fn do_next(&mut self) {
        let Some(planned) = self.plan.pop_front() else {
            return;
        };
        self.perform(planned.act);
        self.plan_next();
    }

    /// The next act is timed from now.
    pub(super) fn plan_next(&mut self) {
        self.deed_due = self.plan.front().and_then(|planned| match planned.moment {
            Moment::After(wait) => Some(self.now + wait),
            Moment::Amid(_) => None,
        });
    }

    fn perform(&mut self, act: Occurrence) {
        match act {
            Occurrence::Say(mood) => self.say(mood),
            Occurrence::CopiedPersonSays => self.copied_person_says(),
            Occurrence::ChangeRequester(by) => self.change_requester(by),
            Occurrence::GiveBack(author) => {
                self.give_back(author, "misread_airport_called", PersonDid::GaveBack);
            }
            Occurrence::Release(author) => self.give_back(author, "misread_release", PersonDid::Released),
            Occurrence::AgentSpeaks => {
                self.person(PersonDid::Spoke, &NewChange { public: true, ..NewChange::by(AGENT) });
            }
            Occurrence::AgentTouches => self.person(PersonDid::Touched, &NewChange::by(AGENT)),
            Occurrence::AgentMisspells => {
                let tag = MISSPELT[self.desk.changes.len() % MISSPELT.len()];
                self.person(PersonDid::Touched, &NewChange { tag: Some(tag), ..NewChange::by(AGENT) });
                self.sweep_finds();
            }
            Occurrence::AgentSolves => {
                let solved = NewChange { status: Some(TicketStatus::Solved), ..NewChange::by(AGENT) };
                self.person(PersonDid::Solved, &solved);
            }
            Occurrence::ZendeskCloses if self.desk.ticket.status == TicketStatus::Solved => {
                self.change(&NewChange {
                    status: Some(TicketStatus::Closed),
                    ..NewChange::by(ChangeAuthor::Rule)
                });
                self.tell(What::Closed);
            }
            Occurrence::ZendeskCloses => {}
            Occurrence::RuleTouches => drop(self.change(&NewChange::by(ChangeAuthor::Rule))),
            Occurrence::WakeAgain => self.fire("start"),
            Occurrence::Order(what) => self.order(what),
            Occurrence::Pay => self.turns(UseStatus::Unpaid, UseStatus::Completed),
            Occurrence::CancelInApp => self.turns(UseStatus::InUse, UseStatus::CancelledByCustomer),
            Occurrence::CarLeaves => {
                let then = self.rng.pick(&[UseStatus::Completed, UseStatus::Unpaid]);
                self.turns(UseStatus::InUse, then);
            }
            Occurrence::CloseLot => {
                if let Some(first) = self.parking.uses.values_mut().next() {
                    first.lot.closed = true;
                    self.log_facts();
                }
            }
            Occurrence::Reprice => self.reprice(),
            Occurrence::AnotherUse => self.another_use(),
        }
    }

    fn person(&mut self, did: PersonDid, change: &NewChange<'_>) {
        if self.change(change) {
            self.tell(What::Person(did));
        }
    }

    fn give_back(&mut self, author: ChangeAuthor, tag: &str, did: PersonDid) {
        let is_new = !self.desk.has(tag);
        if !self.change(&NewChange { tag: Some(tag), ..NewChange::by(author) }) {
            return;
        }
        match (author == AGENT, is_new) {
            (true, true) => self.tell(What::Person(did)),
            (true, false) => self.tell(What::Person(PersonDid::Touched)),
            (false, _) => self.tell(What::FalseGiveBack),
        }
    }

    /// Changes the status of the first use that is in another one.
    fn turns(&mut self, from: UseStatus, to: UseStatus) {
        let now = self.now;
        let owed = amount(&mut self.rng, 0);
        if let Some(found) = self.parking.uses.values_mut().find(|parking_use| parking_use.status == from) {
            found.status = to;
            found.exited_at.get_or_insert(now);
            let charged = to == UseStatus::CancelledByCustomer;
            found.amount = found.amount.or(Some(if charged { Won(0) } else { owed }));
            self.log_facts();
        }
    }

    /// Corrects the amount of the first use.
    fn reprice(&mut self) {
        let corrected = amount(&mut self.rng, 0);
        if let Some(first) = self.parking.uses.values_mut().next().filter(|first| first.amount.is_some()) {
            first.amount = Some(corrected);
            self.log_facts();
        }
    }

    fn another_use(&mut self) {
        let nth = self.parking.uses.len();
        if (1..4).contains(&nth) {
            let account = self.parking.account.clone();
            let more = a_use(&mut self.rng, nth, &account);
            self.parking.uses.insert(more.id.clone(), more);
            self.log_facts();
        }
    }

    fn say(&mut self, mood: Mood) {
        let asked = self.asked();
        let fitting: Vec<Utterance> =
            UTTERANCES.iter().filter(|said| fits(mood, said, &asked)).copied().collect();
        let said = self.rng.pick(if fitting.is_empty() { UTTERANCES } else { &fitting });
        let said = Said::twisted(said, &mut self.evidence);
        let ours = self.log.iter().rev().find_map(|event| match &event.what {
            What::Wrote(written) if written.public => Some(written.body.as_str()),
            _ => None,
        });
        let text = said.text(ours);
        let change = NewChange {
            said: Some(&text),
            public: true,
            flag: said.flag,
            files: said.files,
            ..NewChange::by(ChangeAuthor::Requester)
        };
        if self.change(&change) {
            self.tell(What::Said(said));
        }
    }

    fn copied_person_says(&mut self) {
        self.desk.copy_in();
        if self.change(&NewChange { public: true, ..NewChange::by(COPIED) }) {
            self.tell(What::CopiedPersonSaid);
        }
    }

    fn change_requester(&mut self, by: ChangeAuthor) {
        if !self.change(&NewChange { another_requester: true, ..NewChange::by(by) }) {
            return;
        }
        if by == AGENT {
            self.tell(What::Person(PersonDid::Touched));
        }
        self.tell(What::RequesterChanged);
    }

    /// The last question to the customer.
    fn asked(&self) -> Vec<Question> {
        let texts = self.log.iter().filter_map(|event| match &event.what {
            What::Wrote(written) if written.public => Some(written.body.as_str()),
            _ => None,
        });
        texts.fold(Vec::new(), |before, text| if reminds(text) { before } else { questions_in(text) })
    }
}

fn fits(mood: Mood, said: &Utterance, asked: &[Question]) -> bool {
    let all = |label: Label| {
        !asked.is_empty() && asked.iter().all(|question| said.label(*question, asked) == label)
    };
    match mood {
        Mood::Agreeable if asked.is_empty() => said.kind == Kind::Polite,
        Mood::Agreeable => all(Label::Yes),
        Mood::Negative => asked.iter().any(|question| said.label(*question, asked) == Label::No),
        Mood::Muddled => all(Label::Unclear),
        Mood::Polite => said.kind == Kind::Polite,
        Mood::Wishing => matches!(said.kind, Kind::Wish(_)),
        Mood::Odd => said.kind == Kind::Other,
        Mood::Random => true,
    }
}
