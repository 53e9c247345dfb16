//! The webhook endpoint under attack: an honest delivery on a connection of its own is always accepted.

use std::time::Duration;

use misread::webhook::{BODY_LIMIT, LARGE_BODIES, Limits, Options};
use tokio::task::JoinSet;

use super::raw::{PATIENCE, Raw, deliver_honestly, head, honest, request};
use super::scene::{Broken, Delivery, Scene, options};

const BODY: &str = r#"{"ticket_id":"35436"}"#;
const SIGNATURE: &str = "X-Zendesk-Webhook-Signature";
const INVOCATION: &str = "X-Zendesk-Webhook-Invocation-Id";
/// The number of honest deliveries during an attack.
const HONEST: usize = 20;

/// Options with few connections and short timeouts.
fn narrow(connections: usize) -> Options {
    let short = Duration::from_millis(300);
    let limits = Limits { connections, head_within: short, idle_within: 2 * short, stop_within: short };
    Options { limits, ..options() }
}

/// Open connections that have all sent the same bytes.
async fn held_open(scene: &Scene, count: usize, bytes: &[u8]) -> Vec<Raw> {
    let mut held = Vec::new();
    for _ in 0..count {
        let mut raw = Raw::open(scene.address).await;
        raw.send(bytes).await;
        held.push(raw);
    }
    held
}

#[tokio::test]
async fn slow_heads_hold_no_place_against_an_honest_delivery_and_end_in_time() {
    let scene = Scene::with(narrow(16)).await;
    let mut slow = held_open(&scene, 64, b"POST /webhooks/zendesk HTTP/1.1\r\nHost: x\r\nX-").await;
    deliver_honestly(&scene, 1..HONEST + 1).await;
    for raw in &mut slow {
        raw.send("a").await;
        assert_eq!(raw.rest().await, "", "ended without an answer");
    }
}

#[tokio::test]
async fn slow_bodies_hold_no_place_against_an_honest_delivery() {
    let scene = Scene::with(narrow(16)).await;
    let begun = head(&scene.signed(BODY), "Content-Length: 21") + &BODY[..5];
    let slow = held_open(&scene, 64, begun.as_bytes()).await;
    deliver_honestly(&scene, 1..HONEST + 1).await;
    drop(slow);
    assert_eq!(scene.pending(35436).await, 0);
}

#[tokio::test]
async fn large_slow_bodies_take_only_so_much_memory_and_no_small_delivery_waits_for_them() {
    let scene = Scene::with(Options { body_within: PATIENCE, ..options() }).await;
    let begun = head(&scene.signed(BODY), &format!("Content-Length: {BODY_LIMIT}"));
    let slow = held_open(&scene, LARGE_BODIES, begun.as_bytes()).await;
    deliver_honestly(&scene, 1..HONEST + 1).await;
    let large = format!(r#"{{"ticket_id":"77","filler":"{}"}}"#, "x".repeat(BODY_LIMIT / 2));
    let mut raw = Raw::open(scene.address).await;
    raw.send(request(&scene.signed(large).header(INVOCATION, "large"))).await;
    let waiting = tokio::time::timeout(Duration::from_millis(300), raw.status()).await;
    assert!(waiting.is_err(), "more large bodies are read at once than there are places: {waiting:?}");
    drop(slow);
    assert_eq!(raw.status().await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_connections_do_not_keep_zendesk_out() {
    let scene = Scene::with(narrow(100)).await;
    let mut held = held_open(&scene, as_many_as_may_be_open(2_000), b"").await;
    deliver_honestly(&scene, 1..HONEST + 1).await;
    // The first of them was closed long ago to make room.
    assert_eq!(held[0].rest().await, "");
}

/// `wanted`, or as many connections as the system lets this process open.
fn as_many_as_may_be_open(wanted: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let limit = line.split_whitespace().nth(3).unwrap().parse().unwrap_or(usize::MAX);
    wanted.min(limit.saturating_sub(600)).max(200)
}

#[tokio::test]
async fn a_connection_that_has_delivered_keeps_its_place_against_those_that_have_not() {
    let scene =
        Scene::with(Options { limits: Limits { connections: 4, ..Limits::default() }, ..options() }).await;
    let mut known = Raw::open(scene.address).await;
    known.send(request(&honest(&scene, 1))).await;
    assert_eq!(known.status().await, 200);
    let strangers = held_open(&scene, 30, b"GET ").await;
    let mut forged = Raw::open(scene.address).await;
    forged.send(request(&honest(&scene, 2).header(SIGNATURE, "x"))).await;
    assert_eq!(forged.status().await, 401);
    known.send(request(&honest(&scene, 3))).await;
    assert_eq!(known.status().await, 200);
    drop(strangers);
}

#[tokio::test]
async fn when_every_place_stores_a_delivery_a_newcomer_waits_and_no_connection_is_cut_off() {
    let options = Options { store_within: Duration::from_millis(300), ..narrow(2) };
    let scene = Scene::with_store(options, Broken::Hangs).await;
    let mut all = Vec::new();
    for number in 1..=6 {
        let mut raw = Raw::open(scene.address).await;
        raw.send([request(&honest(&scene, number))].concat()).await;
        all.push(raw);
    }
    for mut raw in all {
        assert_eq!(raw.status().await, 503);
        raw.close().await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_a_while_and_closed_then() {
    let scene = Scene::with(narrow(16)).await;
    let mut raw = Raw::open(scene.address).await;
    for number in 1..=3 {
        raw.send(request(&honest(&scene, number))).await;
        assert_eq!(raw.status().await, 200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(raw.rest().await, "");
}

#[tokio::test]
async fn replays_are_taken_ten_times_under_any_ids_and_then_asked_to_be_signed_anew() {
    let scene = Scene::new().await;
    let replay = |number: usize| scene.signed(BODY).header(INVOCATION, format!("replay-{number}"));
    let mut raw = Raw::open(scene.address).await;
    let mut statuses = Vec::new();
    for number in 0..200 {
        raw.send(request(&replay(number))).await;
        statuses.push(raw.status().await);
    }
    assert!(statuses[..10].iter().all(|status| *status == 200), "{statuses:?}");
    assert!(statuses[10..].iter().all(|status| *status == 429), "{statuses:?}");
    assert_eq!(scene.pending(35436).await, 10);
    let again = super::scene::problem(scene.send(replay(1)).await, 429).await;
    assert_eq!(again, "this signed text has come too often: send it again, signed anew");
    deliver_honestly(&scene, 1..HONEST + 1).await;
    let old = replay(0);
    scene.clock.advance(Duration::from_secs(1));
    scene.taken(replay(300), "accepted").await;
    scene.clock.advance(Duration::from_mins(5));
    assert_eq!(scene.send(old).await.status(), 401);
}

/// Sends forgeries one after the other, each on a connection of its own, as fast as possible; every answer must be
/// `status`.
async fn flood(scene: &Scene, forgery: impl Fn(usize) -> Delivery, status: u16) {
    const CONNECTIONS: usize = 8;
    const EACH: usize = 150;
    let mut attack = JoinSet::new();
    for connection in 0..CONNECTIONS {
        let requests: Vec<_> =
            (0..EACH).map(|number| request(&forgery(connection * EACH + number))).collect();
        let address = scene.address;
        attack.spawn(async move {
            for request in requests {
                let mut raw = Raw::open(address).await;
                raw.send(&request).await;
                assert_eq!(raw.status().await, status);
            }
        });
    }
    let (before, mut honest) = (scene.rows("SELECT count(*) FROM deliveries").await, 0);
    let first = 1_000_000 + usize::try_from(before).unwrap();
    while !attack.is_empty() {
        deliver_honestly(scene, first + honest..first + honest + 1).await;
        honest += 1;
        while let Some(ended) = attack.try_join_next() {
            ended.unwrap();
        }
    }
    let stored = scene.rows("SELECT count(*) FROM deliveries").await - before;
    assert_eq!(usize::try_from(stored).unwrap(), honest, "only honest deliveries are stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forgeries_at_full_speed_store_nothing_and_hold_up_no_delivery() {
    let scene = Scene::new().await;
    let now = super::scene::NOW;
    flood(&scene, |number| scene.signed(BODY).header(SIGNATURE, guess(number)), 401).await;
    flood(&scene, |number| Scene::signed_with(&format!("secret {number}"), now, BODY), 401).await;
    let deep = format!(r#"{{"ticket_id":"1","a":{}"#, "[".repeat(8_000));
    flood(&scene, |_| Scene::signed_with("another", now, deep.clone()), 401).await;
    flood(&scene, |_| Scene::signed_with("another", now, b"\xff\xfe{\"ticket_id\":\"1\"}"), 401).await;
    flood(&scene, |_| scene.signed(BODY).header("Content-Encoding", "gzip"), 415).await;
}

/// Well-formed and wrongly signed.
fn guess(number: usize) -> String {
    use base64::Engine;
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

#[tokio::test]
async fn a_client_that_reads_no_responses_is_not_read_any_further() {
    let scene = Scene::new().await;
    let many = request(&scene.signed(BODY).header(SIGNATURE, guess(1))).repeat(2_000);
    let mut raw = Raw::open(scene.address).await;
    let endless = async {
        // Far more than the socket buffers of both sides hold.
        for _ in 0..100 {
            raw.send(&many).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(2), endless).await;
    assert!(ended.is_err(), "100 MB of requests were taken, and their answers kept");
    deliver_honestly(&scene, 1..3).await;
}
