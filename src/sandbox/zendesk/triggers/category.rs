//! The categories of triggers; their errors have the `errors[]` form (facts §3.11, §5.1).

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::zendesk::configuration::ACCOUNT_OPENED;
use crate::zendesk::refusal::{Refusal, listed};
use crate::zendesk::state::State;

const MOST_CATEGORIES: usize = 500;

/// A category.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct TriggerCategory {
    /// Text in JSON.
    pub(in crate::zendesk) id: i64,
    pub(in crate::zendesk) name: String,
    pub(in crate::zendesk) position: i64,
    pub(in crate::zendesk) created_at: Timestamp,
    pub(in crate::zendesk) updated_at: Timestamp,
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
    pub(in crate::zendesk) fn default_one() -> Self {
        Self {
            id: 6_130_869_158_682,
            name: "Initial category".to_owned(),
            position: 1,
            created_at: ACCOUNT_OPENED,
            updated_at: ACCOUNT_OPENED,
        }
    }

    pub(in crate::zendesk) fn json(&self) -> Value {
        json!({
            "id": self.id.to_string(), "name": self.name, "position": self.position,
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }
}

impl State {
    /// Rejects requests about categories in an account without them (description of the API, "List Ticket Trigger
    /// Categories").
    pub(in crate::zendesk) fn require_categories(&self) -> Result<(), Refusal> {
        if self.configuration.switches.trigger_categories {
            return Ok(());
        }
        let title = "Ticket trigger categories are not enabled for your account";
        Err(listed(StatusCode::FORBIDDEN, "TriggerCategoriesNotEnabled", title))
    }

    pub(in crate::zendesk) fn category(&self, id: &str) -> Result<&TriggerCategory, Refusal> {
        self.require_categories()?;
        let found = id.parse().ok().and_then(|id: i64| self.configuration.categories.get(&id));
        found.ok_or_else(|| {
            let title = "Category can't be found. Check the ID and try again.";
            listed(StatusCode::NOT_FOUND, "TriggerCategoryNotFound", title)
        })
    }

    pub(in crate::zendesk) fn create_category(
        &mut self,
        input: CategoryInput,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        self.require_categories()?;
        if self.configuration.categories.len() >= MOST_CATEGORIES {
            let title =
                format!("Your account has reached the limit of {MOST_CATEGORIES} ticket trigger categories.");
            return Err(listed(StatusCode::FORBIDDEN, "ProductLimitExceeded", &title));
        }
        let id = self.next_id();
        let last = self.configuration.categories.values().map(|category| category.position).max();
        let position = last.unwrap_or(0) + 1;
        let category =
            TriggerCategory { id, name: String::new(), position, created_at: now, updated_at: now };
        self.keep_category(category, input, now)?;
        Ok(id)
    }

    pub(in crate::zendesk) fn update_category(
        &mut self,
        id: &str,
        input: CategoryInput,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let category = self.category(id)?.clone();
        let id = category.id;
        self.keep_category(category, input, now)?;
        Ok(id)
    }

    /// Deletes a category without active triggers; inactive ones move to the first remaining one.
    pub(in crate::zendesk) fn delete_category(&mut self, id: &str) -> Result<(), Refusal> {
        let id = self.category(id)?.id;
        let mut here = self.triggers.iter().filter(|trigger| trigger.category_id == id);
        if here.any(|trigger| trigger.definition.active) || self.configuration.categories.len() == 1 {
            let title = "A category with active ticket triggers cannot be deleted.";
            return Err(listed(StatusCode::BAD_REQUEST, "TriggerCategoryNotEmpty", title));
        }
        self.configuration.categories.remove(&id);
        let left = self.default_category();
        for trigger in self.triggers.iter_mut().filter(|trigger| trigger.category_id == id) {
            std::sync::Arc::make_mut(trigger).category_id = left;
        }
        self.sort_triggers();
        Ok(())
    }

    fn keep_category(
        &mut self,
        mut category: TriggerCategory,
        input: CategoryInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        category.name = input.name.unwrap_or(category.name);
        category.position = input.position.unwrap_or(category.position);
        category.updated_at = now;
        if category.name.trim().is_empty() {
            return Err(listed(StatusCode::BAD_REQUEST, "InvalidTriggerCategory", "Name cannot be blank"));
        }
        self.configuration.categories.insert(category.id, category);
        self.sort_triggers();
        Ok(())
    }
}
