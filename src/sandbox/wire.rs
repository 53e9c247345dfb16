//! Connections that can be cut: a client notices a lost response only if it is lost on the wire.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::State;
use axum::extract::connect_info::Connected;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::ports::Clock;

/// Adds the sandbox clock's time to each response, as the real systems do with theirs.
pub(crate) async fn date(State(clock): State<Arc<dyn Clock>>, mut response: Response) -> Response {
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&clock.now());
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

const WHOLE: u8 = 0;
const NOTHING: u8 = 1;
const HALF_THE_BODY: u8 = 2;

/// Determines how much of the next response reaches the client of one connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionCutter(Arc<AtomicU8>);

impl ConnectionCutter {
    /// The connection breaks before the first byte of the next response.
    pub(crate) fn cut_before_answer(&self) {
        self.0.store(NOTHING, Ordering::SeqCst);
    }

    /// The connection breaks in the middle of the next response's body.
    pub(crate) fn cut_in_body(&self) {
        self.0.store(HALF_THE_BODY, Ordering::SeqCst);
    }

    /// How many of `bytes` may still pass; `None`: all.
    fn allowance(&self, bytes: &[u8]) -> Option<usize> {
        match self.0.load(Ordering::SeqCst) {
            WHOLE => None,
            HALF_THE_BODY => {
                self.0.store(NOTHING, Ordering::SeqCst);
                let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
                Some(head + (bytes.len() - head) / 2)
            }
            _ => Some(0),
        }
    }
}

/// A TCP stream under [`ConnectionCutter`].
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    scissors: ConnectionCutter,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.scissors.allowance(bytes) {
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
            Some(0) => Poll::Ready(Err(io::Error::from(io::ErrorKind::ConnectionReset))),
            Some(some) => Pin::new(&mut self.stream).poll_write(context, &bytes[..some]),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Makes each accepted connection a [`Wire`], so that it can be cut.
#[derive(Debug)]
struct WireListener(TcpListener);

impl Listener for WireListener {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (Wire { stream, scissors: ConnectionCutter::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, WireListener>> for ConnectionCutter {
    fn connect_info(stream: IncomingStream<'_, WireListener>) -> Self {
        stream.io().scissors.clone()
    }
}

/// Serves a router on connections that can be cut, until `shutdown` is cancelled.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<ConnectionCutter>();
    axum::serve(WireListener(listener), service).with_graceful_shutdown(shutdown.cancelled_owned()).await
}
