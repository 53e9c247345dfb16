//! The outside world of one life: time, a ticket, uses, what was planned, and a log of all that really happened.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::OrderKind;
use misread::domain::ids::{EffectKey, TicketId, UseId};
use misread::domain::parking::{ParkingAction, ParkingUse, Won};
use misread::ports::NewDelivery;
use tokio::sync::Notify;

use super::deeds::{Moment, Planned};
use super::desk::{DeskState, Jobs, LateWrite};
use super::faults::{Fate, Fault, FaultPlan, Faults};
use super::ledger::Ledger;
use super::parking::{LateAct, ParkingState};
use super::rng::Rng;
use super::said::Said;
use super::situation::{BIRTH, Situation};
use super::watch::Watch;

pub(super) type HandId = Option<tokio::task::Id>;

/// One thing that happened, in the order in which it happened.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    /// Which hand of the service did it, if it was the service.
    pub(super) hand: HandId,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// The uses as they are from now on.
    Facts(Vec<ParkingUse>),
    /// The customer wrote.
    Said(Said),
    /// Somebody who gets copies answered in the customer's stead.
    CopiedPersonSaid,
    /// Somebody else was put in as the requester.
    RequesterChanged,
    /// A person of the centre did something.
    Person(PersonDid),
    /// The give-back tag was set by somebody who may not give anything back.
    FalseGiveBack,
    /// A person of operations ordered something by the command line.
    Ordered(OrderKind),
    /// Zendesk closed the ticket for ever.
    Closed,
    /// The service read the ticket's history.
    ReadHistory,
    ReadUses,
    Acted(Box<Act>),
    Wrote(Written),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PersonDid {
    GaveBack,
    /// Released what was prepared.
    Released,
    Spoke,
    Touched,
    Solved,
}

/// An action that was really done.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) key: EffectKey,
    pub(super) action: ParkingAction,
    pub(super) use_id: UseId,
    pub(super) amount: Option<Won>,
    /// The use just before.
    pub(super) before: ParkingUse,
    pub(super) call: Call,
}

/// When the service asked for something, and by which hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// Where the log stood.
    pub(super) place: usize,
    pub(super) hand: HandId,
}

/// A write of the service that is really on the ticket.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) key: EffectKey,
    pub(super) public: bool,
    pub(super) body: String,
    /// The group that has the ticket by it, or by the text that it belongs to.
    pub(super) group: Option<i64>,
    /// Whether it changes anything but the conversation.
    pub(super) routes: bool,
    /// All tags of the ticket afterwards.
    pub(super) tags: Vec<String>,
    pub(super) call: Call,
}

/// Something that is still on its way when its sender has given up.
#[derive(Debug)]
pub(super) enum Landing {
    Write(LateWrite),
    Act(LateAct),
}

#[derive(Debug)]
pub(super) struct World {
    state: Mutex<State>,
    pub(super) frozen: Notify,
    pub(super) thawed: Notify,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) now: Timestamp,
    pub(super) dice: Rng,
    /// Throws what the messages are like, apart from the life's own, which goes on as it did before there was more than words.
    pub(super) evidence: Rng,
    pub(super) weather: FaultPlan,
    pub(super) desk: DeskState,
    pub(super) parking: ParkingState,
    pub(super) plan: VecDeque<Planned>,
    /// When the plan's first deed is due; `None`: it waits for the service to be at work.
    pub(super) deed_due: Option<Timestamp>,
    pub(super) landings: Vec<(Timestamp, Landing)>,
    pub(super) webhooks: Vec<(Timestamp, NewDelivery)>,
    pub(super) log: Vec<Event>,
    pub(super) ledger: Ledger,
    pub(super) watch: Watch,
    pub(super) faults: Faults,
    is_frozen: bool,
}

impl World {
    pub(super) fn new(
        ticket_id: TicketId,
        situation: &Situation,
        plan: Vec<Planned>,
        jobs: Jobs,
        mut dice: Rng,
        evidence: Rng,
    ) -> Self {
        let birth: Timestamp = BIRTH.parse().unwrap();
        let weather = FaultPlan::random(&mut dice, birth);
        let mut state = State {
            now: birth,
            dice,
            evidence,
            weather,
            desk: DeskState::open(ticket_id, situation, jobs, birth),
            parking: ParkingState::new(situation.account.clone(), situation.uses.clone()),
            plan: plan.into(),
            deed_due: None,
            landings: Vec::new(),
            webhooks: Vec::new(),
            log: Vec::new(),
            ledger: Ledger::new(ticket_id),
            watch: Watch::default(),
            faults: Faults::default(),
            is_frozen: false,
        };
        state.log_facts();
        state.tell(What::Said(Said::OPENING));
        state.fire("start");
        state.plan_next();
        Self { state: Mutex::new(state), frozen: Notify::new(), thawed: Notify::new() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// One step of a hand: time passes, others do what they do, and the hand may not come back.
    pub(super) async fn pass(&self) {
        let fate = self.lock().step();
        match fate {
            Fate::GoOn => {}
            Fate::Dawdle => tokio::task::yield_now().await,
            Fate::Crash => Self::crash(),
            Fate::Freeze => {
                self.frozen.notify_one();
                self.thawed.notified().await;
            }
        }
    }

    /// Unlike a panic it prints nothing; the task is gone all the same.
    fn crash() -> ! {
        resume_unwind(Box::new("the worker crashed"))
    }

    /// A step before the call and one after it: a crash may come when the call was made and its answer not yet seen.
    pub(super) async fn around<T>(&self, call: impl FnOnce(&mut State) -> T) -> T {
        self.pass().await;
        let answer = {
            let mut state = self.lock();
            if state.weather.kills(state.now) {
                state.faults.crashes += 1;
                drop(state);
                Self::crash();
            }
            call(&mut state)
        };
        self.pass().await;
        answer
    }

    /// Another hand may freeze from now on.
    pub(super) fn may_freeze_again(&self) {
        self.lock().is_frozen = false;
    }
}

impl State {
    pub(super) fn tell(&mut self, what: What) {
        let event = Event { at: self.now, hand: tokio::task::try_id(), what };
        self.log.push(event);
    }

    pub(super) fn call(&self) -> Call {
        Call { place: self.log.len(), hand: tokio::task::try_id() }
    }

    pub(super) fn log_facts(&mut self) {
        let uses = self.parking.uses.values().cloned().collect();
        self.tell(What::Facts(uses));
    }

    /// A little time passes, and whatever falls into it happens.
    fn step(&mut self) -> Fate {
        self.sees_step();
        if self.watch.broken.is_some() {
            return Fate::Crash;
        }
        let passes = SignedDuration::from_millis(self.dice.between(20, 700));
        self.advance(self.now + passes);
        if let Some(Planned { moment: Moment::Amid(steps), .. }) = self.plan.front_mut() {
            *steps -= 1;
            if *steps <= 0 {
                self.do_next();
            }
        }
        match self.weather.fate(&mut self.dice) {
            Fate::Freeze if self.is_frozen => Fate::GoOn,
            Fate::Freeze => {
                self.is_frozen = true;
                self.faults.freezes += 1;
                Fate::Freeze
            }
            Fate::Crash => {
                self.faults.crashes += 1;
                Fate::Crash
            }
            fate => fate,
        }
    }

    /// Time passes up to then, and everything that is due by then happens.
    pub(super) fn advance(&mut self, to: Timestamp) {
        self.now = self.now.max(to);
        self.do_jobs();
        let (due, later) =
            std::mem::take(&mut self.landings).into_iter().partition(|(at, _)| *at <= self.now);
        self.landings = later;
        let due: Vec<(Timestamp, Landing)> = due;
        for (_, landing) in due {
            match landing {
                Landing::Write(late) => self.write_lands(&late),
                Landing::Act(late) => self.act_lands(&late),
            }
        }
        while self.deed_due.is_some_and(|due| due <= self.now) {
            self.do_next();
        }
    }

    /// When the world does something by itself next.
    pub(super) fn next_time(&self) -> Option<Timestamp> {
        let landings = self.landings.iter().map(|(at, _)| *at);
        let webhooks = self.webhooks.iter().map(|(at, _)| *at);
        landings.chain(webhooks).chain(self.deed_due).chain(self.desk.jobs.next_end()).min()
    }

    /// The deliveries that arrive now.
    pub(super) fn arrived(&mut self) -> Vec<NewDelivery> {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.webhooks).into_iter().partition(|(at, _)| *at <= now);
        self.webhooks = later;
        due.into_iter().map(|(_, delivery)| NewDelivery { received_at: now, ..delivery }).collect()
    }

    pub(super) fn fault(&mut self, writes: bool) -> Option<Fault> {
        let fault = self.weather.fault(&mut self.dice, self.now, writes);
        fault.inspect(|fault| self.faults.count(*fault))
    }
}
