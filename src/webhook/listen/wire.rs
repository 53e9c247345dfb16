//! A TCP stream that reports arriving data to its connection, and that closes without losing its last response.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::Connection;

/// How long the client may take to notice the end.
const LINGER: Duration = Duration::from_millis(500);
/// The buffer for the data discarded meanwhile, in bytes.
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

    /// Closes the connection gracefully: closing a socket with unread data resets the connection, and the client may lose
    /// the response.
    pub(super) async fn end(mut self) {
        let Ok(()) = self.stream.shutdown().await else { return };
        let rest = async {
            let mut buffer = [0; THROWN_AWAY];
            while self.stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
        };
        // A client that keeps sending is cut off in the end.
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
