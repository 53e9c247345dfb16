//! `/trigger_categories`; ids are texts and errors have the `errors[]` form (facts §3.11, §5.1).

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use jiff::Timestamp;
use serde_json::Value;

use super::paging::Parameters;
use super::resource::{Resource, create, list, page, update};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::{Refusal, listed};
use crate::zendesk::state::State as Account;
use crate::zendesk::triggers::{CategoryInput, TriggerCategory};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/trigger_categories", get(list::<TriggerCategory>).post(create::<TriggerCategory>))
        .route("/api/v2/trigger_categories/{id}", patch(update::<TriggerCategory>))
}

impl Resource for TriggerCategory {
    const PATH: &'static str = "trigger_categories";
    const NAMES: (&'static str, &'static str) = ("trigger_category", "trigger_categories");
    /// According to Zendesk's description of its API.
    const CREATED: StatusCode = StatusCode::OK;
    type Id = i64;
    type Input = CategoryInput;

    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        account.require_categories()?;
        let all = account.triggers.categories().map(|category| ((category.position, category.id), category));
        page::<Self, _, _>(account, query, all.collect(), Self::json)
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        account.require_categories()?;
        account.triggers.category(*id).map(Self::json)
    }

    fn create(
        account: &mut Account,
        input: CategoryInput,
        _: Caller,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        account.require_categories()?;
        let id = account.next_id();
        account.triggers.create_category(id, input, now)
    }

    fn update(
        account: &mut Account,
        id: &i64,
        input: CategoryInput,
        _: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.require_categories()?;
        account.triggers.update_category(*id, input, now)
    }

    /// These endpoints report bad requests in their own form.
    fn refused(refusal: Refusal) -> Refusal {
        match refusal {
            Refusal::BadRequest(title) => listed(StatusCode::BAD_REQUEST, "InvalidTriggerCategory", &title),
            other => other,
        }
    }

    fn unknown() -> Refusal {
        Self::unknown()
    }
}
