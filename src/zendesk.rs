//! The help desk over HTTP: tickets, updates and audits of one Zendesk account.

mod auth;
mod budget;
mod wire;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::StatusCode;
use secrecy::SecretString;

use self::auth::Auth;
use self::budget::UpdateBudget;
use self::wire::{AuditsPage, TicketAnswer, UpdateAnswer, UserAnswer};
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::ticket::{Ticket, TicketChange, TicketStatus, TicketUpdate};
use crate::http::{Answer, Call, Http, Neighbour, SetupError, Transport};
use crate::ports::{CallError, Clock, Contact, Desk, UpdateOutcome};

/// A hundred audits, each with a long comment three times over (as text, plain text and HTML), are larger than the usual cap.
const AUDITS_CAP: usize = 16 << 20;
/// Pages of 100 audits that are read of one ticket. Zendesk allows 5,000 comments a ticket (facts §3.3).
const MOST_AUDIT_PAGES: usize = 100;

/// How to reach a Zendesk account and how much of it to use.
#[derive(Clone, Debug)]
pub struct Options {
    /// `https://{subdomain}.zendesk.com`, with or without a slash at the end.
    pub base_url: String,
    /// As whom.
    pub credentials: Credentials,
    /// Where the account keeps what we read and write.
    pub fields: Fields,
    /// What we allow ourselves.
    pub budgets: Budgets,
    /// For a whole exchange, the answer's last byte included.
    pub timeout: Duration,
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

/// How many updates we allow ourselves, so that Zendesk never has to say 429 (facts §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// In any minute, for the account. Zendesk allows 100 (20 in a sandbox), people's updates included.
    pub updates_per_minute: NonZeroU32,
    /// In any ten minutes, for one ticket. Zendesk allows 30.
    pub updates_per_ticket_per_10_minutes: NonZeroU32,
}

/// The desk, as one Zendesk account.
#[derive(Debug)]
pub struct ZendeskClient {
    http: Http,
    auth: Auth,
    fields: Fields,
    budget: UpdateBudget,
    clock: Arc<dyn Clock>,
}

fn neighbour(credentials: &Credentials) -> Neighbour {
    let credentials = match credentials {
        Credentials::OAuth { .. } => "MISREAD_ZENDESK_CLIENT_ID and MISREAD_ZENDESK_CLIENT_SECRET",
        Credentials::ApiToken { .. } => "MISREAD_ZENDESK_EMAIL and MISREAD_ZENDESK_API_TOKEN",
    };
    Neighbour { name: "zendesk", credentials }
}

impl ZendeskClient {
    /// A client that has not called anybody yet.
    pub fn new(options: Options, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let neighbour = neighbour(&options.credentials);
        let http = Http::new(neighbour, &options.base_url, options.timeout, Arc::clone(&clock))?;
        Self::with(http, options, clock)
    }

    /// A client whose calls `transport` carries; `timeout` is then the transport's own affair.
    pub fn over(
        transport: Arc<dyn Transport>,
        options: Options,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        let neighbour = neighbour(&options.credentials);
        let http = Http::over(transport, neighbour, &options.base_url, Arc::clone(&clock))?;
        Self::with(http, options, clock)
    }

    fn with(http: Http, options: Options, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        Ok(Self {
            http,
            auth: Auth::new(options.credentials, Arc::clone(&clock))?,
            fields: options.fields,
            budget: UpdateBudget::new(options.budgets),
            clock,
        })
    }

    /// How the contact with Zendesk stands.
    pub fn contact(&self) -> Arc<Contact> {
        Arc::clone(self.http.contact())
    }

    /// Sends with a valid authorization; one that is refused is renewed, and the call repeated, once. A 401 did nothing.
    async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let authorization = self.auth.header(&self.http).await?;
        let mut answer = self.http.send(call, Some(&authorization)).await?;
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(fresh) = self.auth.renewed(&self.http, &authorization).await?
        {
            answer = self.http.send(call, Some(&fresh)).await?;
        }
        let now = self.clock.now();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS
            && let Some(wait) = answer.retry_after(now)
        {
            self.budget.block(wait, now);
        }
        Ok(answer)
    }

    fn failure(&self, answer: &Answer) -> CallError {
        answer.failure(self.clock.now())
    }

    /// The requester, where the ticket's answer did not bring them along.
    async fn user(&self, id: i64) -> Result<wire::User, CallError> {
        let answer = self.send(&Call::get("api/v2/users/{id}", &[&id.to_string()])).await?;
        match answer.status() {
            StatusCode::OK => Ok(answer.json::<UserAnswer>()?.user),
            _ => Err(self.failure(&answer)),
        }
    }

    /// A 422 did nothing. Whether it is the ticket that takes no more updates, or what we asked for, the ticket itself tells:
    /// the error's text is prose in the language of the account.
    async fn refusal(&self, id: TicketId, answer: &Answer) -> Result<UpdateOutcome, CallError> {
        let closed = match self.ticket(id).await {
            Ok(ticket) => ticket.is_none_or(|ticket| ticket.status == TicketStatus::Closed),
            Err(_) => {
                return Err(CallError::Retry { after: None, reason: answer.describe_failure() });
            }
        };
        Ok(UpdateOutcome::Refused { closed, reason: answer.describe_failure() })
    }
}

#[async_trait]
impl Desk for ZendeskClient {
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, CallError> {
        let text = id.to_string();
        let ids = [text.as_str()];
        let call = Call::get("api/v2/tickets/{id}", &ids).query(&[("include", "users")]);
        let answer = self.send(&call).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND if is_gone(&answer) => return Ok(None),
            _ => return Err(self.failure(&answer)),
        }
        let TicketAnswer { ticket, users } = answer.json()?;
        if ticket.id != id {
            return Err(answer.contradiction("it is about another ticket"));
        }
        let sideloaded = users.into_iter().find(|user| user.id == ticket.requester_id);
        let requester = match sideloaded {
            Some(user) => user,
            None => self.user(ticket.requester_id).await?,
        };
        Ok(Some(ticket.with(requester, self.fields)))
    }

    fn admit(&self, id: TicketId) -> Result<(), Duration> {
        self.budget.reserve(id, self.clock.as_ref())
    }

    async fn update(
        &self,
        id: TicketId,
        key: &EffectKey,
        update: &TicketUpdate,
        read_at: Timestamp,
    ) -> Result<UpdateOutcome, CallError> {
        let body = wire::update(key, update, read_at, self.fields);
        let answer = self.send(&Call::put("api/v2/tickets/{id}", &[&id.to_string()], body)).await?;
        match answer.status() {
            StatusCode::OK => written(id, &answer),
            StatusCode::CONFLICT => Ok(UpdateOutcome::Conflict),
            StatusCode::UNPROCESSABLE_ENTITY => self.refusal(id, &answer).await,
            StatusCode::NOT_FOUND if is_gone(&answer) => {
                Ok(UpdateOutcome::Refused { closed: true, reason: answer.describe_failure() })
            }
            _ => Err(self.failure(&answer)),
        }
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        let text = id.to_string();
        let ids = [text.as_str()];
        let mut changes = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_AUDIT_PAGES {
            let mut query = vec![("page[size]", "100")];
            query.extend(cursor.as_deref().map(|cursor| ("page[after]", cursor)));
            let call = Call::get("api/v2/tickets/{id}/audits", &ids).query(&query).cap(AUDITS_CAP);
            let answer = self.send(&call).await?;
            if answer.status() != StatusCode::OK {
                return Err(self.failure(&answer));
            }
            let page: AuditsPage = answer.json()?;
            changes.extend(page.audits.into_iter().map(|audit| audit.into_change(requester_id)));
            if !page.meta.has_more {
                changes.sort_by_key(|change: &TicketChange| (change.at, change.audit_id));
                return Ok(changes);
            }
            if page.meta.after_cursor.is_none() || page.meta.after_cursor == cursor {
                return Err(answer.contradiction("it promises more audits and does not say where"));
            }
            cursor = page.meta.after_cursor;
        }
        let reason =
            format!("ticket {id} has more than {} audits; a person must look", MOST_AUDIT_PAGES * 100);
        Err(CallError::Permanent { reason })
    }
}

/// Only this answer means that the ticket does not exist. A wrong address or a renamed account answers 404 too, and no ticket may
/// be given up for that.
fn is_gone(answer: &Answer) -> bool {
    answer.error_name().as_deref() == Some("RecordNotFound")
}

fn written(id: TicketId, answer: &Answer) -> Result<UpdateOutcome, CallError> {
    if let Some(warning) = answer.header("x-zendesk-api-warn") {
        tracing::warn!(ticket = %id, keys = ?wire::warned_keys(warning), "Zendesk ignored a part of the update");
    }
    let UpdateAnswer { ticket, audit } = answer.json()?;
    if ticket.id != id {
        return Err(answer.contradiction("it is about another ticket"));
    }
    Ok(UpdateOutcome::Written { audit_id: audit.id, updated_at: ticket.updated_at })
}
