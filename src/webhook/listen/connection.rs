//! One connection: its phase, and the dispatch of its requests to the routes.

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

/// The largest head of a request, in bytes; larger ones get 431. Zendesk's have about 1,000.
const LARGEST_HEAD: usize = 16 * 1024;
/// The most headers in it; more get 431. Zendesk sends seven, proxies add some.
const MOST_HEADERS: usize = 64;

/// The state of a connection, for the decision whether it may stay.
#[derive(Debug)]
pub struct Connection {
    state: Mutex<State>,
    /// Cancelled when the connection must end at once.
    ended: CancellationToken,
    /// Cancelled when requests that are still arriving are no longer waited for.
    hurried: CancellationToken,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// When the phase began.
    since: Instant,
    /// When it last delivered an authentic delivery.
    delivered: Option<Instant>,
    opened: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Its data was not read yet: a complete delivery may be waiting.
    New,
    /// A request's head is awaited or arriving.
    Head,
    /// A request is being read and checked, under its own limits.
    Request,
    /// An authentic delivery is being stored: the connection is not cut off.
    Storing,
    /// A response was sent; no further request has begun.
    Idle,
    /// It must close, or is closing.
    Ended,
}

/// The order of eviction.
#[derive(Clone, Copy, Debug)]
pub struct EvictionRank {
    /// Whether it ever delivered an authentic delivery.
    pub(super) has_delivered: bool,
    /// When it last did; when it was opened, if never.
    pub(super) since: Instant,
}

impl Connection {
    pub(in crate::webhook) fn new(hurried: CancellationToken, now: Instant) -> Self {
        let state = State { phase: Phase::New, since: now, delivered: None, opened: now };
        Self { state: Mutex::new(state), ended: CancellationToken::new(), hurried }
    }

    /// Protects the connection from being cut off until the response; false if it was cut off already.
    pub(in crate::webhook) fn begin_storing(&self) -> bool {
        let mut state = self.state();
        if state.phase == Phase::Ended {
            return false;
        }
        state.delivered = Some(Instant::now());
        state.enter(Phase::Storing);
        true
    }

    /// Waits until requests that are still arriving are no longer waited for.
    pub(in crate::webhook) async fn hurried(&self) {
        self.hurried.cancelled().await;
    }

    /// The data it has sent so far was read.
    pub fn was_read(&self) {
        let mut state = self.state();
        if state.phase == Phase::New {
            state.phase = Phase::Head;
        }
    }

    /// Data arrived: on an idle connection it begins the next request's head.
    pub(super) fn received(&self) {
        let mut state = self.state();
        if state.phase == Phase::Idle {
            state.enter(Phase::Head);
        }
    }

    /// Ends it if it is out of time.
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

    /// Its rank in the order of eviction; `None` if it may not be evicted.
    pub fn standing(&self) -> Option<EvictionRank> {
        let state = self.state();
        state.phase.may_be_ended().then(|| EvictionRank {
            has_delivered: state.delivered.is_some(),
            since: state.delivered.unwrap_or(state.opened),
        })
    }

    /// Whether it must close, or is closing.
    pub(super) fn is_ended(&self) -> bool {
        self.state().phase == Phase::Ended
    }

    /// Ends it, unless a delivery is being stored or may be waiting unread.
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
    // Responses are one small write; Nagle's algorithm would only delay them. If the connection is already closed, the next
    // read reports it.
    let _ = stream.set_nodelay(true);
    let guest = ConnectionService {
        router: TowerToHyperService::new(router),
        connection: Arc::clone(&connection),
        stop: stop.clone(),
    };
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&connection)));
    let mut served = http1::Builder::new()
        // hyper's own timeout for heads would also run while a connection is idle.
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
                // A request in progress is answered, with `Connection: close`.
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

/// Dispatches a connection's requests to the routes.
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
        // A proxy that used another length than the chunked encoding would take the rest for another request.
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
