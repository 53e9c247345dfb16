//! The account's triggers in execution order, and their categories (facts §5.1).

mod category;
mod change;
mod input;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;

use super::refusal::{Refusal, listed};
use super::rules::Trigger;
pub(super) use category::{CategoryInput, TriggerCategory};
pub(super) use input::TriggerInput;

const MOST_CATEGORIES: usize = 500;

/// The triggers and their categories.
#[derive(Debug)]
pub(super) struct Triggers {
    /// In execution order.
    all: Vec<Arc<Trigger>>,
    /// Never empty.
    categories: BTreeMap<i64, TriggerCategory>,
}

impl Triggers {
    /// Those of a new account: one category without triggers.
    pub(super) fn of_new_account() -> Self {
        let category = TriggerCategory::default_one();
        Self { all: Vec::new(), categories: BTreeMap::from([(category.id, category)]) }
    }

    /// In execution order.
    pub(super) fn all(&self) -> &[Arc<Trigger>] {
        &self.all
    }

    pub(super) fn find(&self, id: i64) -> Result<&Trigger, Refusal> {
        let found = self.all.iter().find(|trigger| trigger.id == id);
        found.map(AsRef::as_ref).ok_or(Refusal::NotFound)
    }

    /// Stores a trigger, in the place of the one with its id if there is one.
    pub(super) fn keep(&mut self, trigger: Trigger) {
        self.all.retain(|known| known.id != trigger.id);
        self.all.push(Arc::new(trigger));
        self.sort();
    }

    pub(super) fn remove(&mut self, id: i64) {
        self.all.retain(|trigger| trigger.id != id);
    }

    pub(super) fn categories(&self) -> impl Iterator<Item = &TriggerCategory> {
        self.categories.values()
    }

    pub(super) fn category(&self, id: i64) -> Result<&TriggerCategory, Refusal> {
        self.categories.get(&id).ok_or_else(TriggerCategory::unknown)
    }

    /// The id of the first category by position: a new trigger that names none gets it.
    pub(super) fn default_category(&self) -> i64 {
        let first = self.categories.values().min_by_key(|category| category.position);
        first.map_or(0, |category| category.id)
    }

    /// The last position of an active trigger in a category; 0 if there is none.
    pub(super) fn last_position(&self, category_id: i64) -> i64 {
        let active = self.all.iter().filter(|trigger| trigger.definition.active);
        let here = active.filter(|trigger| trigger.category_id == category_id);
        here.map(|trigger| trigger.position).max().unwrap_or(0)
    }

    pub(super) fn create_category(
        &mut self,
        id: i64,
        input: CategoryInput,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        if self.categories.len() >= MOST_CATEGORIES {
            let title =
                format!("Your account has reached the limit of {MOST_CATEGORIES} ticket trigger categories.");
            return Err(listed(StatusCode::FORBIDDEN, "ProductLimitExceeded", &title));
        }
        let last = self.categories.values().map(|category| category.position).max();
        self.keep_category(TriggerCategory::new(id, last.unwrap_or(0) + 1, now), input, now)?;
        Ok(id)
    }

    pub(super) fn update_category(
        &mut self,
        id: i64,
        input: CategoryInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.keep_category(self.category(id)?.clone(), input, now)
    }

    fn keep_category(
        &mut self,
        category: TriggerCategory,
        input: CategoryInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let category = category.with(input, now)?;
        self.categories.insert(category.id, category);
        self.sort();
        Ok(())
    }

    /// Sorts the triggers in execution order: by category, position, title and id.
    fn sort(&mut self) {
        let categories = &self.categories;
        let place = |trigger: &Arc<Trigger>| {
            let category =
                categories.get(&trigger.category_id).map_or(i64::MAX, |category| category.position);
            (category, trigger.position, trigger.definition.title.clone(), trigger.id)
        };
        self.all.sort_by_key(place);
    }
}
