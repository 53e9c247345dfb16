//! Commands that share one transaction, and their answers, which leave only after the commit.

use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use super::claim::ClaimRequest;
use super::{accept, append, claim};
use crate::ports::{Accepted, Append, Claim, NewDelivery, QueueMove, StoreError};
use crate::store::column;

/// A request with the way back for its answer.
#[derive(Debug)]
pub(super) struct Job<Q, A> {
    pub(super) request: Q,
    pub(super) answer: oneshot::Sender<Result<A, StoreError>>,
}

impl<Q, A> Job<Q, A> {
    fn settle(self, answer: Result<A, StoreError>) {
        // Whoever asked may have stopped waiting; what was committed stays.
        let _ = self.answer.send(answer);
    }
}

/// Something for the writer to do.
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

/// What a batch came to, each list in its commands' order.
#[derive(Debug)]
pub(super) struct Outcome {
    accepted: Vec<Accepted>,
    appended: Vec<Result<(), StoreError>>,
    claimed: Vec<Vec<Claim>>,
}

impl FromIterator<Command> for Batch {
    fn from_iter<I: IntoIterator<Item = Command>>(commands: I) -> Self {
        let mut batch = Self::default();
        for command in commands {
            match command {
                Command::Accept(job) => batch.accepts.push(job),
                Command::Append(job) => batch.appends.push(job),
                // A claim that nobody waits for would only block its cases until the lease ends.
                Command::Claim(job) if job.answer.is_closed() => {}
                Command::Claim(job) => batch.claims.push(job),
                Command::Check(job) => batch.checks.push(job),
            }
        }
        batch
    }
}

impl Batch {
    /// How many commands it holds.
    pub(super) fn len(&self) -> usize {
        self.accepts.len() + self.appends.len() + self.claims.len() + self.checks.len()
    }

    /// Does everything in one transaction. After an error the connection must not be used again: it may still be in it.
    pub(super) async fn commit(&self, connection: &mut SqliteConnection) -> Result<Outcome, sqlx::Error> {
        let accepted = accept::begin_with(connection, self.accepts.iter().map(|job| &job.request)).await?;
        let appends: Vec<_> = self.appends.iter().map(|job| &job.request).collect();
        let appended = append::all(connection, &appends).await?;
        let mut claimed = Vec::with_capacity(self.claims.len());
        for job in &self.claims {
            claimed.push(claim::one(connection, &job.request).await?);
        }
        if !self.checks.is_empty() {
            sqlx::query("UPDATE probe SET probes = probes + 1").execute(&mut *connection).await?;
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        Ok(Outcome { accepted, appended, claimed })
    }

    /// Whether its commit may have made a case due.
    pub(super) fn may_bring_work(&self) -> bool {
        let released = |job: &Job<Append, ()>| matches!(job.request.queue_move, QueueMove::Release { .. });
        !self.accepts.is_empty() || self.appends.iter().any(released)
    }

    /// Answers everybody after a commit.
    pub(super) fn answer(self, outcome: Outcome) {
        self.accepts.into_iter().zip(outcome.accepted).for_each(|(job, accepted)| job.settle(Ok(accepted)));
        self.appends.into_iter().zip(outcome.appended).for_each(|(job, appended)| job.settle(appended));
        self.claims.into_iter().zip(outcome.claimed).for_each(|(job, claimed)| job.settle(Ok(claimed)));
        self.checks.into_iter().for_each(|job| job.settle(Ok(())));
    }

    /// Tells everybody that nothing was done.
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
