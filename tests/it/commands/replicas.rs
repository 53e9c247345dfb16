//! Two services as separate processes on one PostgreSQL database; one is stopped and started repeatedly.

use jiff::Timestamp;
use misread::sandbox::seed;

use super::service::{Scene, ready};
use crate::store::server::Database;

/// The number of restarts of the second service.
const RESTARTS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_is_restarted_again_and_again_and_no_webhook_is_refused() {
    let Some(database) = Database::new().await else { return };
    let mut scene = Scene::on(&database.address).await;
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    let mut tickets = Vec::new();
    for some in stories.chunks(stories.len().div_ceil(RESTARTS)) {
        let mut replica = scene.place.start(&["serve"]);
        ready(&mut replica);
        for story in some {
            tickets.push(scene.opens(story).await);
        }
        let ended = replica.terminated();
        assert_eq!(ended.code, Some(0), "{}", ended.err);
    }
    for id in tickets {
        let ticket = scene.settled(id).await;
        let comments = ticket["comments"].as_array().unwrap();
        let notes = comments.iter().filter(|comment| comment["public"] == false).count();
        assert_eq!(notes, 1, "{ticket}");
    }
    let sent = scene.told("invocations").await;
    let outcomes: Vec<String> = sent
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|invocation| invocation["attempts"].as_array().unwrap())
        .map(|attempt| attempt["outcome"]["answered"]["status"].to_string())
        .collect();
    assert!(outcomes.len() >= stories.len(), "{sent}");
    assert!(outcomes.iter().all(|status| status == "200"), "{sent}");
    let ended = scene.service.terminated();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(!ended.err.contains("the ledger was not written"), "{}", ended.err);
}

#[tokio::test]
async fn a_wrong_password_stops_the_start_and_is_not_told() {
    let Some(server) = crate::store::server::private() else { return };
    let mut place = super::process::Place::furnished();
    let address = server.address("guarded:hunter2", "postgres");
    place.set("MISREAD_DATABASE_URL", &address);
    place.set("MISREAD_LOG", "trace");
    let serve = place.run(&["serve"]);
    assert_eq!((serve.code, serve.out.as_str()), (Some(1), ""), "{}", serve.err);
    assert!(serve.err.contains("refuses this program (password authentication failed"), "{}", serve.err);
    assert!(!serve.err.contains("hunter2"), "{}", serve.err);
}
