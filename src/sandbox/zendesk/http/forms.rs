//! `/ticket_forms` (facts §5.3).

use axum::Router;
use axum::routing::get;
use jiff::Timestamp;
use serde_json::Value;

use super::paging::Parameters;
use super::resource::{Resource, create, list, page};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::forms::{FormInput, TicketForm};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State as Account;
use crate::zendesk::wire;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/ticket_forms", get(list::<TicketForm>).post(create::<TicketForm>))
}

impl Resource for TicketForm {
    const PATH: &'static str = "ticket_forms";
    const NAMES: (&'static str, &'static str) = ("ticket_form", "ticket_forms");
    type Id = i64;
    type Input = FormInput;

    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let forms = account.forms.values().map(|form| ((form.position, form.id), form));
        page::<Self, _, _>(account, query, forms.collect(), |form| wire::form(account, form))
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        let form = account.forms.get(id).ok_or(Refusal::NotFound)?;
        Ok(wire::form(account, form))
    }

    fn create(account: &mut Account, input: FormInput, _: Caller, now: Timestamp) -> Result<i64, Refusal> {
        let id = account.next_id();
        account.forms.create(id, input, &account.fields, now)
    }
}
