//! A webhook of the account (facts §1.5, §1.8).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Webhook;
use super::authentication::Authentication;
use crate::zendesk::moments::{ACCOUNT_OPENED, whole_seconds};
use crate::zendesk::settings::ADMIN_USER;

/// The subscription of a webhook for triggers.
pub(in crate::zendesk) const TRIGGERED: &str = "conditional_ticket_events";

/// The HTTP method of a webhook's requests. `GET` and `DELETE` have no body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::zendesk) enum WebhookMethod {
    Get,
    #[default]
    Post,
    Put,
    Patch,
    Delete,
}

impl WebhookMethod {
    /// Whether requests have a body; otherwise its content is appended to the URL.
    pub(in crate::zendesk) fn has_body(self) -> bool {
        !matches!(self, Self::Get | Self::Delete)
    }
}

/// The format of a webhook's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::zendesk) enum WebhookFormat {
    /// `application/json`
    #[default]
    Json,
    /// `application/xml`
    Xml,
    /// `application/x-www-form-urlencoded`
    FormEncoded,
}

impl WebhookFormat {
    /// The `Content-Type` of a body.
    pub(in crate::zendesk) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
            Self::FormEncoded => "application/x-www-form-urlencoded; charset=utf-8",
        }
    }
}

/// A webhook of the account.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct RegisteredWebhook {
    pub(in crate::zendesk) id: String,
    pub(in crate::zendesk) name: String,
    pub(super) description: Option<String>,
    pub(in crate::zendesk) active: bool,
    /// Only [`TRIGGERED`], or types of events; never changes.
    pub(super) subscriptions: Vec<String>,
    pub(in crate::zendesk) endpoint: String,
    pub(in crate::zendesk) method: WebhookMethod,
    pub(in crate::zendesk) format: WebhookFormat,
    pub(in crate::zendesk) authentication: Option<Authentication>,
    pub(in crate::zendesk) custom_headers: BTreeMap<String, String>,
    /// The signing secret, as literal text (facts §1.2).
    pub(in crate::zendesk) secret: String,
    pub(in crate::zendesk) created_at: Timestamp,
    pub(super) created_by: i64,
    /// The time and the author of the last change.
    pub(super) updated: Option<(Timestamp, i64)>,
}

/// The simple form in which tests and the sandbox itself add webhooks: JSON posted for triggers.
impl From<Webhook> for RegisteredWebhook {
    fn from(webhook: Webhook) -> Self {
        let Webhook { id, endpoint, secret, bearer_token } = webhook;
        Self {
            name: format!("Webhook {id}"),
            id,
            description: None,
            active: true,
            subscriptions: vec![TRIGGERED.to_owned()],
            endpoint,
            method: WebhookMethod::Post,
            format: WebhookFormat::Json,
            authentication: bearer_token.map(|token| Authentication::BearerToken { token }),
            custom_headers: BTreeMap::new(),
            secret,
            created_at: ACCOUNT_OPENED,
            created_by: ADMIN_USER,
            updated: None,
        }
    }
}

impl RegisteredWebhook {
    /// Whether triggers can use it.
    pub(in crate::zendesk) fn serves_triggers(&self) -> bool {
        self.subscriptions.iter().any(|subscription| subscription == TRIGGERED)
    }

    /// Its form in the API: absent values have no key, and secrets are never included.
    pub(in crate::zendesk) fn json(&self) -> Value {
        let mut shown = Map::new();
        let mut show = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        show("id", json!(self.id));
        show("name", json!(self.name));
        if let Some(description) = &self.description {
            show("description", json!(description));
        }
        show("status", json!(if self.active { "active" } else { "inactive" }));
        show("subscriptions", json!(self.subscriptions));
        show("created_at", json!(whole_seconds(self.created_at)));
        show("created_by", json!(self.created_by.to_string()));
        if let Some((at, by)) = self.updated {
            show("updated_at", json!(whole_seconds(at)));
            show("updated_by", json!(by.to_string()));
        }
        show("endpoint", json!(self.endpoint));
        show("http_method", json!(self.method));
        show("request_format", json!(self.format));
        if let Some(authentication) = &self.authentication {
            show("authentication", authentication.shown());
        }
        if !self.custom_headers.is_empty() {
            show("custom_headers", json!(self.custom_headers));
        }
        Value::Object(shown)
    }
}

/// A new signing secret: 44 characters, the same on every run.
pub(in crate::zendesk) fn new_secret(number: i64) -> String {
    STANDARD.encode(Sha256::digest(format!("signing secret {number}")))
}
