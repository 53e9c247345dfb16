//! Fields that agents must fill in before a ticket can be solved (facts §3.7, §5.2).

use serde_json::Value;

use crate::domain::ticket::TicketStatus;
use crate::zendesk::fields::{FieldKind, SYSTEM_FIELDS, TicketField};
use crate::zendesk::records::TicketFields;
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::state::State;
use crate::zendesk::update::Update;

/// Rejects an update that solves the ticket while a required field of its form is empty. Reports all such fields at once.
pub(in crate::zendesk) fn check(
    state: &State,
    ticket: &TicketFields,
    update: &Update,
) -> Result<(), Refusal> {
    if update.status != Some(TicketStatus::Solved) {
        return Ok(());
    }
    let mut after = ticket.clone();
    state.set(&mut after, update);
    let mut flaws = Flaws::default();
    let mut lacking = |title: &str, id: i64, class: &str| {
        flaws.of_field("is required when solving a ticket", title, id, class);
    };
    for field in SYSTEM_FIELDS.iter().filter(|field| state.required_system_fields.contains(&field.id)) {
        if !field.is_filled(&after) {
            lacking(field.title, field.id, field.class);
        }
    }
    let form = state.forms.get(&after.placement.ticket_form_id);
    for field in state.fields.values().filter(|field| field.active && field.required) {
        let asked = form.is_none_or(|form| form.contains(field.id));
        if asked && !field.allows_solving(after.custom_fields.get(&field.id)) {
            lacking(&field.title, field.id, field.kind.class());
        }
    }
    flaws.into_result()
}

impl TicketField {
    /// Whether a ticket with this value may be solved while the field is required.
    fn allows_solving(&self, value: Option<&Value>) -> bool {
        match (self.kind, value) {
            (_, None) => false,
            (FieldKind::Checkbox, Some(value)) => value == &Value::Bool(true),
            (FieldKind::Tagger, Some(value)) => {
                let option = value.as_str().and_then(|value| self.option(value));
                option.is_none_or(|option| option.allow_solving)
            }
            _ => true,
        }
    }
}
