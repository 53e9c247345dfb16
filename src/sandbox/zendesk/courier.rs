//! Carries one delivery over the wire, as Zendesk sends it or as somebody who is not Zendesk would like to (facts §1.1).

use std::time::Duration;

use reqwest::header;

use super::webhooks::AttemptOutcome;
use crate::sandbox::SandboxError;

/// One delivery as it goes over the wire. Nothing is checked: forgers send what they like.
#[derive(Clone, Debug)]
pub struct Parcel {
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
    /// Sent as `Authorization: Bearer …` when present (§1.6).
    pub bearer_token: Option<String>,
    /// The exact body.
    pub body: Vec<u8>,
}

/// Brings parcels to addresses, and looks how an address is.
#[derive(Clone, Debug)]
pub struct Courier(reqwest::Client);

impl Courier {
    /// A courier who goes straight to the address.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn new() -> Result<Self, SandboxError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            // A connection that is kept may lead to a process that is dead by now.
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(SandboxError::HttpClient)?;
        Ok(Self(http))
    }

    /// Brings a parcel, and waits so long for the answer, in real time.
    pub async fn bring(&self, parcel: Parcel, endpoint: &str, patience: Duration) -> AttemptOutcome {
        let mut request = self
            .0
            .post(endpoint)
            .timeout(patience)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header(header::USER_AGENT, "Zendesk Webhook")
            .header("X-Zendesk-Account-Id", parcel.account_id.to_string())
            .header("X-Zendesk-Webhook-Id", parcel.webhook_id)
            .header("X-Zendesk-Webhook-Invocation-Id", parcel.invocation_id)
            .header("X-Zendesk-Webhook-Signature", parcel.signature)
            .header("X-Zendesk-Webhook-Signature-Timestamp", parcel.timestamp)
            .body(parcel.body);
        if let Some(token) = parcel.bearer_token {
            request = request.bearer_auth(token);
        }
        match request.send().await {
            Ok(response) => AttemptOutcome::Answered {
                status: response.status().as_u16(),
                retry_after: response
                    .headers()
                    .get(header::RETRY_AFTER)
                    .and_then(|value| value.to_str().ok()?.parse().ok()),
            },
            Err(problem) if problem.is_timeout() => AttemptOutcome::TimedOut,
            Err(_) => AttemptOutcome::Unreachable,
        }
    }

    /// The status of the answer to a plain `GET`, if there is one within `patience`.
    pub async fn status_of(&self, address: &str, patience: Duration) -> Option<u16> {
        let answer = self.0.get(address).timeout(patience).send().await.ok()?;
        Some(answer.status().as_u16())
    }
}
