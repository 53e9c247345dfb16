//! Performs a trigger's actions.

use jiff::Timestamp;
use reqwest::Url;
use serde_json::Value;

use super::action::{AuditKind, Template};
use super::occasion::Occasion;
use super::{Escaping, Placeholders, Trigger};
use crate::zendesk::records::TicketFields;
use crate::zendesk::state::State;

impl State {
    /// Performs a trigger's actions in order. Returns the resulting ticket, without storing it, and the audit events of the
    /// notifications sent.
    pub(super) fn perform(
        &mut self,
        trigger: &Trigger,
        ticket: &TicketFields,
        occasion: &Occasion,
        now: Timestamp,
    ) -> (TicketFields, Vec<Value>) {
        let author_id = occasion.author_id;
        let mut after = ticket.clone();
        let mut told = Vec::new();
        for action in &trigger.actions {
            match action {
                AuditKind::Ticket(action) => action.apply(self, &mut after, author_id),
                AuditKind::NotifyWebhook { webhook_id, template } => {
                    let body = self.body(template, &after, author_id);
                    let number = self.next_id();
                    self.webhooks.enqueue(number, webhook_id, after.id, body, now);
                }
                AuditKind::Notify { recipient, subject, body } => {
                    let recipients = self.recipients(*recipient, &after, author_id);
                    if !recipients.is_empty() {
                        told.push(self.notification(trigger, &recipients, subject, body));
                    }
                }
            }
        }
        (after, told)
    }

    /// The body for a webhook: the template with its placeholders rendered.
    fn body(&self, template: &Template, ticket: &TicketFields, author_id: i64) -> String {
        let placeholders = Placeholders::new(self, ticket, author_id);
        match template {
            Template::Text(text) => placeholders.render(text, Escaping::Json),
            Template::Pairs(pairs) => {
                let rendered =
                    pairs.iter().map(|(name, text)| (name, placeholders.render(text, Escaping::Raw)));
                let encoded = Url::parse_with_params("http://localhost/", rendered);
                encoded.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
            }
        }
    }
}
