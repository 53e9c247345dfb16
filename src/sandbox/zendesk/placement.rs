//! Where a ticket stands in the account: brand, form, custom status, and who gets copies (facts §3.1, §5.3).

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::brands::DEFAULT_BRAND;
use super::change::{Setting, Update};
use super::forms::DEFAULT_FORM;
use super::records::{TicketFields, optional_id};
use super::refusal::{Flaws, Refusal};
use super::state::State;
use super::statuses::category_of;
use crate::domain::ticket::TicketStatus;

/// Where a ticket stands in the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// The brand that the customer wrote to.
    pub brand_id: i64,
    /// The form that says which fields count.
    pub ticket_form_id: i64,
    /// A custom status of the ticket's status category; the category's default one when absent.
    #[serde(skip)]
    pub(super) chosen_status: Option<i64>,
    /// Who gets copies of public comments.
    pub email_cc_ids: BTreeSet<i64>,
    /// Agents who are told of every comment.
    pub follower_ids: BTreeSet<i64>,
}

impl Default for Placement {
    fn default() -> Self {
        Self {
            brand_id: DEFAULT_BRAND,
            ticket_form_id: DEFAULT_FORM,
            chosen_status: None,
            email_cc_ids: BTreeSet::new(),
            follower_ids: BTreeSet::new(),
        }
    }
}

/// What an update changes of it. What is absent stays.
#[derive(Clone, Debug, Default)]
pub(super) struct PlacementChange {
    brand_id: Option<i64>,
    ticket_form_id: Option<i64>,
    chosen_status: Setting<i64>,
    copies: Vec<(i64, bool)>,
}

impl PlacementChange {
    /// Takes one key of a ticket object; tells whether it is one of these.
    pub(super) fn take(&mut self, state: &State, key: &str, value: &Value) -> Result<bool, Refusal> {
        let configuration = &state.configuration;
        match key {
            "brand_id" => {
                let exists = |id: &i64| configuration.brands.get(id).is_some_and(|brand| brand.active);
                self.brand_id = named("brand", value, exists)?;
            }
            "ticket_form_id" => {
                let exists = |id: &i64| configuration.forms.get(id).is_some_and(|form| form.active);
                self.ticket_form_id = named("ticket_form", value, exists)?;
            }
            "custom_status_id" => {
                let exists = |id: &i64| configuration.statuses.get(id).is_some_and(|status| status.active);
                self.chosen_status = named("custom_status_id", value, exists)?.into();
            }
            "email_ccs" => self.copies = copies(state, value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Brings status and custom status together: the one that is named decides, and both must agree (facts §5.3). A status alone
    /// means the default custom status of its category.
    pub(super) fn settle(update: &mut Update, state: &State, ticket: &TicketFields) -> Result<(), Refusal> {
        let Setting::To(chosen) = update.placement.chosen_status else {
            if update.status.is_some() {
                update.placement.chosen_status = Setting::Clear;
            }
            return Ok(());
        };
        let Some(category) = state.configuration.statuses.get(&chosen).map(|status| status.category) else {
            return Ok(());
        };
        let contradicts = update.status.is_some_and(|status| category_of(status) != category);
        let back_to_new = category == TicketStatus::New && ticket.status != TicketStatus::New;
        if contradicts || back_to_new {
            let text = "Custom status: does not agree with the status";
            return Err(Flaws::only("custom_status_id", text, "InvalidValue"));
        }
        update.status = Some(category);
        Ok(())
    }

    pub(super) fn apply(&self, placement: &mut Placement) {
        placement.brand_id = self.brand_id.unwrap_or(placement.brand_id);
        placement.ticket_form_id = self.ticket_form_id.unwrap_or(placement.ticket_form_id);
        placement.chosen_status = self.chosen_status.applied(placement.chosen_status);
        for (user_id, added) in &self.copies {
            if *added {
                placement.email_cc_ids.insert(*user_id);
            } else {
                placement.email_cc_ids.remove(user_id);
            }
        }
    }
}

fn named(field: &'static str, value: &Value, exists: impl Fn(&i64) -> bool) -> Result<Option<i64>, Refusal> {
    match optional_id(value) {
        Ok(None) => Ok(None),
        Ok(Some(id)) if exists(&id) => Ok(Some(id)),
        _ => Err(Flaws::only(field, &format!("{field}: is invalid"), "InvalidValue")),
    }
}

/// `[{"user_id" or "user_email", "action": "put" or "delete"}]`; `put` when no action is named.
fn copies(state: &State, value: &Value) -> Result<Vec<(i64, bool)>, Refusal> {
    let unknown = || Flaws::only("email_ccs", "Email ccs: is invalid", "InvalidValue");
    let entries = value.as_array().into_iter().flatten();
    let copy = |entry: &Value| {
        let by_id = optional_id(&entry["user_id"]).map_err(|_| unknown())?;
        let address = entry["user_email"].as_str();
        let by_address = || state.users.values().find(|user| Some(user.email.as_str()) == address);
        let id = by_id.or_else(|| by_address().map(|user| user.id)).ok_or_else(unknown)?;
        if !state.users.contains_key(&id) {
            return Err(unknown());
        }
        Ok((id, entry["action"] != "delete"))
    };
    entries.map(copy).collect()
}
