//! Setting up the fake account: people, groups, fields, triggers, webhooks, limits.

use std::sync::PoisonError;

use super::FakeZendesk;
use super::limits::RateLimits;
use super::records::{Group, TicketField, User};
use super::rules::{Trigger, TriggerDefinition};
use super::webhooks::{Webhook, WebhookSwitches};
use crate::sandbox::SandboxError;

impl FakeZendesk {
    /// Adds a user, or replaces the one with this id.
    pub fn add_user(&self, user: User) {
        self.lock().users.insert(user.id, user);
    }

    /// Changes a user.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn alter_user(&self, id: i64, alter: impl FnOnce(&mut User)) -> Result<(), SandboxError> {
        alter(self.lock().users.get_mut(&id).ok_or_else(|| SandboxError::unknown("user", id))?);
        Ok(())
    }

    /// Adds a group, or replaces the one with this id.
    pub fn add_group(&self, group: Group) {
        self.lock().groups.insert(group.id, group);
    }

    /// Adds a ticket field, or replaces the one with this id. Options without an id get one.
    pub fn add_ticket_field(&self, mut field: TicketField) {
        let mut state = self.lock();
        for option in field.options.iter_mut().filter(|option| option.id == 0) {
            option.id = state.next_id();
        }
        state.fields.insert(field.id, field);
    }

    /// Adds a trigger after those that are there, and returns its id.
    ///
    /// # Errors
    /// When it uses a condition or an action that the fake does not know.
    pub fn add_trigger(&self, definition: TriggerDefinition) -> Result<i64, SandboxError> {
        let mut state = self.lock();
        let id = state.next_id();
        state.triggers.push(Trigger::new(id, definition)?);
        Ok(id)
    }

    /// Adds a webhook, or replaces the one with this id: the next attempts go there.
    pub fn add_webhook(&self, webhook: Webhook) {
        self.lock().webhooks.insert(webhook.id.clone(), webhook);
    }

    /// Sets what goes wrong with webhooks from now on.
    pub fn set_webhook_switches(&self, switches: WebhookSwitches) {
        self.lock().switches = switches;
    }

    /// What goes wrong with webhooks.
    pub fn webhook_switches(&self) -> WebhookSwitches {
        self.lock().switches.clone()
    }

    /// Sets the rate limits from now on.
    pub fn set_rate_limits(&self, limits: RateLimits) {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    /// The rate limits.
    pub fn rate_limits(&self) -> RateLimits {
        self.limits()
    }

    /// Makes every access token invalid, as an admin can at any time.
    pub fn revoke_tokens(&self) {
        self.lock().tokens.revoke_all();
    }

    /// Every access token that was given out so far, valid or not.
    pub fn access_tokens(&self) -> Vec<String> {
        self.lock().tokens.all()
    }

    /// How many access tokens were given out so far.
    pub fn tokens_issued(&self) -> i64 {
        self.lock().tokens.issued()
    }
}
