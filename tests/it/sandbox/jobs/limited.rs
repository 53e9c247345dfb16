//! The limits on the number of jobs and items.

use misread::sandbox::zendesk::{JobPace, RateLimits};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use super::super::stage::Stage;
use super::{ITEM, QUEUED, each_its_own, end, job, same_for_all, status};

#[tokio::test]
async fn a_job_has_at_most_a_hundred_items_and_at_least_one() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let refused = async |response: reqwest::Response| {
        assert_eq!(response.status(), 400);
        response.json::<Value>().await.unwrap()
    };
    let too_many = json!({ "error": "TooManyValues",
        "description": "Parameter  cannot specify more than 100 values", "max_count": 100 });
    let items = |count| json!(vec![json!({ "id": id.get(), "status": "open" }); count]);
    assert_eq!(refused(each_its_own(&stage, items(101)).await).await, too_many);
    assert_eq!(refused(same_for_all(&stage, &[id; 101], json!({})).await).await, too_many);
    for nothing in [json!([]), json!([{ "status": "open" }]), json!("x")] {
        assert_eq!(refused(each_its_own(&stage, nothing).await).await["error"], "BadRequest");
    }
    assert_eq!(each_its_own(&stage, items(100)).await.status(), 200);
}

#[tokio::test]
async fn thirty_jobs_may_be_queued_or_running_and_no_more() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let mut ordered = Vec::new();
    for _ in 0..30 {
        ordered.push(job(same_for_all(&stage, &[id], json!({ "subject": "x" })).await).await);
    }
    let refused = same_for_all(&stage, &[id], json!({ "subject": "x" })).await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"60".parse().unwrap()));
    assert_eq!(refused.headers()["zendesk-ratelimit-inflight-jobs"], "total=30; remaining=0; resets=60");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"], "TooManyJobs");
    let ids: Vec<_> = ordered.iter().map(|job| job["id"].clone()).collect();
    assert_eq!(body["current_job_ids"], json!(ids));

    stage.clock.advance(QUEUED);
    assert_eq!(same_for_all(&stage, &[id], json!({})).await.status(), 429, "they run now");
    stage.clock.advance(ITEM);
    let accepted = same_for_all(&stage, &[id], json!({ "subject": "y" })).await;
    assert_eq!(accepted.headers()["zendesk-ratelimit-inflight-jobs"], "total=30; remaining=29; resets=60");
    assert_eq!(status(&stage, &ordered[29]).await["status"], "completed");
}

#[tokio::test]
async fn items_count_for_their_ticket_and_not_for_the_account() {
    let stage = Stage::set().await;
    stage.zendesk.set_job_pace(JobPace { queued: Duration::ZERO, per_item: Duration::ZERO });
    stage.zendesk.set_rate_limits(RateLimits {
        updates_per_minute: Some(2),
        updates_per_ticket: Some(3),
        ..RateLimits::OFF
    });
    let ids = [(); 3].map(|()| stage.plain_ticket());
    let many = job(same_for_all(&stage, &ids, json!({ "status": "open" })).await).await;
    let many = status(&stage, &many).await;
    assert!(many["results"].as_array().unwrap().iter().all(|result| result["success"] == true), "{many}");
    for update in ["pending", "solved"] {
        assert_eq!(stage.put_ticket(ids[0], json!({ "status": update })).await.status(), 200);
    }
    let fourth = job(same_for_all(&stage, &ids[..1], json!({ "status": "open" })).await).await;
    let fourth = end(&stage, &fourth).await;
    assert_eq!(fourth["results"][0]["error"], "TooManyRequests");
    assert!(fourth["results"][0]["details"].as_str().unwrap().contains("ticket updates"), "{fourth}");
}

#[tokio::test]
async fn keys_that_zendesk_does_not_know_are_passed_over_without_a_word() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let response = same_for_all(&stage, &[id], json!({ "description": "neu", "status": "open" })).await;
    assert!(response.headers().get("x-zendesk-api-warn").is_none());
    let job = job(response).await;
    assert_eq!(end(&stage, &job).await["results"][0]["success"], true);
    assert_eq!(stage.zendesk.ticket(id).unwrap().fields.description, "저 주차한 적 없어요");
}

#[tokio::test]
async fn only_who_may_write_tickets_orders_jobs() {
    let stage = Stage::set().await;
    let url = format!("{}/api/v2/tickets/update_many?ids=1", stage.zendesk_url);
    let anonymous = stage.http.request(Method::PUT, url).json(&json!({ "ticket": {} })).send().await.unwrap();
    assert_eq!(anonymous.status(), 401);
}
