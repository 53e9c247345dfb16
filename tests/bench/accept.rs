//! How fast the door accepts: the real ledger on this disk, against the same door with a store that answers at once.
//!
//! `cargo bench --bench accept`, or `… -- postgres://…` for an empty PostgreSQL database. The load shares this machine's processors with the door; its requests are signed beforehand.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]
#![expect(clippy::cast_precision_loss, reason = "rates are shown with three digits")]

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use misread::domain::ids::TicketId;
use misread::domain::limits::Happened;
use misread::domain::signature::sign;
use misread::ports::{
    Accepted, Append, CaseState, CaseSummary, Claim, Clock, Loaded, NewDelivery, Store, StoreError,
};
use misread::webhook::{self, Options, Parts};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const SECRET: &str = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=";
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
const WARM_UP: Duration = Duration::from_millis(500);
const MEASURED: Duration = Duration::from_secs(3);
/// Different tickets in turn, so that deliveries fall on many cases.
const TICKETS: usize = 4096;
const INVOCATION_DIGITS: usize = 16;

fn main() {
    let folder =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's folder is writable");
    println!("fsync of this disk: median {:.2} ms\n", milliseconds(fsync_median(folder.path())));
    let requests = Arc::new(signed_requests());
    // Apart, as Zendesk is: the door's tasks do not queue behind the load's.
    let load = Runtime::new().expect("a runtime starts");
    let runtime = Runtime::new().expect("a runtime starts");
    let postgres = std::env::args().find(|argument| argument.starts_with("postgres://"));
    let mut most: f64 = 0.0;
    println!("connections |  durable/s   p50 ms   p99 ms |  instant/s   p50 ms   p99 ms | durable:instant");
    for connections in CONNECTIONS {
        let file = format!("sqlite://{}", folder.path().join(format!("{connections}.db")).display());
        let ledger = postgres.as_ref().unwrap_or(&file);
        let durable = runtime.block_on(measure(Some(ledger), connections, &requests, &load));
        let instant = runtime.block_on(measure(None, connections, &requests, &load));
        println!("{connections:>11} | {durable} | {instant} | {:>15.2}", durable.rate / instant.rate);
        most = most.max(instant.rate);
    }
    let counting = counting();
    let share = counting.as_secs_f64() * most;
    println!(
        "\ncounting a delivery takes {counting:?}: {:.2} % of the time at the highest rate",
        100.0 * share
    );
}

/// How long the counting of one delivery takes: by its result, how long the store took, and how old the delivery was.
fn counting() -> Duration {
    const TIMES: u32 = 1_000_000;
    let results = Family::<Vec<(&'static str, &'static str)>, Counter>::default();
    let histograms = [
        Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 4.0]),
        Histogram::new([0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 150.0, 300.0]),
    ];
    let begun = Instant::now();
    for number in 0..TIMES {
        results.get_or_create(&black_box(vec![("result", "accepted")])).inc();
        for histogram in &histograms {
            histogram.observe(black_box(f64::from(number % 100) / 1000.0));
        }
    }
    begun.elapsed() / TIMES
}

/// What one level came to.
struct Measured {
    rate: f64,
    p50: Duration,
    p99: Duration,
}

impl std::fmt::Display for Measured {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (p50, p99) = (milliseconds(self.p50), milliseconds(self.p99));
        write!(formatter, "{:>10.0} {p50:>8.2} {p99:>8.2}", self.rate)
    }
}

/// One level against a door of its own: the ledger at that address, or the store that answers at once.
async fn measure(
    ledger: Option<&str>,
    connections: usize,
    requests: &Arc<Vec<Request>>,
    load: &Runtime,
) -> Measured {
    let store: Arc<dyn Store> = match ledger {
        Some(address) => misread::store::open(address, Arc::default()).await.expect("the ledger opens"),
        None => Arc::new(Instantly),
    };
    let address = serve(store).await;
    // Levels may share a database: no number is used twice.
    let numbers = Arc::new(AtomicUsize::new(connections * 1_000_000_000));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        tasks.spawn_on(send(address, requests.clone(), numbers.clone(), started), load.handle());
    }
    let mut times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let rate = times.len() as f64 / MEASURED.as_secs_f64();
    Measured { rate, p50: at(50), p99: at(99) }
}

async fn serve(store: Arc<dyn Store>) -> SocketAddr {
    let (_, worker_ready) = watch::channel(true);
    // The same few texts are sent again and again.
    let options = Options { same_text: u32::MAX, ..Options::new(vec![SECRET.into()]) };
    let parts = Parts { store, clock: Arc::new(Fixed), worker_ready, options };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(webhook::serve(listener, parts, CancellationToken::new()));
    address
}

/// Sends one request after the other on one connection; returns how long each took, without the warm-up's.
async fn send(
    address: SocketAddr,
    requests: Arc<Vec<Request>>,
    numbers: Arc<AtomicUsize>,
    started: Instant,
) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("the door is open");
    stream.set_nodelay(true).expect("the connection is open");
    let mut times = Vec::new();
    let mut answer = vec![0; 4096];
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let request = requests[number % TICKETS].numbered(number);
        let sent = Instant::now();
        stream.write_all(&request).await.expect("the connection is open");
        read_answer(&mut stream, &mut answer).await;
        let now = Instant::now();
        if now - started > WARM_UP + MEASURED {
            return times;
        }
        if now - started > WARM_UP {
            times.push(now - sent);
        }
    }
}

/// Reads one whole answer, which must be 200 and of a new delivery.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut length = 0;
    while !buffer[..length].ends_with(b"}") {
        let read = stream.read(&mut buffer[length..]).await.expect("the connection is open");
        assert!(read > 0, "the door hung up");
        length += read;
    }
    let answer = &buffer[..length];
    let accepted = answer.starts_with(b"HTTP/1.1 200") && answer.ends_with(br#"{"delivery":"accepted"}"#);
    assert!(accepted, "not accepted: {}", String::from_utf8_lossy(answer));
}

/// A signed request whose invocation id is filled in when it is sent; the signature does not cover it.
struct Request {
    bytes: Vec<u8>,
    invocation_at: usize,
}

impl Request {
    fn numbered(&self, number: usize) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let digits = format!("{number:0INVOCATION_DIGITS$}");
        bytes[self.invocation_at..][..INVOCATION_DIGITS].copy_from_slice(digits.as_bytes());
        bytes
    }
}

fn signed_requests() -> Vec<Request> {
    let timestamp = Fixed.now().to_string();
    let request = |ticket: usize| {
        let body =
            format!(r#"{{"ticket_id":"{ticket}","kind":"self_use","updated_at":"2026-01-02T03:04:00Z"}}"#);
        let signature = sign(SECRET, &timestamp, body.as_bytes());
        let until_invocation = format!(
            "POST /webhooks/zendesk HTTP/1.1\r\nhost: misread\r\nuser-agent: Zendesk Webhook\r\n\
             content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\
             x-zendesk-account-id: 18525119\r\nx-zendesk-webhook-id: 01HAN96XNH1J7DY8D7RZ22QMT9\r\n\
             x-zendesk-webhook-signature: {signature}\r\n\
             x-zendesk-webhook-signature-timestamp: {timestamp}\r\n\
             x-zendesk-webhook-invocation-id: ",
            body.len()
        );
        let rest = format!("{}\r\n\r\n{body}", "0".repeat(INVOCATION_DIGITS));
        let invocation_at = until_invocation.len();
        Request { bytes: (until_invocation + &rest).into_bytes(), invocation_at }
    };
    (1..=TICKETS).map(request).collect()
}

fn fsync_median(folder: &Path) -> Duration {
    let mut file = File::create(folder.join("fsync")).expect("the folder is writable");
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let started = Instant::now();
            file.write_all(&[1; 4096]).and_then(|()| file.sync_data()).expect("the disk works");
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Always the moment at which the requests were signed.
#[derive(Debug)]
struct Fixed;

#[async_trait]
impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_767_323_045).expect("a time in range")
    }

    async fn sleep_until(&self, _: Timestamp) {
        std::future::pending::<()>().await;
    }
}

/// A store that keeps nothing: what is left is HTTP, the signature and this load.
#[derive(Debug)]
struct Instantly;

#[async_trait]
impl Store for Instantly {
    async fn accept(&self, _: NewDelivery) -> Result<Accepted, StoreError> {
        Ok(Accepted::New { number: 1 })
    }
    async fn claim(&self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Claim>, StoreError> {
        Ok(Vec::new())
    }
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }
    async fn load(&self, _: TicketId) -> Result<Loaded, StoreError> {
        Ok(Loaded { journal: Vec::new(), deliveries: Vec::new() })
    }
    async fn append(&self, _: Append) -> Result<(), StoreError> {
        Ok(())
    }
    async fn list(&self, _: Option<CaseState>, _: usize) -> Result<Vec<CaseSummary>, StoreError> {
        Ok(Vec::new())
    }
    async fn decided_since(
        &self,
        _: Timestamp,
        _: Option<TicketId>,
        _: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        Ok(Vec::new())
    }
    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        Ok(None)
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
