//! Sets up the fake account: people, groups, fields, triggers, macros, webhooks, limits.

use std::sync::PoisonError;

use super::fake::FakeZendesk;
use super::fields::TicketField;
use super::groups::Group;
use super::limits::RateLimits;
use super::macros::{Macro, MacroInput, Restriction};
use super::moments::whole_seconds;
use super::records::User;
use super::rules::{RuleAction, TriggerDefinition, default_triggers};
use super::settings::ADMIN_USER;
use super::switches::AccountSwitches;
use super::ticket_switches::TicketSwitches;
use super::views::View;
use super::webhooks::{Webhook, WebhookSwitches};
use crate::SandboxError;
use crate::domain::ids::TicketId;

impl FakeZendesk {
    /// Adds a user, or replaces the one with this id.
    pub fn add_user(&self, mut user: User) {
        let now = Some(whole_seconds(self.clock.now()));
        user.profile.created_at = user.profile.created_at.or(now);
        user.profile.updated_at = user.profile.updated_at.or(now);
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
    pub fn add_group(&self, mut group: Group) {
        let now = Some(whole_seconds(self.clock.now()));
        group.created_at = group.created_at.or(now);
        group.updated_at = group.updated_at.or(now);
        self.lock().groups.insert(group.id, group);
    }

    /// Adds a ticket field, or replaces the one with this id. Options without an id get one.
    pub fn add_ticket_field(&self, mut field: TicketField) {
        let now = Some(whole_seconds(self.clock.now()));
        field.created_at = field.created_at.or(now);
        field.updated_at = field.updated_at.or(now);
        let mut state = self.lock();
        for option in field.options.iter_mut().filter(|option| option.id == 0) {
            option.id = state.next_id();
        }
        state.fields.insert(field.id, field);
    }

    /// Adds a trigger after the existing ones, and returns its id. Its references are not checked.
    ///
    /// # Errors
    /// If it uses a condition or an action that the fake does not support.
    pub fn add_trigger(&self, definition: TriggerDefinition) -> Result<i64, SandboxError> {
        let now = whole_seconds(self.clock.now());
        self.lock().add_trigger(definition, ADMIN_USER, now)
    }

    /// Adds Zendesk's default triggers of a new account: they notify requester, CCs and assignee by mail.
    ///
    /// # Errors
    /// If the fake does not support a part of them.
    pub fn with_default_triggers(self) -> Result<Self, SandboxError> {
        for definition in default_triggers() {
            self.add_trigger(definition)?;
        }
        Ok(self)
    }

    /// Adds a shared macro, as an admin does, and returns its id.
    ///
    /// # Errors
    /// If it has no title or no actions, or an invalid one.
    pub fn add_macro(&self, title: &str, actions: Vec<RuleAction>) -> Result<i64, SandboxError> {
        let now = whole_seconds(self.clock.now());
        let created = self.lock().create_macro(MacroInput::new(title, actions), ADMIN_USER, now);
        created.map_err(|refusal| SandboxError::Invalid {
            what: "macro".to_owned(),
            reason: format!("{refusal:?}"),
        })
    }

    /// The account's macros by id.
    pub fn macros(&self) -> Vec<Macro> {
        self.lock().macros.values().cloned().collect()
    }

    /// The titles of the active views that show a ticket to an agent.
    ///
    /// # Errors
    /// If there is no such ticket or agent.
    pub fn views_of(&self, id: TicketId, agent_id: i64) -> Result<Vec<String>, SandboxError> {
        let state = self.lock();
        let (ticket, agent) = (&state.ticket(id.get())?.fields, state.user(agent_id)?);
        let shown = |view: &&View| {
            view.active
                && Restriction::admits(view.restriction.as_ref(), agent)
                && state.is_in_view(&view.conditions, ticket, agent_id)
        };
        Ok(state.views.values().filter(shown).map(|view| view.title.clone()).collect())
    }

    /// Sets the account's variable behaviour from now on.
    pub fn set_account_switches(&self, switches: AccountSwitches) {
        self.lock().switches = switches;
    }

    /// The account's variable behaviour.
    pub fn account_switches(&self) -> AccountSwitches {
        self.lock().switches.clone()
    }

    /// Adds a webhook, or replaces the one with this id: further attempts use it.
    pub fn add_webhook(&self, webhook: Webhook) {
        self.lock().webhooks.put(webhook.into());
    }

    /// Sets the faults of webhooks from now on.
    pub fn set_webhook_switches(&self, switches: WebhookSwitches) {
        self.lock().webhooks.switches = switches;
    }

    /// The faults of webhooks.
    pub fn webhook_switches(&self) -> WebhookSwitches {
        self.lock().webhooks.switches.clone()
    }

    /// Sets the rate limits from now on.
    pub fn set_rate_limits(&self, limits: RateLimits) {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    pub fn rate_limits(&self) -> RateLimits {
        self.limits()
    }

    /// Invalidates all access tokens, as an admin can at any time.
    pub fn revoke_tokens(&self) {
        self.lock().tokens.revoke_all();
    }

    /// All access tokens issued so far, valid or not.
    pub fn access_tokens(&self) -> Vec<String> {
        self.lock().tokens.all()
    }

    /// The account's ticket behaviour.
    pub fn ticket_switches(&self) -> TicketSwitches {
        self.lock().ticket_switches
    }

    /// Sets the account's ticket behaviour from now on. Stored data stays as it is.
    pub fn set_ticket_switches(&self, switches: TicketSwitches) {
        self.lock().ticket_switches = switches;
    }
}
