//! The door's own server: HTTP/1 on bounded connections, each of which has only so much time for everything.
//!
//! When all places are taken, newcomers are let in at the cost of those who never delivered anything ([`connections`]): whoever
//! holds connections open without delivering keeps nobody else out.

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

mod connection;
mod connections;
mod open_files;
mod wire;

/// How often is looked who has used up their time.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// The longest pause when the system has no more files or memory for a connection: trying at once would only burn a processor.
const SHORT_OF_FILES: Duration = Duration::from_millis(100);
/// How long a newcomer waits for a place before others are ended for it once more.
const PLACE_AGAIN: Duration = Duration::from_millis(10);
/// How many connections the system lets wait until they are accepted, where it allows so many: whoever comes when more wait must knock
/// again, a second later.
const BACKLOG: u32 = 4096;

/// What the door takes in at once, and how long it waits for it. Bodies have limits of their own in [`super::Options`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections at once; at least 1. Less where the system allows the process fewer open files.
    pub connections: usize,
    /// How long the head of a request may take to arrive, from the connection or its first byte on.
    pub head_within: Duration,
    /// How long a connection may be idle between two requests.
    pub idle_within: Duration,
    /// How long whoever is still sending a request may go on after a stop.
    pub stop_within: Duration,
}

impl Default for Limits {
    /// 768 connections fit under the 1,024 open files that most systems allow. Proxies keep connections for 60 s: to wait
    /// longer leaves it to them to close, and no delivery meets a closing connection.
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
/// When the address cannot be listened on.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart must not wait for what the system still remembers of old connections.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `POST /webhooks/zendesk`, `GET /health/live` and `GET /health/ready` until `stop`.
///
/// Then nobody new is let in, idle connections are closed at once, and requests that have begun are answered: those whose body
/// is there as always, those still sending within [`Limits::stop_within`] or with 503. So it ends within that and
/// [`super::Options::store_within`].
pub async fn serve(listener: TcpListener, parts: Parts, stop: CancellationToken) {
    let limits = parts.options.limits;
    let limits = Limits { connections: open_files::allow(limits.connections), ..limits };
    let door = Arc::new(Ingress::new(parts));
    let hall =
        Server { connections: Connections::new(limits), router: router(&door), tasks: TaskTracker::new() };
    let mut swept = pin!(hall.sweep());
    tokio::select! {
        () = hall.let_in(&listener, &stop) => {}
        () = &mut swept => {}
        () = stop.cancelled() => {}
    }
    hall.let_in_who_waits(&listener, &stop).await;
    drop(listener);
    hall.until_all_have_left(swept, limits.stop_within).await;
}

/// Everything that connections share.
struct Server {
    connections: Arc<Connections>,
    router: Router,
    tasks: TaskTracker,
}

impl Server {
    /// Accepts connections, for ever.
    async fn let_in(&self, listener: &TcpListener, stop: &CancellationToken) {
        loop {
            match listener.accept().await {
                Ok((stream, address)) => self.seat(stream, address, stop).await,
                // That one connection was gone already.
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "connection not accepted: the system has no more files or memory for it");
                    self.connections.make_room();
                    // If that was of no use, a while later.
                    let _ = tokio::time::timeout(SHORT_OF_FILES, self.connections.somebody_left()).await;
                }
            }
        }
    }

    /// Accepts what the system has accepted already: closing the listener would reset it.
    async fn let_in_who_waits(&self, listener: &TcpListener, stop: &CancellationToken) {
        for _ in 0..BACKLOG {
            match tokio::time::timeout(Duration::ZERO, listener.accept()).await {
                Ok(Ok((stream, address))) => self.seat(stream, address, stop).await,
                Ok(Err(error)) if is_of_one_connection(&error) => {}
                _ => return,
            }
        }
    }

    /// Gives a connection a place and serves it there. Where every place is taken by a delivery that is just being stored, it waits
    /// for the first that is done.
    async fn seat(&self, stream: TcpStream, address: SocketAddr, stop: &CancellationToken) {
        let place = loop {
            if let Some(place) = self.connections.enter(address.ip()) {
                break place;
            }
            let ended = self.connections.make_room();
            tracing::warn!(ended, "connections full: the oldest that have delivered nothing are closed");
            let _ = tokio::time::timeout(PLACE_AGAIN, self.connections.somebody_left()).await;
        };
        let (router, stop) = (self.router.clone(), stop.clone());
        self.tasks.spawn(async move { connection::run(stream, place.connection(), router, stop).await });
    }

    /// Waits for everybody's end; for whoever is still sending only for a while.
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

    /// Ends who has used up their time; for ever.
    async fn sweep(&self) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            self.connections.sweep(Instant::now());
        }
    }
}

/// Errors of `accept` that say nothing about the next.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
