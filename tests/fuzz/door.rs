//! The door: only what was signed with the secret, over this very timestamp and body, gets in.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use jiff::Timestamp;
use misread::domain::limits::Happened;
use misread::domain::signature::{is_same_secret, sign, verify};
use misread::ports::{
    Accepted, Append, CaseState, CaseSummary, Claim, DeliveryContent, Loaded, NewDelivery, Store, StoreError,
};
use misread::webhook::{DEFAULT_WINDOW, Options, Parts, routes};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower_service::Service;

use super::input::Input;
use super::samples::{StandingClock, now};

const SECRETS: [&str; 2] = ["HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=", "the one before"];
const BEARER: &str = "b3arer";
const SIGNATURE: &str = "x-zendesk-webhook-signature";
const TIMESTAMP: &str = "x-zendesk-webhook-signature-timestamp";

/// A signature is accepted if and only if one of the secrets made it, and in time.
pub(super) fn signature(data: &[u8]) {
    let mut input = Input::new(data);
    let kind = input.byte() % 4;
    let (timestamp, other) = (input.text(), input.text());
    let body = input.rest();
    let signature = match kind {
        0 => other.clone(),
        1 => sign(SECRETS[0], &timestamp, body),
        2 => sign(SECRETS[1], &timestamp, body),
        _ => sign(&other, &timestamp, body),
    };
    let verified = verify(&SECRETS, &timestamp, body, &signature, now(), DEFAULT_WINDOW);
    let right = SECRETS.iter().any(|secret| sign(secret, &timestamp, body) == signature);
    let signed_at = timestamp.parse::<Timestamp>();
    let timely = signed_at.is_ok_and(|at| {
        now().duration_since(at).unsigned_abs() <= Duration::from_secs(DEFAULT_WINDOW.as_secs())
    });
    assert_eq!(verified.is_ok(), right && timely, "{verified:?}");
    let told = verified.map_or_else(|error| error.to_string(), |()| String::new());
    assert!(told.len() < 200 && told.is_ascii(), "{told}");
    assert_eq!(is_same_secret(&timestamp, &other), timestamp == other);
}

/// Whatever arrives is answered shortly; what is stored was signed, and its ticket is one or it says why not.
pub(super) fn webhook(data: &[u8]) {
    let mut input = Input::new(data);
    let (honest, strict) = (input.flag(), input.flag());
    let headers = input.text();
    let body = input.rest();
    let timestamp = now().to_string();
    let mut request = Request::post("/webhooks/zendesk").body(Body::from(body.to_vec())).expect("it is one");
    for line in headers.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = HeaderName::from_bytes(name.trim().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value.trim())) {
            request.headers_mut().append(name, value);
        }
    }
    if honest {
        let signature = sign(SECRETS[0], &timestamp, body);
        request.headers_mut().insert(SIGNATURE, HeaderValue::from_str(&signature).expect("base64"));
        request.headers_mut().insert(TIMESTAMP, HeaderValue::from_str(&timestamp).expect("a time"));
    }
    let sent = request.headers().clone();
    let (status, stored) = INGRESS.with(|door| door.deliver(strict, request));
    assert_eq!(stored.is_some(), status == StatusCode::OK);
    if let Some(delivery) = stored {
        let text = |name| sent.get(name).and_then(|value| value.to_str().ok()).expect("it was accepted");
        let is_signed = |secret: &&str| sign(secret, text(TIMESTAMP), body) == text(SIGNATURE);
        assert!(SECRETS.iter().any(is_signed), "what nobody signed was stored");
        assert!(!strict || text("authorization").ends_with(BEARER), "there was no token");
        check(&delivery, body);
    } else {
        assert!(!(honest && !strict && headers.is_empty()), "an honest delivery was answered {status}");
    }
}

fn check(delivery: &NewDelivery, body: &[u8]) {
    assert!((1..=128).contains(&delivery.dedup_key.len()), "{}", delivery.dedup_key);
    assert_eq!(delivery.body, String::from_utf8_lossy(body));
    match &delivery.content {
        DeliveryContent::Wake { ticket_id, kind } => {
            assert!(ticket_id.get() > 0);
            assert!(kind.chars().count() <= 100 && !kind.contains(char::is_control), "{kind:?}");
        }
        DeliveryContent::Order { .. } => panic!("a webhook gave an order"),
        DeliveryContent::Poison { problem } => {
            assert!(problem.len() < 200 && problem.is_ascii(), "it may quote the customer: {problem}");
        }
    }
}

thread_local! {
    static INGRESS: Ingress = Ingress::new();
}

/// Two doors; the second demands all that it can.
struct Ingress {
    runtime: Runtime,
    routers: [Router; 2],
    shelf: Arc<Shelf>,
}

impl Ingress {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let shelf = Arc::new(Shelf::default());
        let secrets = SECRETS.iter().map(|secret| (*secret).into()).collect();
        // The same few texts come again and again.
        let plain = Options { same_text: u32::MAX, ..Options::new(secrets) };
        let strict = Options {
            bearer: Some(BEARER.into()),
            account_id: Some("18525119".to_owned()),
            webhook_id: Some("01HAN96XNH1J7DY8D7RZ22QMT9".to_owned()),
            ..plain.clone()
        };
        let parts = |options| Parts {
            store: Arc::clone(&shelf) as Arc<dyn Store>,
            clock: Arc::new(StandingClock),
            worker_ready: READY.1.clone(),
            options,
        };
        let routers = [routes(parts(plain)), routes(parts(strict))];
        Self { runtime: runtime.expect("a runtime"), routers, shelf }
    }

    /// What is answered, and what was put on the shelf.
    fn deliver(&self, strict: bool, request: Request<Body>) -> (StatusCode, Option<NewDelivery>) {
        let mut router = self.routers[usize::from(strict)].clone();
        let response = match self.runtime.block_on(router.call(request)) {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status();
        let answer = self.runtime.block_on(axum::body::to_bytes(response.into_body(), 1024));
        assert!(answer.is_ok_and(|answer| answer.is_ascii()), "the answer is long, or quotes something");
        assert!([200, 401, 403, 413, 415, 503].contains(&status.as_u16()), "{status}");
        (status, self.shelf.0.lock().expect("one thread").take())
    }
}

static READY: LazyLock<(watch::Sender<bool>, watch::Receiver<bool>)> = LazyLock::new(|| watch::channel(true));

/// Holds the last delivery.
#[derive(Debug, Default)]
struct Shelf(Mutex<Option<NewDelivery>>);

#[async_trait::async_trait]
impl Store for Shelf {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        *self.0.lock().expect("one thread") = Some(delivery);
        Ok(Accepted::New { number: 1 })
    }

    async fn claim(&self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Claim>, StoreError> {
        absent()
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        absent()
    }

    async fn load(&self, _: misread::domain::ids::TicketId) -> Result<Loaded, StoreError> {
        absent()
    }

    async fn append(&self, _: Append) -> Result<(), StoreError> {
        absent()
    }

    async fn list(&self, _: Option<CaseState>, _: usize) -> Result<Vec<CaseSummary>, StoreError> {
        absent()
    }

    async fn decided_since(
        &self,
        _: Timestamp,
        _: Option<misread::domain::ids::TicketId>,
        _: usize,
    ) -> Result<Vec<misread::domain::ids::TicketId>, StoreError> {
        absent()
    }

    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        absent()
    }

    async fn check(&self) -> Result<(), StoreError> {
        absent()
    }
}

fn absent<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("a shelf only takes".to_owned()))
}
