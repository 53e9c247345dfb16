//! The honest senders: at a steady rate, whether answers come or not.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::wire::{Delivery, connect, exchange};

/// Deliveries in a second.
pub(crate) const RATE: u32 = 100;
/// What Zendesk is sure to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that are kept, as a proxy's are; every other delivery opens one of its own.
const KEPT: usize = 8;

/// Where honest deliveries come from.
pub(crate) const ZENDESK: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Numbers that no other delivery of this run has.
static NUMBERS: AtomicUsize = AtomicUsize::new(0);

/// What became of the honest deliveries.
pub(crate) struct Honest {
    pub(crate) sent: usize,
    /// Answered 200.
    pub(crate) taken: usize,
    /// Why others were not.
    pub(crate) problems: BTreeMap<String, usize>,
    times: Vec<Duration>,
}

impl Honest {
    /// The time within which so many percent were taken.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        self.times.get(self.times.len().saturating_sub(1) * percent / 100).copied().unwrap_or(PATIENCE)
    }
}

/// Sends for so long, and waits for the answers.
pub(crate) async fn send(address: SocketAddr, lasts: Duration) -> Honest {
    let kept: Vec<_> = (0..KEPT).map(|_| Arc::new(Mutex::new(None))).collect();
    let mut tasks = JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / RATE);
    for turn in 0..(RATE * u32::try_from(lasts.as_secs()).unwrap_or(u32::MAX)) as usize {
        ticks.tick().await;
        let connection = turn.is_multiple_of(2).then(|| Arc::clone(&kept[turn / 2 % KEPT]));
        tasks.spawn(one(address, connection));
    }
    let mut honest = Honest { sent: 0, taken: 0, problems: BTreeMap::new(), times: Vec::new() };
    for outcome in tasks.join_all().await {
        honest.sent += 1;
        match outcome {
            Ok(time) => {
                honest.taken += 1;
                honest.times.push(time);
            }
            Err(problem) => *honest.problems.entry(problem).or_default() += 1,
        }
    }
    honest.times.sort_unstable();
    honest
}

/// Sends one delivery; returns how long it took to be taken.
async fn one(address: SocketAddr, kept: Option<Arc<Mutex<Option<TcpStream>>>>) -> Result<Duration, String> {
    let request = Delivery::honest(NUMBERS.fetch_add(1, Ordering::Relaxed)).request();
    let started = Instant::now();
    let exchanged = async {
        match kept {
            None => exchange(&mut connect(ZENDESK, address).await?, &request).await,
            Some(kept) => {
                let mut kept = kept.lock().await;
                let mut stream = match kept.take() {
                    Some(stream) => stream,
                    None => connect(ZENDESK, address).await?,
                };
                let status = exchange(&mut stream, &request).await?;
                *kept = Some(stream);
                Ok(status)
            }
        }
    };
    match tokio::time::timeout(PATIENCE, exchanged).await {
        Ok(Ok(200)) => Ok(started.elapsed()),
        Ok(Ok(status)) => Err(format!("status {status}")),
        Ok(Err(error)) => Err(error.kind().to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}
