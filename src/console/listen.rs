//! The console's own server: HTTP/1 on a bounded number of connections with time limits, which axum's has not.
//!
//! A client that holds connections open, or sends a request byte by byte, keeps people out for no longer than these limits.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The largest head of a request, in bytes; larger ones get 431. A browser's has about 1,000.
const LARGEST_HEAD: usize = 16 * 1024;
/// The pause after the system had no more files or memory for a connection.
const SHORT_OF_FILES: Duration = Duration::from_millis(100);

/// What the console accepts at once, and its time limits. A page has one of its own.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The number of connections; at least 1. Others wait in the system's queue.
    pub connections: usize,
    /// How long a request's head may take to arrive, from the connection or from the last response on: also how long a
    /// connection may be idle.
    pub head_within: Duration,
    /// How long a connection may be used before it must be made anew, so that a client that does not read its page leaves.
    pub used_within: Duration,
    /// How long a page that is being made or sent may still take when its connection ends, at a stop too.
    pub end_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 128,
            head_within: Duration::from_secs(15),
            used_within: Duration::from_mins(10),
            end_within: Duration::from_secs(5),
        }
    }
}

/// Serves the routes until `stop`.
pub(super) async fn run(listener: TcpListener, routes: Router, limits: Limits, stop: CancellationToken) {
    let (places, tasks) = (Arc::new(Semaphore::new(limits.connections.max(1))), TaskTracker::new());
    loop {
        let accepted = async {
            // It is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let routes = routes.clone().layer(Extension(ConnectInfo(address)));
                let served = connection(stream, address, routes, limits, stop.clone());
                tasks.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the console was not accepted");
                tokio::time::sleep(SHORT_OF_FILES).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

/// Serves one connection to its end.
async fn connection(
    stream: TcpStream,
    address: SocketAddr,
    routes: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    let mut served = pin!(served);
    let ended = tokio::select! {
        ended = &mut served => Some(ended),
        () = tokio::time::sleep(limits.used_within) => None,
        () = stop.cancelled() => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        served.as_mut().graceful_shutdown();
        tokio::time::timeout(limits.end_within, served).await.unwrap_or(Ok(()))
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %address, "a connection to the console broke off");
    }
}
