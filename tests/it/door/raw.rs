//! HTTP as bytes, for requests that no well-behaved client sends.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::scene::{Delivery, Scene};

/// Far longer than any step here takes on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to the webhook endpoint.
pub(super) struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Raw {
    pub(super) async fn open(address: SocketAddr) -> Self {
        let stream =
            timeout(PATIENCE, TcpStream::connect(address)).await.expect("connected in time").unwrap();
        Self::over(stream)
    }

    pub(super) fn over(stream: TcpStream) -> Self {
        Self { stream, read: Vec::new() }
    }

    /// Sends as much as the other side accepts; it may have closed the connection already.
    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = timeout(PATIENCE, self.stream.write_all(bytes.as_ref())).await.expect("sent in time");
    }

    /// Closes the sending side.
    pub(super) async fn close(&mut self) {
        let _ = self.stream.shutdown().await;
    }

    /// Reads one whole answer, head and body; `None` if the connection ends before its first byte.
    pub(super) async fn answer(&mut self) -> Option<String> {
        loop {
            if let Some(length) = whole_answer(&self.read) {
                let answer = self.read.drain(..length).collect();
                return Some(String::from_utf8(answer).unwrap());
            }
            let read =
                timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await.expect("answered in time");
            if read.is_err() || read.is_ok_and(|read| read == 0) {
                let read = String::from_utf8_lossy(&self.read);
                assert!(read.is_empty(), "the connection ended within an answer: {read}");
                return None;
            }
        }
    }

    /// The next answer's status.
    pub(super) async fn status(&mut self) -> u16 {
        let answer = self.answer().await.expect("an answer");
        answer[9..12].parse().unwrap()
    }

    /// Everything until the connection ends.
    pub(super) async fn rest(&mut self) -> String {
        while timeout(PATIENCE, self.stream.read_buf(&mut self.read))
            .await
            .expect("ended in time")
            .is_ok_and(|read| read > 0)
        {}
        String::from_utf8(std::mem::take(&mut self.read)).unwrap()
    }
}

/// The length of the answer at the start of `bytes`, once all of it is there.
fn whole_answer(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(&bytes[..head]).unwrap().to_lowercase();
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    (bytes.len() >= head + length).then_some(head + length)
}

/// The head of a request up to its body, with this line for the body's length.
pub(super) fn head(delivery: &Delivery, length: &str) -> String {
    head_of("HTTP/1.1", delivery, length)
}

/// The same for another HTTP version.
pub(super) fn head_of(version: &str, delivery: &Delivery, length: &str) -> String {
    let mut head = format!("POST /webhooks/zendesk {version}\r\nHost: misread\r\n{length}\r\n");
    for (name, value) in &delivery.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head + "\r\n"
}

/// A whole request.
pub(super) fn request(delivery: &Delivery) -> Vec<u8> {
    let head = head(delivery, &format!("Content-Length: {}", delivery.body.len()));
    [head.as_bytes(), &delivery.body].concat()
}

/// An honest delivery; `number` makes it unique.
pub(super) fn honest(scene: &Scene, number: usize) -> Delivery {
    let body = format!(r#"{{"ticket_id":"{number}","kind":"start"}}"#);
    scene.signed(body).header("X-Zendesk-Webhook-Invocation-Id", format!("honest-{number}"))
}

/// Sends honest deliveries, each on a connection of its own, and checks that every one is accepted.
pub(super) async fn deliver_honestly(scene: &Scene, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let mut raw = Raw::open(scene.address).await;
        raw.send(request(&honest(scene, number))).await;
        let answer = raw.answer().await.unwrap_or_else(|| panic!("honest delivery {number} got no answer"));
        assert!(answer.ends_with(r#"{"delivery":"accepted"}"#), "honest delivery {number}: {answer}");
    }
}
