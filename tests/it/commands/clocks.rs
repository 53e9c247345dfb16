//! Services as separate processes on one PostgreSQL database, with clocks that are far apart.

use jiff::Timestamp;
use misread::sandbox::seed;
use serde_json::Value;

use super::process::{Place, Running};
use super::service::{Scene, ready};
use crate::http_client;
use crate::store::server::Database;

/// More than the lease, and more than the default settings allow.
const APART: &str = "90";

/// Starts a service whose clock is ahead by this many seconds.
fn start(place: &mut Place, ahead: &str) -> (Running, String) {
    place.set("MISREAD_DEVELOPMENT", "1");
    place.set("MISREAD_CLOCK_AHEAD_SECONDS", ahead);
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    (service, format!("http://{address}/health/ready"))
}

async fn readiness(url: &str) -> Value {
    http_client::get(url).await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_whose_clocks_are_minutes_apart_write_nothing_twice_and_one_beyond_the_bound_rests() {
    let Some(database) = Database::new().await else { return };
    let mut scene = Scene::on(&database.address).await;
    let settings = std::fs::read_to_string(scene.place.path("config/misread.toml")).unwrap();
    scene.place.write("config/misread.toml", &format!("{settings}\n[worker]\nclocks_apart_seconds = 600\n"));
    let (fast, _) = start(&mut scene.place, APART);
    let (slow, _) = start(&mut scene.place, "-90");
    scene.place.write("config/misread.toml", &settings);
    let (mut resting, health) = start(&mut scene.place, APART);
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    let mut tickets = Vec::new();
    for story in &stories {
        tickets.push(scene.opens(story).await);
    }
    for id in tickets {
        let ticket = scene.settled(id).await;
        let comments = ticket["comments"].as_array().unwrap();
        let notes = comments.iter().filter(|comment| comment["public"] == false).count();
        assert_eq!(notes, 1, "{ticket}");
    }
    let told = readiness(&health).await;
    assert_eq!(told["status"], "not ready", "{told}");
    assert_eq!(told["clocks"]["standing"], "apart: no work is taken", "{told}");
    let database_ahead = told["clocks"]["database_ahead_seconds"].as_f64().unwrap();
    assert!((-90.5..=-89.5).contains(&database_ahead), "{told}");
    resting.wait(|resting| resting.err().contains("clocks are apart").then_some(()));
    let worked = |service: Running| service.terminated().err.matches("the case ended").count();
    let worked = [worked(fast), worked(slow), worked(resting)];
    assert_eq!(worked[2], 0);
    assert!(worked[0] + worked[1] > 0, "the skewed ones did nothing");
}
