//! One account of Zendesk, as it is called: with a valid authorization, and with an ear for what it says of its limits.

use std::sync::Arc;

use reqwest::StatusCode;

use super::auth::Auth;
use super::budget::Budget;
use crate::http::{Answer, Call, Http};
use crate::ports::{CallError, Clock};

#[derive(Debug)]
pub(super) struct Account {
    pub(super) http: Http,
    pub(super) auth: Auth,
    pub(super) budget: Budget,
    pub(super) clock: Arc<dyn Clock>,
}

impl Account {
    /// Sends with a valid authorization; one that is refused is renewed, and the call repeated, once. A 401 did nothing.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let authorization = self.auth.header(&self.http).await?;
        let mut answer = self.http.send(call, Some(&authorization)).await?;
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(fresh) = self.auth.renewed(&self.http, &authorization).await?
        {
            answer = self.http.send(call, Some(&fresh)).await?;
        }
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
