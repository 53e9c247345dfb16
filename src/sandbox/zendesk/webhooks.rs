//! Webhooks: their URLs, the outbox, and the results of invocations (facts §1).

mod authentication;
mod book;
mod input;
mod log;
mod registered;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::chance::{Chance, Chances};
use super::moments::whole_seconds;
pub(super) use authentication::Authentication;
pub(super) use book::Webhooks;
pub(super) use input::unknown;
pub(super) use log::{Exchange, header_list};
pub(super) use registered::{RegisteredWebhook, WebhookFormat, WebhookMethod};

/// The published secret for tests of a webhook that does not exist yet (facts §1.2).
pub(super) const TEST_SECRET: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/// The target of a trigger's notifications, as tests and the sandbox itself configure it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Opaque; Zendesk uses ULIDs.
    pub id: String,
    /// The URL that is posted to.
    pub endpoint: String,
    /// The signing secret, as literal text (facts §1.2).
    pub secret: String,
    /// Sent as `Authorization: Bearer …` when present (facts §1.6).
    #[serde(default)]
    pub bearer_token: Option<String>,
}

/// Faults between Zendesk and the service: deliveries are best effort (facts §1.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookSwitches {
    /// Every answered delivery is sent once more, with the same invocation id.
    pub duplicate: bool,
    /// How many of the next invocations are never sent.
    pub drop_next: u32,
    /// Waiting invocations are sent latest first.
    pub reorder: bool,
    /// The delay of invocations on the sandbox's clock, in seconds.
    pub delay_seconds: u32,
    #[serde(flatten)]
    pub chances: Chances,
}

/// One notification, with all attempts to deliver it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invocation {
    /// The same in every attempt (facts §1.3).
    pub id: String,
    pub webhook_id: String,
    pub ticket_id: i64,
    /// Rendered once: the same in every attempt.
    pub body: String,
    /// The earliest time to send it.
    pub due_at: Timestamp,
    pub status: InvocationStatus,
    /// Oldest first.
    pub attempts: Vec<Attempt>,
    /// Its number among the ticket's notifications, from 1: the key of its random decisions.
    #[serde(skip)]
    nth: u32,
}

/// The status of an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InvocationStatus {
    /// It is sent, or retried, when due.
    Waiting,
    /// Answered with 2xx.
    Delivered,
    /// Given up, as Zendesk does: see the last attempt.
    Terminated,
    /// Never sent, by [`WebhookSwitches::drop_next`] or [`Chances::drop_percent`], or because its webhook was deleted or
    /// deactivated meanwhile.
    Dropped,
    /// Not sent yet, because its webhook's breaker is open (facts §1.4); it is retried later.
    CircuitBroken,
}

impl InvocationStatus {
    /// Whether it is still to be sent.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Waiting | Self::CircuitBroken)
    }
}

/// One attempt to deliver an invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// The time on the sandbox's clock; the signed timestamp is in whole seconds.
    pub at: Timestamp,
    pub outcome: AttemptOutcome,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    Answered {
        status: u16,
        /// Its `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// No response within the timeout.
    TimedOut,
    /// No connection, or a broken one.
    Unreachable,
    /// Nothing was sent: the webhook's breaker is open.
    CircuitBroken,
}

/// The spacing of retries unless `Retry-After` is given; Zendesk's is unknown (facts §1.4).
const RETRY_SPACING: Duration = Duration::from_secs(5);

impl AttemptOutcome {
    pub(super) fn is_success(self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }
}

impl Invocation {
    /// Its random decisions: the same for the same seed, ticket and number among the ticket's notifications.
    pub(super) fn chance(&self, seed: u64) -> Chance {
        Chance::of(seed, &format!("{} {}", self.ticket_id, self.nth))
    }

    /// Postpones it, because its webhook's breaker is open.
    pub(super) fn hold_back(&mut self, until: Timestamp, now: Timestamp) {
        self.due_at = until;
        self.status = InvocationStatus::CircuitBroken;
        // Once is enough: a backlog is postponed repeatedly.
        let outcome = AttemptOutcome::CircuitBroken;
        if self.attempts.last().is_none_or(|attempt| attempt.outcome != outcome) {
            self.attempts.push(Attempt { at: whole_seconds(now), outcome });
        }
    }

    /// The wait before the next attempt, by the retry table (facts §1.4); `None`: no further attempt.
    ///
    /// Timeouts are retried 5 times, 409 3 times, 429 and 503 only with a `Retry-After` under a minute (the table names no
    /// limit; 5 here). Nothing else is retried, not even 500.
    pub(super) fn retry_in(&self) -> Option<Duration> {
        let last = self.attempts.last()?.outcome;
        let failed_so = |same: fn(AttemptOutcome) -> bool| {
            self.attempts.iter().filter(|attempt| same(attempt.outcome)).count()
        };
        match last {
            AttemptOutcome::TimedOut => {
                (failed_so(|outcome| outcome == AttemptOutcome::TimedOut) <= 5).then_some(RETRY_SPACING)
            }
            AttemptOutcome::Answered { status: 409, .. } => {
                let conflicts =
                    failed_so(|outcome| matches!(outcome, AttemptOutcome::Answered { status: 409, .. }));
                (conflicts <= 3).then_some(RETRY_SPACING)
            }
            AttemptOutcome::Answered { status: 429 | 503, retry_after: Some(seconds @ 0..60) } => {
                let refusals = failed_so(|outcome| {
                    matches!(outcome, AttemptOutcome::Answered { status: 429 | 503, .. })
                });
                (refusals <= 5).then_some(Duration::from_secs(seconds))
            }
            _ => None,
        }
    }
}

/// The signature of a body with a timestamp (facts §1.2): the secret is used as the literal text, with no separator between
/// the two.
pub(super) fn sign(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(timestamp.as_bytes());
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// 26 letters and digits that look like a ULID and are the same on every run.
pub(super) fn opaque_id(kind: &str, number: i64) -> String {
    const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest = Sha256::digest(format!("{kind} {number}"));
    let letters = digest.iter().take(24).map(|byte| char::from(CROCKFORD[usize::from(byte % 32)]));
    "01".chars().chain(letters).collect()
}
