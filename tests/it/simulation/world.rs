//! The outside world of one run: time, a ticket, uses, the plan, and a log of all events.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::OrderKind;
use misread::domain::ids::{EffectKey, TicketId, UseId};
use misread::domain::parking::{ParkingAction, ParkingUse, Won};
use misread::ports::NewDelivery;
use tokio::sync::Notify;

use super::desk::{DeskState, Jobs, LateWrite};
use super::faults::{Fate, Fault, FaultPlan, Faults};
use super::ledger::Ledger;
use super::parking::{LateAct, ParkingState};
use super::rng::Rng;
use super::said::Said;
use super::schedule::{Moment, Planned};
use super::situation::{BIRTH, Situation};
use super::watch::Watch;

pub(super) type TaskId = Option<tokio::task::Id>;

/// One event; the log has them in order.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    /// The worker's task that caused it, if the service did.
    pub(super) task: TaskId,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// The uses from now on.
    Facts(Vec<ParkingUse>),
    /// The customer wrote.
    Said(Said),
    /// A copied person answered in the customer's place.
    CopiedPersonSaid,
    /// The requester was replaced.
    RequesterChanged,
    /// A person of the centre did something.
    Person(PersonDid),
    /// The give-back tag was set by a party that may not give back.
    FalseGiveBack,
    /// A person of operations gave an order by the command line.
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
    /// Released a prepared reply.
    Released,
    Spoke,
    Touched,
    Solved,
}

/// An action that was carried out.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) key: EffectKey,
    pub(super) action: ParkingAction,
    pub(super) use_id: UseId,
    pub(super) amount: Option<Won>,
    /// The use directly before.
    pub(super) before: ParkingUse,
    pub(super) call: Call,
}

/// The place in the log at which the service made a call, and its task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The length of the log at the call.
    pub(super) place: usize,
    pub(super) task: TaskId,
}

/// A write of the service on the ticket.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) key: EffectKey,
    pub(super) public: bool,
    pub(super) body: String,
    /// The group that it sets, or that its text has set.
    pub(super) group: Option<i64>,
    /// Whether it changes more than the conversation.
    pub(super) routes: bool,
    /// All tags of the ticket afterwards.
    pub(super) tags: Vec<String>,
    pub(super) call: Call,
}

/// An effect that arrives after its sender has given up.
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
    pub(super) rng: Rng,
    /// Draws the kinds of messages separately from the run's own generator, so that older seeds keep their runs.
    pub(super) evidence: Rng,
    pub(super) fault_plan: FaultPlan,
    pub(super) desk: DeskState,
    pub(super) parking: ParkingState,
    pub(super) plan: VecDeque<Planned>,
    /// The due time of the plan's first act; `None`: it waits until the service works.
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
        mut rng: Rng,
        evidence: Rng,
    ) -> Self {
        let birth: Timestamp = BIRTH.parse().unwrap();
        let fault_plan = FaultPlan::random(&mut rng, birth);
        let mut state = State {
            now: birth,
            rng,
            evidence,
            fault_plan,
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

    /// One step of a worker: time passes, other parties act, and the worker may crash or freeze.
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

    /// Unlike a panic this prints nothing; the task ends in the same way.
    fn crash() -> ! {
        resume_unwind(Box::new("the worker crashed"))
    }

    /// A step before the call and one after it: a crash may come after the call and before its response is seen.
    pub(super) async fn around<T>(&self, call: impl FnOnce(&mut State) -> T) -> T {
        self.pass().await;
        let answer = {
            let mut state = self.lock();
            if state.fault_plan.kills(state.now) {
                state.faults.crashes += 1;
                drop(state);
                Self::crash();
            }
            call(&mut state)
        };
        self.pass().await;
        answer
    }

    /// From now on another worker may freeze.
    pub(super) fn may_freeze_again(&self) {
        self.lock().is_frozen = false;
    }
}

impl State {
    pub(super) fn tell(&mut self, what: What) {
        let event = Event { at: self.now, task: tokio::task::try_id(), what };
        self.log.push(event);
    }

    pub(super) fn call(&self) -> Call {
        Call { place: self.log.len(), task: tokio::task::try_id() }
    }

    pub(super) fn log_facts(&mut self) {
        let uses = self.parking.uses.values().cloned().collect();
        self.tell(What::Facts(uses));
    }

    /// A little time passes, and everything that becomes due happens.
    fn step(&mut self) -> Fate {
        self.sees_step();
        if self.watch.broken.is_some() {
            return Fate::Crash;
        }
        let passes = SignedDuration::from_millis(self.rng.between(20, 700));
        self.advance(self.now + passes);
        if let Some(Planned { moment: Moment::Amid(steps), .. }) = self.plan.front_mut() {
            *steps -= 1;
            if *steps <= 0 {
                self.do_next();
            }
        }
        match self.fault_plan.fate(&mut self.rng) {
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

    /// Time passes up to `to`, and everything that is due by then happens.
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

    /// The time at which the world next does something by itself.
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
        let fault = self.fault_plan.fault(&mut self.rng, self.now, writes);
        fault.inspect(|fault| self.faults.count(*fault))
    }
}
