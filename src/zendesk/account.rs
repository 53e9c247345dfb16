//! One account of Zendesk, as it is called: with a valid authorization, and with an ear for what it says of its limits.

use std::sync::Arc;

use reqwest::StatusCode;

use super::Credentials;
use super::auth::Auth;
use super::budget::Budget;
use crate::http::{Answer, Call, Http, SetupError};
use crate::ports::{CallError, Clock, Contact};

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
    pub(super) fn contact(&self) -> &Arc<Contact> {
        self.http.contact()
    }

    /// Sees to it that there is an authorization to call with.
    pub(super) async fn sign_in(&self) -> Result<(), CallError> {
        self.auth.header(&self.http).await.map(drop)
    }

    /// Sends with a valid authorization; one that is refused is renewed, and the call repeated, once. A 401 did nothing.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
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
    /// Sends, and listens to what the answer says of limits.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let answer = self.line.send(call).await?;
        self.budget.listen(&answer, self.clock.now());
        Ok(answer)
    }

    /// What an answer means where its caller has no better reading of it.
    pub(super) fn failure(&self, answer: &Answer) -> CallError {
        answer.failure(self.clock.now())
    }

    /// What it answers to a read, or why it is of no use.
    pub(super) async fn get(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let answer = self.send(call).await?;
        if answer.status() == StatusCode::OK { Ok(answer) } else { Err(self.failure(&answer)) }
    }
}
