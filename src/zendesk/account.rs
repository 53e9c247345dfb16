//! One account of Zendesk, as it is called: with a valid authorization, and with an ear for what it says of its limits.

use std::sync::Arc;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;

use super::Credentials;
use super::auth::{Auth, NoToken};
use super::budget::{Budget, Taken};
use crate::account::sliding_window::Lane;
use crate::domain::ids::TicketId;
use crate::domain::retry::later;
use crate::http::{ApiRequest, ApiResponse, Http, SetupError};
use crate::ports::{Availability, CallError, Clock};

/// A call that would have to wait for longer is given back instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// The way to an account, as somebody.
#[derive(Debug)]
pub(super) struct SignedIn {
    http: Http,
    auth: Auth,
}

impl SignedIn {
    pub(super) fn new(
        http: Http,
        credentials: Credentials,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        Ok(Self { http, auth: Auth::new(credentials, clock)? })
    }

    /// How the contact with the account stands.
    pub(super) fn contact(&self) -> &Arc<Availability> {
        self.http.contact()
    }

    /// Sees to it that there is an authorization to call with.
    pub(super) async fn sign_in(&self) -> Result<(), NoToken> {
        self.auth.header(&self.http).await.map(drop)
    }

    /// Sends with a valid authorization; one that is refused is renewed, and the call repeated, once. A 401 did nothing.
    pub(super) async fn send(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        let authorization = self.auth.header(&self.http).await?;
        let answer = self.http.send(call, Some(&authorization)).await?;
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(fresh) = self.auth.renewed(&self.http, &authorization).await?
        {
            return self.http.send(call, Some(&fresh)).await;
        }
        Ok(answer)
    }
}

#[derive(Debug)]
pub(super) struct Account {
    pub(super) line: SignedIn,
    pub(super) budget: Budget,
    pub(super) clock: Arc<dyn Clock>,
}

impl Account {
    /// Makes sure that there is room for reading something new, a ticket or anything else, and what belongs to it. It is kept until
    /// the answer is dropped.
    pub(super) async fn begin(&self, ticket: Option<TicketId>, lane: Lane) -> Result<Taken<'_>, CallError> {
        self.patiently(|now| self.budget.begin(ticket, lane, now)).await
    }

    /// Sends if there is room for it, and listens to what the answer says of limits. A read waits a moment for room. A write does
    /// not, since its lease may end meanwhile; it was admitted before.
    pub(super) async fn send(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        let _taken = if call.is_read() {
            self.patiently(|now| self.budget.go_on(now)).await?
        } else {
            self.budget.write(self.clock.now()).map_err(|wait| CallError::NotYet { wait })?
        };
        let answer = self.line.send(call).await?;
        self.budget.listen(&answer, self.clock.now());
        Ok(answer)
    }

    /// The same, however long it takes until there is room.
    pub(super) async fn send_in_turn(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        loop {
            match self.send(call).await {
                Err(CallError::NotYet { wait }) => self.pass(wait).await,
                answer => return answer,
            }
        }
    }

    async fn patiently<T>(&self, take: impl Fn(Timestamp) -> Result<T, Duration>) -> Result<T, CallError> {
        let end = later(self.clock.now(), PATIENCE);
        loop {
            let now = self.clock.now();
            match take(now) {
                Ok(taken) => return Ok(taken),
                Err(wait) if later(now, wait) > end => return Err(CallError::NotYet { wait }),
                Err(wait) => self.pass(wait).await,
            }
        }
    }

    async fn pass(&self, time: Duration) {
        self.clock.sleep_until(later(self.clock.now(), time)).await;
    }

    /// What an answer means where its caller has no better reading of it.
    pub(super) fn failure(&self, answer: &ApiResponse) -> CallError {
        answer.failure(self.clock.now())
    }

    /// What it answers to a read, or why it is of no use.
    pub(super) async fn get(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        self.fine(self.send(call).await?)
    }

    /// The same, however long it takes until there is room.
    pub(super) async fn get_in_turn(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        self.fine(self.send_in_turn(call).await?)
    }

    fn fine(&self, answer: ApiResponse) -> Result<ApiResponse, CallError> {
        if answer.status() == StatusCode::OK { Ok(answer) } else { Err(self.failure(&answer)) }
    }
}
