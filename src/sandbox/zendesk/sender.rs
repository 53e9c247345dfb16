//! The webhook sender: signs and posts the outbox, and follows Zendesk's retry table and breaker (facts §1.1, §1.4).

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::chance::Chances;
use super::fake::FakeZendesk;
use super::moments::whole_seconds;
use super::webhook_client::{Delivery, RequestShape, WebhookRequest};
use super::webhooks::{
    Attempt, AttemptOutcome, Exchange, Invocation, InvocationStatus, RegisteredWebhook, sign,
};

/// The interval at which the background sender checks for retries due on the sandbox's clock.
const RETRY_CHECK: Duration = Duration::from_millis(200);

/// The result of one round of sending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryReport {
    /// All attempts of this round, in the order of sending: invocation id and outcome.
    pub attempts: Vec<(String, AttemptOutcome)>,
    /// Invocations that were delivered.
    pub delivered: usize,
    /// Invocations that will be retried.
    pub waiting: usize,
    /// Invocations that were given up.
    pub terminated: usize,
}

impl FakeZendesk {
    /// Sends all due invocations in the outbox, each once (or twice, with the switches for that).
    pub async fn deliver_webhooks(&self) -> DeliveryReport {
        let mut report = DeliveryReport::default();
        for (mut invocation, webhook) in self.take_due() {
            if self.holds_back(&mut invocation) {
                report.waiting += 1;
                self.lock().webhooks.outbox.push_back(invocation);
                continue;
            }
            for _ in 0..self.copies(&invocation) {
                let attempt = self.attempt(&invocation, &webhook).await;
                let failed = !attempt.outcome.is_success();
                let now = self.clock.now();
                let mut state = self.lock();
                state.webhooks.breakers.entry(webhook.id.clone()).or_default().record(failed, now);
                drop(state);
                report.attempts.push((invocation.id.clone(), attempt.outcome));
                invocation.attempts.push(attempt);
            }
            self.file(invocation, &mut report);
        }
        report
    }

    /// Sends webhooks as they arise until `shutdown` is cancelled. Invocations in flight at that moment are lost:
    /// deliveries are best effort (facts §1.5).
    pub async fn run_webhook_sender(&self, shutdown: CancellationToken) {
        let work = async {
            loop {
                self.deliver_webhooks().await;
                let something_waits = {
                    let state = self.lock();
                    !state.webhooks.outbox.is_empty() || state.jobs.is_busy()
                };
                tokio::select! {
                    () = self.outbox_changed.notified() => {}
                    () = tokio::time::sleep(RETRY_CHECK), if something_waits => {}
                }
            }
        };
        shutdown.run_until_cancelled(work).await;
    }

    /// Takes due invocations out of the outbox, so that no other sender sends them meanwhile.
    fn take_due(&self) -> Vec<(Invocation, RegisteredWebhook)> {
        let now = self.clock.now();
        let mut state = self.lock();
        let (due, later): (VecDeque<_>, _) =
            std::mem::take(&mut state.webhooks.outbox).into_iter().partition(|waiting| waiting.due_at <= now);
        state.webhooks.outbox = later;
        let due = due.into_iter().filter_map(|invocation| state.webhooks.addressed(invocation));
        let mut due: Vec<_> = due.collect();
        let Chances { shuffle, seed, .. } = state.webhooks.switches.chances;
        if state.webhooks.switches.reorder {
            due.reverse();
        }
        if shuffle {
            due.sort_by_key(|(invocation, _)| {
                invocation.chance(seed).number(&format!("order {}", invocation.attempts.len()))
            });
        }
        due
    }

    /// Whether an invocation cannot be sent now: its webhook's breaker is open.
    fn holds_back(&self, invocation: &mut Invocation) -> bool {
        let state = self.lock();
        let now = self.clock.now();
        let breaker = state.webhooks.breakers.get(&invocation.webhook_id);
        let Some(until) = breaker.and_then(|breaker| breaker.open_until(now)) else { return false };
        invocation.hold_back(until, now);
        true
    }

    /// The number of times an invocation is sent in this round.
    fn copies(&self, invocation: &Invocation) -> usize {
        let state = self.lock();
        let Chances { duplicate_percent, seed, .. } = state.webhooks.switches.chances;
        let event = format!("duplicate {}", invocation.attempts.len());
        let by_chance = invocation.chance(seed).percent(&event, duplicate_percent);
        if state.webhooks.switches.duplicate || by_chance { 2 } else { 1 }
    }

    async fn attempt(&self, invocation: &Invocation, webhook: &RegisteredWebhook) -> Attempt {
        let at = whole_seconds(self.clock.now());
        let delivery = self.send(webhook, &webhook.endpoint, &invocation.id, &invocation.body, at).await;
        self.lock().webhooks.exchanges.push(Exchange {
            invocation_id: invocation.id.clone(),
            request_headers: delivery.headers,
            request_body: invocation.body.clone(),
            response: delivery.answer.map(|answer| (answer.headers, answer.body)),
        });
        Attempt { at, outcome: delivery.outcome }
    }

    /// Signs a body with a timestamp and sends it to a URL in the webhook's form.
    pub(super) async fn send(
        &self,
        webhook: &RegisteredWebhook,
        endpoint: &str,
        invocation_id: &str,
        body: &str,
        at: Timestamp,
    ) -> Delivery {
        let timestamp = at.to_string();
        let signed = if webhook.method.has_body() { body } else { "" };
        let parcel = WebhookRequest {
            account_id: self.settings.account_id,
            webhook_id: webhook.id.clone(),
            invocation_id: invocation_id.to_owned(),
            signature: sign(&webhook.secret, &timestamp, signed),
            timestamp,
            bearer_token: None,
            body: body.to_owned().into_bytes(),
        };
        self.courier
            .deliver(parcel, &RequestShape::of(webhook), endpoint, self.settings.webhook_timeout)
            .await
    }

    /// Stores an invocation after an attempt: as ended, or back in the outbox.
    fn file(&self, mut invocation: Invocation, report: &mut DeliveryReport) {
        let now = self.clock.now();
        let mut state = self.lock();
        if invocation.attempts.last().is_some_and(|attempt| attempt.outcome.is_success()) {
            invocation.status = InvocationStatus::Delivered;
            report.delivered += 1;
            state.webhooks.ended.push(invocation);
        } else if let Some(wait) = invocation.retry_in() {
            invocation.due_at = now + wait;
            invocation.status = InvocationStatus::Waiting;
            report.waiting += 1;
            state.webhooks.outbox.push_back(invocation);
        } else {
            invocation.status = InvocationStatus::Terminated;
            report.terminated += 1;
            state.webhooks.ended.push(invocation);
        }
    }

    /// Takes all invocations out of the outbox, for a caller that sends them itself and needs each outcome.
    pub fn take_invocations(&self) -> Vec<Invocation> {
        std::mem::take(&mut self.lock().webhooks.outbox).into()
    }

    /// All invocations so far: ended ones, then waiting ones. One in flight is in neither.
    pub fn invocations(&self) -> Vec<Invocation> {
        self.lock().webhooks.invocations().cloned().collect()
    }
}
