//! Random faults of webhooks, which are reproducible.

use std::collections::BTreeSet;

use misread::ports::Clock as _;
use misread::sandbox::zendesk::{Chances, InvocationStatus, WebhookSwitches};

use super::super::stage::Stage;
use super::super::triggers::webhook;
use super::Receiver;

fn set(stage: &Stage, chances: Chances) {
    stage.zendesk.set_webhook_switches(WebhookSwitches { chances, ..WebhookSwitches::default() });
}

/// The seconds that notifications wait.
fn waits(stage: &Stage) -> BTreeSet<i64> {
    // The trigger fires at a whole second.
    let now = stage.clock.now().as_second();
    stage.zendesk.invocations().iter().map(|sent| sent.due_at.as_second() - now).collect()
}

/// The places of the dropped notifications among so many.
async fn dropped(chances: Chances, count: usize) -> Vec<usize> {
    let stage = Stage::set().await;
    webhook(&stage);
    set(&stage, chances);
    let ids: Vec<_> = (0..count).map(|_| stage.open(&["no_self_use"]).get()).collect();
    let sent = stage.zendesk.invocations();
    let dropped = sent.iter().filter(|sent| sent.status == InvocationStatus::Dropped);
    dropped.map(|sent| ids.iter().position(|id| *id == sent.ticket_id).unwrap()).collect()
}

#[tokio::test]
async fn some_are_dropped_and_the_same_ones_for_the_same_seed() {
    let chances = Chances { seed: 7, drop_percent: 20, ..Chances::default() };
    let first = dropped(chances, 100).await;
    assert!((10..=30).contains(&first.len()), "{first:?}");
    assert_eq!(dropped(chances, 100).await, first);
    assert_ne!(dropped(Chances { seed: 8, ..chances }, 100).await, first);
    assert!(dropped(Chances { drop_percent: 0, ..chances }, 100).await.is_empty());
}

#[tokio::test]
async fn it_is_fair_and_can_be_repeated() {
    let struck = async |seed, drop_percent, count| {
        dropped(Chances { seed, drop_percent, ..Chances::default() }, count).await
    };
    let first = struck(1, 20, 1000).await;
    assert!((150..250).contains(&first.len()), "{} of 1000", first.len());
    assert_eq!(struck(1, 20, 1000).await, first);
    assert_ne!(struck(2, 20, 1000).await, first);
    assert!(struck(1, 0, 100).await.is_empty() && struck(1, 100, 100).await.len() == 100);

    let stage = Stage::set().await;
    webhook(&stage);
    set(&stage, Chances { seed: 1, delay_up_to_seconds: 3, ..Chances::default() });
    for _ in 0..100 {
        stage.open(&["no_self_use"]);
    }
    assert_eq!(waits(&stage), BTreeSet::from([0, 1, 2, 3]));
}

#[tokio::test]
async fn some_are_sent_twice_under_the_same_id() {
    let stage = Stage::set().await;
    let receiver = Receiver::of(&stage).await;
    set(&stage, Chances { seed: 7, duplicate_percent: 30, ..Chances::default() });
    for _ in 0..30 {
        stage.open(&["no_self_use"]);
    }
    let report = stage.zendesk.deliver_webhooks().await;
    assert_eq!(report.delivered, 30);
    let ids: BTreeSet<_> =
        (0..receiver.count()).map(|at| receiver.header(at, "x-zendesk-webhook-invocation-id")).collect();
    assert_eq!(ids.len(), 30);
    assert!((33..50).contains(&receiver.count()), "{}", receiver.count());
}

#[tokio::test]
async fn each_waits_as_long_as_chance_has_it() {
    let stage = Stage::set().await;
    webhook(&stage);
    let chances = Chances { seed: 7, delay_up_to_seconds: 10, ..Chances::default() };
    let switches = WebhookSwitches { delay_seconds: 60, chances, ..WebhookSwitches::default() };
    stage.zendesk.set_webhook_switches(switches);
    for _ in 0..50 {
        stage.open(&["no_self_use"]);
    }
    let waits = waits(&stage);
    assert_eq!((waits.first(), waits.last()), (Some(&60), Some(&70)));
    assert!(waits.len() > 5, "{waits:?}");
}

#[tokio::test]
async fn what_waits_is_sent_in_an_order_that_only_the_seed_knows() {
    let order = async |seed| {
        let stage = Stage::set().await;
        let receiver = Receiver::of(&stage).await;
        set(&stage, Chances { seed, shuffle: true, ..Chances::default() });
        let opened: Vec<_> = (0..10).map(|_| stage.open(&["no_self_use"]).to_string()).collect();
        stage.zendesk.deliver_webhooks().await;
        let sent = receiver.tickets();
        assert_eq!(sent.iter().collect::<BTreeSet<_>>(), opened.iter().collect());
        let reversed: Vec<_> = opened.iter().rev().cloned().collect();
        assert!(sent != opened && sent != reversed);
        sent
    };
    let first = order(1).await;
    assert_eq!(order(1).await, first);
    assert_ne!(order(2).await, first);
}
