//! Readiness of a whole service that runs by itself.

use std::time::Duration;

use serde_json::Value;

use crate::world::World;

/// Polls until readiness reports this about the worker.
async fn until_the_worker_is(url: &str, wanted: &str) -> u16 {
    let asking = async {
        loop {
            let answer = reqwest::get(url).await.unwrap();
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
