//! Zendesk's side of the door, over connections of its own, so that each answer can be told from the others in a trace.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;

use misread::app::SystemClock;
use misread::domain::signature::sign;
use misread::ports::Clock as _;

use crate::commands::process::PATIENCE;

/// As in [`crate::commands::process::Place::furnished`].
const SECRET: &str = "own-secret-of-these-tests";

/// A delivery to send.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    /// Its invocation id, which is found nowhere else.
    pub(super) key: String,
    pub(super) ticket: usize,
    /// So many characters more than it needs.
    pub(super) ballast: usize,
}

/// A delivery that was sent, and what came back.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) key: String,
    /// The port that it was sent from.
    pub(super) port: u16,
    /// The whole answer; empty if there was none.
    pub(super) answer: String,
}

impl Sent {
    /// Whether Zendesk was told that it is stored, now or before.
    pub(super) fn is_acknowledged(&self) -> bool {
        self.answer.starts_with("HTTP/1.1 200 ")
    }

    /// Whether the answer says this of the delivery.
    pub(super) fn says(&self, word: &str) -> bool {
        self.is_acknowledged() && self.answer.ends_with(&format!(r#"{{"delivery":"{word}"}}"#))
    }

    /// Whether Zendesk was asked to send it again, after less than the 60 s for which it listens.
    pub(super) fn is_put_off(&self) -> bool {
        let mut headers = self.answer.lines();
        let seconds = headers.find_map(|line| line.strip_prefix("retry-after: ")?.parse::<u32>().ok());
        self.answer.starts_with("HTTP/1.1 503 ") && seconds.is_some_and(|seconds| (1..60).contains(&seconds))
    }
}

impl Delivery {
    /// One of its own ticket; number 0 is of none, and so makes no sense.
    pub(super) fn new(number: usize) -> Self {
        Self { key: format!("delivery-{number:05}-of-this-test"), ticket: number, ballast: 0 }
    }

    /// Sends it; a service that is gone answers nothing.
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
