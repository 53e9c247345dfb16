//! Services as separate processes on one PostgreSQL database: restarts, an update one by one, and a lost machine.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use misread::sandbox::seed;
use serde_json::Value;
use tokio::net::TcpListener;

use super::process::{PATIENCE, Running};
use super::service::{Scene, ready};
use crate::http_client;
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

/// A load balancer as `deploy/proxy` sets one up: it passes each request to the first address that takes a connection, on a
/// connection of its own, and answers 503 with `Retry-After` where a replica broke off.
#[derive(Clone, Debug)]
struct Balancer {
    addresses: Arc<Mutex<Vec<String>>>,
    http: reqwest::Client,
}

impl Balancer {
    /// A balancer without replicas, and its address.
    async fn open() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let http = http_client::builder().pool_max_idle_per_host(0).build().unwrap();
        let balancer = Self { addresses: Arc::default(), http };
        let router = Router::new().fallback(pass).with_state(balancer.clone());
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        (balancer, address)
    }

    /// Starts a replica that gets requests before the others once it is ready; returns it and its address.
    async fn add(&self, scene: &mut Scene) -> (Running, String) {
        let mut replica = scene.place.start(&["serve"]);
        let address = ready(&mut replica);
        let url = format!("http://{address}/health/ready");
        while http_client::get(&url).await.is_ok_and(|answer| answer.status() != 200) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.addresses.lock().unwrap().insert(0, address.clone());
        (replica, address)
    }

    /// No further request goes there, as while an orchestrator waits before it ends a replica.
    fn leave(&self, address: &str) {
        self.addresses.lock().unwrap().retain(|known| known != address);
    }
}

async fn pass(State(balancer): State<Balancer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let addresses = balancer.addresses.lock().unwrap().clone();
    for address in addresses {
        let url = format!("http://{address}{}", parts.uri);
        let sent = balancer.http.request(parts.method.clone(), url).headers(parts.headers.clone());
        match sent.body(body.clone()).send().await {
            Ok(answer) => {
                return (answer.status(), answer.headers().clone(), answer.bytes().await.unwrap())
                    .into_response();
            }
            Err(error) if error.is_connect() => {}
            Err(_) => break,
        }
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response()
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
        let answer = http_client::get(format!("http://{address}/health/ready")).await.unwrap();
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
    let (balancer, front) = Balancer::open().await;
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
    open(&scene).await;
    let (fourth, _) = balancer.add(&mut scene).await;
    balancer.leave(&second_address);
    let second = second.terminated();
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{}\n{}", first.err, second.err);
    open(&scene).await;

    // A webhook that it has not answered would only be found by a sweep, minutes later.
    while !scene.told("invocations").await.as_array().unwrap().iter().all(is_answered) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // A machine is lost with what it works on, without a word; the balancer learns of it by its silence.
    fourth.signal("KILL");
    drop(fourth.ended());
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
