//! The categories of triggers; their errors have the `errors[]` form (facts §3.11, §5.1).

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::zendesk::moments::ACCOUNT_OPENED;
use crate::zendesk::refusal::{Refusal, listed};

#[derive(Clone, Debug)]
pub(in crate::zendesk) struct TriggerCategory {
    /// Text in JSON.
    pub(in crate::zendesk) id: i64,
    name: String,
    pub(in crate::zendesk) position: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A request's data for a category. Absent keys stay unchanged.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::zendesk) struct CategoryInput {
    name: Option<String>,
    position: Option<i64>,
}

impl TriggerCategory {
    /// The initial category of every account.
    pub(super) fn default_one() -> Self {
        Self {
            id: 6_130_869_158_682,
            name: "Initial category".to_owned(),
            position: 1,
            created_at: ACCOUNT_OPENED,
            updated_at: ACCOUNT_OPENED,
        }
    }

    /// A category without a name.
    pub(super) fn new(id: i64, position: i64, now: Timestamp) -> Self {
        Self { id, name: String::new(), position, created_at: now, updated_at: now }
    }

    /// The category with a request's data.
    pub(super) fn with(mut self, input: CategoryInput, now: Timestamp) -> Result<Self, Refusal> {
        self.name = input.name.unwrap_or(self.name);
        self.position = input.position.unwrap_or(self.position);
        self.updated_at = now;
        if self.name.trim().is_empty() {
            return Err(listed(StatusCode::BAD_REQUEST, "InvalidTriggerCategory", "Name cannot be blank"));
        }
        Ok(self)
    }

    /// The error for an unknown category.
    pub(in crate::zendesk) fn unknown() -> Refusal {
        let title = "Category can't be found. Check the ID and try again.";
        listed(StatusCode::NOT_FOUND, "TriggerCategoryNotFound", title)
    }

    pub(in crate::zendesk) fn json(&self) -> Value {
        json!({
            "id": self.id.to_string(), "name": self.name, "position": self.position,
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }
}
