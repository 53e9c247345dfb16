//! Reads tickets: singly, or up to a hundred in one call if many are requested at once (facts §3.1).

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;
use tokio::sync::oneshot;

use super::account::Account;
use super::batcher::Batcher;
use super::wire::{self, TicketAnswer, TicketShape, TicketsAnswer, User, UserAnswer};
use super::{Fields, is_gone};
use crate::domain::ids::TicketId;
use crate::domain::ticket::{Seen, Ticket};
use crate::http::ApiRequest;
use crate::ports::CallError;

/// The most tickets in a response.
const MOST: usize = 100;
/// How long a call waits for more tickets.
const MOMENT: Duration = Duration::from_millis(500);
/// The size of a hundred tickets with their requesters, each with long texts and all the fields of a large account.
const TICKETS_CAP: usize = 32 << 20;
/// The side-loads of a ticket: its users, and its number of comments.
const BESIDE: (&str, &str) = ("include", "users,comment_count");

#[derive(Debug)]
struct Wanted {
    id: TicketId,
    answer: oneshot::Sender<Result<Option<Ticket>, CallError>>,
}

/// Reads tickets of one account.
#[derive(Debug)]
pub(super) struct Reads {
    account: Arc<Account>,
    fields: Fields,
    wanted: Batcher<Wanted>,
}

impl Reads {
    pub(super) fn new(account: Arc<Account>, fields: Fields) -> Self {
        Self { account, fields, wanted: Batcher::new(MOST, MOMENT) }
    }

    /// One ticket in a call of its own; `None` if it does not exist (any more).
    pub(super) async fn alone(&self, id: TicketId) -> Result<Option<Ticket>, CallError> {
        let text = id.to_string();
        let ids = [text.as_str()];
        let call = ApiRequest::get("api/v2/tickets/{id}", &ids).query(&[BESIDE]);
        let answer = self.account.send(&call).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND if is_gone(&answer) => return Ok(None),
            _ => return Err(self.account.failure(&answer)),
        }
        let TicketAnswer { ticket, users } = answer.json()?;
        if ticket.id != id {
            return Err(answer.contradiction("it is about another ticket"));
        }
        self.with_requester(ticket, &users).await.map(Some)
    }

    /// One ticket in a call with others that are requested at about the same time.
    pub(super) async fn together(self: &Arc<Self>, id: TicketId) -> Result<Option<Ticket>, CallError> {
        let (answer, answered) = oneshot::channel();
        if self.wanted.add(Wanted { id, answer }) {
            tokio::spawn(Arc::clone(self).collect());
        }
        let gone = || Err(CallError::Retry { after: None, reason: "the read was given up".to_owned() });
        answered.await.unwrap_or_else(|_| gone())
    }

    async fn collect(self: Arc<Self>) {
        while let Some(group) = self.wanted.group(self.account.clock.as_ref()).await {
            tokio::spawn(Arc::clone(&self).read(group));
        }
    }

    async fn read(self: Arc<Self>, group: Vec<Wanted>) {
        let ids: Vec<TicketId> = group.iter().map(|wanted| wanted.id).collect();
        let found = many(&self.account, &ids).await;
        for Wanted { id, answer } in group {
            let found = match &found {
                Ok(found) => self.pick(id, found).await,
                Err(error) => Err(error.clone()),
            };
            // The caller may have stopped waiting.
            let _ = answer.send(found);
        }
    }

    /// A ticket missing in the response is requested singly: only that proves its deletion.
    async fn pick(&self, id: TicketId, found: &TicketsAnswer) -> Result<Option<Ticket>, CallError> {
        match found.tickets.iter().find(|ticket| ticket.id == id) {
            Some(ticket) => self.with_requester(ticket.clone(), &found.users).await.map(Some),
            None => self.alone(id).await,
        }
    }

    /// Adds the requester, who is requested if the response does not contain them.
    async fn with_requester(&self, ticket: TicketShape, users: &[User]) -> Result<Ticket, CallError> {
        let requester = match users.iter().find(|user| user.id == ticket.requester_id) {
            Some(user) => user.clone(),
            None => self.user(ticket.requester_id).await?,
        };
        Ok(ticket.with(requester, users, self.fields))
    }

    async fn user(&self, id: i64) -> Result<wire::User, CallError> {
        let answer = self.account.get(&ApiRequest::get("api/v2/users/{id}", &[&id.to_string()])).await?;
        Ok(answer.json::<UserAnswer>()?.user)
    }
}

async fn many(account: &Account, ids: &[TicketId]) -> Result<TicketsAnswer, CallError> {
    let list = list(ids);
    let query = [("ids", list.as_str()), BESIDE];
    let call = ApiRequest::get("api/v2/tickets/show_many", &[]).query(&query).cap(TICKETS_CAP);
    account.get(&call).await?.json()
}

/// The state of each of these tickets; missing ones do not exist.
pub(super) async fn seen(account: &Account, ids: &[TicketId]) -> Result<Vec<(TicketId, Seen)>, CallError> {
    #[derive(Deserialize)]
    struct Tickets {
        tickets: Vec<Short>,
    }
    #[derive(Deserialize)]
    struct Short {
        id: TicketId,
        updated_at: Timestamp,
        comment_count: Option<u64>,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = list(ids);
    let query = [("ids", list.as_str()), ("include", "comment_count")];
    let call = ApiRequest::get("api/v2/tickets/show_many", &[]).query(&query).cap(TICKETS_CAP);
    let found: Tickets = account.get_in_turn(&call).await?.json()?;
    let seen =
        |ticket: Short| (ticket.id, Seen { updated_at: ticket.updated_at, comments: ticket.comment_count });
    Ok(found.tickets.into_iter().map(seen).collect())
}

fn list(ids: &[TicketId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
