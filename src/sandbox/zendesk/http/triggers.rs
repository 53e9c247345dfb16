//! `/triggers` (facts §5.1).

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::Value;

use super::paging::Parameters;
use super::resource::{Resource, create, delete, list, page, page_at, show, update};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rules::Trigger;
use crate::zendesk::state::State as Account;
use crate::zendesk::triggers::TriggerInput;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/triggers", get(list::<Trigger>).post(create::<Trigger>))
        .route("/api/v2/triggers/search", get(search))
        .route("/api/v2/triggers/{id}", get(show::<Trigger>).put(update::<Trigger>).delete(delete::<Trigger>))
}

fn json(account: &Account, trigger: &Trigger) -> Value {
    trigger.json(&account.base_url, account.switches.trigger_categories)
}

impl Resource for Trigger {
    const PATH: &'static str = "triggers";
    const NAMES: (&'static str, &'static str) = ("trigger", "triggers");
    const LOCATED: bool = true;
    type Id = i64;
    type Input = TriggerInput;

    /// In execution order.
    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let items = (0_u64..).zip(account.triggers.all()).collect();
        page::<Self, _, _>(account, query, items, |trigger| json(account, trigger))
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        Ok(json(account, account.triggers.find(*id)?))
    }

    fn create(
        account: &mut Account,
        input: TriggerInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        account.create_trigger(input, by.user_id, now)
    }

    fn update(
        account: &mut Account,
        id: &i64,
        input: TriggerInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.update_trigger(*id, input, by.user_id, now)
    }

    fn delete(account: &mut Account, id: &i64, by: Caller, now: Timestamp) -> Result<(), Refusal> {
        account.delete_trigger(*id, by.user_id, now)
    }
}

/// By words of the title.
async fn search(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let text = query.get("query").map(|text| text.to_lowercase()).unwrap_or_default();
    let account = zendesk.lock();
    let all = (0_u64..).zip(account.triggers.all());
    let found = all.filter(|(_, trigger)| trigger.definition.title.to_lowercase().contains(&text));
    page_at(&account, "triggers/search", "triggers", &query, found.collect(), |trigger| {
        json(&account, trigger)
    })
    .map(Json)
}
