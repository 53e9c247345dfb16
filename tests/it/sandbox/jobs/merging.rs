//! `POST /tickets/{id}/merge`.

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{end, job};

async fn merge(stage: &Stage, target: TicketId, body: Value) -> Response {
    let request = stage.ask_zendesk(Method::POST, &format!("/api/v2/tickets/{target}/merge"));
    request.json(&body).send().await.unwrap()
}

#[tokio::test]
async fn sources_are_closed_and_the_target_is_told_once() {
    let stage = Stage::set().await;
    let [target, first, second] = [(); 3].map(|()| stage.plain_ticket());
    let body = json!({ "ids": [first.get(), second.get()], "target_comment": "합쳤습니다",
        "source_comment_is_public": true });
    let job = job(merge(&stage, target, body).await).await;
    assert_eq!(job["status"], "queued");
    let ended = end(&stage, &job).await;
    assert_eq!((&ended["status"], &ended["total"]), (&json!("completed"), &json!(2)));
    for source in [first, second] {
        let source = stage.zendesk.ticket(source).unwrap();
        assert_eq!(source.fields.status, TicketStatus::Closed);
        assert!(source.fields.tags.contains("closed_by_merge"));
        assert!(source.comments[1].public && source.comments[1].body.contains(&format!("#{target}")));
    }
    let notes = stage.zendesk.internal_notes(target);
    assert_eq!(notes.iter().map(|note| note.body.as_str()).collect::<Vec<_>>(), ["합쳤습니다"]);
}

#[tokio::test]
async fn what_is_closed_is_not_merged_again_and_nothing_goes_into_itself() {
    let stage = Stage::set().await;
    let [target, source, closed] = [(); 3].map(|()| stage.plain_ticket());
    stage.zendesk.close(closed).unwrap();
    assert_eq!(merge(&stage, closed, json!({ "ids": [source.get()] })).await.status(), 422);
    assert_eq!(merge(&stage, target, json!({ "ids": [target.get()] })).await.status(), 400);
    let unknown: TicketId = "1".parse().unwrap();
    assert_eq!(merge(&stage, unknown, json!({ "ids": [source.get()] })).await.status(), 404);

    let job = job(merge(&stage, target, json!({ "ids": [source.get(), closed.get()] })).await).await;
    let ended = end(&stage, &job).await;
    let success: Vec<_> =
        ended["results"].as_array().unwrap().iter().map(|one| one["success"].clone()).collect();
    assert_eq!(success, [true, false]);
    assert_eq!(stage.zendesk.internal_notes(target).len(), 1, "told of the one that was merged");
}
