//! Ticket forms: the fields that a ticket shows (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fields::{SYSTEM_FIELDS, TicketField};
use super::moments::ACCOUNT_OPENED;
use super::placement::DEFAULT_FORM;
use super::refusal::{Flaws, Refusal};
use super::table::Table;

#[derive(Clone, Debug)]
pub(super) struct TicketForm {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) position: i64,
    /// `None`: all fields, including future ones.
    field_ids: Option<Vec<i64>>,
    created_at: Timestamp,
}

/// A request's data for a new form. Without fields it shows only the system's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FormInput {
    name: String,
    ticket_field_ids: Option<Vec<i64>>,
}

impl TicketForm {
    /// The form that every account has; it shows every field.
    fn default_one() -> Self {
        let name = "기본 티켓 양식".to_owned();
        Self { id: DEFAULT_FORM, name, position: 1, field_ids: None, created_at: ACCOUNT_OPENED }
    }

    /// Whether the form shows a field.
    pub(super) fn contains(&self, field_id: i64) -> bool {
        self.field_ids.as_ref().is_none_or(|ids| ids.contains(&field_id))
    }

    pub(super) fn json(&self, base_url: &str, fields: &Table<TicketField>) -> Value {
        let every = || SYSTEM_FIELDS.iter().map(|field| field.id).chain(fields.keys().copied()).collect();
        json!({
            "url": format!("{base_url}/api/v2/ticket_forms/{}.json", self.id), "id": self.id,
            "name": self.name, "raw_name": self.name, "display_name": self.name, "raw_display_name": self.name,
            "position": self.position, "active": true, "default": self.id == DEFAULT_FORM,
            "end_user_visible": true, "in_all_brands": true, "restricted_brand_ids": [],
            "ticket_field_ids": self.field_ids.clone().unwrap_or_else(every),
            "agent_conditions": [], "end_user_conditions": [],
            "created_at": self.created_at, "updated_at": self.created_at,
        })
    }
}

impl Table<TicketForm> {
    /// The forms of a new account.
    pub(super) fn of_new_account() -> Self {
        let form = TicketForm::default_one();
        [(form.id, form)].into_iter().collect()
    }

    pub(super) fn create(
        &mut self,
        id: i64,
        input: FormInput,
        fields: &Table<TicketField>,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let mut flaws = Flaws::default();
        if input.name.trim().is_empty() {
            flaws.add("name", "Name: cannot be blank", "BlankValue");
        }
        let system = || SYSTEM_FIELDS.iter().map(|field| field.id);
        let field_ids = input.ticket_field_ids.unwrap_or_else(|| system().collect());
        if !field_ids.iter().all(|id| fields.contains_key(id) || system().any(|known| known == *id)) {
            flaws.add("ticket_field_ids", "Ticket field ids: is invalid", "InvalidValue");
        }
        flaws.into_result()?;
        let position = self.values().map(|form| form.position).max().unwrap_or(0) + 1;
        let form = TicketForm { id, name: input.name, position, field_ids: Some(field_ids), created_at: now };
        self.insert(id, form);
        Ok(id)
    }
}
