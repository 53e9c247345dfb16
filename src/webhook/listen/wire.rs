//! A TCP stream that tells its connection when something arrives, and that ends without cutting off its last answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::Connection;

/// How long the other side may take to notice the end.
const LINGER: Duration = Duration::from_millis(500);
/// The buffer for what is thrown away meanwhile, in bytes.
const THROWN_AWAY: usize = 4096;

/// A TCP stream of a [`Connection`].
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    connection: Arc<Connection>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>) -> Self {
        Self { stream, connection }
    }

    /// Ends the connection softly: a socket that is closed while something unread has arrived resets the connection, and the
    /// other side may lose the answer.
    pub(super) async fn end(mut self) {
        let Ok(()) = self.stream.shutdown().await else { return };
        let rest = async {
            let mut buffer = [0; THROWN_AWAY];
            while self.stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
        };
        // Whoever goes on sending is cut off after all.
        let _ = tokio::time::timeout(LINGER, rest).await;
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.connection.received();
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
