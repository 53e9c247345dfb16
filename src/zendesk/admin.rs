//! The account's set-up over HTTP: webhooks, triggers, fields, groups, statuses, brands, forms, macros, views. For commands that a
//! person runs; the running service never uses it.

mod error;
mod looking;
mod macros;
mod resource;
mod shapes;

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Credentials;
use super::account::SignedIn;
use super::auth::NoToken;
use crate::http::{ApiRequest, ApiResponse, CallMetrics, Http, SetupError, Upstream};
use crate::ports::{CallError, Clock};

pub use crate::account::setup::{
    FieldOption, Group, Macro, TicketField, Trigger, TriggerCategory, View, Webhook, WebhookAuthentication,
};
pub use crate::domain::rule::{Conditions, RuleAction, RuleCondition};
pub use error::AdminError;
pub use looking::{Greeting, Limit};
pub use resource::Resource;
pub use shapes::{Brand, CustomStatus, Membership, TicketForm, User};

/// The requested lifetime of an access token: longer than any of these commands.
const OAUTH_LIFE: Duration = Duration::from_mins(30);
/// Macros, fields, groups and forms have no scope of their own, and `write` does not include `read` (facts §8).
const OAUTH_SCOPE: &str = "read write";
/// The number of objects on a page.
const PAGE: &str = "100";
/// The most pages read of a list.
const MOST_PAGES: u32 = 100;
/// The size of a page of a hundred fields, each with the most options allowed (facts §5.2).
const PAGE_CAP: usize = 64 << 20;
/// The most retries of a call rejected by the account's rate limit, or of a read that failed in transit.
const MOST_REPEATS: u32 = 8;
/// The wait if Zendesk names none.
const PAUSE: Duration = Duration::from_secs(5);

/// The credentials for reading or changing an account's set-up.
#[derive(Clone, Debug)]
pub struct AdminOptions {
    /// `https://{subdomain}.zendesk.com`, with or without a trailing slash.
    pub base_url: String,
    pub credentials: Credentials,
    /// The environment variables with the credentials, for error messages.
    pub variables: &'static str,
    /// The time limit of a whole exchange, including the response's last byte.
    pub timeout: Duration,
    /// Whether requests use the proxy from the environment.
    pub proxy: bool,
}

impl AdminOptions {
    /// The credentials of an admin's OAuth client, with the scopes for the set-up.
    pub fn oauth(client_id: String, client_secret: SecretString) -> Credentials {
        let scope = OAUTH_SCOPE.to_owned();
        Credentials::OAuth { client_id, client_secret, scope, expires_in: OAUTH_LIFE }
    }
}

/// A client for one account's set-up.
#[derive(Debug)]
pub struct AdminClient {
    line: SignedIn,
    clock: Arc<dyn Clock>,
    variables: &'static str,
}

impl AdminClient {
    /// A client before its first call.
    pub fn new(options: AdminOptions, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let AdminOptions { base_url, credentials, variables, timeout, proxy } = options;
        let neighbour = Upstream {
            name: "zendesk",
            credentials: variables,
            at_once: 1,
            proxy,
            joins_traces: false,
            calls: CallMetrics::default(),
        };
        let http = Http::new(neighbour, &base_url, timeout, Arc::clone(&clock))?;
        Ok(Self { line: SignedIn::new(http, credentials, Arc::clone(&clock))?, clock, variables })
    }

    /// All objects of a kind, in Zendesk's order; reads all pages.
    pub async fn list<R: Resource>(&self) -> Result<Vec<R>, AdminError> {
        self.pages(R::LIST, &[], R::NAMES.1, &[]).await
    }

    /// The categories of triggers; `None` if the account does not support them.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn trigger_categories(&self) -> Result<Option<Vec<TriggerCategory>>, AdminError> {
        match self.list().await {
            Err(AdminError::NotEnabled { .. }) => Ok(None),
            read => read.map(Some),
        }
    }

    /// One object; `None` if there is none with this id.
    pub async fn get<R: Resource>(&self, id: &str) -> Result<Option<R>, AdminError> {
        match self.send(&ApiRequest::get(R::ONE, &[id]).cap(PAGE_CAP)).await {
            Ok(answer) => one(&answer, R::NAMES.0).map(Some),
            Err(AdminError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates an object and returns it as Zendesk stores it.
    pub async fn create<R: Resource>(&self, body: Value) -> Result<R, AdminError> {
        let body = json!({ (R::NAMES.0): body });
        let answer = self.send(&ApiRequest::post(R::LIST, &[], body).cap(PAGE_CAP)).await?;
        one(&answer, R::NAMES.0)
    }

    /// Changes the parts in `body` and leaves the rest. Conditions and actions of triggers are replaced as a whole.
    pub async fn change<R: Resource>(&self, id: &str, body: Value) -> Result<(), AdminError> {
        let (ids, body) = ([id], json!({ (R::NAMES.0): body }));
        let call = if R::IS_PATCHED {
            ApiRequest::patch(R::ONE, &ids, body)
        } else {
            ApiRequest::put(R::ONE, &ids, body)
        };
        self.send(&call.cap(PAGE_CAP)).await.map(drop)
    }

    /// The secret that signs a webhook's deliveries.
    pub async fn signing_secret(&self, webhook_id: &str) -> Result<SecretString, AdminError> {
        #[derive(Deserialize)]
        struct Secret {
            secret: String,
        }
        let answer =
            self.send(&ApiRequest::get("api/v2/webhooks/{id}/signing_secret", &[webhook_id])).await?;
        one::<Secret>(&answer, "signing_secret").map(|secret| secret.secret.into())
    }

    /// Adds an option to a drop-down field; the others stay unchanged.
    pub async fn add_option(
        &self,
        field_id: i64,
        name: &str,
        value: &str,
    ) -> Result<FieldOption, AdminError> {
        let body = json!({ "custom_field_option": { "name": name, "value": value } });
        let id = field_id.to_string();
        let answer = self.send(&ApiRequest::post("api/v2/ticket_fields/{id}/options", &[&id], body)).await?;
        one(&answer, "custom_field_option")
    }

    /// The user of these credentials; without an id if Zendesk treats them as anonymous (facts §5.3).
    pub async fn me(&self) -> Result<User, AdminError> {
        one(&self.send(&ApiRequest::get("api/v2/users/me", &[])).await?, "user")
    }

    /// The groups of a member of staff.
    pub async fn groups_of(&self, user_id: i64) -> Result<Vec<Group>, AdminError> {
        self.pages("api/v2/users/{id}/groups", &[&user_id.to_string()], "groups", &[]).await
    }

    /// Reads any list, page by page.
    pub(super) async fn pages<T: DeserializeOwned>(
        &self,
        template: &'static str,
        ids: &[&str],
        name: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, AdminError> {
        #[derive(Default, Deserialize)]
        struct Meta {
            has_more: bool,
            after_cursor: Option<String>,
        }
        let mut items = Vec::new();
        let (mut next, mut page_number): (Option<(&str, String)>, u32) = (None, 1);
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.push(("page[size]", PAGE));
            match &next {
                // Page numbers and cursors exclude each other.
                Some((name @ "page", value)) => query = vec![("per_page", PAGE), (name, value)],
                Some((name, value)) => query.push((name, value)),
                None => {}
            }
            let answer = self.send(&ApiRequest::get(template, ids).query(&query).cap(PAGE_CAP)).await?;
            let mut body: Map<String, Value> = answer.json()?;
            // A response without the list is an error: taken for an empty list, all objects would be created again.
            let page: Vec<T> = read(&answer, name, body.remove(name).unwrap_or_default())?;
            items.extend(page);
            let meta = body.remove("meta").unwrap_or_default();
            let meta: Option<Meta> = read(&answer, "meta", meta)?;
            // Some lists have no cursors, and return the next page's URL.
            let by_offset = meta.is_none() && body.get("next_page").is_some_and(Value::is_string);
            let meta = meta.unwrap_or_default();
            if by_offset {
                page_number += 1;
                next = Some(("page", page_number.to_string()));
            } else if !meta.has_more {
                return Ok(items);
            } else {
                let cursor = meta
                    .after_cursor
                    .filter(|cursor| next.as_ref().is_none_or(|(_, before)| before != cursor));
                let cursor = cursor.ok_or_else(|| {
                    AdminError::from(answer.contradiction("it promises more and does not say where"))
                })?;
                next = Some(("page[after]", cursor));
            }
        }
        Err(AdminError::Unavailable {
            reason: format!("GET /{template}: the list has more than {MOST_PAGES} pages"),
        })
    }

    /// Sends; retries a call rejected by the rate limit when there is room, and a read also after a failure in transit.
    /// Returns only successful responses.
    pub(super) async fn send(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, AdminError> {
        let variables = self.variables;
        self.line.sign_in().await.map_err(|NoToken { refused, error }| {
            if refused { AdminError::SignIn { reason: error.to_string(), variables } } else { error.into() }
        })?;
        for repeats in 0.. {
            let sent = self.line.send(call).await;
            let wait = match &sent {
                Ok(answer) if answer.status().is_success() => None,
                Ok(answer) => self.pause(call, answer),
                Err(CallError::Retry { after, .. }) if call.is_read() => Some(after.unwrap_or(PAUSE)),
                Err(_) => None,
            };
            let Some(wait) = wait.filter(|_| repeats < MOST_REPEATS) else {
                return sent.map_err(AdminError::from).and_then(|answer| self.accepted(answer));
            };
            let now = self.clock.now();
            self.clock.sleep_until(now.checked_add(wait).unwrap_or(now)).await;
        }
        Err(AdminError::Unavailable { reason: "repeated without end".to_owned() })
    }

    /// The wait before a retry of the call; `None`: a retry would not help, or would repeat the effect.
    fn pause(&self, call: &ApiRequest<'_>, answer: &ApiResponse) -> Option<Duration> {
        let turned_away = answer.status() == StatusCode::TOO_MANY_REQUESTS;
        let again = turned_away || (call.is_read() && answer.status().is_server_error());
        again.then(|| answer.retry_after(self.clock.now()).unwrap_or(PAUSE))
    }

    /// The response, if successful.
    fn accepted(&self, answer: ApiResponse) -> Result<ApiResponse, AdminError> {
        if answer.status().is_success() {
            return Ok(answer);
        }
        // The set-up contains no customer's words.
        let (reason, variables) = (answer.describe_failure_in_full(), self.variables);
        Err(match answer.status() {
            StatusCode::UNAUTHORIZED => AdminError::SignIn { reason, variables },
            StatusCode::FORBIDDEN => match answer.error_name().as_deref() {
                Some("TriggerCategoriesNotEnabled") => AdminError::NotEnabled { reason },
                Some("ProductLimitExceeded") => AdminError::Refused { reason },
                _ => AdminError::Forbidden { reason, variables },
            },
            StatusCode::NOT_FOUND => AdminError::Missing { reason },
            _ => match answer.failure(self.clock.now()) {
                CallError::Permanent { .. } => AdminError::Refused { reason },
                other => other.into(),
            },
        })
    }
}

/// The object under a key of a response.
fn one<T: DeserializeOwned>(answer: &ApiResponse, name: &str) -> Result<T, AdminError> {
    let mut body: Map<String, Value> = answer.json()?;
    read(answer, name, body.remove(name).unwrap_or_default())
}

fn read<T: DeserializeOwned>(answer: &ApiResponse, name: &str, value: Value) -> Result<T, AdminError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        answer.contradiction(&format!("`{name}` cannot be read at `{}`", error.path())).into()
    })
}
