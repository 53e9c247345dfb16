//! A store that cannot keep the delivery: Zendesk is asked to send it again, and no answer is a 500.

use std::time::Duration;

use misread::webhook::Options;
use serde_json::json;
use sqlx::Connection;

use super::scene::{Broken, Scene, options, problem};
use crate::http_client;

const BODY: &str = r#"{"ticket_id":"35436"}"#;

fn hasty() -> Options {
    Options { store_within: Duration::from_millis(20), ..options() }
}

#[tokio::test]
async fn a_store_that_fails_hangs_or_panics_is_answered_503_with_a_time_to_try_again() {
    for broken in [Broken::Fails, Broken::Hangs, Broken::Panics] {
        let scene = Scene::with_store(hasty(), broken).await;
        let detail = problem(scene.send(scene.signed(BODY)).await, 503).await;
        assert_eq!(detail, "the delivery could not be stored now: send it again", "{broken:?}");
    }
}

#[tokio::test]
async fn a_locked_database_is_answered_in_time_and_the_second_try_is_stored_once() {
    // Enough for the second attempt on a busy machine; during the first one the database is locked for all of it.
    let scene = Scene::with(Options { store_within: Duration::from_secs(2), ..options() }).await;
    let path = scene.folder.path().join("misread.db");
    let mut beside = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let lock = beside.begin_with("BEGIN IMMEDIATE").await.unwrap();
    problem(scene.send(scene.signed(BODY)).await, 503).await;
    lock.rollback().await.unwrap();
    // The first attempt may still be written after its 503; the second one is then a repeat.
    scene.store.check().await.unwrap();
    let response = scene.send(scene.signed(BODY)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(scene.pending(35436).await, 1);
}

#[tokio::test]
async fn readiness_says_what_is_failing() {
    let scene = Scene::with_store(options(), Broken::Fails).await;
    let told = json!({ "status": "not ready", "store": "failing", "worker": "ok" });
    assert_eq!(scene.readiness().await, (503, told));
    assert_eq!(scene.get("/health/live").await.0, 200);

    let scene = Scene::new().await;
    let told = json!({ "status": "not ready", "store": "ok", "worker": "failing", "breaker": "closed" });
    scene.worker.send(false).unwrap();
    assert_eq!(scene.readiness().await, (503, told.clone()));
    scene.worker.send(true).unwrap();
    assert_eq!(scene.get("/health/ready").await.0, 200);
    drop(scene.worker);
    let address = scene.address;
    let response = http_client::get(format!("http://{address}/health/ready")).await.unwrap();
    assert_eq!(response.status(), 503, "a worker that is gone is not ready");
    let gone = response.json::<serde_json::Value>().await.unwrap();
    assert_eq!((&gone["status"], &gone["worker"]), (&told["status"], &told["worker"]), "{gone}");
}
