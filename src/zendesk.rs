//! The help desk over HTTP: tickets, updates and audits of one Zendesk account.
//!
//! The known facts about Zendesk and their sources are in `src/zendesk/FACTS.md`: "facts §3.1" in a comment means its
//! section 3.1.

mod account;
pub mod admin;
mod alone;
mod auth;
mod batcher;
mod budget;
mod bulk_update;
mod history;
mod jobs;
mod macros;
mod rate_limit;
mod reads;
mod requests;
mod search;
mod wire;
mod write_identity;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use self::account::{Account, SignedIn};
use self::budget::Budget;
use self::bulk_update::{BulkOutcome, BulkUpdater};
use self::jobs::Jobs;
use self::reads::Reads;
use self::write_identity::WriteIdentity;
use crate::account::sliding_window::Lane;
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::ticket::{Ticket, TicketChange, TicketStatus};
use crate::http::{ApiRequest, ApiResponse, CallMetrics, Http, SetupError, Transport, Upstream};
use crate::ports::{
    Availability, CallError, Clock, Grants, Helpdesk, HelpdeskClock, MarkerKeys, RateLimitStatus, RateLimits,
    SendMode, TicketWrite, UpdateOutcome,
};

/// How to reach a Zendesk account and how much of its rate limits to use.
#[derive(Clone, Debug)]
pub struct Options {
    /// `https://{subdomain}.zendesk.com`, with or without a trailing slash.
    pub base_url: String,
    pub credentials: Credentials,
    /// The fields that we read and write.
    pub fields: Fields,
    /// The account's custom statuses by category; for a missing one, the category's default is set.
    pub statuses: BTreeMap<TicketStatus, i64>,
    /// Our share of the account's rate limits.
    pub budgets: Budgets,
    /// The most concurrent requests; at least 1.
    pub at_once: usize,
    /// The time limit of a whole exchange, including the response's last byte.
    pub timeout: Duration,
    /// Whether requests use the proxy from the environment.
    pub proxy: bool,
    pub calls: CallMetrics,
}

/// The credentials for Zendesk (facts §8).
#[derive(Clone, Debug)]
pub enum Credentials {
    /// OAuth client credentials of a confidential client.
    OAuth {
        /// The client's unique identifier.
        client_id: String,
        client_secret: SecretString,
        /// Scopes, separated by spaces; `tickets:write read` suffices.
        scope: String,
        /// The requested lifetime: more than 300 s and less than 172,800 s.
        expires_in: Duration,
    },
    /// An API token: no longer accepted from 30 April 2027 on.
    ApiToken {
        /// The agent's email address.
        email: String,
        token: SecretString,
    },
}

/// The ids of the account's own ticket fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// 상담유형
    pub consultation_type: i64,
    /// The field in which the customer gives a plate; `None` if there is none.
    pub plate: Option<i64>,
    /// The field in which the customer gives the time of parking; `None` if there is none.
    pub used_at: Option<i64>,
}

/// The account's ids for what we write.
#[derive(Debug)]
struct Names {
    fields: Fields,
    statuses: BTreeMap<TicketStatus, i64>,
}

/// How much of the account's rate limits we use, so that Zendesk hardly ever responds 429 (facts §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Single updates per minute, for the account. Zendesk allows 100 (20 in a sandbox), including people's updates.
    pub updates_per_minute: NonZeroU32,
    /// Our percentage of each limit that the account reports (requests, updates, jobs); the rest is for people and other
    /// systems; at most 100.
    pub share_percent: NonZeroU32,
    /// Whether updates are sent in bulk if more wait than can be sent singly.
    pub together: bool,
    /// The most concurrent jobs of ours. Zendesk allows 30 per account.
    pub jobs_at_once: NonZeroU32,
}

/// What a client shares with other processes of the same service.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The grants within the account's rate limits.
    pub grants: Arc<dyn Grants>,
    /// The keys for sealing markers.
    pub marker_keys: Arc<dyn MarkerKeys>,
}

/// The help desk of one Zendesk account.
#[derive(Debug)]
pub struct ZendeskClient {
    account: Arc<Account>,
    write_identity: WriteIdentity,
    names: Names,
    reads: Arc<Reads>,
    jobs: Arc<Jobs>,
    together: Arc<BulkUpdater>,
    /// Whether this process's last public text was visible to its customer. A job does not report it: until it is known,
    /// public texts go singly.
    speaks_publicly: AtomicBool,
}

fn neighbour(options: &Options) -> Upstream {
    let credentials = match options.credentials {
        Credentials::OAuth { .. } => "MISREAD_ZENDESK_CLIENT_ID and MISREAD_ZENDESK_CLIENT_SECRET",
        Credentials::ApiToken { .. } => "MISREAD_ZENDESK_EMAIL and MISREAD_ZENDESK_API_TOKEN",
    };
    let calls = options.calls.clone();
    let (at_once, proxy) = (options.at_once, options.proxy);
    Upstream { name: "zendesk", credentials, at_once, proxy, joins_traces: false, calls }
}

impl ZendeskClient {
    /// A client before its first call; `shared` records the grants of all processes that share the limits, and provides the
    /// keys for sealing.
    pub fn new(options: Options, clock: Arc<dyn Clock>, shared: Shared) -> Result<Self, SetupError> {
        let neighbour = neighbour(&options);
        let http = Http::new(neighbour, &options.base_url, options.timeout, Arc::clone(&clock))?;
        Self::with(http, options, clock, shared)
    }

    /// A client over `transport`, which then enforces `timeout` itself.
    pub fn over(
        transport: Arc<dyn Transport>,
        options: Options,
        clock: Arc<dyn Clock>,
        shared: Shared,
    ) -> Result<Self, SetupError> {
        let neighbour = neighbour(&options);
        let http = Http::over(transport, neighbour, &options.base_url, Arc::clone(&clock))?;
        Self::with(http, options, clock, shared)
    }

    fn with(
        http: Http,
        options: Options,
        clock: Arc<dyn Clock>,
        Shared { grants, marker_keys }: Shared,
    ) -> Result<Self, SetupError> {
        let line = SignedIn::new(http, options.credentials, Arc::clone(&clock))?;
        let budget = Budget::new(options.budgets, grants);
        let account = Arc::new(Account { line, budget, clock });
        let jobs = Arc::new(Jobs::new(Arc::clone(&account), options.budgets.jobs_at_once));
        Ok(Self {
            reads: Arc::new(Reads::new(Arc::clone(&account), options.fields)),
            together: Arc::new(BulkUpdater::new(Arc::clone(&account), Arc::clone(&jobs))),
            jobs,
            write_identity: WriteIdentity::new(Arc::clone(&account), marker_keys),
            names: Names { fields: options.fields, statuses: options.statuses },
            account,
            speaks_publicly: AtomicBool::new(false),
        })
    }

    /// The availability of Zendesk.
    pub fn contact(&self) -> Arc<Availability> {
        Arc::clone(self.account.line.contact())
    }
}

impl RateLimits for ZendeskClient {
    fn standing(&self) -> RateLimitStatus {
        self.account.budget.standing(self.account.clock.now())
    }
}

#[async_trait]
impl HelpdeskClock for ZendeskClient {
    async fn look_at_clock(&self) -> Result<(), CallError> {
        self.account.get(&ApiRequest::get("api/v2/users/me", &[])).await.map(drop)
    }
}

#[async_trait]
impl Helpdesk for ZendeskClient {
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError> {
        let _begun = self.account.begin(Some(id), lane).await?;
        if self.writes_together() { self.reads.together(id).await } else { self.reads.alone(id).await }
    }

    async fn admit(&self, id: TicketId, lane: Lane) -> Result<SendMode, Duration> {
        self.account.budget.admit(id, lane, self.account.clock.now()).await
    }

    fn writes_together(&self) -> bool {
        self.account.budget.is_bulk()
    }

    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        let TicketWrite { ticket_id, key, update, seen, way, lease } = sending;
        if lease.is_over(self.account.clock.now()) {
            return Err(CallError::Retry { after: None, reason: "not sent: the lease was over".to_owned() });
        }
        let marker = self.write_identity.marker(ticket_id, key, update).await?;
        let ticket = wire::update(&marker, update, seen.updated_at, &self.names);
        let public = update.public;
        let proven = !public || self.speaks_publicly.load(Ordering::Relaxed);
        match way {
            SendMode::Bulk if proven => {
                match self.together.send(ticket_id, ticket.clone(), lease.clone()).await? {
                    BulkOutcome::Written(now) => {
                        let (updated_at, expected) =
                            (now.updated_at, seen.after_comment(now.updated_at).comments);
                        let crossed = expected.is_none() || now.comments != expected;
                        Ok(UpdateOutcome::Written { audit_id: None, updated_at, crossed })
                    }
                    // It was not written: a single update returns the reason.
                    BulkOutcome::Failed => self.send_alone(ticket_id, ticket, public).await,
                }
            }
            SendMode::Bulk | SendMode::Single => self.send_alone(ticket_id, ticket, public).await,
        }
    }

    async fn jobs_under_way(&self, key: &EffectKey) -> Result<Option<Duration>, CallError> {
        self.jobs.asked_in_vain(key).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        history::changes(&self.account, &self.write_identity, id, requester_id).await
    }
}

/// Only this response means that the ticket does not exist. A wrong address or a renamed account also responds 404, and no
/// ticket may be given up for that.
fn is_gone(answer: &ApiResponse) -> bool {
    answer.error_name().as_deref() == Some("RecordNotFound")
}
