//! `/custom_statuses` (facts §5.3).

use axum::Router;
use axum::routing::get;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::paging::Parameters;
use super::resource::{Resource, create, list};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State as Account;
use crate::zendesk::statuses::{CustomStatus, StatusInput};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/custom_statuses", get(list::<CustomStatus>).post(create::<CustomStatus>))
}

impl Resource for CustomStatus {
    const PATH: &'static str = "custom_statuses";
    const NAMES: (&'static str, &'static str) = ("custom_status", "custom_statuses");
    type Id = i64;
    type Input = StatusInput;

    /// All at once: this list has no pages.
    fn list(account: &Account, _query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let statuses = account.statuses.values().map(|status| status.json(&account.base_url));
        Ok(json!({ "custom_statuses": statuses.collect::<Value>() }))
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        let status = account.statuses.get(id).ok_or(Refusal::NotFound)?;
        Ok(status.json(&account.base_url))
    }

    fn create(account: &mut Account, input: StatusInput, _: Caller, now: Timestamp) -> Result<i64, Refusal> {
        let id = account.next_id();
        account.statuses.create(id, input, now)
    }
}
