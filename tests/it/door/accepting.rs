//! Deliveries that are accepted.

use jiff::SignedDuration;
use misread::ports::Clock;
use misread::webhook::{BODY_LIMIT, Options};
use std::time::Duration;

use super::scene::{SECRET, Scene, options, problem};
use crate::world::log::Log;

const BODY: &str = r#"{"ticket_id":"35436","kind":"self_use","updated_at":"2026-01-02T03:04:00Z"}"#;
const INVOCATION: &str = "X-Zendesk-Webhook-Invocation-Id";

#[tokio::test]
async fn a_signed_delivery_is_on_disk_when_it_is_answered() {
    let scene = Scene::new().await;
    scene.taken(scene.signed(BODY), "accepted").await;
    assert_eq!(
        scene.rows("SELECT count(*) FROM deliveries WHERE dedup_key = '01HANA2B5D5W9XSJS3NE5SQA1J'").await,
        1
    );
    assert_eq!(scene.rows("SELECT ticket_id FROM cases WHERE state = 'active'").await, 35436);
    assert_eq!(scene.rows("SELECT due_at FROM cases").await, 1_767_323_045_000);
}

#[tokio::test]
async fn a_repeat_is_answered_200_and_changes_nothing() {
    let scene = Scene::new().await;
    scene.taken(scene.signed(BODY), "accepted").await;
    scene.clock.advance(Duration::from_secs(30));
    scene.taken(scene.signed(BODY), "repeat").await;
    assert_eq!(scene.pending(35436).await, 1);
    scene.taken(scene.signed(BODY).header(INVOCATION, "8350205582"), "accepted").await;
    assert_eq!(scene.pending(35436).await, 2);
}

#[tokio::test]
async fn an_invocation_id_that_came_with_another_body_is_refused_and_told() {
    let log = Log::collected();
    let scene = Scene::new().await;
    scene.taken(scene.signed(BODY), "accepted").await;
    let other = BODY.replace("35436", "35437");
    let detail = problem(scene.send(scene.signed(&*other)).await, 422).await;
    assert_eq!(
        detail,
        "its invocation id came before with another body, which was taken: send each delivery under an id of its own"
    );
    assert_eq!((scene.pending(35436).await, scene.pending(35437).await), (1, 0));
    let told = log.line("delivery refused");
    assert_eq!((&told["level"], &told["status"]), (&"WARN".into(), &422.into()), "{told}");
    scene.taken(scene.signed(BODY), "repeat").await;
}

#[tokio::test]
async fn without_an_invocation_id_the_same_signed_text_is_a_repeat() {
    let scene = Scene::new().await;
    let bare = || scene.signed(BODY).without(INVOCATION);
    scene.taken(bare(), "accepted").await;
    scene.taken(bare(), "repeat").await;
    scene.taken(bare().header(INVOCATION, ""), "repeat").await;
    scene.clock.advance(Duration::from_secs(1));
    scene.taken(bare(), "accepted").await;
}

#[tokio::test]
async fn an_odd_invocation_id_is_as_good_as_any() {
    let scene = Scene::new().await;
    let long = "x".repeat(5_000);
    for (id, word) in [
        (&*long, "accepted"),
        (&*long, "repeat"),
        (&long[1..], "accepted"),
        ("가", "accepted"),
        ("가", "repeat"),
    ] {
        scene.taken(scene.signed(BODY).header(INVOCATION, id), word).await;
    }
    assert_eq!(scene.rows("SELECT max(length(dedup_key)) <= 128 FROM deliveries").await, 1);
}

#[tokio::test]
async fn zendesks_own_events_are_understood() {
    let scene = Scene::new().await;
    let event = r#"{
   "account_id": 22129848,
   "type": "zen:event-type:ticket.comment_added",
   "detail": {"id": "6159", "tags": null},
   "event": {}
}
"#;
    scene.taken(scene.signed(event), "accepted").await;
    assert_eq!(scene.pending(6159).await, 1);
}

#[tokio::test]
async fn an_authentic_body_that_makes_no_sense_is_kept_for_a_person() {
    let deep = "{\"a\":".repeat(20_000);
    let bodies: [&[u8]; 8] = [
        b"",
        b"not JSON",
        b"{\"ticket_id\":\"{{ticket.id}}\"}",
        b"{\"ticket_id\":0}",
        b"{}",
        b"\xff\xfe{\0}",
        "\u{feff}{\"ticket_id\":1}".as_bytes(),
        deep.as_bytes(),
    ];
    let scene = Scene::new().await;
    for (number, body) in bodies.into_iter().enumerate() {
        scene.taken(scene.signed(body).header(INVOCATION, number.to_string()), "poison").await;
        scene.taken(scene.signed(body).header(INVOCATION, number.to_string()), "repeat").await;
    }
    assert_eq!(scene.rows("SELECT count(*) FROM deliveries WHERE problem <> ''").await, 8);
    assert_eq!(scene.rows("SELECT count(*) FROM cases").await, 0);
    assert_eq!(
        scene.rows("SELECT body = '\u{fffd}\u{fffd}{\u{fffd}}' FROM deliveries WHERE dedup_key = '5'").await,
        1
    );
}

#[tokio::test]
async fn either_secret_fits_while_rotating() {
    let scene = Scene::with(Options::new(vec!["the-new-one".into(), SECRET.into()])).await;
    scene.taken(scene.signed(BODY), "accepted").await;
    let now = scene.clock.now().to_string();
    scene.taken(Scene::signed_with("the-new-one", &now, BODY).header(INVOCATION, "2"), "accepted").await;
}

#[tokio::test]
async fn the_window_reaches_both_ways() {
    let scene = Scene::new().await;
    for (number, off) in [-300, 0, 300].into_iter().enumerate() {
        let timestamp = scene.clock.now() + SignedDuration::from_secs(off);
        let delivery = Scene::signed_with(SECRET, &timestamp.to_string(), BODY);
        scene.taken(delivery.header(INVOCATION, number.to_string()), "accepted").await;
    }
}

#[tokio::test]
async fn the_further_checks_let_the_right_sender_in() {
    let scene = Scene::with(Options {
        bearer: Some("s3cret".into()),
        account_id: Some("18525119".to_owned()),
        webhook_id: Some("01HAN96XNH1J7DY8D7RZ22QMT9".to_owned()),
        ..options()
    })
    .await;
    scene.taken(scene.signed(BODY).header("Authorization", "Bearer s3cret"), "accepted").await;
    scene.taken(scene.signed(BODY).header("authorization", "bearer s3cret"), "repeat").await;
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit() {
    let scene = Scene::new().await;
    let body = format!(r#"{{"ticket_id":1,"filler":"{}"}}"#, "x".repeat(BODY_LIMIT - 27));
    assert_eq!(body.len(), BODY_LIMIT);
    scene.taken(scene.signed(body), "accepted").await;
}

#[tokio::test]
async fn the_process_lives_and_is_ready_while_store_and_worker_are() {
    let scene = Scene::new().await;
    let live = serde_json::json!({ "status": "live" });
    assert_eq!(scene.get("/health/live").await, (200.try_into().unwrap(), live));
    let ready = serde_json::json!({ "status": "ready", "store": "ok", "worker": "ok", "breaker": "closed" });
    assert_eq!(scene.readiness().await, (200, ready));
}
