//! Sends one delivery, like Zendesk or like a forger (facts §1.1).

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, header};

use super::webhooks::{AttemptOutcome, Authentication, RegisteredWebhook, WebhookFormat, WebhookMethod};
use crate::SandboxError;

/// One delivery on the wire. Nothing is checked: forgers send arbitrary data.
#[derive(Clone, Debug)]
pub struct WebhookRequest {
    /// `X-Zendesk-Account-Id`
    pub account_id: i64,
    /// `X-Zendesk-Webhook-Id`
    pub webhook_id: String,
    /// `X-Zendesk-Webhook-Invocation-Id`
    pub invocation_id: String,
    /// `X-Zendesk-Webhook-Signature`
    pub signature: String,
    /// `X-Zendesk-Webhook-Signature-Timestamp`
    pub timestamp: String,
    /// Sent as `Authorization: Bearer …` when present (facts §1.6).
    pub bearer_token: Option<String>,
    pub body: Vec<u8>,
}

/// The form of a request that is not `POST` with JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RequestShape {
    /// Methods without a body append it to the URL.
    pub(super) method: WebhookMethod,
    pub(super) format: WebhookFormat,
    /// The webhook's own headers.
    pub(super) headers: Vec<(String, String)>,
    /// The header that authenticates the sender.
    pub(super) credentials: Option<(String, String)>,
}

impl RequestShape {
    /// That of a webhook's requests.
    pub(super) fn of(webhook: &RegisteredWebhook) -> Self {
        let headers = webhook.custom_headers.iter().map(|(name, value)| (name.clone(), value.clone()));
        let credentials = webhook.authentication.as_ref().map(Authentication::header);
        Self { method: webhook.method, format: webhook.format, headers: headers.collect(), credentials }
    }
}

/// The response to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// The request, its outcome, and the response.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) outcome: AttemptOutcome,
    /// All except the credentials: whether Zendesk shows those in its log is unknown, and omitting them is safer.
    pub(super) headers: Vec<(String, String)>,
    pub(super) answer: Option<Answer>,
}

/// Sends deliveries, and probes URLs.
#[derive(Clone, Debug)]
pub struct WebhookClient(reqwest::Client);

impl WebhookClient {
    /// A client that uses no proxy.
    ///
    /// # Errors
    /// If no HTTP client can be built.
    pub fn new() -> Result<Self, SandboxError> {
        // One for all: it keeps no connection, and reading the machine's authorities is most of its cost.
        static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
        if let Some(client) = CLIENT.get() {
            return Ok(Self(client.clone()));
        }
        let client = reqwest::Client::builder()
            .no_proxy()
            // A kept connection may lead to a process that is dead by now.
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(SandboxError::HttpClient)?;
        Ok(Self(CLIENT.get_or_init(|| client).clone()))
    }

    /// Sends a delivery, and waits up to `patience` for the response, in real time.
    pub async fn send(&self, request: WebhookRequest, endpoint: &str, patience: Duration) -> AttemptOutcome {
        self.deliver(request, &RequestShape::default(), endpoint, patience).await.outcome
    }

    /// Sends a delivery in a given form, and returns all its details.
    pub(super) async fn deliver(
        &self,
        request: WebhookRequest,
        shape: &RequestShape,
        endpoint: &str,
        patience: Duration,
    ) -> Delivery {
        let headers = request.headers(shape);
        let credentials = request.credentials(shape);
        let sent = headers.iter().chain(&credentials);
        let request = self.request(sent, request.body, shape, endpoint).timeout(patience);
        match request.send().await {
            Ok(response) => {
                let answer = Answer::read(response).await;
                let outcome = AttemptOutcome::Answered {
                    status: answer.status,
                    retry_after: answer.header("retry-after").and_then(|seconds| seconds.parse().ok()),
                };
                Delivery { outcome, headers, answer: Some(answer) }
            }
            Err(problem) if problem.is_timeout() => {
                Delivery { outcome: AttemptOutcome::TimedOut, headers, answer: None }
            }
            Err(_) => Delivery { outcome: AttemptOutcome::Unreachable, headers, answer: None },
        }
    }

    fn request<'a>(
        &self,
        headers: impl Iterator<Item = &'a (String, String)>,
        body: Vec<u8>,
        shape: &RequestShape,
        endpoint: &str,
    ) -> RequestBuilder {
        let method = match shape.method {
            WebhookMethod::Get => Method::GET,
            WebhookMethod::Post => Method::POST,
            WebhookMethod::Put => Method::PUT,
            WebhookMethod::Patch => Method::PATCH,
            WebhookMethod::Delete => Method::DELETE,
        };
        let request = if shape.method.has_body() {
            self.0.request(method, endpoint).body(body)
        } else {
            let parameters = String::from_utf8_lossy(&body).into_owned();
            let joint = if endpoint.contains('?') { "&" } else { "?" };
            let behind = if parameters.is_empty() { String::new() } else { format!("{joint}{parameters}") };
            self.0.request(method, format!("{endpoint}{behind}"))
        };
        headers.fold(request, |request, (name, value)| request.header(name, value))
    }

    /// The status of the response to a plain `GET`, if there is one within `patience`.
    pub async fn status_of(&self, address: &str, patience: Duration) -> Option<u16> {
        let answer = self.0.get(address).timeout(patience).send().await.ok()?;
        Some(answer.status().as_u16())
    }
}

impl WebhookRequest {
    /// All headers of the request, except the credentials.
    fn headers(&self, shape: &RequestShape) -> Vec<(String, String)> {
        let own = [
            ("X-Zendesk-Webhook-Signature-Timestamp", self.timestamp.clone()),
            ("X-Zendesk-Webhook-Signature", self.signature.clone()),
            (header::CONTENT_TYPE.as_str(), shape.format.content_type().to_owned()),
            (header::USER_AGENT.as_str(), "Zendesk Webhook".to_owned()),
            ("X-Zendesk-Account-Id", self.account_id.to_string()),
            ("X-Zendesk-Webhook-Id", self.webhook_id.clone()),
            ("X-Zendesk-Webhook-Invocation-Id", self.invocation_id.clone()),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        own.chain(shape.headers.iter().cloned()).collect()
    }

    /// The headers that authenticate the sender.
    fn credentials(&self, shape: &RequestShape) -> Vec<(String, String)> {
        let bearer =
            self.bearer_token.iter().map(|token| ("authorization".to_owned(), format!("Bearer {token}")));
        bearer.chain(shape.credentials.clone()).collect()
    }
}

impl Answer {
    /// Reads a response to its end, or as far as it arrives.
    async fn read(response: Response) -> Self {
        let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let status = response.status().as_u16();
        Self { status, headers, body: response.text().await.unwrap_or_default() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
