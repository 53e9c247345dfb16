//! The record of deliveries and responses.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::{Delivery, is_acknowledgement};
use crate::drill::rng::Rng;
use crate::sandbox::zendesk::AttemptOutcome;

/// The figures of deliveries and responses.
#[derive(Clone, Debug, Default)]
pub(in crate::drill) struct Figures {
    /// Attempts with an authentic delivery.
    pub(in crate::drill) attempts: u64,
    /// Deliveries that were acknowledged, each counted once.
    pub(in crate::drill) acknowledged: u64,
    /// Deliveries repeated after their acknowledgement.
    pub(in crate::drill) repeated: u64,
    /// Attempts with a response other than 200.
    pub(in crate::drill) refused: u64,
    /// Attempts without a response.
    pub(in crate::drill) unanswered: u64,
    /// Deliveries never acknowledged and no longer retried.
    pub(in crate::drill) dropped: u64,
    /// Deliveries with a wrong time, all rejected.
    pub(in crate::drill) stale: u64,
    /// Authentic but meaningless deliveries.
    pub(in crate::drill) nonsense: u64,
    pub(in crate::drill) forged: u64,
    /// Forged or stale deliveries that were accepted: the ticket and the kind.
    pub(in crate::drill) wrongly_accepted: Vec<(i64, &'static str)>,
    /// Deliveries not acknowledged by a process that was not disturbed, nor its database.
    pub(in crate::drill) refused_in_peace: Vec<(i64, String)>,
    /// Attempts with an undisturbed process while another one was down.
    pub(in crate::drill) beside_one_that_is_down: u64,
    /// From each kill to the process's next acknowledgement.
    pub(in crate::drill) recoveries: Vec<Duration>,
}

#[derive(Debug)]
pub(super) struct DeliveryLog {
    pub(super) rng: Rng,
    /// The last acknowledged delivery.
    pub(super) last: Option<Delivery>,
    stages: HashMap<i64, usize>,
    known: HashSet<String>,
    figures: Figures,
}

impl DeliveryLog {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, last: None, stages: HashMap::new(), known: HashSet::new(), figures: Figures::default() }
    }

    pub(super) fn figures(&self) -> Figures {
        self.figures.clone()
    }

    pub(super) fn acknowledged(&self, ticket: i64) -> Option<usize> {
        self.stages.get(&ticket).copied()
    }

    pub(super) fn attempted(
        &mut self,
        delivery: &Delivery,
        outcome: AttemptOutcome,
        undisturbed: bool,
        recovered: Option<Duration>,
    ) {
        let figures = &mut self.figures;
        figures.attempts += 1;
        figures.recoveries.extend(recovered);
        if is_acknowledgement(outcome) {
            figures.acknowledged += u64::from(self.known.insert(delivery.id.clone()));
            let stage = self.stages.entry(delivery.ticket).or_default();
            *stage = delivery.stage.max(*stage);
            self.last = Some(delivery.clone());
            return;
        }
        if matches!(outcome, AttemptOutcome::Answered { .. }) {
            figures.refused += 1;
        } else {
            figures.unanswered += 1;
        }
        if undisturbed {
            figures.refused_in_peace.push((delivery.ticket, format!("{outcome:?}")));
        }
    }

    pub(super) fn beside(&mut self, one_that_is_down: bool) {
        self.figures.beside_one_that_is_down += u64::from(one_that_is_down);
    }

    pub(super) fn dropped(&mut self) {
        self.figures.dropped += 1;
    }

    pub(super) fn repeated(&mut self) {
        self.figures.repeated += 1;
    }

    pub(super) fn nonsense(&mut self) -> u64 {
        self.figures.nonsense += 1;
        self.figures.nonsense
    }

    pub(super) fn stale(&mut self, ticket: i64, accepted: bool) {
        self.figures.stale += 1;
        self.wrong(ticket, "a wrong time", accepted);
    }

    pub(super) fn forged(&mut self, ticket: i64, accepted: bool) {
        self.figures.forged += 1;
        self.wrong(ticket, "a forgery", accepted);
    }

    fn wrong(&mut self, ticket: i64, what: &'static str, accepted: bool) {
        if accepted {
            self.figures.wrongly_accepted.push((ticket, what));
        }
    }
}
