//! All connections: their number, their time limits, and eviction for new ones.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::connection::Connection;
use crate::webhook::IngressMetrics;

/// The fraction of places freed at once when all are taken: scanning all of them for every new connection would cost more
/// under attack than the attack itself.
const FREED_AT_ONCE: usize = 32;

#[derive(Debug)]
pub(super) struct Connections {
    limits: Limits,
    metrics: IngressMetrics,
    open: Mutex<Open>,
    left: Notify,
    hurried: CancellationToken,
}

#[derive(Debug, Default)]
struct Open {
    connections: HashMap<u64, (IpAddr, Arc<Connection>)>,
    last: u64,
}

/// A connection's place; freed on drop.
#[derive(Debug)]
pub(super) struct Slot {
    number: u64,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
}

impl Connections {
    pub(super) fn new(limits: Limits, metrics: IngressMetrics) -> Arc<Self> {
        let hurried = CancellationToken::new();
        Arc::new(Self { limits, metrics, open: Mutex::default(), left: Notify::new(), hurried })
    }

    /// A place for a new connection, if one is free.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Slot> {
        let mut open = self.open();
        if open.connections.len() >= self.limits.connections {
            return None;
        }
        open.last += 1;
        let number = open.last;
        let connection = Arc::new(Connection::new(self.hurried.clone(), Instant::now()));
        open.connections.insert(number, (address, Arc::clone(&connection)));
        drop(open);
        self.metrics.connections.inc();
        Some(Slot { number, connection, connections: Arc::clone(self) })
    }

    /// Ends some of the connections without a delivery, first from the addresses with most connections, then the oldest. If
    /// there are none, ends some idle ones with a delivery. Returns how many.
    ///
    /// Behind a proxy all have one address, and only the age counts.
    pub(super) fn make_room(&self) -> usize {
        let open = self.open();
        let mut of_address: HashMap<IpAddr, usize> = HashMap::new();
        for (address, _) in open.connections.values() {
            *of_address.entry(*address).or_default() += 1;
        }
        let mut candidates: Vec<_> = open
            .connections
            .values()
            .filter_map(|(address, connection)| {
                let standing = connection.standing()?;
                Some((standing.has_delivered, Reverse(of_address[address]), standing.since, connection))
            })
            .collect();
        candidates
            .sort_unstable_by_key(|(delivered, of_address, since, _)| (*delivered, *of_address, *since));
        // Connections that are closing count as room too: otherwise a busy machine would evict all of them.
        let going = open.connections.values().filter(|(_, connection)| connection.is_ended()).count();
        let wanted = (self.limits.connections / FREED_AT_ONCE).max(1).saturating_sub(going);
        let evicted = candidates.into_iter().take(wanted).filter(|(.., connection)| connection.end()).count();
        self.metrics.evicted.inc_by(u64::try_from(evicted).unwrap_or(u64::MAX));
        evicted
    }

    /// Waits until a place was freed since this last returned.
    pub(super) async fn somebody_left(&self) {
        self.left.notified().await;
    }

    /// Ends all connections that are out of time.
    pub(super) fn sweep(&self, now: Instant) {
        for (_, connection) in self.open().connections.values() {
            connection.end_if_late(now, &self.limits);
        }
    }

    /// From now on no request that is still arriving is waited for.
    pub(super) fn hurry(&self) {
        self.hurried.cancel();
        self.sweep(Instant::now());
    }

    fn leave(&self, number: u64) {
        self.open().connections.remove(&number);
        self.metrics.connections.dec();
        self.left.notify_one();
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    pub(super) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.connections.leave(self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const HONEST: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn who_is_about_to_leave_makes_the_room_and_nobody_else_goes_for_it() {
        let limits = Limits { connections: 64, ..Limits::default() };
        let connections = Connections::new(limits, IngressMetrics::default());
        let enter = |address| {
            let place = connections.enter(address).unwrap();
            place.connection().was_read();
            place
        };
        let honest = enter(HONEST);
        let mut attackers: Vec<Slot> = (1..64).map(|_| enter(ATTACKER)).collect();
        assert!(connections.enter(HONEST).is_none());
        assert_eq!(connections.make_room(), 2);
        for _ in 0..100 {
            assert_eq!(connections.make_room(), 0, "their places are not free yet, but will be");
        }
        attackers.retain(|place| place.connection().standing().is_some());
        assert_eq!(attackers.len(), 61);
        assert!(connections.enter(HONEST).is_some() && honest.connection().standing().is_some());
    }
}
