//! Many tickets at once: `/tickets`, `/tickets/show_many` (facts §3.1).

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::many;
use super::paging::{List, Order, Parameters};
use super::sideload::Include;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::records::{FakeTicket, status_rank};
use crate::zendesk::refusal::Refusal;

/// `GET /tickets/show_many?ids=…`: ordered by id, as recorded; tickets that do not exist are absent.
pub(super) async fn show_many(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let ids: BTreeSet<i64> = many::ids(&query)?.into_iter().collect();
    let state = zendesk.lock();
    let include = Include::asked(&query);
    let found: Vec<&FakeTicket> = ids.iter().filter_map(|id| state.tickets.get(id)).collect();
    let tickets: Vec<_> = found.iter().map(|ticket| include.ticket(&state, ticket)).collect();
    let mut answer =
        json!({ "tickets": tickets, "count": found.len(), "next_page": null, "previous_page": null });
    include.beside(&state, &found, &mut answer);
    Ok(Json(answer))
}

/// `GET /tickets`: all that are not deleted, ordered by id unless `sort_by` (or `sort`, with cursors) says otherwise.
pub(super) async fn index(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let state = zendesk.lock();
    let external_id = query.get("external_id");
    let wanted =
        |ticket: &&FakeTicket| external_id.is_none() || ticket.fields.external_id.as_ref() == external_id;
    let sort = query.get("sort").or_else(|| query.get("sort_by")).map(|sort| sort.trim_start_matches('-'));
    let key: fn(&FakeTicket) -> i64 = match sort {
        None | Some("id") => |_| 0,
        Some("updated_at") => |ticket| ticket.fields.updated_at.as_second(),
        Some("created_at") => |ticket| ticket.fields.created_at.as_second(),
        Some("status") => |ticket| status_rank(ticket.fields.status).into(),
        Some(other) => return Err(Refusal::BadRequest(format!("sort: {other} is not supported"))),
    };
    let items = state.tickets.values().filter(wanted);
    let items = items.map(|ticket| ((key(ticket), ticket.fields.id), ticket)).collect();
    let url = format!("{}/api/v2/tickets.json", state.base_url);
    let include = Include::asked(&query);
    let mut shown = Vec::new();
    let list = List { name: "tickets", url, items, order: Order::Ascending };
    let mut answer = list.page(&query, |ticket| {
        shown.push(ticket);
        include.ticket(&state, ticket)
    })?;
    include.beside(&state, &shown, &mut answer);
    Ok(Json(answer))
}
