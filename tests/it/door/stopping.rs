//! The stop takes a bounded time under all conditions, and cuts no answer off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use misread::webhook::{Limits, Options};
use sqlx::Connection;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::raw::{PATIENCE, Raw, head, honest, request};
use super::scene::{Scene, options};

const BODY: &str = r#"{"ticket_id":"35436"}"#;

async fn stopped(scene: &mut Scene) {
    scene.stop.cancel();
    tokio::time::timeout(PATIENCE, &mut scene.served).await.expect("it ends").unwrap();
}

/// A stop that would wait very long for clients that are still sending.
fn patient() -> Options {
    Options { limits: Limits { stop_within: PATIENCE, ..Limits::default() }, ..options() }
}

#[tokio::test]
async fn idle_connections_are_closed_at_once() {
    let mut scene = Scene::with(patient()).await;
    let mut raw = Raw::open(scene.address).await;
    raw.send(request(&honest(&scene, 1))).await;
    assert_eq!(raw.status().await, 200);
    let began = Instant::now();
    stopped(&mut scene).await;
    assert!(began.elapsed() < PATIENCE / 3, "{:?}", began.elapsed());
    assert_eq!(raw.rest().await, "");
    assert!(TcpStream::connect(scene.address).await.is_err(), "nobody new is let in");
}

#[tokio::test]
async fn slow_senders_are_not_waited_for_long_and_told_to_send_again() {
    let limits = Limits { stop_within: Duration::from_millis(300), ..Limits::default() };
    let mut scene = Scene::with(Options { limits, body_within: PATIENCE, ..options() }).await;
    let mut silent = Raw::open(scene.address).await;
    let mut slow_head = Raw::open(scene.address).await;
    slow_head.send("POST /webhooks/zendesk HTTP/1.1\r\n").await;
    let mut slow_body = Raw::open(scene.address).await;
    slow_body.send(head(&scene.signed(BODY), "Expect: 100-continue\r\nContent-Length: 21")).await;
    assert_eq!(slow_body.status().await, 100);
    let began = Instant::now();
    stopped(&mut scene).await;
    assert!(began.elapsed() < PATIENCE / 3, "{:?}", began.elapsed());
    assert_eq!((silent.rest().await, slow_head.rest().await), (String::new(), String::new()));
    let answer = slow_body.rest().await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5"), "{answer}");
    assert!(answer.contains("the service is being stopped: send it again"), "{answer}");
}

#[tokio::test]
async fn a_delivery_that_is_being_sent_or_stored_is_taken_and_answered() {
    let mut scene = Scene::with(patient()).await;
    let path = scene.folder.path().join("misread.db");
    let mut beside = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let lock = beside.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let mut sending = Raw::open(scene.address).await;
    sending.send(head(&scene.signed(BODY), "Expect: 100-continue\r\nContent-Length: 21")).await;
    assert_eq!(sending.status().await, 100);
    let mut storing = Raw::open(scene.address).await;
    storing.send(request(&honest(&scene, 2))).await;
    // The listener accepts in order: with this answer, all earlier connections are accepted.
    let mut idle = Raw::open(scene.address).await;
    idle.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(idle.status().await, 200);
    scene.stop.cancel();
    assert_eq!(idle.rest().await, "");
    sending.send(BODY).await;
    lock.rollback().await.unwrap();
    for mut raw in [sending, storing] {
        let answer = raw.rest().await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    }
    stopped(&mut scene).await;
    assert_eq!((scene.pending(35436).await, scene.pending(2).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_loses_nothing_acknowledged_and_cuts_off_no_answer() {
    let mut scene = Scene::new().await;
    let numbers = Arc::new(AtomicUsize::new(1));
    let mut load = JoinSet::new();
    for keep_alive in [true, false, true, false, true, false, true, false] {
        let (numbers, address) = (Arc::clone(&numbers), scene.address);
        let requests: Vec<_> =
            (0..3_000).map(|number| honest(&scene, number)).map(|delivery| request(&delivery)).collect();
        load.spawn(async move {
            let (mut acknowledged, mut raw) = (Vec::new(), None);
            loop {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                if raw.is_none() {
                    // Refused: this endpoint is closed.
                    let Ok(probe) = TcpStream::connect(address).await else { return acknowledged };
                    raw = Some(Raw::over(probe));
                }
                let connection = raw.as_mut().unwrap();
                connection.send(&requests[number]).await;
                // No answer is no acknowledgement; half an answer makes the read fail.
                match connection.answer().await {
                    Some(answer) if answer.starts_with("HTTP/1.1 200 ") => acknowledged.push(number),
                    Some(answer) => assert!(
                        answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5"),
                        "{answer}"
                    ),
                    None => raw = None,
                }
                if !keep_alive {
                    raw = None;
                }
            }
        });
    }
    while numbers.load(Ordering::Relaxed) < 300 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stopped(&mut scene).await;
    let acknowledged: Vec<usize> = load.join_all().await.into_iter().flatten().collect();
    assert!(acknowledged.len() >= 200, "only {} were acknowledged before the stop", acknowledged.len());
    for number in acknowledged {
        assert_eq!(scene.pending(i64::try_from(number).unwrap()).await, 1, "acknowledged delivery {number}");
    }
}
