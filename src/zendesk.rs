//! The help desk over HTTP: tickets, updates and audits of one Zendesk account.
//!
//! What is known of Zendesk, and from where, stands in `src/zendesk/FACTS.md`: "facts §3.1" in a comment means its section 3.1.

mod account;
pub mod admin;
mod alone;
mod auth;
mod batcher;
mod budget;
mod bulk_update;
mod hand;
mod history;
mod jobs;
mod macros;
mod rate_limit;
mod reads;
mod requests;
mod search;
mod wire;

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
use self::hand::OwnHand;
use self::jobs::Jobs;
use self::reads::Reads;
use crate::account::sliding_window::Lane;
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::ticket::{Ticket, TicketChange, TicketStatus};
use crate::http::{ApiRequest, ApiResponse, Http, SetupError, Transport, Upstream};
use crate::ports::{
    Availability, CallError, Clock, Grants, Helpdesk, HelpdeskClock, MarkerKeys, RateLimitStatus, RateLimits,
    SendMode, TicketWrite, UpdateOutcome,
};

/// How to reach a Zendesk account and how much of it to use.
#[derive(Clone, Debug)]
pub struct Options {
    /// `https://{subdomain}.zendesk.com`, with or without a slash at the end.
    pub base_url: String,
    /// As whom.
    pub credentials: Credentials,
    /// Where the account keeps what we read and write.
    pub fields: Fields,
    /// The account's own statuses, by their category; where one is missing, the category's default one is set.
    pub statuses: BTreeMap<TicketStatus, i64>,
    /// What we allow ourselves.
    pub budgets: Budgets,
    /// How many requests may be under way at once; at least 1.
    pub at_once: usize,
    /// For a whole exchange, the answer's last byte included.
    pub timeout: Duration,
    /// Whether requests go through the proxy that the environment names.
    pub proxy: bool,
}

/// As whom to call Zendesk (facts §8).
#[derive(Clone, Debug)]
pub enum Credentials {
    /// OAuth client credentials of a confidential client.
    OAuth {
        /// The client's unique identifier.
        client_id: String,
        /// Its secret.
        client_secret: SecretString,
        /// Scopes, separated by blanks; `tickets:write read` is enough.
        scope: String,
        /// The life that is asked for: more than 300 s and less than 172,800 s.
        expires_in: Duration,
    },
    /// An API token: dead from 30 April 2027 on.
    ApiToken {
        /// The agent's address.
        email: String,
        /// The token.
        token: SecretString,
    },
}

/// The ids of the account's own ticket fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// 상담유형
    pub consultation_type: i64,
    /// The field in which the customer gives a plate; `None` where there is none.
    pub plate: Option<i64>,
    /// The field in which the customer says when the car is said to have parked; `None` where there is none.
    pub used_at: Option<i64>,
}

/// How the account calls what we write.
#[derive(Debug)]
struct Names {
    fields: Fields,
    statuses: BTreeMap<TicketStatus, i64>,
}

/// How much of the account's limits we allow ourselves, so that Zendesk hardly ever has to say 429 (facts §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Updates that are sent one by one in any minute, for the account. Zendesk allows 100 (20 in a sandbox), people's updates
    /// included.
    pub updates_per_minute: NonZeroU32,
    /// So much of each limit that the account names (requests, updates, jobs) is ours, the rest is for people and other systems; at
    /// most 100.
    pub share_percent: NonZeroU32,
    /// Whether updates are sent together where more wait than can be sent one by one.
    pub together: bool,
    /// How many jobs of ours may run at once. Zendesk allows 30 for the account.
    pub jobs_at_once: NonZeroU32,
}

/// What a client shares with others who write as the same service.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What was granted of the account's limits.
    pub grants: Arc<dyn Grants>,
    /// What markers are sealed with.
    pub marker_keys: Arc<dyn MarkerKeys>,
}

/// The desk, as one Zendesk account.
#[derive(Debug)]
pub struct ZendeskClient {
    account: Arc<Account>,
    hand: OwnHand,
    names: Names,
    reads: Arc<Reads>,
    jobs: Arc<Jobs>,
    together: Arc<BulkUpdater>,
    /// Whether the latest public text of this process is seen by its customer. A job does not tell: until it is known, these go alone.
    speaks_publicly: AtomicBool,
}

fn neighbour(options: &Options) -> Upstream {
    let credentials = match options.credentials {
        Credentials::OAuth { .. } => "MISREAD_ZENDESK_CLIENT_ID and MISREAD_ZENDESK_CLIENT_SECRET",
        Credentials::ApiToken { .. } => "MISREAD_ZENDESK_EMAIL and MISREAD_ZENDESK_API_TOKEN",
    };
    Upstream { name: "zendesk", credentials, at_once: options.at_once, proxy: options.proxy }
}

impl ZendeskClient {
    /// A client that has not called anybody yet; `shared` remembers what was granted to all who share its limits, and what their
    /// markers are sealed with.
    pub fn new(options: Options, clock: Arc<dyn Clock>, shared: Shared) -> Result<Self, SetupError> {
        let neighbour = neighbour(&options);
        let http = Http::new(neighbour, &options.base_url, options.timeout, Arc::clone(&clock))?;
        Self::with(http, options, clock, shared)
    }

    /// A client whose calls `transport` carries; `timeout` is then the transport's own affair.
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
            hand: OwnHand::new(Arc::clone(&account), marker_keys),
            names: Names { fields: options.fields, statuses: options.statuses },
            account,
            speaks_publicly: AtomicBool::new(false),
        })
    }

    /// How the contact with Zendesk stands.
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
        self.account.budget.is_together()
    }

    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        let TicketWrite { ticket_id, key, update, seen, way, lease } = sending;
        if lease.is_over(self.account.clock.now()) {
            return Err(CallError::Retry { after: None, reason: "not sent: the lease was over".to_owned() });
        }
        let marker = self.hand.marker(ticket_id, key, update).await?;
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
                    // It was not written: alone, it is told why.
                    BulkOutcome::Failed => self.send_alone(ticket_id, ticket, public).await,
                }
            }
            SendMode::Bulk | SendMode::Single => self.send_alone(ticket_id, ticket, public).await,
        }
    }

    async fn is_over(&self, key: &EffectKey) -> Result<bool, CallError> {
        self.jobs.is_over(key).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        history::changes(&self.account, &self.hand, id, requester_id).await
    }
}

/// Only this answer means that the ticket does not exist. A wrong address or a renamed account answers 404 too, and no ticket may
/// be given up for that.
fn is_gone(answer: &ApiResponse) -> bool {
    answer.error_name().as_deref() == Some("RecordNotFound")
}
