//! One connection: what it is doing and since when, and its requests' way to the routes.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::header::{CONNECTION, TRANSFER_ENCODING};
use axum::http::{HeaderValue, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::wire::Wire;

/// The largest head of a request, in bytes; larger ones are answered 431. Zendesk's have about 1,000.
const LARGEST_HEAD: usize = 16 * 1024;
/// The most headers in it; more are answered 431. Zendesk sends seven, proxies add some.
const MOST_HEADERS: usize = 64;

/// What a connection is doing, as those see it who must decide whether it may stay.
#[derive(Debug)]
pub(in crate::webhook) struct Connection {
    state: Mutex<State>,
    /// Cancelled when it must end at once.
    ended: CancellationToken,
    /// Cancelled when nobody's sending is waited for any longer.
    hurried: CancellationToken,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// When the phase began.
    since: Instant,
    /// When it last delivered something authentic.
    delivered: Option<Instant>,
    opened: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nobody has looked yet what it sent: a whole delivery may wait there.
    New,
    /// A request's head is awaited or arriving.
    Head,
    /// A request is being read and checked, and has limits of its own.
    Request,
    /// An authentic delivery is being stored: it is not cut off.
    Storing,
    /// An answer was given; nothing of another request has come.
    Idle,
    /// It must go.
    Ended,
}

/// What decides who must go first.
#[derive(Clone, Copy, Debug)]
pub(super) struct EvictionRank {
    /// Whether it ever delivered something authentic.
    pub(super) has_delivered: bool,
    /// When it last did; when it was opened if never.
    pub(super) since: Instant,
}

impl Connection {
    pub(in crate::webhook) fn new(hurried: CancellationToken, now: Instant) -> Self {
        let state = State { phase: Phase::New, since: now, delivered: None, opened: now };
        Self { state: Mutex::new(state), ended: CancellationToken::new(), hurried }
    }

    /// Keeps the connection from being cut off until the answer is given; false if it was cut off already.
    pub(in crate::webhook) fn begin_storing(&self) -> bool {
        let mut state = self.state();
        if state.phase == Phase::Ended {
            return false;
        }
        state.delivered = Some(Instant::now());
        state.enter(Phase::Storing);
        true
    }

    /// Waits until nobody's sending is waited for any longer.
    pub(in crate::webhook) async fn hurried(&self) {
        self.hurried.cancelled().await;
    }

    /// What it has sent until now was read.
    pub(super) fn was_read(&self) {
        let mut state = self.state();
        if state.phase == Phase::New {
            state.phase = Phase::Head;
        }
    }

    /// Something arrived.
    pub(super) fn received(&self) {
        let mut state = self.state();
        if state.phase == Phase::Idle {
            state.enter(Phase::Head);
        }
    }

    /// Ends it if it has used up its time.
    pub(super) fn end_if_late(&self, now: Instant, limits: &Limits) {
        let late = {
            let state = self.state();
            let within = match state.phase {
                Phase::Head => limits.head_within,
                Phase::Idle => limits.idle_within,
                Phase::New | Phase::Request | Phase::Storing | Phase::Ended => return,
            };
            self.hurried.is_cancelled() || now.duration_since(state.since) >= within
        };
        if late {
            self.end();
        }
    }

    /// Where it stands among those who may be ended; `None` for those who may not.
    pub(super) fn standing(&self) -> Option<EvictionRank> {
        let state = self.state();
        state.phase.may_be_ended().then(|| EvictionRank {
            has_delivered: state.delivered.is_some(),
            since: state.delivered.unwrap_or(state.opened),
        })
    }

    /// Whether it must go, or is going.
    pub(super) fn is_ended(&self) -> bool {
        self.state().phase == Phase::Ended
    }

    /// Ends it, unless a delivery is just being stored, or may be waiting unread.
    pub(super) fn end(&self) -> bool {
        let mut state = self.state();
        let may_be_ended = state.phase.may_be_ended();
        if may_be_ended {
            state.enter(Phase::Ended);
            self.ended.cancel();
        }
        may_be_ended
    }

    fn asked(&self) {
        self.state().enter(Phase::Request);
    }

    fn answered(&self) {
        self.state().enter(Phase::Idle);
    }

    fn is_idle(&self) -> bool {
        self.state().phase == Phase::Idle
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Phase {
    fn may_be_ended(self) -> bool {
        matches!(self, Self::Head | Self::Request | Self::Idle)
    }
}

impl State {
    fn enter(&mut self, phase: Phase) {
        if self.phase != Phase::Ended {
            (self.phase, self.since) = (phase, Instant::now());
        }
    }
}

/// Serves one connection to its end.
pub(super) async fn run(
    stream: TcpStream,
    connection: Arc<Connection>,
    router: Router,
    stop: CancellationToken,
) {
    // Answers are one small piece; a delay would only hold them up. A connection that is gone already says so when it is read.
    let _ = stream.set_nodelay(true);
    let guest = ConnectionService {
        router: TowerToHyperService::new(router),
        connection: Arc::clone(&connection),
        stop: stop.clone(),
    };
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&connection)));
    let mut served = http1::Builder::new()
        // Its own time for heads would run while a connection is idle, too.
        .header_read_timeout(None)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(wire, guest);
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            _ = poll_fn(|context| {
                let polled = served.poll_without_shutdown(context);
                connection.was_read();
                polled
            }) => break,
            () = connection.ended.cancelled() => return,
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                // A request that has begun is answered, with word that the connection ends.
                if connection.is_idle() {
                    Pin::new(&mut served).graceful_shutdown();
                }
            }
        }
    }
    let wire = served.into_parts().io.into_inner();
    connection.answered();
    tokio::select! {
        () = wire.end() => {}
        () = connection.ended.cancelled() => {}
    }
}

/// A connection's way to the routes.
struct ConnectionService {
    router: TowerToHyperService<Router>,
    connection: Arc<Connection>,
    stop: CancellationToken,
}

impl Service<Request<Incoming>> for ConnectionService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        self.connection.asked();
        request.extensions_mut().insert(Arc::clone(&self.connection));
        // A proxy that went by another length than the chunks' would take what follows for another request.
        let chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let answer = self.router.call(request);
        let (connection, stop) = (Arc::clone(&self.connection), self.stop.clone());
        Box::pin(async move {
            let mut response = answer.await?;
            if chunked || stop.is_cancelled() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            connection.answered();
            Ok(response)
        })
    }
}
