//! Checks that a rule's references exist in the account, when a rule is sent by the API.

use std::fmt::Write as _;

use super::action::{AuditKind, Recipient};
use super::condition::Check;
use super::subject::Subject;
use super::trigger::problems;
use super::{Conditions, RuleAction, RuleCondition, TriggerDefinition};
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::state::State;
use crate::zendesk::webhooks::RegisteredWebhook;

impl State {
    /// Rejects a trigger with unknown conditions, operators, values, actions or references. Reports all problems at once.
    pub(in crate::zendesk) fn check_rule(&self, definition: &TriggerDefinition) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        for problem in problems(definition) {
            flaws.base(&problem);
        }
        for condition in definition.conditions.all.iter().chain(&definition.conditions.any) {
            if let Some(text) = self.unknown_in_condition(condition) {
                flaws.base(&text);
            }
        }
        for action in &definition.actions {
            if let Some(text) = self.unknown_in_action(action) {
                flaws.base(&text);
            }
        }
        flaws.into_result()
    }

    /// Reports conditions that a view cannot have: unknown ones, and those about an update instead of a ticket.
    pub(in crate::zendesk) fn check_conditions_of_view(&self, conditions: &Conditions, flaws: &mut Flaws) {
        for condition in conditions.all.iter().chain(&conditions.any) {
            let problem = match Check::parse(condition) {
                Err(problem) => Some(problem),
                Ok(check) if check.is_about_an_update() => {
                    let RuleCondition { field, operator, .. } = condition;
                    Some(format!("Invalid condition '{field} / {operator}'"))
                }
                Ok(_) => self.unknown_in_condition(condition),
            };
            if let Some(problem) = problem {
                flaws.base(&problem);
            }
        }
    }

    fn unknown_in_condition(&self, condition: &RuleCondition) -> Option<String> {
        let check = Check::parse(condition).ok()?;
        let RuleCondition { field, operator, .. } = condition;
        if let Subject::CustomField(id) = check.subject
            && !self.fields.contains_key(&id)
        {
            return Some(format!("Invalid condition '{field}'"));
        }
        let unknown = check.wanted.iter().find(|text| !self.knows(check.subject, text))?;
        Some(format!("Invalid value '{unknown}' in '{field} / {operator} / {unknown}'"))
    }

    /// Whether an id refers to an existing object.
    fn knows(&self, subject: Subject, text: &str) -> bool {
        let Ok(id) = text.parse::<i64>() else { return true };
        match subject {
            Subject::CustomStatus => self.statuses.contains_key(&id),
            Subject::Assignee | Subject::Requester => self.users.contains_key(&id),
            Subject::CurrentUser => self.switches.role_takes_user_ids && self.users.contains_key(&id),
            Subject::Group => self.groups.takes_tickets(id),
            Subject::Brand => self.brands.contains_key(&id),
            Subject::Form => self.forms.contains_key(&id),
            _ => true,
        }
    }

    fn unknown_in_action(&self, action: &RuleAction) -> Option<String> {
        let unknown = match AuditKind::parse(action).ok()? {
            AuditKind::Ticket(action) => action.names_nothing(self),
            AuditKind::NotifyWebhook { webhook_id, .. } => {
                !self.webhooks.get(&webhook_id).is_ok_and(RegisteredWebhook::serves_triggers)
            }
            AuditKind::Notify { recipient: Recipient::User(id), .. } => !self.users.contains_key(&id),
            AuditKind::Notify { recipient: Recipient::Group(id), .. } => !self.groups.takes_tickets(id),
            AuditKind::Notify { .. } => false,
        };
        let mut text = format!("Invalid action '{}'", action.field);
        if let Some(value) = action.value.as_str().or_else(|| action.value.get(0)?.as_str()) {
            let _ = write!(text, " with '{value}'");
        }
        unknown.then_some(text)
    }
}
