//! HTTP as bytes, and deliveries as Zendesk makes them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use jiff::Timestamp;
use misread::domain::signature::sign;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

pub(crate) const SECRET: &str = "the-secret-of-the-flood";

/// A delivery; what attackers do is to change it.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) secret: String,
    pub(crate) invocation: String,
    /// Further lines of the head.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

impl Delivery {
    /// Honest: `number` makes it one of its own, for one of a few tickets.
    pub(crate) fn honest(number: usize) -> Self {
        let body = format!(r#"{{"ticket_id":"{}","kind":"start","n":{number}}}"#, 1 + number % 50);
        Self {
            secret: SECRET.to_owned(),
            invocation: format!("honest-{number}"),
            headers: String::new(),
            body: body.into_bytes(),
        }
    }

    /// The whole request, signed now. Its last byte is the body's.
    pub(crate) fn request(&self) -> Vec<u8> {
        #[expect(clippy::disallowed_methods, reason = "the service has the system's clock")]
        let timestamp = Timestamp::now().to_string();
        let signature = sign(&self.secret, &timestamp, &self.body);
        let Self { invocation, headers, body, .. } = self;
        let head = format!(
            "POST /webhooks/zendesk HTTP/1.1\r\nhost: misread\r\nuser-agent: Zendesk Webhook\r\n\
             content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\
             x-zendesk-account-id: 18525119\r\nx-zendesk-webhook-id: 01HAN96XNH1J7DY8D7RZ22QMT9\r\n\
             x-zendesk-webhook-invocation-id: {invocation}\r\nx-zendesk-webhook-signature: {signature}\r\n\
             x-zendesk-webhook-signature-timestamp: {timestamp}\r\n{headers}\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    }
}

/// Opens a connection that leaves nothing behind in the system when it is dropped: ports are few.
///
/// `from` is this side's own address: all of 127.0.0.0/8 is this machine.
pub(crate) async fn connect(from: Ipv4Addr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    stream.set_zero_linger()?;
    Ok(stream)
}

/// Sends a request, reads the whole response, and returns its status.
pub(crate) async fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<u16> {
    stream.write_all(request).await?;
    let (mut answer, mut length) = ([0; 2048], 0);
    loop {
        let read = stream.read(&mut answer[length..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        length += read;
        if let Some(status) = whole(&answer[..length]) {
            return Ok(status);
        }
    }
}

/// The status of an answer, once all of it is there.
fn whole(answer: &[u8]) -> Option<u16> {
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(&answer[..head]).ok()?;
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    if answer.len() < head + length { None } else { text.get(9..12)?.parse().ok() }
}
