//! `/ticket_fields` and their options (facts §5.2).

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::IdPath;
use super::body::record;
use super::paging::Parameters;
use super::resource::{Resource, create, delete, list, page, page_at, show, update};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::fields::{FieldInput, OptionInput, SYSTEM_FIELDS, SystemField, TicketField};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;
use crate::zendesk::state::State as Account;
use crate::zendesk::wire;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/ticket_fields", get(list::<TicketField>).post(create::<TicketField>))
        .route(
            "/api/v2/ticket_fields/{id}",
            get(show::<TicketField>).put(update::<TicketField>).delete(delete::<TicketField>),
        )
        .route("/api/v2/ticket_fields/{id}/options", get(options).post(put_option))
        .route("/api/v2/ticket_fields/{id}/options/{option}", get(option).delete(delete_option))
}

type Answer = Result<Json<Value>, Refusal>;
type OptionPath = Result<Path<(i64, i64)>, axum::extract::rejection::PathRejection>;

impl Resource for TicketField {
    const PATH: &'static str = "ticket_fields";
    const NAMES: (&'static str, &'static str) = ("ticket_field", "ticket_fields");
    const LOCATED: bool = true;
    type Id = i64;
    type Input = FieldInput;

    /// Includes system fields. Complete and ordered by position, unless a page size is given: pages are ordered by id.
    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let system = SYSTEM_FIELDS.iter().map(|field| wire::system_field(account, field));
        let own = account.fields.values().map(|field| wire::ticket_field(account, field));
        let number = |item: &Value, key: &str| item[key].as_i64().unwrap_or_default();
        let mut items: Vec<Value> = system.chain(own).collect();
        if query.keys().any(|key| key.starts_with("page[")) {
            let items = items.into_iter().map(|item| (number(&item, "id"), item)).collect();
            return page::<Self, _, _>(account, query, items, |item| item);
        }
        items.sort_by_key(|item| (number(item, "position"), number(item, "id")));
        Ok(json!({ "count": items.len(), "ticket_fields": items, "next_page": null, "previous_page": null }))
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        match (account.fields.get(id), system(*id)) {
            (Some(field), _) => Ok(wire::ticket_field(account, field)),
            (None, Some(field)) => Ok(wire::system_field(account, field)),
            (None, None) => Err(Refusal::NotFound),
        }
    }

    fn create(account: &mut Account, input: FieldInput, by: Caller, now: Timestamp) -> Result<i64, Refusal> {
        account.create_field(input, by.user_id, now)
    }

    /// Of a system field only `required` can be changed.
    fn update(
        account: &mut Account,
        id: &i64,
        input: FieldInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if system(*id).is_none() {
            return account.update_field(*id, input, by.user_id, now);
        }
        match input.required {
            Some(true) => account.required_system_fields.insert(*id),
            Some(false) => account.required_system_fields.remove(id),
            None => false,
        };
        Ok(())
    }

    fn delete(account: &mut Account, id: &i64, by: Caller, now: Timestamp) -> Result<(), Refusal> {
        if system(*id).is_some() {
            return Err(Refusal::Forbidden);
        }
        account.delete_field(*id, by.user_id, now)
    }
}

fn system(id: i64) -> Option<&'static SystemField> {
    SYSTEM_FIELDS.iter().find(|field| field.id == id)
}

async fn options(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    let items = (0..field.options.len()).map(|at| (at, at)).collect();
    let path = format!("ticket_fields/{id}/options");
    let render = |at| wire::field_option(&state, field, at);
    page_at(&state, &path, "custom_field_options", &query, items, render).map(Json)
}

fn place(field: &TicketField, option_id: i64) -> Result<usize, Refusal> {
    field.options.iter().position(|option| option.id == option_id).ok_or(Refusal::NotFound)
}

fn shown_option(zendesk: &FakeZendesk, id: i64, option_id: i64) -> Answer {
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    let at = place(field, option_id)?;
    Ok(Json(json!({ "custom_field_option": wire::field_option(&state, field, at) })))
}

async fn option(State(zendesk): State<FakeZendesk>, _caller: Caller, path: OptionPath) -> Answer {
    let Path((id, option_id)) = path?;
    shown_option(&zendesk, id, option_id)
}

/// Adds an option (201), or changes the one with the given id (200).
async fn put_option(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: IdPath,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Path(id) = path?;
    let input: OptionInput = record(&body, "custom_field_option")?;
    let (option_id, new) = zendesk.update_config(|state, now| state.put_option(id, input, now))?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let location = format!("{}/api/v2/ticket_fields/{id}/options", zendesk.lock().base_url);
    Ok((status, [(header::LOCATION, location)], shown_option(&zendesk, id, option_id)?).into_response())
}

async fn delete_option(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: OptionPath,
) -> Result<StatusCode, Refusal> {
    let Path((id, option_id)) = path?;
    zendesk.update_config(|state, now| state.delete_option(id, option_id, now))?;
    Ok(StatusCode::NO_CONTENT)
}
