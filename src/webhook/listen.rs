//! The endpoint's own server: HTTP/1 on a bounded number of connections with time limits for everything.
//!
//! When all places are taken, new connections evict those that never delivered anything ([`connections`]): a client that
//! holds connections open without delivering keeps no other client out.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Ingress, Parts, router};
pub(super) use connection::Connection;
use connections::Connections;

pub mod connection;
pub mod connections;
pub mod open_files;
mod wire;

/// The interval of the search for connections that are out of time.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// The longest pause when the system has no more files or memory for a connection: immediate retries would only use CPU
/// time.
const SHORT_OF_FILES: Duration = Duration::from_millis(100);
/// How long a new connection waits for a place before more are evicted for it.
const PLACE_AGAIN: Duration = Duration::from_millis(10);
/// The system's queue of connections that are not accepted yet, if it allows this many: beyond it, clients must connect
/// again a second later.
const BACKLOG: u32 = 4096;

/// What the endpoint accepts at once, and its time limits. Bodies have limits of their own in [`super::Options`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The number of connections; at least 1. Fewer if the system allows the process fewer open files.
    pub connections: usize,
    /// How long a request's head may take to arrive, from the connection or its first byte on.
    pub head_within: Duration,
    /// How long a connection may be idle between two requests.
    pub idle_within: Duration,
    /// How long a client may continue to send a request after a stop.
    pub stop_within: Duration,
}

impl Default for Limits {
    /// 768 connections fit under the 1,024 open files that most systems allow. Proxies keep connections for 60 s: a longer
    /// idle time leaves closing to them, so no delivery meets a closing connection.
    fn default() -> Self {
        Self {
            connections: 768,
            head_within: Duration::from_secs(5),
            idle_within: Duration::from_secs(75),
            stop_within: Duration::from_secs(2),
        }
    }
}

/// Listens for [`serve`].
///
/// # Errors
/// If the address cannot be listened on.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart must not wait for old connections in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `POST /webhooks/zendesk`, `GET /health/live` and `GET /health/ready` until `stop`.
///
/// Then no new connection is accepted, idle ones are closed at once, and requests in progress are answered: those with a
/// complete body as usual, those still sending within [`Limits::stop_within`] or with 503. It returns within that time plus
/// [`super::Options::store_within`].
pub async fn serve(listener: TcpListener, parts: Parts, stop: CancellationToken) {
    let limits = parts.options.limits;
    let limits = Limits { connections: open_files::allow(limits.connections), ..limits };
    let metrics = parts.options.metrics.clone();
    metrics.connections_limit.set(i64::try_from(limits.connections).unwrap_or(i64::MAX));
    let door = Arc::new(Ingress::new(parts));
    let hall = Server {
        connections: Connections::new(limits, metrics),
        router: router(&door),
        tasks: TaskTracker::new(),
    };
    let mut swept = pin!(hall.sweep());
    tokio::select! {
        () = hall.accept_loop(&listener, &stop) => {}
        () = &mut swept => {}
        () = stop.cancelled() => {}
    }
    hall.let_in_who_waits(&listener, &stop).await;
    drop(listener);
    hall.until_all_have_left(swept, limits.stop_within).await;
}

/// The state shared by all connections.
struct Server {
    connections: Arc<Connections>,
    router: Router,
    tasks: TaskTracker,
}

impl Server {
    async fn accept_loop(&self, listener: &TcpListener, stop: &CancellationToken) {
        loop {
            match listener.accept().await {
                Ok((stream, address)) => self.admit(stream, address, stop).await,
                // Only that one connection failed.
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "connection not accepted: the system has no more files or memory for it");
                    self.connections.make_room();
                    // If no place was freed, retry after the pause.
                    let _ = tokio::time::timeout(SHORT_OF_FILES, self.connections.place_freed()).await;
                }
            }
        }
    }

    /// Accepts the connections in the system's queue: closing the listener would reset them.
    async fn let_in_who_waits(&self, listener: &TcpListener, stop: &CancellationToken) {
        for _ in 0..BACKLOG {
            match tokio::time::timeout(Duration::ZERO, listener.accept()).await {
                Ok(Ok((stream, address))) => self.admit(stream, address, stop).await,
                Ok(Err(error)) if is_of_one_connection(&error) => {}
                _ => return,
            }
        }
    }

    /// Gives a connection a place and serves it there. If all places are storing a delivery, it waits for the first of them
    /// to finish.
    async fn admit(&self, stream: TcpStream, address: SocketAddr, stop: &CancellationToken) {
        let place = loop {
            if let Some(place) = self.connections.enter(address.ip()) {
                break place;
            }
            let ended = self.connections.make_room();
            tracing::warn!(ended, "connections full: the oldest that have delivered nothing are closed");
            let _ = tokio::time::timeout(PLACE_AGAIN, self.connections.place_freed()).await;
        };
        let (router, stop) = (self.router.clone(), stop.clone());
        self.tasks.spawn(async move { connection::run(stream, place.connection(), router, stop).await });
    }

    /// Waits for all connections to end; for those still sending only for a limited time.
    async fn until_all_have_left(
        &self,
        mut swept: Pin<&mut impl Future<Output = ()>>,
        stop_within: Duration,
    ) {
        self.tasks.close();
        let mut gone = pin!(self.tasks.wait());
        tokio::select! {
            () = &mut gone => return,
            () = &mut swept => {}
            () = tokio::time::sleep(stop_within) => self.connections.hurry(),
        }
        tokio::select! {
            () = gone => {}
            () = swept => {}
        }
    }

    /// Ends connections that are out of time, forever.
    async fn sweep(&self) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            self.connections.sweep(Instant::now());
        }
    }
}

/// Errors of `accept` that concern only one connection.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
