//! Custom statuses: the account's own names within the five status categories (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::change::{Setting, Update};
use super::configuration::ACCOUNT_OPENED;
use super::records::{TicketFields, parse_status, status_word};
use super::refusal::{Flaws, Refusal};
use super::state::State;
use crate::domain::ticket::TicketStatus;

const LONGEST_LABEL: usize = 48;

/// A custom status.
#[derive(Clone, Debug)]
pub(super) struct CustomStatus {
    pub(super) id: i64,
    /// Never changes.
    pub(super) category: TicketStatus,
    agent_label: String,
    end_user_label: String,
    description: Option<String>,
    end_user_description: Option<String>,
    pub(super) active: bool,
    /// One in each category.
    pub(super) default: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A request's data for a status. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusInput {
    status_category: Option<String>,
    agent_label: Option<String>,
    end_user_label: Option<String>,
    description: Option<String>,
    end_user_description: Option<String>,
    active: Option<bool>,
}

/// The category of a ticket's status. Closed tickets keep the custom status with which they were solved.
pub(super) fn category_of(status: TicketStatus) -> TicketStatus {
    match status {
        TicketStatus::Closed => TicketStatus::Solved,
        TicketStatus::Unknown => TicketStatus::Open,
        other => other,
    }
}

impl CustomStatus {
    /// One for each category, as every account has them.
    pub(super) fn default_ones() -> impl Iterator<Item = Self> {
        let labels = [
            (TicketStatus::New, "신규"),
            (TicketStatus::Open, "열림"),
            (TicketStatus::Pending, "대기 중"),
            (TicketStatus::Hold, "보류 중"),
            (TicketStatus::Solved, "해결됨"),
        ];
        (6_130_830_355_738..).zip(labels).map(|(id, (category, label))| Self {
            id,
            category,
            agent_label: label.to_owned(),
            end_user_label: label.to_owned(),
            description: None,
            end_user_description: None,
            active: true,
            default: true,
            created_at: ACCOUNT_OPENED,
            updated_at: ACCOUNT_OPENED,
        })
    }

    pub(super) fn json(&self, state: &State) -> Value {
        let mut value = self.brief();
        let parts = ["agent_label", "end_user_label", "description", "end_user_description"];
        for part in parts {
            value[format!("raw_{part}")] = value[part].clone();
            if let Some(text) = value[part].as_str() {
                value[part] = json!(state.resolved(text));
            }
        }
        value["url"] = json!(format!("{}/api/v2/custom_statuses/{}.json", state.base_url, self.id));
        value
    }

    /// Its form in the list of the status field.
    pub(super) fn brief(&self) -> Value {
        json!({
            "id": self.id, "status_category": status_word(self.category), "agent_label": self.agent_label,
            "end_user_label": self.end_user_label, "description": self.description,
            "end_user_description": self.end_user_description, "active": self.active, "default": self.default,
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }
}

impl Update {
    /// Makes status and custom status consistent: the one given decides, and both must agree (facts §5.3). A status alone
    /// means the default custom status of its category. A ticket that was worked on never becomes new again.
    pub(super) fn settle_status(&mut self, state: &State, ticket: &TicketFields) -> Result<(), Refusal> {
        let Setting::To(chosen) = self.custom_status_id else {
            if self.status.is_some() {
                self.custom_status_id = Setting::Clear;
            }
            return Ok(());
        };
        let Some(category) = state.configuration.statuses.get(&chosen).map(|status| status.category) else {
            return Ok(());
        };
        let contradicts = self.status.is_some_and(|status| category_of(status) != category);
        let back_to_new = category == TicketStatus::New && ticket.status != TicketStatus::New;
        if contradicts || back_to_new {
            let text = "Custom status: does not agree with the status";
            return Err(Flaws::only("custom_status_id", text, "InvalidValue"));
        }
        self.status = Some(category);
        Ok(())
    }
}

impl State {
    /// The custom status of a ticket: the chosen one if it still fits, otherwise the category's default.
    pub(super) fn custom_status_of(&self, ticket: &TicketFields) -> Option<i64> {
        let category = category_of(ticket.status);
        let statuses = &self.configuration.statuses;
        let chosen = ticket.placement.chosen_status.and_then(|id| statuses.get(&id));
        let fitting = chosen.filter(|status| status.category == category);
        let default = || statuses.values().find(|status| status.default && status.category == category);
        fitting.or_else(default).map(|status| status.id)
    }

    pub(super) fn create_status(&mut self, input: StatusInput, now: Timestamp) -> Result<i64, Refusal> {
        let category = input.status_category.as_deref().and_then(parse_status);
        let Some(category) = category.filter(|category| *category != TicketStatus::Closed) else {
            return Err(Flaws::only("status_category", "Status category: is invalid", "InvalidValue"));
        };
        let status = CustomStatus {
            id: self.next_id(),
            category,
            agent_label: String::new(),
            end_user_label: String::new(),
            description: None,
            end_user_description: None,
            active: true,
            default: false,
            created_at: now,
            updated_at: now,
        };
        let id = status.id;
        self.keep_status(status, input, now)?;
        Ok(id)
    }

    /// Changes a status. Another category is ignored without an error, as recorded.
    pub(super) fn update_status(
        &mut self,
        id: i64,
        input: StatusInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let status = self.configuration.statuses.get(&id).ok_or(Refusal::NotFound)?.clone();
        self.keep_status(status, input, now)
    }

    /// Makes these the defaults of their categories.
    pub(super) fn make_statuses_default(&mut self, ids: &[i64]) -> Result<(), Refusal> {
        let statuses = &mut self.configuration.statuses;
        if !ids.iter().all(|id| statuses.get(id).is_some_and(|status| status.active)) {
            return Err(Refusal::NotFound);
        }
        for id in ids {
            let category = statuses[id].category;
            for status in statuses.values_mut().filter(|status| status.category == category) {
                status.default = status.id == *id;
            }
        }
        Ok(())
    }

    fn keep_status(
        &mut self,
        mut status: CustomStatus,
        input: StatusInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        status.agent_label = input.agent_label.unwrap_or(status.agent_label);
        status.end_user_label = input.end_user_label.unwrap_or(status.end_user_label);
        if status.end_user_label.is_empty() {
            status.end_user_label.clone_from(&status.agent_label);
        }
        if status.agent_label.trim().is_empty() {
            flaws.add("agent_label", "Agent label: cannot be blank", "BlankValue");
        }
        for (field, label) in
            [("agent_label", &status.agent_label), ("end_user_label", &status.end_user_label)]
        {
            if label.chars().count() > LONGEST_LABEL {
                let text = format!("{field}: is too long (maximum is {LONGEST_LABEL} characters)");
                flaws.add(field, &text, "TooLong");
            }
        }
        status.active = input.active.unwrap_or(status.active);
        if status.default && !status.active {
            flaws.add("active", "Active: a default status cannot be switched off", "InvalidValue");
        }
        flaws.into_result()?;
        status.description = input.description.or(status.description);
        status.end_user_description = input.end_user_description.or(status.end_user_description);
        status.updated_at = now;
        self.configuration.statuses.insert(status.id, status);
        Ok(())
    }
}
