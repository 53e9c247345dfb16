//! Calls to one Zendesk account: with a valid authorization, and within its rate limits.

use std::sync::Arc;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;

use super::Credentials;
use super::auth::{Auth, NoToken};
use super::budget::{Budget, Taken};
use crate::account::sliding_window::Lane;
use crate::domain::ids::TicketId;
use crate::domain::moment::later;
use crate::http::{ApiRequest, ApiResponse, Http, SetupError};
use crate::ports::{Availability, CallError, Clock};

/// A call that would have to wait for longer returns the wait instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// The connection to an account with credentials.
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

    /// The availability of the account.
    pub(super) fn contact(&self) -> &Arc<Availability> {
        self.http.contact()
    }

    /// Ensures that there is an authorization.
    pub(super) async fn sign_in(&self) -> Result<(), NoToken> {
        self.auth.header(&self.http).await.map(drop)
    }

    /// Sends with a valid authorization. A rejected one is renewed and the call repeated, once: a 401 means that nothing
    /// was done.
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
    /// Reserves room in the rate limit for a new read, of a ticket or else, and for the calls that follow it. It is
    /// released when the result is dropped.
    pub(super) async fn begin(&self, ticket: Option<TicketId>, lane: Lane) -> Result<Taken<'_>, CallError> {
        self.patiently(|now| self.budget.begin(ticket, lane, now)).await
    }

    /// Sends if there is room, and records the limits in the response. A read waits briefly for room. A write does not,
    /// since its lease may expire meanwhile; it was admitted before.
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

    /// The same, but waits for room without limit.
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

    /// The default interpretation of a failed response.
    pub(super) fn failure(&self, answer: &ApiResponse) -> CallError {
        answer.failure(self.clock.now())
    }

    /// The response to a read, or why it is unusable.
    pub(super) async fn get(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        self.fine(self.send(call).await?)
    }

    /// The same, but waits for room without limit.
    pub(super) async fn get_in_turn(&self, call: &ApiRequest<'_>) -> Result<ApiResponse, CallError> {
        self.fine(self.send_in_turn(call).await?)
    }

    fn fine(&self, answer: ApiResponse) -> Result<ApiResponse, CallError> {
        if answer.status() == StatusCode::OK { Ok(answer) } else { Err(self.failure(&answer)) }
    }
}
