//! Tells people what they must look at, by a signed JSON webhook to a chat or a mail gateway.
//!
//! A condition is told when it begins, once a day while it lasts, and when it is over. Conditions that begin together are
//! one message. Nothing about a customer is sent: counts, times, and links that open in the help desk.

pub mod condition;
pub mod judge;
pub mod message;
mod template;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use reqwest::header::{CONTENT_TYPE, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

use crate::domain::moment::later;
use crate::domain::signature::sign;
use crate::ports::{Availability, Clock, Ledger, MacroWatch, ServiceStatus};
pub use condition::{Condition, Kind};
use judge::Judge;
pub use template::{BodyTemplate, TemplateError};

/// The interval of looks.
const EVERY: Duration = Duration::from_mins(1);
/// The time limit of one message.
const WITHIN: Duration = Duration::from_secs(10);
/// The turn of the replica that tells what all of them see.
const CHORE: &str = "notify";
/// How long a replica keeps that turn without renewing it.
const TURN: Duration = Duration::from_mins(3);
// The same scheme as Zendesk's webhooks (facts §1.1): base64 of HMAC-SHA256 over timestamp and body.
const SIGNATURE: HeaderName = HeaderName::from_static("x-misread-signature");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-misread-signature-timestamp");

/// Where messages go, how they are signed and made, and when a due case is reported.
#[derive(Clone, Debug)]
pub struct Options {
    /// The webhook's address. It often holds a secret, so it is printed nowhere.
    pub url: SecretString,
    /// The secret that messages are signed with, if the receiver checks them.
    pub secret: Option<SecretString>,
    /// What makes the body; `None`: our own JSON.
    pub template: Option<Arc<BodyTemplate>>,
    /// Zendesk's origin, for links.
    pub zendesk_url: String,
    /// Whether messages use the proxy from the environment.
    pub proxy: bool,
    /// How long a due case may wait until it is reported.
    pub overdue_after: SignedDuration,
}

/// What conditions are read from.
#[derive(Clone, Debug)]
pub struct Sources {
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    /// The last reload, and the last check of the Zendesk account.
    pub status: Arc<ServiceStatus>,
    /// The availability of other systems.
    pub upstreams: Vec<Arc<Availability>>,
    /// The account's macros, if texts come from them.
    pub macros: Option<Arc<dyn MacroWatch>>,
}

/// Why a notifier could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the client for notifications could not be set up: {0}")]
pub struct SetupError(#[source] reqwest::Error);

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ResultLabel {
    result: &'static str,
}

/// Counts messages; clones share the counts.
#[derive(Clone, Debug)]
pub struct NotifyMetrics(Family<ResultLabel, Counter>);

impl Default for NotifyMetrics {
    fn default() -> Self {
        let sent = Family::default();
        for result in ["sent", "failed"] {
            drop(sent.get_or_create(&ResultLabel { result }));
        }
        Self(sent)
    }
}

impl NotifyMetrics {
    /// Adds the counter to what is served.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "notifications",
            "Messages to people, by whether the receiver took them",
            self.0.clone(),
        );
    }

    fn count(&self, result: &'static str) {
        self.0.get_or_create(&ResultLabel { result }).inc();
    }
}

/// Looks for conditions every minute, and sends what is new as one message.
#[derive(Debug)]
pub struct Notifier {
    options: Options,
    sources: Sources,
    client: reqwest::Client,
    judge: Judge,
    /// Until when this replica has the turn for what all replicas see.
    leads_until: Option<Timestamp>,
    metrics: NotifyMetrics,
}

impl Notifier {
    /// A notifier that has told nothing yet.
    ///
    /// # Errors
    /// If the HTTP library cannot be set up.
    pub fn new(options: Options, sources: Sources) -> Result<Self, SetupError> {
        let builder = reqwest::Client::builder();
        let builder = if options.proxy { builder } else { builder.no_proxy() };
        let client = builder
            .timeout(WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("misread/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(SetupError)?;
        Ok(Self {
            options,
            sources,
            client,
            judge: Judge::default(),
            leads_until: None,
            metrics: NotifyMetrics::default(),
        })
    }

    /// Counts in `metrics`, which others share.
    #[must_use]
    pub fn counted_by(self, metrics: NotifyMetrics) -> Self {
        Self { metrics, ..self }
    }

    /// Looks every minute until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                _ = self.look() => {}
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Looks once, and sends what is new as one message; returns whether one was sent. What could not be sent is sent
    /// again at the next look.
    pub async fn look(&mut self) -> bool {
        let now = self.sources.clock.now();
        // Without the ledger it is not known what has ended, nor which replica tells it.
        let Some(leads) = self.leads(now).await else { return false };
        if !leads {
            self.judge.leave_to_others();
        }
        let Some(conditions) = condition::standing(&self.sources, &self.options, leads, now).await else {
            return false;
        };
        let news = self.judge.news(now, conditions);
        if news.is_empty() {
            return false;
        }
        let message = message::body(&news, now, &self.options.zendesk_url);
        let sent = match self.written(&message) {
            Ok(body) => self.send(now, body).await,
            Err(reason) => Err(reason),
        };
        match sent {
            Ok(()) => {
                self.metrics.count("sent");
                self.judge.told(now, news);
                true
            }
            Err(reason) => {
                self.metrics.count("failed");
                tracing::error!(
                    reason,
                    "people could not be notified; trying again: check MISREAD_NOTIFY_URL"
                );
                false
            }
        }
    }

    /// Whether this replica tells what all of them see; `None`: the ledger does not answer. After another one's end its turn is free within three minutes.
    async fn leads(&mut self, now: Timestamp) -> Option<bool> {
        let until = later(now, TURN);
        // The ledger gives a turn only when the one before it is over: its holder asks as of that moment.
        let asked_at = self.leads_until.unwrap_or(now).max(now);
        let leads = self.sources.ledger.take_turn(CHORE, asked_at, until).await.ok()?;
        self.leads_until = leads.then_some(until);
        Some(leads)
    }

    fn written(&self, message: &message::Body) -> Result<String, String> {
        match &self.options.template {
            Some(template) => template.render(message).map_err(|error| error.to_string()),
            None => serde_json::to_string(message).map_err(|error| error.to_string()),
        }
    }

    async fn send(&self, now: Timestamp, body: String) -> Result<(), String> {
        let mut request = self
            .client
            .post(self.options.url.expose_secret())
            .header(CONTENT_TYPE, "application/json; charset=utf-8");
        if let Some(secret) = &self.options.secret {
            let timestamp = now.to_string();
            let signature = sign(secret.expose_secret(), &timestamp, body.as_bytes());
            request = request.header(SIGNATURE, signature).header(TIMESTAMP, timestamp);
        }
        // Errors of the HTTP library name the address, which may be a secret.
        let answer = request.body(body).send().await.map_err(|error| error.without_url().to_string())?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("the receiver answered {status}")),
        }
    }
}
