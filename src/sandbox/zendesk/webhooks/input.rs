//! Creates and changes webhooks (facts §1.5, §1.8). Errors have the `errors[]` form.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use reqwest::Url;
use serde_json::{Map, Value};

use super::authentication::Authentication;
use super::opaque_id;
use super::registered::{RegisteredWebhook, TRIGGERED, WebhookFormat, WebhookMethod, new_secret};
use crate::zendesk::refusal::{Refusal, listed};

const LONGEST_NAME: usize = 255;

fn invalid(title: &str) -> Refusal {
    listed(StatusCode::BAD_REQUEST, "InvalidWebhook", title)
}

/// The error for an unknown webhook.
pub(in crate::zendesk) fn unknown() -> Refusal {
    listed(StatusCode::NOT_FOUND, "WebhookNotFound", "Webhook can't be found. Check the ID and try again.")
}

impl RegisteredWebhook {
    /// A new webhook of a request.
    pub(super) fn requested(
        number: i64,
        said: &Map<String, Value>,
        by: i64,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let mut webhook = Self {
            id: opaque_id("webhook", number),
            name: String::new(),
            description: None,
            active: true,
            subscriptions: subscriptions(said.get("subscriptions"))?,
            endpoint: String::new(),
            method: WebhookMethod::Post,
            format: WebhookFormat::Json,
            authentication: None,
            custom_headers: BTreeMap::new(),
            secret: new_secret(number),
            created_at: now,
            created_by: by,
            updated: None,
        };
        require(said, &["name", "endpoint", "http_method", "request_format"])?;
        webhook.write(said)?;
        Ok(webhook)
    }

    /// A copy, with its own secret.
    pub(super) fn copied(&self, number: i64, by: i64, now: Timestamp) -> Self {
        Self {
            id: opaque_id("webhook", number),
            secret: new_secret(number),
            name: format!("{} (copy)", self.name),
            created_at: now,
            created_by: by,
            updated: None,
            ..self.clone()
        }
    }

    /// The webhook with the parts of a request. Subscriptions never change.
    pub(super) fn changed(
        &self,
        said: &Map<String, Value>,
        (by, now): (i64, Timestamp),
    ) -> Result<Self, Refusal> {
        let mut webhook = self.clone();
        if let Some(named) = said.get("subscriptions")
            && subscriptions(Some(named))? != webhook.subscriptions
        {
            return Err(invalid("subscriptions cannot be changed"));
        }
        webhook.write(said)?;
        webhook.updated = Some((now, by));
        Ok(webhook)
    }

    /// Applies a test's data; the URL must be known then.
    pub(in crate::zendesk) fn write_tested(&mut self, said: &Map<String, Value>) -> Result<(), Refusal> {
        self.write(said)?;
        if self.endpoint.is_empty() { Err(invalid("endpoint is required")) } else { Ok(()) }
    }

    fn write(&mut self, said: &Map<String, Value>) -> Result<(), Refusal> {
        for (key, value) in said {
            write_part(self, key, value)?;
        }
        let for_events = !self.subscriptions.is_empty() && !self.serves_triggers();
        if for_events && (self.method, self.format) != (WebhookMethod::Post, WebhookFormat::Json) {
            return Err(invalid("webhooks that are subscribed to events must be POST and json"));
        }
        Ok(())
    }
}

fn write_part(webhook: &mut RegisteredWebhook, key: &str, value: &Value) -> Result<(), Refusal> {
    match key {
        "name" => {
            let name = value.as_str().map(str::trim).filter(|name| !name.is_empty());
            let name = name.filter(|name| name.chars().count() <= LONGEST_NAME);
            name.ok_or_else(|| invalid("name is invalid"))?.clone_into(&mut webhook.name);
        }
        "description" => webhook.description = value.as_str().map(str::to_owned),
        "status" => {
            webhook.active = match value.as_str() {
                Some("active") => true,
                Some("inactive") => false,
                _ => return Err(invalid("status must be active or inactive")),
            };
        }
        "endpoint" => webhook.endpoint = endpoint(value)?,
        "http_method" => {
            webhook.method =
                serde_json::from_value(value.clone()).map_err(|_| invalid("http_method is not supported"))?;
        }
        "request_format" => {
            webhook.format = serde_json::from_value(value.clone())
                .map_err(|_| invalid("request_format is not supported"))?;
        }
        "authentication" if value.is_null() => webhook.authentication = None,
        "authentication" => {
            webhook.authentication = Some(Authentication::parse(value).map_err(|problem| invalid(&problem))?);
        }
        "custom_headers" if value.is_null() => webhook.custom_headers = BTreeMap::new(),
        "custom_headers" => {
            webhook.custom_headers = serde_json::from_value(value.clone())
                .map_err(|_| invalid("custom_headers must be texts by name"))?;
        }
        // Unknown keys are ignored; subscriptions were parsed before.
        _ => {}
    }
    Ok(())
}

fn require(said: &Map<String, Value>, keys: &[&str]) -> Result<(), Refusal> {
    match keys.iter().find(|key| said.get(**key).is_none_or(Value::is_null)) {
        Some(key) => Err(invalid(&format!("{key} is required"))),
        None => Ok(()),
    }
}

/// The URL of the requests.
fn endpoint(value: &Value) -> Result<String, Refusal> {
    let text = value.as_str().unwrap_or_default();
    let scheme = Url::parse(text).ok().filter(Url::has_host).map(|url| url.scheme().to_owned());
    match scheme.as_deref() {
        Some("https" | "http") => Ok(text.to_owned()),
        _ => Err(invalid("endpoint is not a valid address")),
    }
}

/// Either triggers or events, never both (facts §1.5).
fn subscriptions(value: Option<&Value>) -> Result<Vec<String>, Refusal> {
    let value = value.cloned().unwrap_or(Value::Null);
    let named: Option<Vec<String>> =
        serde_json::from_value(value).map_err(|_| invalid("subscriptions must be a list of texts"))?;
    let named = named.unwrap_or_default();
    let for_triggers = named == [TRIGGERED];
    let for_events = named.iter().all(|name| name.starts_with("zen:event-type:"));
    if for_triggers || for_events { Ok(named) } else { Err(invalid("subscriptions are not supported")) }
}
