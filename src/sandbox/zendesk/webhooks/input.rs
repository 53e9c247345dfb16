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
use crate::zendesk::state::State;

const LONGEST_NAME: usize = 255;

fn invalid(title: &str) -> Refusal {
    listed(StatusCode::BAD_REQUEST, "InvalidWebhook", title)
}

/// The error for an unknown webhook.
pub(in crate::zendesk) fn unknown() -> Refusal {
    listed(StatusCode::NOT_FOUND, "WebhookNotFound", "Webhook can't be found. Check the ID and try again.")
}

impl State {
    pub(in crate::zendesk) fn webhook(&self, id: &str) -> Result<&RegisteredWebhook, Refusal> {
        self.webhooks.get(id).ok_or_else(unknown)
    }

    /// Creates a webhook and returns its id.
    pub(in crate::zendesk) fn create_webhook(
        &mut self,
        said: &Map<String, Value>,
        by: i64,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let most = self.configuration.switches.most_webhooks;
        if most.is_some_and(|most| self.webhooks.len() >= most) {
            return Err(listed(
                StatusCode::FORBIDDEN,
                "ProductLimitExceeded",
                "The account has no room for another webhook",
            ));
        }
        let number = self.next_id();
        let mut webhook = RegisteredWebhook {
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
        self.write_webhook(&mut webhook, said)?;
        let id = webhook.id.clone();
        self.webhooks.insert(id.clone(), webhook);
        Ok(id)
    }

    /// Creates a copy of a webhook, with its own secret.
    pub(in crate::zendesk) fn clone_webhook(
        &mut self,
        id: &str,
        by: i64,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let mut webhook = self.webhook(id)?.clone();
        let number = self.next_id();
        webhook.id = opaque_id("webhook", number);
        webhook.secret = new_secret(number);
        webhook.name += " (copy)";
        (webhook.created_at, webhook.created_by, webhook.updated) = (now, by, None);
        let id = webhook.id.clone();
        self.webhooks.insert(id.clone(), webhook);
        Ok(id)
    }

    /// Changes a webhook. As a whole: omitted keys are cleared, including description and authentication, as recorded.
    /// Subscriptions stay either way.
    pub(in crate::zendesk) fn change_webhook(
        &mut self,
        id: &str,
        said: &Map<String, Value>,
        whole: bool,
        (by, now): (i64, Timestamp),
    ) -> Result<(), Refusal> {
        let mut webhook = self.webhook(id)?.clone();
        if let Some(named) = said.get("subscriptions")
            && subscriptions(Some(named))? != webhook.subscriptions
        {
            return Err(invalid("subscriptions cannot be changed"));
        }
        if whole {
            require(said, &["name", "endpoint", "http_method", "request_format", "status"])?;
            webhook.description = None;
            webhook.authentication = None;
            webhook.custom_headers = BTreeMap::new();
        }
        self.write_webhook(&mut webhook, said)?;
        webhook.updated = Some((now, by));
        self.webhooks.insert(webhook.id.clone(), webhook);
        Ok(())
    }

    /// Gives a webhook a new signing secret; the old one becomes invalid.
    pub(in crate::zendesk) fn reset_secret(&mut self, id: &str) -> Result<String, Refusal> {
        let secret = new_secret(self.next_id());
        let webhook = self.webhooks.get_mut(id).ok_or_else(unknown)?;
        webhook.secret.clone_from(&secret);
        Ok(secret)
    }

    /// Applies a test's data to a webhook; the URL must be known then.
    pub(in crate::zendesk) fn write_tested(
        &self,
        webhook: &mut RegisteredWebhook,
        said: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        self.write_webhook(webhook, said)?;
        if webhook.endpoint.is_empty() { Err(invalid("endpoint is required")) } else { Ok(()) }
    }

    fn write_webhook(
        &self,
        webhook: &mut RegisteredWebhook,
        said: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let need_https = self.configuration.switches.webhooks_need_https;
        for (key, value) in said {
            write_part(webhook, key, value, need_https)?;
        }
        let for_events = !webhook.subscriptions.is_empty() && !webhook.serves_triggers();
        if for_events && (webhook.method, webhook.format) != (WebhookMethod::Post, WebhookFormat::Json) {
            return Err(invalid("webhooks that are subscribed to events must be POST and json"));
        }
        Ok(())
    }
}

fn write_part(
    webhook: &mut RegisteredWebhook,
    key: &str,
    value: &Value,
    need_https: bool,
) -> Result<(), Refusal> {
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
        "endpoint" => webhook.endpoint = endpoint(value, need_https)?,
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
fn endpoint(value: &Value, need_https: bool) -> Result<String, Refusal> {
    let text = value.as_str().unwrap_or_default();
    let scheme = Url::parse(text).ok().filter(Url::has_host).map(|url| url.scheme().to_owned());
    match scheme.as_deref() {
        Some("https") => Ok(text.to_owned()),
        Some("http") if !need_https => Ok(text.to_owned()),
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
