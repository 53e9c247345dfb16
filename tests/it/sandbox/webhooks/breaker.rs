//! The breaker of a webhook with too many failures.

use std::time::Duration;

use jiff::Timestamp;
use misread::account::triggers::START_BODY;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AttemptOutcome, Breaker, InvocationStatus, Webhook};
use serde_json::json;

use super::super::stage::Stage;
use super::{Reaction, Receiver};

fn statuses(stage: &Stage) -> Vec<InvocationStatus> {
    stage.zendesk.invocations().iter().map(|sent| sent.status).collect()
}

#[tokio::test]
async fn a_webhook_at_which_most_requests_fail_is_left_alone_for_five_seconds() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    receiver.will([Reaction::Status(500); 10]);
    for _ in 0..12 {
        stage.open(&["no_self_use"]);
    }
    let report = stage.zendesk.deliver_webhooks().await;
    assert_eq!((report.attempts.len(), report.terminated, report.waiting), (10, 10, 2));
    assert_eq!(statuses(&stage)[10..], [InvocationStatus::CircuitBroken; 2]);
    stage.clock.advance(Duration::from_secs(4));
    assert_eq!(stage.zendesk.deliver_webhooks().await.attempts.len(), 0);

    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(stage.zendesk.deliver_webhooks().await.delivered, 2);
    let last = stage.zendesk.invocations().pop().unwrap();
    let outcomes: Vec<_> = last.attempts.iter().map(|attempt| attempt.outcome).collect();
    let answered = AttemptOutcome::Answered { status: 200, retry_after: None };
    assert_eq!(outcomes, [AttemptOutcome::CircuitBroken, answered]);
    assert_eq!((last.status, receiver.count()), (InvocationStatus::Delivered, 12));
}

#[tokio::test]
async fn each_webhook_has_a_breaker_of_its_own_and_a_few_failures_are_no_reason() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    let other = Webhook {
        id: "01OTHER0000000000000000000".to_owned(),
        endpoint: format!("{}/api/v2/nothing", stage.zendesk_url),
        secret: "secret".to_owned(),
        bearer_token: None,
    };
    stage.zendesk.add_webhook(other.clone());
    let trigger = json!({ "title": "second", "conditions": {},
        "actions": [{ "field": "notification_webhook", "value": [other.id, START_BODY] }] });
    receiver.will([Reaction::Status(500); 9]);
    for _ in 0..9 {
        stage.open(&["no_self_use"]);
    }
    stage.zendesk.deliver_webhooks().await;
    stage.zendesk.add_trigger(serde_json::from_value(trigger).unwrap()).unwrap();
    receiver.will([Reaction::Status(500)]);
    stage.open(&["no_self_use"]);
    assert_eq!(stage.zendesk.deliver_webhooks().await.attempts.len(), 2, "nine failures are too few to tell");

    stage.open(&["no_self_use"]);
    assert_eq!(stage.zendesk.deliver_webhooks().await.attempts.len(), 1, "the tenth opened one breaker only");
    let held = stage.zendesk.invocations().into_iter().filter(|sent| sent.status.is_waiting());
    assert!(held.map(|sent| sent.webhook_id).eq([ACCOUNT.webhook_id]));
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_413_200 + seconds).unwrap()
}

/// A breaker after this many successful and failed requests, all at once.
fn after(succeeded: usize, failed: usize) -> Breaker {
    let mut breaker = Breaker::default();
    for failed in std::iter::repeat_n(false, succeeded).chain(std::iter::repeat_n(true, failed)) {
        breaker.record(failed, at(0));
    }
    breaker
}

#[test]
fn seven_of_ten_failures_open_it_for_five_seconds() {
    assert_eq!(after(3, 6).open_until(at(0)), None);
    let breaker = after(3, 7);
    assert_eq!(breaker.open_until(at(4)), Some(at(5)));
    assert_eq!(breaker.open_until(at(5)), None);
    assert_eq!(after(0, 9).open_until(at(0)), None, "too few to tell");
}

#[test]
fn more_than_a_thousand_failures_open_it_however_many_succeed() {
    assert_eq!(after(5000, 1000).open_until(at(0)), None);
    assert!(after(5000, 1001).open_until(at(0)).is_some());
}

#[test]
fn only_five_minutes_count_and_after_a_pause_it_counts_anew() {
    let mut breaker = after(0, 9);
    breaker.record(true, at(300));
    assert_eq!(breaker.open_until(at(300)), None);
    let mut breaker = after(0, 10);
    breaker.record(true, at(6));
    assert_eq!(breaker.open_until(at(6)), None);
}
