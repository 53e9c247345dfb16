//! Readiness of a whole service that runs by itself.

use std::time::Duration;

use jiff::Timestamp;
use misread::domain::policy::Policy;
use misread::worker::upkeep::Presence;
use serde_json::Value;

use crate::http_client;
use crate::world::World;

/// Polls until readiness reports this about the worker.
async fn until_the_worker_is(url: &str, wanted: &str) -> u16 {
    let asking = async {
        loop {
            let answer = http_client::get(url).await.unwrap();
            let status = answer.status().as_u16();
            if answer.json::<Value>().await.unwrap()["worker"] == wanted {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("waited in vain")
}

#[tokio::test]
async fn a_worker_that_no_longer_looks_for_work_makes_the_service_unready_until_it_does() {
    let world = World::new().await;
    let (address, wake) = world.running(|settings| settings.worker.poll_seconds = 60).await;
    let url = format!("{address}/health/ready");
    assert_eq!(until_the_worker_is(&url, "ok").await, 200);
    // Three times the longest pause has passed without a search.
    world.pass(Duration::from_secs(181));
    assert_eq!(until_the_worker_is(&url, "failing").await, 503);
    wake.notify_one();
    assert_eq!(until_the_worker_is(&url, "ok").await, 200);
}

/// The names, programs and policies of the replicas that readiness lists.
async fn listed(world: &World) -> Vec<(String, String)> {
    let told: Value = world.readiness().await.json().await.unwrap();
    let replicas = told["replicas"].as_array().unwrap_or_else(|| panic!("{told}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    replicas.iter().map(|replica| (text(&replica["name"]), text(&replica["policy"]))).collect()
}

#[tokio::test]
async fn readiness_lists_the_replicas_of_the_last_minute_with_their_policies() {
    let Some(world) = World::on_postgres().await else { return };
    let report = async |world: &World, name: &str| {
        let (store, clock) = (world.service.store().clone(), world.clock.clone());
        Presence::new(store, clock, world.service.status().clone(), name.to_owned()).report().await;
    };
    let other = world.replica().await;
    let before = world.service.status().running().policy;
    report(&world, "one:1").await;
    report(&other, "other:1").await;
    let both = [("one:1".to_owned(), before.clone()), ("other:1".to_owned(), before.clone())];
    assert_eq!(listed(&world).await, both);
    assert_eq!(listed(&other).await, both);

    other.reload(|files| files.policy = shadowed());
    report(&other, "other:1").await;
    let [(_, first), (_, second)] = <[_; 2]>::try_from(listed(&world).await).unwrap();
    assert!(first == before && second != before, "{second}");

    // The first one is silent for more than a minute.
    world.pass(Duration::from_secs(61));
    report(&other, "other:1").await;
    let left = listed(&world).await;
    assert_eq!(left.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["other:1"]);
    // After a day nothing of it is kept.
    world.pass(Duration::from_hours(25));
    report(&other, "other:1").await;
    let kept = world.service.store().replicas(Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(kept.iter().map(|replica| replica.name.as_str()).collect::<Vec<_>>(), ["other:1"]);
}

/// The built-in policy with one row less trusted.
fn shadowed() -> Policy {
    let text =
        include_str!("../../../config/policy.toml").replacen("trust = \"auto\"", "trust = \"shadow\"", 1);
    Policy::parse(&text).unwrap()
}

#[tokio::test]
async fn a_process_on_a_file_is_its_only_replica() {
    let world = World::new().await;
    assert_eq!(listed(&world).await, []);
    world.service.presence().report().await;
    let [(name, policy)] = listed(&world).await.try_into().unwrap();
    assert!(name.ends_with(&format!(":{}", std::process::id())), "{name}");
    assert_eq!(policy, world.service.status().running().policy);
}
