//! `/brands` (facts §5.3).

use axum::Router;
use axum::routing::get;
use jiff::Timestamp;
use serde_json::Value;

use super::paging::Parameters;
use super::resource::{Resource, create, list, page};
use super::sorting::by_text;
use crate::zendesk::brands::{Brand, BrandInput};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State as Account;
use crate::zendesk::wire;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/brands", get(list::<Brand>).post(create::<Brand>))
}

impl Resource for Brand {
    const PATH: &'static str = "brands";
    const NAMES: (&'static str, &'static str) = ("brand", "brands");
    type Id = i64;
    type Input = BrandInput;

    /// In alphabetical order.
    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let brands = account.brands.values().map(|brand| (by_text(&brand.name, brand.id), brand));
        page::<Self, _, _>(account, query, brands.collect(), |brand| wire::brand(account, brand))
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        let brand = account.brands.get(id).ok_or(Refusal::NotFound)?;
        Ok(wire::brand(account, brand))
    }

    fn create(account: &mut Account, input: BrandInput, _: Caller, now: Timestamp) -> Result<i64, Refusal> {
        let id = account.next_id();
        account.brands.create(id, input, now)
    }
}
