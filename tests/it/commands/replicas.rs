//! Services as separate processes on one PostgreSQL database: restarts, an update one by one, and a lost machine.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use misread::sandbox::seed;
use serde_json::Value;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use super::process::{PATIENCE, Running};
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

/// A load balancer: passes each connection to the first address that takes it, the last one that took one first.
#[derive(Clone, Default)]
struct Balancer {
    addresses: Arc<Mutex<Vec<String>>>,
    /// The address of each connection that is passed on now.
    connected: Arc<Mutex<Vec<String>>>,
}

impl Balancer {
    async fn open(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let balancer = self.clone();
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let balancer = balancer.clone();
                tokio::spawn(async move {
                    let Some((mut to, address)) = balancer.connect().await else { return };
                    balancer.connected.lock().unwrap().push(address.clone());
                    // Either end may break off.
                    let _ = copy_bidirectional(&mut from, &mut to).await;
                    drop((from, to));
                    let mut connected = balancer.connected.lock().unwrap();
                    let place = connected.iter().position(|known| *known == address).unwrap();
                    connected.swap_remove(place);
                });
            }
        });
        address
    }

    async fn connect(&self) -> Option<(TcpStream, String)> {
        let addresses = self.addresses.lock().unwrap().clone();
        for address in addresses {
            if let Ok(stream) = TcpStream::connect(&address).await {
                return Some((stream, address));
            }
        }
        None
    }

    /// Starts a replica that gets connections before the others once it is ready; returns it and its address.
    async fn add(&self, scene: &mut Scene) -> (Running, String) {
        let mut replica = scene.place.start(&["serve"]);
        let address = ready(&mut replica);
        let url = format!("http://{address}/health/ready");
        while reqwest::get(&url).await.is_ok_and(|answer| answer.status() != 200) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.addresses.lock().unwrap().insert(0, address.clone());
        (replica, address)
    }

    /// No new connection goes there, as while an orchestrator waits before it ends a replica.
    fn leave(&self, address: &str) {
        self.addresses.lock().unwrap().retain(|known| known != address);
    }

    /// Waits until nothing is passed on to there any more.
    async fn without(&self, address: &str) {
        while self.connected.lock().unwrap().iter().any(|known| known == address) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Whether the last attempt to deliver this webhook was answered 200.
fn is_answered(invocation: &Value) -> bool {
    let attempts = invocation["attempts"].as_array().unwrap();
    attempts.last().is_some_and(|attempt| attempt["outcome"]["answered"]["status"] == 200)
}

/// The policies that a replica's readiness lists.
async fn policies(address: &str, replicas: usize) -> BTreeSet<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = reqwest::get(format!("http://{address}/health/ready")).await.unwrap();
        let told: Value = answer.json().await.unwrap();
        let listed = told["replicas"].as_array().unwrap();
        if listed.len() >= replicas {
            return listed.iter().map(|replica| replica["policy"].to_string()).collect();
        }
        assert!(Instant::now() < deadline, "{told}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_are_updated_one_by_one_and_one_is_lost_with_its_machine() {
    let Some(database) = Database::new().await else { return };
    let mut scene = Scene::on(&database.address).await;
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    let mut parts = stories.chunks(stories.len().div_ceil(4));
    let mut tickets = Vec::new();
    let mut open = async |scene: &Scene| {
        for story in parts.next().unwrap() {
            tickets.push(scene.opens(story).await);
        }
    };
    // What a lost machine works on is free after ten seconds.
    let quick = "\n[worker]\nlease_seconds = 10\n[parking]\nrequest_timeout_seconds = 5\n[zendesk]\nrequest_timeout_seconds = 5\n";
    scene.place.append("config/misread.toml", quick);
    let balancer = Balancer::default();
    let front = balancer.open().await;
    let (first, first_address) = balancer.add(&mut scene).await;
    let (second, second_address) = balancer.add(&mut scene).await;
    scene.webhooks_to(&front).await;
    let alone = mem::replace(&mut scene.service, first).terminated();
    assert_eq!(alone.code, Some(0), "{}", alone.err);
    open(&scene).await;

    // The new ones have another policy; each replaces one, and tickets keep coming.
    scene.place.replace("config/policy.toml", "계정 본인, 차량이 모두", "계정의 본인과 차량이 모두");
    let (third, third_address) = balancer.add(&mut scene).await;
    assert_eq!(policies(&third_address, 3).await.len(), 2, "the update is under way");
    balancer.leave(&first_address);
    let first = mem::replace(&mut scene.service, third).terminated();
    balancer.without(&first_address).await;
    open(&scene).await;
    let (fourth, fourth_address) = balancer.add(&mut scene).await;
    balancer.leave(&second_address);
    let second = second.terminated();
    balancer.without(&second_address).await;
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{}\n{}", first.err, second.err);
    open(&scene).await;

    // A webhook that it has not answered would only be found by a sweep, minutes later.
    while !scene.told("invocations").await.as_array().unwrap().iter().all(is_answered) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // A machine is lost with what it works on, without a word; the balancer learns of it by its silence.
    fourth.signal("KILL");
    drop(fourth.ended());
    // A webhook on a connection to it that is not known to be broken would be lost.
    balancer.without(&fourth_address).await;
    open(&scene).await;
    let mut notes = Vec::new();
    for id in tickets {
        let ticket = scene.settled(id).await;
        let comments = ticket["comments"].as_array().unwrap();
        notes.push(comments.iter().filter(|comment| comment["public"] == false).count());
    }
    assert!(notes.iter().all(|count| *count == 1), "{notes:?}");
    let ended = scene.service.terminated();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
}
