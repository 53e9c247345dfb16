//! The service as a separate process while others hinder it: a stop, no files left, and its log under attack.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use misread::domain::signature::sign;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::process::{PATIENCE, Place, Running};
use super::service::ready;

/// The same as in [`Place::furnished`].
pub(super) const SECRET: &str = "own-secret-of-these-tests";
/// Far less than the work in progress may take after the first signal, and enough for a busy machine.
const SOON: Duration = Duration::from_secs(12);

/// A whole request, signed now; `number` makes it unique.
pub(super) fn delivery(secret: &str, number: usize) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "the process has the system's clock")]
    let timestamp = Timestamp::now().to_string();
    let body = format!(r#"{{"ticket_id":"{number}"}}"#);
    let signature = sign(secret, &timestamp, body.as_bytes());
    let length = body.len();
    format!(
        "POST /webhooks/zendesk HTTP/1.1\r\nHost: misread\r\nContent-Length: {length}\r\n\
         X-Zendesk-Webhook-Signature: {signature}\r\nX-Zendesk-Webhook-Signature-Timestamp: {timestamp}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Sends all of `request` and reads the response's status.
pub(super) async fn status(stream: &mut TcpStream, request: &[u8]) -> String {
    stream.write_all(request).await.unwrap();
    let mut answer = [0; 1024];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await.expect("in time").unwrap();
    String::from_utf8_lossy(&answer[9..read.max(12)][..3]).into_owned()
}

/// Waits for a line of the log.
fn logged(service: &mut Running, message: &str) {
    service.wait(|service| service.err().contains(message).then_some(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_and_slow_senders_do_not_hold_up_a_stop() {
    let mut place = Place::furnished();
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    let mut idle = TcpStream::connect(&address).await.unwrap();
    assert_eq!(status(&mut idle, b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await, "200");
    let mut slow_head = TcpStream::connect(&address).await.unwrap();
    slow_head.write_all(b"POST /webhooks/zendesk HTTP/1.1\r\n").await.unwrap();
    let mut slow_body = TcpStream::connect(&address).await.unwrap();
    let request = delivery(SECRET, 1);
    slow_body.write_all(&request[..request.len() - 3]).await.unwrap();
    let began = Instant::now();
    let ended = service.terminated();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(began.elapsed() < SOON, "it took {:?}", began.elapsed());
    let mut answer = String::new();
    slow_body.read_to_string(&mut answer).await.unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_it_at_once_while_zendesk_hangs() {
    let zendesk = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut place = Place::furnished();
    place.set("MISREAD_ZENDESK_URL", &format!("http://{}", zendesk.local_addr().unwrap()));
    place.set("MISREAD_DEVELOPMENT", "1");
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    let mut stream = TcpStream::connect(&address).await.unwrap();
    assert_eq!(status(&mut stream, &delivery(SECRET, 35436)).await, "200");
    // Zendesk receives the request and never answers it.
    let (_call, _) = tokio::time::timeout(PATIENCE, zendesk.accept()).await.expect("it is called").unwrap();
    let mut slow_body = TcpStream::connect(&address).await.unwrap();
    let request = delivery(SECRET, 1);
    slow_body.write_all(&request[..request.len() - 3]).await.unwrap();
    service.signal("TERM");
    logged(&mut service, "stopping: work under way is finished or given back");
    let began = Instant::now();
    service.signal("TERM");
    let ended = service.ended();
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
    assert!(ended.err.contains("second signal: stopping at once"), "{}", ended.err);
    // The acknowledged deliveries are in the ledger.
    place.set("MISREAD_DATABASE_URL", "sqlite://misread.db");
    let list = place.run(&["case", "list"]);
    assert!(list.out.contains("35436"), "{}\n{}", list.out, list.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attack_fills_no_log_and_leaves_nothing_secret_in_it() {
    let mut place = Place::furnished();
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    let mut stream = TcpStream::connect(&address).await.unwrap();
    for number in 1..=500 {
        assert_eq!(status(&mut stream, &delivery("guessed-secret", number)).await, "401");
    }
    assert_eq!(status(&mut stream, &delivery(SECRET, 7)).await, "200");
    drop(stream);
    let ended = service.terminated();
    let lines = ended.err.lines().filter(|line| line.contains(r#""message":"delivery refused""#)).count();
    let spared: usize = ended
        .err
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["message"] == "the same again, not logged one by one")
        .map(|line| usize::try_from(line["lines"].as_u64().unwrap()).unwrap())
        .sum();
    // Ten a minute; the attack may have lasted into a second minute.
    assert!((10..=20).contains(&lines), "{lines} lines\n{}", ended.err);
    assert_eq!(lines + spared, 500, "{}", ended.err);
    for secret in [SECRET, "guessed-secret", "ticket_id"] {
        assert!(!ended.err.contains(secret), "`{secret}` is in the log\n{}", ended.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_system_has_no_files_left_others_make_room_for_an_honest_delivery() {
    let mut place = Place::furnished();
    // About thirty are open before the first connection, and the service always tries sixteen connections.
    let mut service = place.start_with_open_files(42);
    let address = ready(&mut service);
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push(TcpStream::connect(&address).await.unwrap());
    }
    for number in 1..=5 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        assert_eq!(status(&mut stream, &delivery(SECRET, number)).await, "200");
    }
    drop(held);
    let ended = service.terminated();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("the system has no more files"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_that_is_asked_again_and_again_while_the_ledger_is_away_fills_no_log() {
    let mut place = Place::furnished();
    place.set("MISREAD_DATABASE_URL", "sqlite://misread.db");
    let mut service = place.start(&["serve"]);
    let address = ready(&mut service);
    std::fs::rename(place.path("misread.db"), place.path("elsewhere")).unwrap();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    for _ in 0..100 {
        assert_eq!(status(&mut stream, b"GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n").await, "503");
    }
    drop(stream);
    let ended = service.terminated();
    let count = |message: &str| {
        let message = format!(r#""message":"{message}""#);
        ended.err.lines().filter(|line| line.contains(&message)).count()
    };
    for told in ["not ready: the store cannot be written to", "the ledger was not written"] {
        // Ten a minute; the requests may have lasted into a second minute.
        assert!((10..=20).contains(&count(told)), "{told}: {} lines\n{}", count(told), ended.err);
    }
    assert!(count("the same again, not logged one by one") >= 2, "{}", ended.err);
}
