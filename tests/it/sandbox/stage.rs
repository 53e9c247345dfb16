//! Both fakes on free ports, a clock that only the test advances, and an HTTP client.

use std::sync::Arc;
use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::ports::Clock;
use misread::sandbox::parking::MockParking;
use misread::sandbox::seed;
use misread::sandbox::zendesk::{FakeZendesk, NewTicket, ZendeskSettings};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::clock::ManualClock;
use crate::http_client;

pub(super) const PARKING_TOKEN: &str = "parking-token";
pub(super) const API_TOKEN: &str = "legacy-api-token";
pub(super) const WEBHOOK_SECRET: &str = "c2VjcmV0IG9mIHRoZSBzYW5kYm94IHRlc3RzIG9ubHk=";

/// The equipment of a test. The servers stop on drop.
pub(super) struct Stage {
    pub(super) clock: Arc<ManualClock>,
    pub(super) parking: MockParking,
    pub(super) zendesk: FakeZendesk,
    pub(super) http: reqwest::Client,
    pub(super) parking_url: String,
    pub(super) zendesk_url: String,
    _stop: DropGuard,
}

impl Stage {
    /// Both servers, with the seed's account and customers.
    pub(super) async fn set() -> Self {
        Self::set_at("2026-03-02T01:00:00.25Z").await
    }

    /// The same at another time.
    pub(super) async fn set_at(now: &str) -> Self {
        let clock = ManualClock::at(now);
        let parking = MockParking::new(clock.clone(), PARKING_TOKEN);
        let mut settings = ZendeskSettings::new("misread", "client-secret");
        settings.api_token = Some(API_TOKEN.to_owned());
        settings.webhook_timeout = Duration::from_millis(300);
        let zendesk = FakeZendesk::new(clock.clone(), settings).unwrap();
        seed::provision(&zendesk, &misread::testbed::sandbox::marks()).unwrap();
        seed::load(&parking, &zendesk, &seed::stories(clock.now()));

        let (parking_listener, parking_url) = listen().await;
        let (zendesk_listener, zendesk_url) = listen().await;
        let shutdown = CancellationToken::new();
        tokio::spawn(misread::sandbox::serve(
            parking_listener,
            parking.clone(),
            zendesk_listener,
            zendesk.clone(),
            shutdown.clone(),
        ));
        let http = http_client::builder().timeout(Duration::from_secs(5)).build().unwrap();
        Self { clock, parking, zendesk, http, parking_url, zendesk_url, _stop: shutdown.drop_guard() }
    }

    pub(super) fn ask_parking(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.parking_url)).bearer_auth(PARKING_TOKEN)
    }

    /// Requests an action for ticket 1 under a key.
    pub(super) async fn order(&self, key: &str, use_id: &str, action: &str) -> Response {
        let request = self.ask_parking(Method::POST, &format!("/v1/uses/{use_id}/{action}"));
        let body = json!({ "ticket_id": "1", "reason": "lpr_misread" });
        request.header("Idempotency-Key", key).json(&body).send().await.unwrap()
    }

    pub(super) fn ask_zendesk(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.zendesk_url));
        request.basic_auth("misread@sandbox.example/token", Some(API_TOKEN))
    }

    /// A request as the account's admin.
    pub(super) fn ask_admin(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.zendesk_url));
        request.basic_auth("admin@sandbox.example/token", Some(API_TOKEN))
    }

    /// The response to the admin's request: status and body, null without one.
    pub(super) async fn admin(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        answered(self.ask_admin(method, path).json(&body)).await
    }

    /// The same as the service's own user, an agent.
    pub(super) async fn agent(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        answered(self.ask_zendesk(method, path).json(&body)).await
    }

    /// Creates something as the admin and returns it.
    pub(super) async fn make(&self, path: &str, key: &str, body: Value) -> Value {
        let (status, mut made) = self.admin(Method::POST, path, json!({ key: body })).await;
        assert_eq!(status, 201, "POST {path}: {made}");
        made[key].take()
    }

    /// A macro for all agents that only solves the ticket.
    pub(super) fn a_macro(&self) -> i64 {
        let solving = json!([{ "field": "status", "value": "solved" }]);
        self.zendesk.add_macro("본인 미사용::결제취소", serde_json::from_value(solving).unwrap()).unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let response = self.ask_zendesk(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "GET {path}");
        response.json().await.unwrap()
    }

    pub(super) async fn put_ticket(&self, id: TicketId, ticket: Value) -> Response {
        let request = self.ask_zendesk(Method::PUT, &format!("/api/v2/tickets/{id}"));
        request.json(&json!({ "ticket": ticket })).send().await.unwrap()
    }

    /// A ticket without the tag that the start trigger looks for.
    pub(super) fn plain_ticket(&self) -> TicketId {
        self.open(&[])
    }

    /// A ticket with tags, from the first customer of the seed.
    pub(super) fn open(&self, tags: &[&str]) -> TicketId {
        let new = NewTicket {
            requester_id: seed::stories(self.clock.now())[0].customer.id,
            subject: "문의".to_owned(),
            description: "저 주차한 적 없어요".to_owned(),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            ..NewTicket::default()
        };
        self.zendesk.open_ticket(new).unwrap()
    }
}

/// Status and body of a response, null without a body.
pub(super) async fn answered(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

pub(super) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}
