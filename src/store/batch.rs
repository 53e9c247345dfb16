//! Commands that share one transaction, and their responses, which are sent only after the commit.

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::column;
use crate::ports::{Accepted, Append, Claim, NewDelivery, QueueMove, StoreError};

/// A worker's request for claims.
#[derive(Debug)]
pub struct ClaimRequest {
    pub now: Timestamp,
    pub lease_until: Timestamp,
    pub limit: usize,
}

/// Of this many places one is for the cases that became due last.
const LATEST: usize = 4;

impl ClaimRequest {
    /// The number of places for those that have been due for longest.
    pub(super) fn longest_due(&self) -> usize {
        self.limit - self.latest_due()
    }

    /// The number of places for those that became due last.
    pub(super) fn latest_due(&self) -> usize {
        self.limit / LATEST
    }
}

/// A request with the channel for its response.
#[derive(Debug)]
pub(super) struct Job<Q, A> {
    pub(super) request: Q,
    pub(super) answer: oneshot::Sender<Result<A, StoreError>>,
}

impl<Q, A> Job<Q, A> {
    fn settle(self, answer: Result<A, StoreError>) {
        // The caller may have stopped waiting; what was committed stays.
        let _ = self.answer.send(answer);
    }
}

/// A command to the writer.
#[derive(Debug)]
pub(super) enum Command {
    Accept(Job<NewDelivery, Accepted>),
    Append(Job<Append, ()>),
    Claim(Job<ClaimRequest, Vec<Claim>>),
    Check(Job<(), ()>),
}

/// Commands for one transaction.
#[derive(Debug, Default)]
pub(super) struct Batch {
    accepts: Vec<Job<NewDelivery, Accepted>>,
    appends: Vec<Job<Append, ()>>,
    claims: Vec<Job<ClaimRequest, Vec<Claim>>>,
    checks: Vec<Job<(), ()>>,
}

/// The results of a batch, each list in its commands' order.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) accepted: Vec<Accepted>,
    pub(super) appended: Vec<Result<(), StoreError>>,
    pub(super) claimed: Vec<Vec<Claim>>,
}

impl FromIterator<Command> for Batch {
    fn from_iter<I: IntoIterator<Item = Command>>(commands: I) -> Self {
        let mut batch = Self::default();
        for command in commands {
            match command {
                Command::Accept(job) => batch.accepts.push(job),
                Command::Append(job) => batch.appends.push(job),
                // A claim without a waiting caller would only block its cases until the lease expires.
                Command::Claim(job) if job.answer.is_closed() => {}
                Command::Claim(job) => batch.claims.push(job),
                Command::Check(job) => batch.checks.push(job),
            }
        }
        batch
    }
}

impl Batch {
    /// The number of commands.
    pub(super) fn len(&self) -> usize {
        self.accepts.len() + self.appends.len() + self.claims.len() + self.checks.len()
    }

    /// The deliveries to accept, in order.
    pub(super) fn accepts(&self) -> impl ExactSizeIterator<Item = &NewDelivery> + Clone {
        self.accepts.iter().map(|job| &job.request)
    }

    /// What to append, in order.
    pub(super) fn appends(&self) -> Vec<&Append> {
        self.appends.iter().map(|job| &job.request).collect()
    }

    /// The requests for claims, in order.
    pub(super) fn claims(&self) -> impl ExactSizeIterator<Item = &ClaimRequest> {
        self.claims.iter().map(|job| &job.request)
    }

    /// Whether a caller checks that the database can be written to.
    pub(super) fn checks(&self) -> bool {
        !self.checks.is_empty()
    }

    /// Whether its commit may have made a case due.
    pub(super) fn may_bring_work(&self) -> bool {
        let released = |job: &Job<Append, ()>| matches!(job.request.queue_move, QueueMove::Release { .. });
        !self.accepts.is_empty() || self.appends.iter().any(released)
    }

    /// Responds to all callers after a commit.
    pub(super) fn answer(self, outcome: Outcome) {
        self.accepts.into_iter().zip(outcome.accepted).for_each(|(job, accepted)| job.settle(Ok(accepted)));
        self.appends.into_iter().zip(outcome.appended).for_each(|(job, appended)| job.settle(appended));
        self.claims.into_iter().zip(outcome.claimed).for_each(|(job, claimed)| job.settle(Ok(claimed)));
        self.checks.into_iter().for_each(|job| job.settle(Ok(())));
    }

    /// Reports to all callers that nothing was done.
    pub(super) fn fail(self, error: &sqlx::Error) {
        self.accepts.into_iter().for_each(|job| job.settle(Err(column::unavailable(error))));
        self.appends.into_iter().for_each(|job| job.settle(Err(column::unavailable(error))));
        self.claims.into_iter().for_each(|job| job.settle(Err(column::unavailable(error))));
        self.checks.into_iter().for_each(|job| job.settle(Err(column::unavailable(error))));
    }

    /// Each command as a batch of its own.
    pub(super) fn split(self) -> impl Iterator<Item = Self> {
        let accepts = self.accepts.into_iter().map(Command::Accept);
        let appends = self.appends.into_iter().map(Command::Append);
        let claims = self.claims.into_iter().map(Command::Claim);
        let checks = self.checks.into_iter().map(Command::Check);
        accepts.chain(appends).chain(claims).chain(checks).map(|command| std::iter::once(command).collect())
    }
}
