//! Requests for jobs whose outcome was lost.

use std::sync::Arc;
use std::time::Duration;

use misread::ports::Helpdesk;
use serde_json::json;
use tokio::task::JoinSet;

use super::stub::{self, Seen, Stub};
use super::{clock, desk_with, key};

#[tokio::test]
async fn after_a_crash_a_list_of_jobs_serves_all_who_had_asked_when_it_was_read() {
    let stub = Stub::start(|_: &Seen| {
        stub::json(
            200,
            json!({"job_statuses": [{"id": "a", "status": "working"}], "meta": {"has_more": false}}),
        )
    })
    .await;
    let clock = clock();
    let desk = Arc::new(desk_with(&stub.url, |_| {}, clock.clone()));
    let mut asking = JoinSet::new();
    for ticket in 1..=100 {
        let desk = Arc::clone(&desk);
        asking.spawn(async move { desk.jobs_under_way(&key(ticket, 1)).await });
    }
    let told = asking.join_all().await;
    assert!(told.iter().all(|over| matches!(over, Ok(Some(Duration::ZERO)))), "a job is under way: {told:?}");
    let lists =
        || stub.targets().iter().filter(|target| target.starts_with("GET /api/v2/job_statuses")).count();
    assert!(lists() <= 2, "{} lists for a hundred", lists());
    let before = lists();
    clock.advance(Duration::from_mins(3));
    let asked_for = desk.jobs_under_way(&key(1, 1)).await.unwrap();
    assert_eq!(asked_for, Some(Duration::from_mins(3)), "how old the update is means nothing");
    assert_eq!(lists(), before + 1, "who asks later is not told what was read before");
}
