//! Plays all stories concurrently, in rounds: each person does their next step, and the service comes to rest before the
//! next round.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::app::clock::MovableClock;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, Clock as _, Ledger};
use crate::sandbox::seed::{ScriptStep, Story};
use crate::sandbox::zendesk::Invocation;
use crate::testbed::sandbox::Sandbox;

/// The time between two rounds: longer than any window in which updates are counted, so that no rate limit delays the demo.
const BETWEEN_ROUNDS: Duration = Duration::from_mins(12);
/// The interval of checks whether the service has come to rest, in real time.
const LOOK: Duration = Duration::from_millis(5);

/// The setting of the stories.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    sandbox: &'a Sandbox,
    store: &'a dyn Ledger,
    clock: &'a MovableClock,
    /// Notified while work is due: the worker sleeps in real time.
    wake: &'a Notify,
    /// Whether a stuck case belongs to the play.
    may_be_stuck: bool,
}

/// One story in progress.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) story: Story,
    pub(super) ticket: TicketId,
    /// The steps done, and when.
    pub(super) done: Vec<(Timestamp, ScriptStep)>,
    next: VecDeque<ScriptStep>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        sandbox: &'a Sandbox,
        store: &'a dyn Ledger,
        clock: &'a MovableClock,
        wake: &'a Notify,
    ) -> Self {
        Self { sandbox, store, clock, wake, may_be_stuck: false }
    }

    /// A stage on which cases may be stuck.
    pub(super) fn with_stuck_cases(self) -> Self {
        Self { may_be_stuck: true, ..self }
    }

    /// Opens all tickets and lets all people act, until all scripts are finished.
    ///
    /// # Errors
    /// If a step fails, or a case is stuck.
    pub(super) async fn play(&self) -> anyhow::Result<Vec<Part>> {
        let open = |story: &Story| {
            let (ticket, next) = (story.open(&self.sandbox.zendesk)?, story.script.iter().copied().collect());
            Ok(Part { story: story.clone(), ticket, done: Vec::new(), next })
        };
        let mut parts = self.sandbox.stories.iter().map(open).collect::<anyhow::Result<Vec<_>>>()?;
        loop {
            self.come_to_rest(parts.len()).await?;
            self.clock.advance(BETWEEN_ROUNDS);
            let acting = self.everybody_acts(&mut parts)?;
            if acting == 0 && !self.time_passes(&mut parts) {
                // What became due within the last minutes belongs to the story.
                self.come_to_rest(parts.len()).await?;
                return Ok(parts);
            }
        }
    }

    /// Each person with a next step does it; returns how many did.
    fn everybody_acts(&self, parts: &mut [Part]) -> anyhow::Result<usize> {
        let mut acting = 0;
        for part in parts {
            let Some(step) = part.next.pop_front_if(|step| !matches!(step, ScriptStep::HoursPass(_))) else {
                continue;
            };
            let done = part.story.perform(step, part.ticket, &self.sandbox.zendesk, &self.sandbox.parking);
            done.with_context(|| format!("ticket {}: {step:?}", part.ticket))?;
            part.done.push((self.clock.now(), step));
            acting += 1;
        }
        Ok(acting)
    }

    /// If no person has a next step, moves the clock until one has. Returns whether any person waits for time to pass.
    fn time_passes(&self, parts: &mut [Part]) -> bool {
        let waiting = parts.iter().filter_map(|part| match part.next.front() {
            Some(ScriptStep::HoursPass(hours)) => Some(*hours),
            _ => None,
        });
        let Some(passing) = waiting.min() else { return false };
        self.clock.advance(Duration::from_hours(passing.into()));
        for part in parts {
            if let Some(ScriptStep::HoursPass(hours)) = part.next.front_mut() {
                *hours -= passing;
            }
            part.next.pop_front_if(|step| *step == ScriptStep::HoursPass(0));
        }
        true
    }

    /// Delivers webhooks and waits until the service has no work due.
    pub(super) async fn come_to_rest(&self, tickets: usize) -> anyhow::Result<()> {
        loop {
            let report = self.sandbox.zendesk.deliver_webhooks().await;
            if report.attempts.is_empty() && self.is_at_rest(tickets).await? {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn is_at_rest(&self, tickets: usize) -> anyhow::Result<bool> {
        let cases = self.store.list(None, tickets + 1).await?;
        let stuck = cases.iter().find(|case| case.state == CaseState::Stuck);
        if let Some(stuck) = stuck.filter(|_| !self.may_be_stuck) {
            bail!("the case of ticket {} is stuck", stuck.ticket_id);
        }
        let now = self.clock.now();
        if cases.iter().any(|case| case.due_at.is_some_and(|due| due <= now)) {
            // It may have become due when the clock was moved.
            self.wake.notify_one();
            return Ok(false);
        }
        // Active and not due: it pauses, for example because this minute's updates are used up.
        let paused = cases.iter().filter(|case| case.state == CaseState::Active);
        if let Some(until) = paused.filter_map(|case| case.due_at).min() {
            self.clock.advance_to(until);
            return Ok(false);
        }
        let is_waiting = |invocation: &Invocation| invocation.status.is_waiting();
        Ok(cases.len() == tickets && !self.sandbox.zendesk.invocations().iter().any(is_waiting))
    }
}
