//! Custom statuses: the account's own names within the five status categories (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::moments::ACCOUNT_OPENED;
use super::nullable::Setting;
use super::records::{TicketFields, parse_status, status_word};
use super::refusal::{Flaws, Refusal};
use super::table::Table;
use super::update::Update;
use crate::domain::ticket::TicketStatus;

const LONGEST_LABEL: usize = 48;

#[derive(Clone, Debug)]
pub(super) struct CustomStatus {
    pub(super) id: i64,
    /// Never changes.
    pub(super) category: TicketStatus,
    agent_label: String,
    end_user_label: String,
    description: Option<String>,
    end_user_description: Option<String>,
    /// One in each category.
    default: bool,
    created_at: Timestamp,
}

/// A request's data for a new status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusInput {
    status_category: Option<String>,
    agent_label: String,
    end_user_label: String,
    description: Option<String>,
    end_user_description: Option<String>,
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
    fn default_ones() -> impl Iterator<Item = Self> {
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
            default: true,
            created_at: ACCOUNT_OPENED,
        })
    }

    pub(super) fn json(&self, base_url: &str) -> Value {
        let mut value = self.brief();
        for part in ["agent_label", "end_user_label", "description", "end_user_description"] {
            value[format!("raw_{part}")] = value[part].clone();
        }
        value["url"] = json!(format!("{base_url}/api/v2/custom_statuses/{}.json", self.id));
        value
    }

    /// Its form in the list of the status field.
    pub(super) fn brief(&self) -> Value {
        json!({
            "id": self.id, "status_category": status_word(self.category), "agent_label": self.agent_label,
            "end_user_label": self.end_user_label, "description": self.description,
            "end_user_description": self.end_user_description, "active": true, "default": self.default,
            "created_at": self.created_at, "updated_at": self.created_at,
        })
    }
}

impl Table<CustomStatus> {
    /// The statuses of a new account.
    pub(super) fn of_new_account() -> Self {
        CustomStatus::default_ones().map(|status| (status.id, status)).collect()
    }

    /// The custom status of a ticket: the chosen one if it still fits, otherwise the category's default.
    pub(super) fn of(&self, ticket: &TicketFields) -> Option<i64> {
        let category = category_of(ticket.status);
        let chosen = ticket.placement.chosen_status.and_then(|id| self.get(&id));
        let fitting = chosen.filter(|status| status.category == category);
        let default = || self.values().find(|status| status.default && status.category == category);
        fitting.or_else(default).map(|status| status.id)
    }

    /// Makes the status and the custom status of an update consistent: the one given decides, and both must agree
    /// (facts §5.3). A status alone means the default custom status of its category. A ticket that was worked on never
    /// becomes new again.
    pub(super) fn settle(&self, update: &mut Update, ticket: &TicketFields) -> Result<(), Refusal> {
        let Setting::To(chosen) = update.custom_status_id else {
            if update.status.is_some() {
                update.custom_status_id = Setting::Clear;
            }
            return Ok(());
        };
        let Some(category) = self.get(&chosen).map(|status| status.category) else {
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

    pub(super) fn create(&mut self, id: i64, input: StatusInput, now: Timestamp) -> Result<i64, Refusal> {
        let category = input.status_category.as_deref().and_then(parse_status);
        let Some(category) = category.filter(|category| *category != TicketStatus::Closed) else {
            return Err(Flaws::only("status_category", "Status category: is invalid", "InvalidValue"));
        };
        let agent_label = input.agent_label;
        let end_user_label =
            if input.end_user_label.is_empty() { agent_label.clone() } else { input.end_user_label };
        let mut flaws = Flaws::default();
        if agent_label.trim().is_empty() {
            flaws.add("agent_label", "Agent label: cannot be blank", "BlankValue");
        }
        for (field, label) in [("agent_label", &agent_label), ("end_user_label", &end_user_label)] {
            if label.chars().count() > LONGEST_LABEL {
                let text = format!("{field}: is too long (maximum is {LONGEST_LABEL} characters)");
                flaws.add(field, &text, "TooLong");
            }
        }
        flaws.into_result()?;
        let status = CustomStatus {
            id,
            category,
            agent_label,
            end_user_label,
            description: input.description,
            end_user_description: input.end_user_description,
            default: false,
            created_at: now,
        };
        self.insert(id, status);
        Ok(id)
    }
}
