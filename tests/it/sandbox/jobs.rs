//! Background jobs: `update_many`, `merge` and the statuses of both.

mod failing;
mod limited;

use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{JobPace, SERVICE_USER};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::stage::Stage;
use super::triggers::webhook;

const QUEUED: Duration = Duration::from_secs(1);
const ITEM: Duration = Duration::from_millis(100);

/// Requests the same change for several tickets.
async fn same_for_all(stage: &Stage, ids: &[TicketId], change: Value) -> Response {
    let ids = ids.iter().map(TicketId::to_string).collect::<Vec<_>>().join(",");
    let request = stage.ask_zendesk(Method::PUT, &format!("/api/v2/tickets/update_many.json?ids={ids}"));
    request.json(&json!({ "ticket": change })).send().await.unwrap()
}

/// Requests a separate change for each ticket.
async fn each_its_own(stage: &Stage, tickets: Value) -> Response {
    let request = stage.ask_zendesk(Method::PUT, "/api/v2/tickets/update_many");
    request.json(&json!({ "tickets": tickets })).send().await.unwrap()
}

async fn job(response: Response) -> Value {
    assert_eq!(response.status(), 200);
    response.json::<Value>().await.unwrap()["job_status"].take()
}

async fn status(stage: &Stage, job: &Value) -> Value {
    let id = job["id"].as_str().unwrap();
    stage.get(&format!("/api/v2/job_statuses/{id}.json")).await["job_status"].take()
}

/// The end of the job; a look at it carries out everything that is due.
async fn end(stage: &Stage, job: &Value) -> Value {
    stage.clock.advance(Duration::from_mins(10));
    status(stage, job).await
}

#[tokio::test]
async fn a_bulk_update_waits_works_item_by_item_and_ends_with_its_results() {
    let stage = Stage::set().await;
    let ids = [(); 2].map(|()| stage.plain_ticket());
    let response = same_for_all(&stage, &ids, json!({ "status": "open" })).await;
    let inflight = response.headers()["zendesk-ratelimit-inflight-jobs"].clone();
    assert_eq!(inflight, "total=30; remaining=29; resets=60");
    let mut job = job(response).await;
    let id = job["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("V3-") && id.len() == 35, "{id}");
    let url = format!("{}/api/v2/job_statuses/{id}.json", stage.zendesk_url);
    let mut expected = json!({ "id": id, "job_type": "Bulk Update Ticket", "url": url, "total": 2, "progress": null,
        "status": "queued", "message": null, "results": null });
    assert_eq!(job, expected);

    stage.clock.advance(QUEUED);
    (expected["status"], expected["progress"]) = (json!("working"), json!(0));
    expected["message"] = json!("Updating ticket #0");
    assert_eq!(status(&stage, &job).await, expected);
    stage.clock.advance(ITEM);
    job = status(&stage, &job).await;
    assert_eq!((&job["progress"], &job["results"]), (&json!(1), &Value::Null), "no results before the end");
    let status_of = |id| stage.zendesk.ticket(id).unwrap().fields.status;
    assert_eq!(ids.map(status_of), [TicketStatus::Open, TicketStatus::New]);

    stage.clock.advance(ITEM);
    job = status(&stage, &job).await;
    assert_eq!(ids.map(status_of), [TicketStatus::Open; 2]);
    assert_eq!((&job["status"], &job["progress"]), (&json!("completed"), &json!(2)));
    assert_eq!(job["message"], "Completed at 2026-03-02 01:00:01 +0000");
    let done =
        ids.map(|id| json!({ "action": "update", "status": "Updated", "success": true, "id": id.get() }));
    assert_eq!(job["results"], json!(done));
}

#[tokio::test]
async fn each_item_is_an_update_of_its_own_at_its_own_moment() {
    let stage = Stage::set().await;
    webhook(&stage);
    stage.zendesk.set_job_pace(JobPace { queued: Duration::from_secs(5), per_item: Duration::from_secs(10) });
    let [first, second] = [stage.open(&["vip"]), stage.open(&["a", "b"])];
    let macro_id = stage.a_macro();
    let job = job(each_its_own(&stage, json!([
        { "id": first.get(), "comment": { "body": "처리했습니다", "public": true }, "status": "solved",
            "metadata": { "misread": "misread-1-7" }, "macro_ids": [macro_id], "additional_tags": ["no_self_use"] },
        { "id": second.get(), "comment": { "body": "메모", "public": false }, "remove_tags": ["a"], "additional_tags": ["c"] },
    ])).await)
    .await;
    assert_eq!(end(&stage, &job).await["status"], "completed");
    let [first, second] = [first, second].map(|id| stage.zendesk.ticket(id).unwrap());
    assert_eq!(first.fields.updated_at.to_string(), "2026-03-02T01:00:15Z");
    assert_eq!(second.fields.updated_at.to_string(), "2026-03-02T01:00:25Z");
    let audit = &first.audits[1];
    assert_eq!((audit.created_at, audit.author_id), (first.fields.updated_at, SERVICE_USER));
    assert_eq!(audit.custom["misread"], "misread-1-7");
    assert!(audit.events.iter().any(|event| event["macro_id"] == macro_id.to_string().as_str()));
    assert!(first.comments[1].public && !second.comments[1].public);
    assert!(second.fields.tags.iter().eq(["b", "c"]));
    assert!(first.fields.tags.iter().eq(["no_self_use", "vip"]), "solved: the start trigger leaves it alone");
}

#[tokio::test]
async fn triggers_run_for_each_item_and_their_webhooks_are_sent_without_a_look_at_the_job() {
    let stage = Stage::set().await;
    webhook(&stage);
    let ids = [(); 2].map(|()| stage.plain_ticket());
    job(same_for_all(&stage, &ids, json!({ "additional_tags": ["no_self_use"] })).await).await;
    stage.clock.advance(QUEUED + ITEM);
    assert_eq!(
        stage.zendesk.deliver_webhooks().await.attempts.len(),
        1,
        "looking at the outbox works the jobs"
    );
    stage.clock.advance(ITEM);
    assert_eq!(stage.zendesk.deliver_webhooks().await.attempts.len(), 1);
    let told: Vec<_> = stage.zendesk.invocations().iter().map(|sent| sent.ticket_id).collect();
    assert_eq!(told, ids.map(TicketId::get));
}

#[tokio::test]
async fn jobs_run_side_by_side_and_what_is_due_first_is_done_first() {
    let stage = Stage::set().await;
    let contested = stage.plain_ticket();
    let before = stage.plain_ticket();
    let slow = each_its_own(
        &stage,
        json!([{ "id": before.get(), "status": "open" },
        { "id": contested.get(), "subject": "slow" }]),
    )
    .await;
    let slow = job(slow).await;
    stage.clock.advance(Duration::from_millis(50));
    let quick = job(same_for_all(&stage, &[contested], json!({ "subject": "quick" })).await).await;
    stage.clock.advance(QUEUED);
    let working =
        [status(&stage, &slow).await, status(&stage, &quick).await].map(|mut job| job["status"].take());
    assert_eq!(working, ["working", "working"]);
    assert_eq!(end(&stage, &slow).await["status"], "completed");
    assert_eq!(
        stage.zendesk.ticket(contested).unwrap().fields.subject,
        "slow",
        "the later item is the later write"
    );
}

#[tokio::test]
async fn an_agent_comes_before_or_after_an_item_as_the_clock_says() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let job = job(same_for_all(&stage, &[id], json!({ "subject": "job" })).await).await;
    stage.clock.advance(QUEUED + ITEM);
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "확인 중", false).unwrap();
    let audits = stage.zendesk.audits(id);
    let authors: Vec<_> = audits.iter().skip(1).map(|audit| audit.author_id).collect();
    assert_eq!(authors, [SERVICE_USER, ACCOUNT.agent]);
    assert_eq!(status(&stage, &job).await["status"], "completed");
}

#[tokio::test]
async fn a_job_s_status_is_known_for_an_hour() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let first = job(same_for_all(&stage, &[id], json!({ "status": "open" })).await).await;
    stage.clock.advance(Duration::from_mins(30));
    let second = job(same_for_all(&stage, &[id], json!({ "status": "open" })).await).await;
    let ids = [&first, &second].map(|job| job["id"].as_str().unwrap());
    let listed = async || {
        let list = stage.get("/api/v2/job_statuses?page[size]=100").await;
        let jobs = list["job_statuses"].as_array().unwrap().clone();
        jobs.into_iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [ids[1], ids[0]], "what has not ended first, then the latest");
    let many = format!("/api/v2/job_statuses/show_many?ids={},V3-unknown,{}", ids[0], ids[1]);
    assert_eq!(stage.get(&many).await["job_statuses"].as_array().unwrap().len(), 2);

    stage.clock.advance(Duration::from_mins(30));
    let path = format!("/api/v2/job_statuses/{}", ids[0]);
    assert_eq!(stage.ask_zendesk(Method::GET, &path).send().await.unwrap().status(), 404);
    assert_eq!(listed().await, [ids[1]]);
    assert_eq!(stage.get(&many).await["job_statuses"].as_array().unwrap().len(), 1);
    assert_eq!(stage.zendesk.jobs().len(), 1);
}
