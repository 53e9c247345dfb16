//! Zendesk's side of the webhook. Each delivery has a connection of its own, so that its answer can be found in a
//! trace.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;

use misread::app::SystemClock;
use misread::domain::signature::sign;
use misread::ports::Clock as _;

use crate::commands::process::PATIENCE;

/// The same as in [`crate::commands::process::Place::furnished`].
const SECRET: &str = "own-secret-of-these-tests";

/// A delivery to send.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    /// Its invocation id, which occurs nowhere else.
    pub(super) key: String,
    pub(super) ticket: usize,
    /// The number of additional characters.
    pub(super) ballast: usize,
}

/// A sent delivery and its answer.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) key: String,
    /// The port of the sender's side.
    pub(super) port: u16,
    /// The whole answer; empty if there was none.
    pub(super) answer: String,
}

impl Sent {
    /// Whether the answer acknowledges the delivery, as new or as a repeat.
    pub(super) fn is_acknowledged(&self) -> bool {
        self.answer.starts_with("HTTP/1.1 200 ")
    }

    /// Whether the answer has this word for the delivery.
    pub(super) fn says(&self, word: &str) -> bool {
        self.is_acknowledged() && self.answer.ends_with(&format!(r#"{{"delivery":"{word}"}}"#))
    }

    /// Whether the answer asks Zendesk to send it again, after less than the 60 s that Zendesk accepts.
    pub(super) fn is_put_off(&self) -> bool {
        let mut headers = self.answer.lines();
        let seconds = headers.find_map(|line| line.strip_prefix("retry-after: ")?.parse::<u32>().ok());
        self.answer.starts_with("HTTP/1.1 503 ") && seconds.is_some_and(|seconds| (1..60).contains(&seconds))
    }
}

impl Delivery {
    /// A delivery for a ticket of its own; number 0 has no ticket, so that it is not understood.
    pub(super) fn new(number: usize) -> Self {
        Self { key: format!("delivery-{number:05}-of-this-test"), ticket: number, ballast: 0 }
    }

    /// Sends it; the answer is empty if the service is gone.
    pub(super) fn send(&self, address: &str) -> Sent {
        let Ok(stream) = TcpStream::connect(address) else {
            return Sent { key: self.key.clone(), port: 0, answer: String::new() };
        };
        let port = stream.local_addr().unwrap().port();
        let answer = self.exchange(stream).unwrap_or_default();
        Sent { key: self.key.clone(), port, answer }
    }

    fn exchange(&self, mut stream: TcpStream) -> std::io::Result<String> {
        let ballast = "x".repeat(self.ballast);
        let body = format!(r#"{{"ticket_id":{},"kind":"start","ballast":"{ballast}"}}"#, self.ticket);
        let timestamp = SystemClock.now().to_string();
        let request = format!(
            "POST /webhooks/zendesk HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\
             X-Zendesk-Webhook-Invocation-Id: {}\r\nX-Zendesk-Webhook-Signature: {}\r\n\
             X-Zendesk-Webhook-Signature-Timestamp: {timestamp}\r\n\r\n{body}",
            body.len(),
            self.key,
            sign(SECRET, &timestamp, body.as_bytes()),
        );
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

/// Sends all of them at the same time.
pub(super) fn send_together(address: &str, deliveries: &[Delivery]) -> Vec<Sent> {
    let start = Barrier::new(deliveries.len());
    std::thread::scope(|threads| {
        let sending = deliveries.iter().map(|delivery| {
            threads.spawn(|| {
                start.wait();
                delivery.send(address)
            })
        });
        sending.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// `GET` of a path: status line and body.
pub(super) fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
