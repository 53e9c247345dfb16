//! Ticket forms: the fields that a ticket shows (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::configuration::ACCOUNT_OPENED;
use super::fields::SYSTEM_FIELDS;
use super::placement::DEFAULT_FORM;
use super::refusal::{Flaws, Refusal};
use super::state::State;

/// A ticket form.
#[expect(clippy::struct_excessive_bools, reason = "the boxes of Zendesk's form, each on its own")]
#[derive(Clone, Debug)]
pub(super) struct TicketForm {
    id: i64,
    name: String,
    display_name: Option<String>,
    position: i64,
    pub(super) active: bool,
    default: bool,
    end_user_visible: bool,
    in_all_brands: bool,
    restricted_brand_ids: Vec<i64>,
    /// `None`: all fields, including future ones.
    field_ids: Option<Vec<i64>>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A request's data for a form. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FormInput {
    name: Option<String>,
    display_name: Option<String>,
    position: Option<i64>,
    active: Option<bool>,
    end_user_visible: Option<bool>,
    in_all_brands: Option<bool>,
    restricted_brand_ids: Option<Vec<i64>>,
    ticket_field_ids: Option<Vec<i64>>,
}

impl TicketForm {
    /// The form that every account has; it shows every field.
    pub(super) fn default_one() -> Self {
        Self { default: true, ..Self::new(DEFAULT_FORM, "기본 티켓 양식", None, ACCOUNT_OPENED) }
    }

    fn new(id: i64, name: &str, field_ids: Option<Vec<i64>>, created_at: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            display_name: None,
            position: 1,
            active: true,
            default: false,
            end_user_visible: true,
            in_all_brands: true,
            restricted_brand_ids: Vec::new(),
            field_ids,
            created_at,
            updated_at: created_at,
        }
    }

    /// Whether the form shows a field.
    pub(super) fn contains(&self, field_id: i64) -> bool {
        self.field_ids.as_ref().is_none_or(|ids| ids.contains(&field_id))
    }

    pub(super) fn in_brand(&self, brand_id: i64) -> bool {
        self.in_all_brands || self.restricted_brand_ids.contains(&brand_id)
    }

    pub(super) fn json(&self, state: &State) -> Value {
        let every =
            || SYSTEM_FIELDS.iter().map(|field| field.id).chain(state.fields.keys().copied()).collect();
        let display_name = self.display_name.as_ref().unwrap_or(&self.name);
        json!({
            "url": format!("{}/api/v2/ticket_forms/{}.json", state.base_url, self.id), "id": self.id,
            "name": state.resolved(&self.name), "raw_name": self.name, "display_name": self.title(state),
            "raw_display_name": display_name, "position": self.position, "active": self.active,
            "default": self.default, "end_user_visible": self.end_user_visible, "in_all_brands": self.in_all_brands,
            "restricted_brand_ids": self.restricted_brand_ids,
            "ticket_field_ids": self.field_ids.clone().unwrap_or_else(every),
            "agent_conditions": [], "end_user_conditions": [],
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }

    /// Its name for customers.
    pub(super) fn title(&self, state: &State) -> String {
        state.resolved(self.display_name.as_ref().unwrap_or(&self.name))
    }

    pub(super) fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn position(&self) -> i64 {
        self.position
    }
}

impl State {
    /// Creates a form; without fields it shows only the system's.
    pub(super) fn create_form(&mut self, input: FormInput, now: Timestamp) -> Result<i64, Refusal> {
        let id = self.next_id();
        let fields = SYSTEM_FIELDS.iter().map(|field| field.id).collect();
        let last = self.configuration.forms.values().map(|form| form.position).max().unwrap_or(0);
        let form = TicketForm { position: last + 1, ..TicketForm::new(id, "", Some(fields), now) };
        self.keep_form(form, input, now)?;
        Ok(id)
    }

    pub(super) fn update_form(&mut self, id: i64, input: FormInput, now: Timestamp) -> Result<(), Refusal> {
        let form = self.configuration.forms.get(&id).ok_or(Refusal::NotFound)?.clone();
        self.keep_form(form, input, now)
    }

    /// Deletes a form; the default one and those of open tickets stay.
    pub(super) fn delete_form(&mut self, id: i64) -> Result<(), Refusal> {
        let form = self.configuration.forms.get(&id).ok_or(Refusal::NotFound)?;
        let in_use = self.tickets.values().any(|ticket| ticket.fields.placement.ticket_form_id == id);
        if form.default || in_use {
            return Err(Flaws::only("base", "The form is in use", "InvalidValue"));
        }
        self.configuration.forms.remove(&id);
        Ok(())
    }

    fn keep_form(&mut self, mut form: TicketForm, input: FormInput, now: Timestamp) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        form.name = input.name.unwrap_or(form.name);
        if form.name.trim().is_empty() {
            flaws.add("name", "Name: cannot be blank", "BlankValue");
        }
        let known =
            |id: &i64| self.fields.contains_key(id) || SYSTEM_FIELDS.iter().any(|field| field.id == *id);
        if input.ticket_field_ids.as_ref().is_some_and(|ids| !ids.iter().all(known)) {
            flaws.add("ticket_field_ids", "Ticket field ids: is invalid", "InvalidValue");
        }
        form.active = input.active.unwrap_or(form.active);
        if form.default && !form.active {
            flaws.add("active", "Active: the default form cannot be switched off", "InvalidValue");
        }
        flaws.into_result()?;
        form.display_name = input.display_name.or(form.display_name);
        form.position = input.position.unwrap_or(form.position);
        form.end_user_visible = input.end_user_visible.unwrap_or(form.end_user_visible);
        form.in_all_brands = input.in_all_brands.unwrap_or(form.in_all_brands);
        form.restricted_brand_ids = input.restricted_brand_ids.unwrap_or(form.restricted_brand_ids);
        form.field_ids = input.ticket_field_ids.or(form.field_ids);
        form.updated_at = now;
        self.configuration.forms.insert(form.id, form);
        Ok(())
    }
}
