//! The console's listener: clients that hold connections open keep people out no longer than its limits.

use std::time::Duration;

use misread::console::{self, Limits};
use misread::domain::person::Role;
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::{Place, with_users};

/// Far longer than any step takes here, far shorter than the limits by default.
const PATIENCE: Duration = Duration::from_secs(8);

fn soon() -> Limits {
    let short = Duration::from_millis(200);
    Limits { connections: 2, head_within: short, used_within: Duration::from_mins(10), end_within: short }
}

async fn connected(place: &Place) -> TcpStream {
    TcpStream::connect(place.url.strip_prefix("http://").unwrap()).await.unwrap()
}

/// Everything that comes until the end.
async fn rest(stream: &mut TcpStream) -> String {
    let mut told = Vec::new();
    // A connection that is reset has ended as well.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut told)).await.expect("it is held open");
    String::from_utf8_lossy(&told).into_owned()
}

#[tokio::test]
async fn a_head_that_never_ends_and_an_idle_connection_are_ended() {
    let place = Place::within(soon()).await;
    let mut silent = connected(&place).await;
    let mut slow = connected(&place).await;
    slow.write_all(b"GET /sign-in HTTP/1.1\r\nhost: x\r\nx-so-far: ").await.unwrap();
    assert_eq!(rest(&mut silent).await, "");
    assert!(!rest(&mut slow).await.contains("200 OK"));
    let mut idle = connected(&place).await;
    idle.write_all(b"GET /sign-in HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let told = rest(&mut idle).await;
    assert!(told.starts_with("HTTP/1.1 200 OK") && told.contains("</html>"), "{told}");
}

#[tokio::test]
async fn people_get_in_after_those_who_hold_all_connections() {
    let place = Place::within(soon()).await;
    let _held = [connected(&place).await, connected(&place).await];
    let page = tokio::time::timeout(PATIENCE, place.browser().get("/sign-in")).await;
    assert_eq!(page.expect("no place became free").status, StatusCode::OK);
}

#[tokio::test]
async fn a_connection_in_use_is_ended_after_its_time() {
    let limits = Limits { used_within: Duration::from_millis(100), ..Limits::default() };
    let place = Place::within(limits).await;
    let mut stream = connected(&place).await;
    stream.write_all(b"GET /sign-in HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(rest(&mut stream).await.contains("</html>"));
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused() {
    let place = Place::within(Limits::default()).await;
    let mut browser = place.browser();
    browser.headers = vec![("x-long", "a".repeat(20_000))];
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn a_stop_ends_idle_connections_and_takes_no_more() {
    let place = Place::with(with_users, |_| {}).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let served = tokio::spawn(console::serve(listener, place.world.service.console().unwrap(), stop.clone()));
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /sign-in HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    stop.cancel();
    tokio::time::timeout(PATIENCE, served).await.expect("it did not stop").unwrap().unwrap();
    assert!(rest(&mut idle).await.contains("</html>"));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn pages_are_served_one_after_another_on_the_same_connection() {
    let place = Place::within(Limits { connections: 1, ..Limits::default() }).await;
    let mut browser = place.signed_in(Role::View).await;
    for path in ["/", "/tickets", "/system"] {
        browser.page(path).await;
    }
}
