//! Checks of the account beside its set-up: our user and its rights, clocks, rate limits, tags in use.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::Deserialize;

use super::shapes::{Membership, User};
use super::{AdminClient, AdminError, one};
use crate::http::ApiRequest;
use crate::zendesk::rate_limit;

/// The size of a page of tickets with long texts.
const TICKETS_CAP: usize = 32 << 20;

/// What a response contains beside its body.
#[derive(Clone, Debug)]
pub struct Greeting {
    /// The user of the credentials; without an id: anonymous.
    pub user: User,
    /// Zendesk's clock, in whole seconds.
    pub their_time: Option<Timestamp>,
    /// Our clock at the time of the response.
    pub our_time: Timestamp,
    /// The rate limits in the response.
    pub limits: Vec<Limit>,
}

/// A rate limit (facts §7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// `requests` for all of them.
    pub name: String,
    /// Per minute; for `inflight-jobs`, the jobs that may be queued or running at once.
    pub total: u32,
    /// Remaining until the reset.
    pub remaining: u32,
}

impl AdminClient {
    /// Requests our user, and reads the response's headers.
    pub async fn greet(&self) -> Result<Greeting, AdminError> {
        let answer = self.send(&ApiRequest::get("api/v2/users/me", &[])).await?;
        let our_time = self.clock.now();
        let their_time = answer.header("date").and_then(|date| rfc2822::parse(date).ok());
        let limits = rate_limit::read(&answer, None, our_time).into_iter();
        Ok(Greeting {
            user: one(&answer, "user")?,
            their_time: their_time.map(|date| date.timestamp()),
            our_time,
            limits: limits
                .map(|(name, told)| Limit {
                    name: name.to_owned(),
                    total: told.total,
                    remaining: told.remaining,
                })
                .collect(),
        })
    }

    /// The scopes of our access token; `None` if there is none, as with an API token.
    pub async fn scopes(&self) -> Result<Option<Vec<String>>, AdminError> {
        #[derive(Deserialize)]
        struct Token {
            scopes: Vec<String>,
        }
        match self.send(&ApiRequest::get("api/v2/oauth/tokens/current", &[])).await {
            Ok(answer) => one::<Token>(&answer, "token").map(|token| Some(token.scopes)),
            Err(AdminError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The members of a group.
    pub async fn members_of(&self, group_id: i64) -> Result<Vec<Membership>, AdminError> {
        self.pages("api/v2/groups/{id}/memberships", &[&group_id.to_string()], "group_memberships", &[]).await
    }

    /// Tags in use with this prefix, or with a word that has it.
    pub async fn tags_like(&self, beginning: &str) -> Result<Vec<String>, AdminError> {
        let query = [("name", beginning)];
        let answer = self.send(&ApiRequest::get("api/v2/autocomplete/tags", &[]).query(&query)).await?;
        one(&answer, "tags")
    }

    /// The tags of the latest tickets, at most a hundred, with any of these tags.
    pub async fn tags_of_tickets(&self, any_of: &[String]) -> Result<Vec<Vec<String>>, AdminError> {
        #[derive(Deserialize)]
        struct Tagged {
            tags: Vec<String>,
        }
        let text = any_of.iter().map(|tag| format!("tags:{tag}")).collect::<Vec<_>>().join(" ");
        let query = [("query", text.as_str()), ("filter[type]", "ticket"), ("page[size]", "100")];
        let call = ApiRequest::get("api/v2/search/export", &[]).query(&query).cap(TICKETS_CAP);
        let found: Vec<Tagged> = one(&self.send(&call).await?, "results")?;
        Ok(found.into_iter().map(|ticket| ticket.tags).collect())
    }
}
