//! The webhook sender, observed from a receiver.

mod breaker;
mod chance;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AttemptOutcome, InvocationStatus, Webhook, WebhookSwitches};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio_util::sync::CancellationToken;

use super::stage::{Stage, WEBHOOK_SECRET, listen};

/// The receiver's behaviour for the next requests; 200 without any.
#[derive(Clone, Copy)]
enum Reaction {
    Status(u16),
    StatusWithRetryAfter(u16, u32),
    Never,
}

#[derive(Clone, Default)]
struct Receiver {
    seen: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    reactions: Arc<Mutex<VecDeque<Reaction>>>,
    arrived: Arc<tokio::sync::Notify>,
}

impl Receiver {
    /// A receiver that the stage's webhook points to.
    async fn of(stage: &Stage) -> Self {
        Self::with_secret(stage, WEBHOOK_SECRET).await
    }

    /// The same with another signing secret.
    async fn with_secret(stage: &Stage, secret: &str) -> Self {
        let receiver = Self::default();
        let (listener, url) = listen().await;
        let this = receiver.clone();
        let handler = move |headers: HeaderMap, body: String| async move { this.react(headers, body).await };
        let router = Router::new().route("/hook", post(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        stage.zendesk.add_webhook(Webhook {
            id: ACCOUNT.webhook_id.to_owned(),
            endpoint: format!("{url}/hook"),
            secret: secret.to_owned(),
            bearer_token: Some("receiver-token".to_owned()),
        });
        receiver
    }

    async fn react(&self, headers: HeaderMap, body: String) -> Response {
        self.seen.lock().unwrap().push((headers, body));
        self.arrived.notify_one();
        let reaction = self.reactions.lock().unwrap().pop_front();
        let status = |status| axum::http::StatusCode::from_u16(status).unwrap();
        match reaction {
            None => status(200).into_response(),
            Some(Reaction::Status(code)) => status(code).into_response(),
            Some(Reaction::StatusWithRetryAfter(code, seconds)) => {
                (status(code), [("retry-after", seconds.to_string())]).into_response()
            }
            Some(Reaction::Never) => std::future::pending().await,
        }
    }

    fn will(&self, reactions: impl IntoIterator<Item = Reaction>) {
        self.reactions.lock().unwrap().extend(reactions);
    }

    fn header(&self, at: usize, name: &str) -> String {
        self.seen.lock().unwrap()[at].0[name].to_str().unwrap().to_owned()
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    fn tickets(&self) -> Vec<String> {
        let id = |(_, body): &(HeaderMap, String)| {
            serde_json::from_str::<Value>(body).unwrap()["ticket_id"].as_str().unwrap().to_owned()
        };
        self.seen.lock().unwrap().iter().map(id).collect()
    }
}

#[tokio::test]
async fn a_new_ticket_is_announced_with_a_signature_that_verifies() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    let id = stage.open(&["no_self_use"]);
    let report = stage.zendesk.deliver_webhooks().await;
    assert_eq!((report.delivered, report.waiting, report.terminated), (1, 0, 0));

    let body = receiver.seen.lock().unwrap()[0].1.clone();
    assert_eq!(body, format!(r#"{{"ticket_id":"{id}","kind":"start","updated_at":"2026-03-02T01:00:00Z"}}"#));
    assert_eq!(receiver.header(0, "content-type"), "application/json; charset=utf-8");
    assert_eq!(receiver.header(0, "user-agent"), "Zendesk Webhook");
    assert_eq!(receiver.header(0, "x-zendesk-account-id"), "22129848");
    assert_eq!(receiver.header(0, "x-zendesk-webhook-id"), ACCOUNT.webhook_id);
    assert_eq!(receiver.header(0, "authorization"), "Bearer receiver-token");
    assert_eq!(receiver.header(0, "x-zendesk-webhook-invocation-id").len(), 26);
    let timestamp = receiver.header(0, "x-zendesk-webhook-signature-timestamp");
    assert_eq!(timestamp, "2026-03-02T01:00:00Z");
    let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).unwrap();
    mac.update(format!("{timestamp}{body}").as_bytes());
    let signature = STANDARD.decode(receiver.header(0, "x-zendesk-webhook-signature")).unwrap();
    mac.verify_slice(&signature).unwrap();

    assert!(stage.zendesk.deliver_webhooks().await.attempts.is_empty(), "nothing is left");
}

#[tokio::test]
async fn the_signature_is_that_of_the_published_vectors() {
    let stage = Stage::set_at("2021-07-25T10:00:00Z").await;
    let secret = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=";
    let receiver = Receiver::with_secret(&stage, secret).await;
    let value = [ACCOUNT.webhook_id, r#"{"say": "hello"}"#];
    let trigger = json!({ "title": "hello", "conditions": {},
        "actions": [{ "field": "notification_webhook", "value": value }] });
    stage.zendesk.add_trigger(serde_json::from_value(trigger).unwrap()).unwrap();
    stage.plain_ticket();
    assert_eq!(stage.zendesk.deliver_webhooks().await.delivered, 1);
    assert_eq!(receiver.seen.lock().unwrap()[0].1, r#"{"say": "hello"}"#);
    assert_eq!(receiver.header(0, "x-zendesk-webhook-signature-timestamp"), "2021-07-25T10:00:00Z");
    let signature = receiver.header(0, "x-zendesk-webhook-signature");
    assert_eq!(signature, "Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=");
}

#[tokio::test]
async fn a_conflict_is_retried_three_times_under_the_same_id_with_a_fresh_timestamp() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    receiver.will([Reaction::Status(409); 4]);
    stage.open(&["no_self_use"]);
    for _ in 0..6 {
        stage.zendesk.deliver_webhooks().await;
        stage.clock.advance(Duration::from_mins(1));
    }
    assert_eq!(receiver.count(), 4);
    assert_eq!(
        receiver.header(0, "x-zendesk-webhook-invocation-id"),
        receiver.header(3, "x-zendesk-webhook-invocation-id")
    );
    let timestamp = |at| receiver.header(at, "x-zendesk-webhook-signature-timestamp");
    assert_eq!(
        (timestamp(0), timestamp(1)),
        ("2026-03-02T01:00:00Z".to_owned(), "2026-03-02T01:01:00Z".to_owned())
    );
    assert_eq!(stage.zendesk.invocations()[0].status, InvocationStatus::Terminated);
}

#[tokio::test]
async fn retry_after_is_obeyed_under_a_minute_only() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    receiver.will([Reaction::StatusWithRetryAfter(503, 5)]);
    stage.open(&["no_self_use"]);
    assert_eq!(stage.zendesk.deliver_webhooks().await.waiting, 1);
    stage.clock.advance(Duration::from_secs(4));
    assert!(stage.zendesk.deliver_webhooks().await.attempts.is_empty(), "not due yet");
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(stage.zendesk.deliver_webhooks().await.delivered, 1);

    let given_up = [
        Reaction::StatusWithRetryAfter(503, 60),
        Reaction::Status(503),
        Reaction::Status(429),
        Reaction::Status(500),
        Reaction::Status(401),
    ];
    for reaction in given_up {
        receiver.will([reaction]);
        stage.open(&["no_self_use"]);
        assert_eq!(stage.zendesk.deliver_webhooks().await.terminated, 1);
    }
}

#[tokio::test]
async fn a_time_out_is_retried() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    receiver.will([Reaction::Never]);
    stage.open(&["no_self_use"]);
    let report = stage.zendesk.deliver_webhooks().await;
    assert_eq!(report.attempts[0].1, AttemptOutcome::TimedOut);
    stage.clock.advance(Duration::from_mins(1));
    assert_eq!(stage.zendesk.deliver_webhooks().await.delivered, 1);
}

#[tokio::test]
async fn deliveries_are_doubled_dropped_reordered_and_delayed_on_order() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    stage.zendesk.set_webhook_switches(WebhookSwitches {
        duplicate: true,
        drop_next: 1,
        reorder: true,
        delay_seconds: 90,
        ..WebhookSwitches::default()
    });
    let [dropped, first, second] = [(); 3].map(|()| stage.open(&["no_self_use"]).to_string());
    stage.clock.advance(Duration::from_secs(89));
    assert!(stage.zendesk.deliver_webhooks().await.attempts.is_empty());
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(stage.zendesk.deliver_webhooks().await.delivered, 2);

    assert_eq!(receiver.tickets(), [&second, &second, &first, &first].map(Clone::clone));
    assert!(!receiver.tickets().contains(&dropped));
    assert_eq!(
        receiver.header(0, "x-zendesk-webhook-invocation-id"),
        receiver.header(1, "x-zendesk-webhook-invocation-id")
    );
}

#[tokio::test]
async fn the_background_sender_sees_to_it_that_jobs_are_worked() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    let id = stage.plain_ticket();
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone().drop_guard();
    let zendesk = stage.zendesk.clone();
    tokio::spawn(async move { zendesk.run_webhook_sender(shutdown).await });
    let request = stage.ask_zendesk(Method::PUT, &format!("/api/v2/tickets/update_many?ids={id}"));
    let change = json!({ "ticket": { "additional_tags": ["no_self_use"] } });
    assert_eq!(request.json(&change).send().await.unwrap().status(), 200);
    stage.clock.advance(Duration::from_mins(1));
    receiver.arrived.notified().await;
    assert_eq!(receiver.tickets(), [id.to_string()]);
    drop(stop);
}

#[tokio::test]
async fn the_background_sender_wakes_up_for_a_new_ticket_and_stops_when_told() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    let shutdown = CancellationToken::new();
    let sender = tokio::spawn({
        let (zendesk, shutdown) = (stage.zendesk.clone(), shutdown.clone());
        async move { zendesk.run_webhook_sender(shutdown).await }
    });
    for expected in 1..=2 {
        stage.open(&["no_self_use"]);
        receiver.arrived.notified().await;
        assert_eq!(receiver.count(), expected);
    }
    shutdown.cancel();
    sender.await.unwrap();
}
