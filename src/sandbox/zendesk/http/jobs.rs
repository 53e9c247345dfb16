//! Starts background jobs and returns their status (facts §3.9).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::many;
use super::paging::{List, Order, Parameters};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::jobs::{Job, JobState, Work};
use crate::zendesk::limits::write_endpoint;
use crate::zendesk::records::optional_id;
use crate::zendesk::refusal::{JOBS_RESET, Refusal};
use crate::zendesk::update_request;

/// `PUT /tickets/update_many`: one change for all tickets in `?ids=`, or one for each in the body. Unknown keys are ignored
/// without a warning, as recorded.
pub(super) async fn update_many(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
    body: Bytes,
) -> Response {
    let work = if query.contains_key("ids") { same_for_all(&query, &body) } else { each_its_own(&body) };
    order(&zendesk, caller, work)
}

fn same_for_all(query: &Parameters, body: &[u8]) -> Result<Work, Refusal> {
    let ids = many::ids(query)?;
    let change = update_request::ticket_object(body)?;
    Ok(ids.into_iter().map(|id| (id, change.clone())).collect())
}

fn each_its_own(body: &[u8]) -> Result<Work, Refusal> {
    let Some(Value::Array(items)) = update_request::object(body)?.remove("tickets") else {
        return Err(Refusal::BadRequest("Missing parameter: tickets".to_owned()));
    };
    many::at_most(items.len())?;
    items.into_iter().map(named).collect()
}

fn named(item: Value) -> Result<(i64, Map<String, Value>), Refusal> {
    let missing = || Refusal::BadRequest("Missing parameter: id".to_owned());
    let Value::Object(mut change) = item else { return Err(missing()) };
    let id = optional_id(&change.remove("id").unwrap_or(Value::Null));
    Ok((id.ok().flatten().ok_or_else(missing)?, change))
}

/// Queues a job and returns its status; every response contains the number of jobs still allowed.
fn order(zendesk: &FakeZendesk, caller: Caller, work: Result<Work, Refusal>) -> Response {
    let limit = zendesk.limits().jobs_at_once;
    let ordered = work.and_then(|work| {
        if work.is_empty() {
            return Err(Refusal::BadRequest("No tickets are named".to_owned()));
        }
        zendesk.change(|state, now| {
            let base_url = state.base_url.clone();
            let job = state.jobs.order(work, caller.user_id, limit, now)?;
            Ok(Json(json!({ "job_status": status(&base_url, job) })))
        })
    });
    let mut response = ordered.into_response();
    if let Some(limit) = limit {
        let state = zendesk.lock();
        let room = [limit, state.jobs.room(limit), JOBS_RESET];
        write_endpoint("inflight-jobs", room, response.headers_mut());
    }
    response
}

/// `GET /job_statuses/{id}`
pub(super) async fn show(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let state = zendesk.lock();
    let job = state.jobs.find(&id, zendesk.clock.now()).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "job_status": status(&state.base_url, job) })))
}

/// `GET /job_statuses/show_many?ids=…`: unknown jobs are absent.
pub(super) async fn show_many(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let ids: Vec<String> = many::ids(&query)?;
    let state = zendesk.lock();
    let found = ids.iter().filter_map(|id| state.jobs.find(id, zendesk.clock.now()));
    let statuses: Vec<_> = found.map(|job| status(&state.base_url, job)).collect();
    Ok(Json(json!({ "job_statuses": statuses })))
}

/// `GET /job_statuses`: unfinished jobs first, then the latest.
pub(super) async fn index(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let state = zendesk.lock();
    let items = state.jobs.known(zendesk.clock.now()).map(|job| (job.order(), job)).collect();
    let url = format!("{}/api/v2/job_statuses.json", state.base_url);
    let list = List { name: "job_statuses", url, items, order: Order::Descending };
    list.page(&query, |job| status(&state.base_url, job)).map(Json)
}

/// The status of a job, in the recorded form: results appear only at the end.
fn status(base_url: &str, job: &Job) -> Value {
    let second = |at: Option<Timestamp>| {
        at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S +0000").to_string()).unwrap_or_default()
    };
    let (word, message) = match job.state {
        JobState::Queued => ("queued", None),
        JobState::Working => ("working", Some(format!("Updating ticket #{}", job.progress))),
        JobState::Completed => ("completed", Some(format!("Completed at {}", second(job.ended_at)))),
        JobState::Killed => ("killed", Some(format!("Killed at {}", second(job.ended_at)))),
    };
    let progress = (job.state != JobState::Queued).then_some(job.progress);
    let results = (job.state == JobState::Completed).then_some(&job.results);
    json!({
        "id": job.id, "job_type": "Bulk Update Ticket",
        "url": format!("{base_url}/api/v2/job_statuses/{}.json", job.id), "total": job.total,
        "progress": progress, "status": word, "message": message, "results": results,
    })
}
