//! A webhook endpoint on a port of its own, and Zendesk's side of it.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use misread::domain::ids::TicketId;
use misread::domain::limits::Happened;
use misread::domain::signature::sign;
use misread::ports::{
    Accepted, Append, CaseState, CaseSummary, Claim, Clock, Loaded, NewDelivery, Store, StoreError,
};
use misread::webhook::{Options, Parts, serve};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::ManualClock;
use crate::http_client;

pub(super) const SECRET: &str = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=";
pub(super) const NOW: &str = "2026-01-02T03:04:05Z";

/// A running webhook endpoint.
pub(super) struct Scene {
    pub(super) address: SocketAddr,
    pub(super) clock: Arc<ManualClock>,
    pub(super) store: Arc<dyn Store>,
    pub(super) worker: watch::Sender<bool>,
    pub(super) folder: TempDir,
    pub(super) stop: CancellationToken,
    /// Ends after `stop`, when all connections are closed.
    pub(super) served: JoinHandle<()>,
    client: reqwest::Client,
}

/// A webhook request as Zendesk sends it; tests change the part that they test.
pub(super) struct Delivery {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

pub(super) fn options() -> Options {
    Options::new(vec![SECRET.into()])
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::with(options()).await
    }

    pub(super) async fn with(options: Options) -> Self {
        let folder = TempDir::new().unwrap();
        let store = misread::store::open(&ledger(&folder), Arc::default()).await.unwrap();
        Self::build(options, store, folder).await
    }

    pub(super) async fn with_store(options: Options, store: impl Store + 'static) -> Self {
        Self::build(options, Arc::new(store), TempDir::new().unwrap()).await
    }

    async fn build(options: Options, store: Arc<dyn Store>, folder: TempDir) -> Self {
        let clock = ManualClock::at(NOW);
        let (worker, worker_ready) = watch::channel(true);
        let parts = Parts { store: store.clone(), clock: clock.clone(), worker_ready, options };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let served = tokio::spawn(serve(listener, parts, stop.clone()));
        let client = http_client::client();
        Self { address, clock, store, worker, folder, stop, served, client }
    }

    /// Signs `body` at the clock's time, as Zendesk does for a webhook without authentication.
    pub(super) fn signed(&self, body: impl Into<Vec<u8>>) -> Delivery {
        Self::signed_with(SECRET, &self.clock.now().to_string(), body)
    }

    pub(super) fn signed_with(secret: &str, timestamp: &str, body: impl Into<Vec<u8>>) -> Delivery {
        let body = body.into();
        let headers = vec![
            ("X-Zendesk-Account-Id", "18525119".to_owned()),
            ("X-Zendesk-Webhook-Id", "01HAN96XNH1J7DY8D7RZ22QMT9".to_owned()),
            ("X-Zendesk-Webhook-Invocation-Id", "01HANA2B5D5W9XSJS3NE5SQA1J".to_owned()),
            ("X-Zendesk-Webhook-Signature", sign(secret, timestamp, &body)),
            ("X-Zendesk-Webhook-Signature-Timestamp", timestamp.to_owned()),
            ("Content-Type", "application/json; charset=utf-8".to_owned()),
        ];
        Delivery { headers, body }
    }

    pub(super) async fn send(&self, delivery: Delivery) -> Response {
        let mut request = self.client.post(format!("http://{}/webhooks/zendesk", self.address));
        for (name, value) in delivery.headers {
            request = request.header(name, value);
        }
        request.body(delivery.body).send().await.unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, Value) {
        let response = self.client.get(format!("http://{}{path}", self.address)).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// The response of readiness without the size of the ledger's log, which only a ledger on disk has.
    pub(super) async fn readiness(&self) -> (u16, Value) {
        let (status, mut told) = self.get("/health/ready").await;
        told.as_object_mut().unwrap().remove("store_log_bytes");
        (status.as_u16(), told)
    }

    /// Sends and expects 200 with this word.
    pub(super) async fn taken(&self, delivery: Delivery, word: &str) {
        let response = self.send(delivery).await;
        assert_eq!(response.status(), StatusCode::OK);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer, serde_json::json!({ "delivery": word }));
    }

    /// Sends and expects problem details; returns `detail`, and checks that nothing was stored.
    pub(super) async fn refused(&self, delivery: Delivery, status: u16) -> String {
        let response = self.send(delivery).await;
        let detail = problem(response, status).await;
        assert_eq!(self.store.list(None, 9).await.unwrap(), []);
        assert_eq!(self.rows("SELECT count(*) FROM deliveries").await, 0);
        detail
    }

    /// The number of deliveries of a ticket that wait for the worker.
    pub(super) async fn pending(&self, id: i64) -> usize {
        self.store.load(TicketId::try_from(id).unwrap()).await.unwrap().deliveries.len()
    }

    /// A number from the ledger's file.
    pub(super) async fn rows(&self, query: &'static str) -> i64 {
        use sqlx::Connection;
        let mut connection = sqlx::SqliteConnection::connect(&ledger(&self.folder)).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
    }
}

impl Delivery {
    /// Replaces or adds a header.
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self = self.without(name);
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(present, _)| *present != name);
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// Reads problem details and returns `detail`.
pub(super) async fn problem(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let problem: Value = response.json().await.unwrap();
    let again = if problem["title"] == "Not stored" { "20" } else { "5" };
    assert_eq!(retry_after, [429, 503].contains(&status).then(|| again.to_owned()));
    assert_eq!(problem["status"], status);
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
    problem["detail"].as_str().unwrap().to_owned()
}

fn ledger(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("misread.db").display())
}

/// The failure of a broken store.
#[derive(Clone, Copy, Debug)]
pub(super) enum Broken {
    Fails,
    Hangs,
    Panics,
}

impl Broken {
    async fn answer<T>(self) -> Result<T, StoreError> {
        match self {
            Self::Fails => Err(StoreError::Unavailable("disk full at /secret/place".to_owned())),
            Self::Hangs => std::future::pending().await,
            Self::Panics => panic!("the store is broken on purpose"),
        }
    }
}

#[async_trait]
impl Store for Broken {
    async fn accept(&self, _: NewDelivery) -> Result<Accepted, StoreError> {
        self.answer().await
    }
    async fn claim(&self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Claim>, StoreError> {
        self.answer().await
    }
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.answer().await
    }
    async fn load(&self, _: TicketId) -> Result<Loaded, StoreError> {
        self.answer().await
    }
    async fn append(&self, _: Append) -> Result<(), StoreError> {
        self.answer().await
    }
    async fn list(&self, _: Option<CaseState>, _: usize) -> Result<Vec<CaseSummary>, StoreError> {
        self.answer().await
    }
    async fn decided_since(
        &self,
        _: Timestamp,
        _: Option<TicketId>,
        _: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        self.answer().await
    }
    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        self.answer().await.map(|()| None)
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.answer().await
    }
}
