//! Servers for the clients: one that speaks HTTP and records its requests, and one that sends raw bytes and then breaks
//! off.

use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use misread::ports::CallError;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The `Authorization` header of every client.
pub(super) const SERVICE: i64 = 8;

/// A received request.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: Method,
    /// Path and query, as sent.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    /// `Null` without a body.
    pub(super) body: Value,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A response.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

pub(super) fn json(status: u16, body: impl Display) -> Reply {
    Reply { status, headers: vec![("content-type", "application/json".to_owned())], body: format!("{body}") }
}

pub(super) fn html(status: u16) -> Reply {
    let body = "<html><h1>Something is wrong, 홍길동</h1></html>".to_owned();
    Reply { status, headers: vec![("content-type", "text/html".to_owned())], body }
}

impl Reply {
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::from_u16(self.status).unwrap(), self.body).into_response();
        for (name, value) in self.headers {
            response.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
        }
        response
    }
}

type Answer = Box<dyn Fn(&Seen) -> Reply + Send + Sync>;

struct Shared {
    answer: Answer,
    tells_me: bool,
    seen: Mutex<Vec<Seen>>,
}

/// A server whose answers are a function of the request; it stops with the test.
pub(super) struct Stub {
    pub(super) url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Stub {
    /// Starts a server that answers requests for the client's own user by itself and does not record them: each client
    /// of Zendesk sends one.
    pub(super) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::answering(Box::new(answer), true).await
    }

    /// Starts a server on which `answer` responds to every request.
    pub(super) async fn start_all(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::answering(Box::new(answer), false).await
    }

    async fn answering(answer: Answer, tells_me: bool) -> Self {
        let shared = Arc::new(Shared { answer, tells_me, seen: Mutex::default() });
        let router = Router::new().fallback(handle).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared, task }
    }

    /// Starts a server that always sends the same response.
    pub(super) async fn always(reply: Reply) -> Self {
        Self::start(move |_| reply.clone()).await
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The method and target of every recorded request.
    pub(super) fn targets(&self) -> Vec<String> {
        self.seen().iter().map(|seen| format!("{} {}", seen.method, seen.target)).collect()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    if shared.tells_me && uri.path() == "/api/v2/users/me" {
        return json(200, serde_json::json!({ "user": { "id": SERVICE } }));
    }
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    let seen = Seen { method, target: uri.to_string(), headers, body };
    let reply = (shared.answer)(&seen);
    shared.seen.lock().unwrap().push(seen);
    reply
}

/// What a raw server does after its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Then {
    Close,
    Reset,
    Silence,
}

/// A server that reads a request, sends `bytes`, and then breaks off; returns its address.
pub(super) async fn raw(bytes: &'static str, then: Then) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            read_request(&mut stream).await;
            stream.write_all(bytes.as_bytes()).await.unwrap();
            match then {
                Then::Close => {}
                Then::Reset => stream.set_zero_linger().unwrap(),
                Then::Silence => silent.push(stream),
            }
        }
    });
    url
}

/// Reads the head and, for a body of known length, the body.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return;
            }
        }
        if stream.read_buf(&mut request).await.unwrap() == 0 {
            return;
        }
    }
}

/// An address without a listener.
pub(super) async fn no_listener() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// The kind of a failure as one word, and its reason.
pub(super) fn failure<T: Debug>(result: Result<T, CallError>) -> (&'static str, String) {
    let error = result.unwrap_err();
    let kind = match &error {
        CallError::Retry { .. } => "retry",
        CallError::NotYet { .. } => "not yet",
        CallError::Unknown { .. } => "unknown",
        CallError::Permanent { .. } => "permanent",
    };
    (kind, error.to_string())
}
