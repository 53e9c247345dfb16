//! The account's webhooks, and what was and is to be sent to them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::input::unknown;
use super::log::ExchangeLog;
use super::registered::{RegisteredWebhook, new_secret};
use super::{Invocation, InvocationStatus, WebhookSwitches, opaque_id};
use crate::zendesk::breaker::Breaker;
use crate::zendesk::refusal::Refusal;

/// The webhooks, their outbox and its log.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct Webhooks {
    registered: BTreeMap<String, RegisteredWebhook>,
    pub(in crate::zendesk) switches: WebhookSwitches,
    pub(in crate::zendesk) outbox: VecDeque<Invocation>,
    pub(in crate::zendesk) ended: Vec<Invocation>,
    pub(in crate::zendesk) exchanges: ExchangeLog,
    /// By the webhook's id; those without an attempt are absent.
    pub(in crate::zendesk) breakers: BTreeMap<String, Breaker>,
    /// The number of notifications about each ticket.
    notifications: BTreeMap<i64, u32>,
}

impl Webhooks {
    pub(in crate::zendesk) fn get(&self, id: &str) -> Result<&RegisteredWebhook, Refusal> {
        self.registered.get(id).ok_or_else(unknown)
    }

    pub(in crate::zendesk) fn registered(&self) -> impl Iterator<Item = &RegisteredWebhook> {
        self.registered.values()
    }

    /// Adds a webhook, or replaces the one with its id.
    pub(in crate::zendesk) fn put(&mut self, webhook: RegisteredWebhook) {
        self.registered.insert(webhook.id.clone(), webhook);
    }

    /// Creates a webhook and returns its id.
    pub(in crate::zendesk) fn create(
        &mut self,
        number: i64,
        said: &Map<String, Value>,
        by: i64,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let webhook = RegisteredWebhook::requested(number, said, by, now)?;
        let id = webhook.id.clone();
        self.put(webhook);
        Ok(id)
    }

    /// Creates a copy of a webhook and returns its id.
    pub(in crate::zendesk) fn copy(
        &mut self,
        number: i64,
        id: &str,
        by: i64,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let copy = self.get(id)?.copied(number, by, now);
        let id = copy.id.clone();
        self.put(copy);
        Ok(id)
    }

    pub(in crate::zendesk) fn change(
        &mut self,
        id: &str,
        said: &Map<String, Value>,
        by: (i64, Timestamp),
    ) -> Result<(), Refusal> {
        let changed = self.get(id)?.changed(said, by)?;
        self.put(changed);
        Ok(())
    }

    pub(in crate::zendesk) fn delete(&mut self, id: &str) -> Result<(), Refusal> {
        self.registered.remove(id).map(drop).ok_or_else(unknown)
    }

    /// Gives a webhook a new signing secret; the old one becomes invalid.
    pub(in crate::zendesk) fn reset_secret(&mut self, number: i64, id: &str) -> Result<String, Refusal> {
        let secret = new_secret(number);
        let webhook = self.registered.get_mut(id).ok_or_else(unknown)?;
        webhook.secret.clone_from(&secret);
        Ok(secret)
    }

    /// All invocations: ended ones, then waiting ones.
    pub(in crate::zendesk) fn invocations(&self) -> impl Iterator<Item = &Invocation> {
        self.ended.iter().chain(&self.outbox)
    }

    /// Adds a notification to the outbox. An unknown or inactive webhook notifies no receiver.
    pub(in crate::zendesk) fn enqueue(
        &mut self,
        number: i64,
        webhook_id: &str,
        ticket_id: i64,
        body: String,
        now: Timestamp,
    ) {
        if !self.registered.get(webhook_id).is_some_and(|webhook| webhook.active) {
            return;
        }
        let nth = self.notifications.entry(ticket_id).or_default();
        *nth += 1;
        let mut invocation = Invocation {
            id: opaque_id("invocation", number),
            webhook_id: webhook_id.to_owned(),
            ticket_id,
            body,
            due_at: now,
            status: InvocationStatus::Waiting,
            attempts: Vec::new(),
            nth: *nth,
        };
        let chances = self.switches.chances;
        let chance = invocation.chance(chances.seed);
        let delay = chance.up_to("delay", chances.delay_up_to_seconds);
        invocation.due_at = now + Duration::from_secs(u64::from(self.switches.delay_seconds) + delay);
        let dropped = self.switches.drop_next > 0;
        self.switches.drop_next = self.switches.drop_next.saturating_sub(1);
        if dropped || chance.percent("drop", chances.drop_percent) {
            invocation.status = InvocationStatus::Dropped;
            self.ended.push(invocation);
        } else {
            self.outbox.push_back(invocation);
        }
    }

    /// An invocation with its webhook. It has ended if its webhook was deleted or deactivated meanwhile.
    pub(in crate::zendesk) fn addressed(
        &mut self,
        mut invocation: Invocation,
    ) -> Option<(Invocation, RegisteredWebhook)> {
        let webhook = self.registered.get(&invocation.webhook_id).filter(|webhook| webhook.active).cloned();
        let Some(webhook) = webhook else {
            invocation.status = InvocationStatus::Dropped;
            self.ended.push(invocation);
            return None;
        };
        Some((invocation, webhook))
    }
}
