//! The fake Zendesk: tickets with audits, optimistic locking, triggers, signed webhooks, OAuth and rate limits, and the
//! account's set-up: macros, fields, forms, brands, statuses, groups, users.
//!
//! The known facts about Zendesk and their sources are in `src/zendesk/FACTS.md`: "facts §3.1" in a comment means its
//! section 3.1.

mod attachments;
mod audit_log;
mod brands;
mod breaker;
mod caller;
mod chance;
mod change;
mod configuration;
mod control;
mod copies;
mod create_request;
mod customer;
mod dynamic_content;
mod fields;
mod flags;
mod follow_up;
mod forms;
mod groups;
mod html;
mod http;
mod idempotency;
mod jobs;
mod limits;
mod macros;
mod nullable;
mod oauth;
mod opening;
mod people;
mod placement;
mod profile;
mod records;
mod refusal;
mod rights;
mod rules;
mod search;
mod sender;
mod setup;
mod state;
mod statuses;
mod switches;
mod tag_spelling;
mod ticket_switches;
mod titles;
mod triggers;
mod update_request;
mod users;
mod view;
mod webhook_client;
mod webhooks;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::SandboxError;
use crate::faults::Faults;
use crate::ports::Clock;
use crate::wire as connection;

pub use attachments::Attachment;
pub use chance::Chances;
pub use customer::CustomerMessage;
pub use fields::{FieldKind, FieldOption, TicketField};
pub use flags::Flags;
pub use groups::Group;
pub use jobs::{Job, JobPace, JobState, JobSwitches};
pub use limits::{HeaderSpelling, RateLimits};
pub use macros::{Macro, Restriction};
pub use oauth::OAuthClient;
pub use opening::{Channel, NewTicket};
pub use people::AgentUpdate;
pub use placement::{DEFAULT_BRAND, DEFAULT_FORM, Placement};
pub use profile::Profile;
pub use records::{Audit, Comment, FakeTicket, Role, TicketFields, User, Via};
pub use rules::{Condition, Conditions, Escaping, RuleAction, TriggerDefinition};
pub use sender::DeliveryReport;
use state::State;
pub use switches::{AccountSwitches, MacroFields};
pub use tag_spelling::TagSpelling;
pub use ticket_switches::{Language, TicketSwitches};
pub use webhook_client::{WebhookClient, WebhookRequest};
pub use webhooks::{Attempt, AttemptOutcome, Invocation, InvocationStatus, Webhook, WebhookSwitches};

/// The user of the OAuth client, an agent. It exists in every fake account.
pub const SERVICE_USER: i64 = 6_130_907_993_114;
/// The user of the OAuth client for the set-up, an admin. It exists in every fake account.
pub const ADMIN_USER: i64 = 6_130_907_993_115;

/// The fake's credentials and identity.
#[derive(Clone, Debug)]
pub struct ZendeskSettings {
    /// The account's id in webhooks.
    pub account_id: i64,
    /// The OAuth client's identifier.
    pub client_id: String,
    /// The OAuth client's secret.
    pub client_secret: String,
    /// The OAuth client for the set-up. It acts as [`ADMIN_USER`] unless another user is named.
    pub admin_client: OAuthClient,
    /// The legacy API token, for any member of staff; `None`: disabled, as for all accounts from April 2027 (facts §8).
    pub api_token: Option<String>,
    /// The time limit of a webhook's receiver, in real time; Zendesk waits 12 seconds (facts §1.4).
    pub webhook_timeout: Duration,
}

impl ZendeskSettings {
    /// An account with this OAuth client, one for the set-up with derived names (`-admin` after identifier and secret), no
    /// API token, and Zendesk's own timeout.
    pub fn new(client_id: &str, client_secret: &str) -> Self {
        Self {
            account_id: 22_129_848,
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            admin_client: OAuthClient {
                identifier: format!("{client_id}-admin"),
                secret: format!("{client_secret}-admin"),
                user_id: ADMIN_USER,
            },
            api_token: None,
            webhook_timeout: Duration::from_secs(12),
        }
    }

    /// The initial OAuth clients.
    fn clients(&self) -> [OAuthClient; 2] {
        let service = OAuthClient {
            identifier: self.client_id.clone(),
            secret: self.client_secret.clone(),
            user_id: SERVICE_USER,
        };
        [service, self.admin_client.clone()]
    }
}

/// The fake account. Clones are handles on the same state.
#[derive(Clone, Debug)]
pub struct FakeZendesk {
    clock: Arc<dyn Clock>,
    settings: Arc<ZendeskSettings>,
    courier: WebhookClient,
    state: Arc<Mutex<State>>,
    limits: Arc<Mutex<RateLimits>>,
    outbox_changed: Arc<Notify>,
    faults: Faults,
}

impl FakeZendesk {
    /// An account with only the service's own user and an admin, and Zendesk's rate limits.
    ///
    /// # Errors
    /// If no HTTP client can be built for the webhook sender.
    pub fn new(clock: Arc<dyn Clock>, settings: ZendeskSettings) -> Result<Self, SandboxError> {
        let state = State::new(&settings);
        Ok(Self {
            clock,
            settings: Arc::new(settings),
            courier: WebhookClient::new()?,
            state: Arc::new(Mutex::new(state)),
            limits: Arc::new(Mutex::new(RateLimits::ZENDESK)),
            outbox_changed: Arc::default(),
            faults: Faults::default(),
        })
    }

    /// The faults of its requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Serves Zendesk's API and the control routes under `/sandbox` until `shutdown` is cancelled.
    ///
    /// # Errors
    /// If the listener has no address any more.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> std::io::Result<()> {
        self.lock().base_url = format!("http://{}", listener.local_addr()?);
        connection::serve(listener, http::router(self, &shutdown), shutdown).await
    }

    /// The state, after all work of background jobs that was due: every reader sees the current state.
    fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.work_jobs(self.limits(), self.clock.now()) {
            self.outbox_changed.notify_one();
        }
        state
    }

    fn limits(&self) -> RateLimits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state at one moment, and wakes the webhook sender.
    fn change<T, E>(&self, work: impl FnOnce(&mut State, Timestamp) -> Result<T, E>) -> Result<T, E> {
        let mut state = self.lock();
        // Read under the lock: time must not run backwards between two changes.
        let outcome = work(&mut state, self.clock.now());
        drop(state);
        self.outbox_changed.notify_one();
        outcome
    }
}
