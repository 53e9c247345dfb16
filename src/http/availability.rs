//! Logs another system's availability: when it begins to fail, when it is back, and when its clock differs from ours.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{CONTENT_TYPE, DATE};

use super::Http;
use super::response::ApiResponse;
use crate::ports::{AvailabilityChange, CallError};

impl Http {
    /// Records the result of a call that began at `asked`.
    pub(super) fn take_note(&self, result: &Result<ApiResponse, CallError>, asked: Timestamp) {
        let now = self.clock.now();
        let contact = &self.contact;
        let change = match result {
            Err(error) => contact.failed(now, false).map(|change| (change, error.to_string())),
            Ok(answer) => {
                self.compare_clocks(answer, asked, now);
                let told = || answer.describe_failure();
                match answer.status().as_u16() {
                    400 | 401 | 403 if answer.is_for_a_token() => {
                        contact.failed(now, true).map(|change| (change, told()))
                    }
                    200..=299 if !answer.is_json() => {
                        contact.failed(now, false).map(|change| (change, format!("{}, but no JSON", told())))
                    }
                    401 | 403 | 500.. => contact.failed(now, false).map(|change| (change, told())),
                    // A token alone proves nothing: the call that it is for shows the availability.
                    _ if answer.is_for_a_token() => None,
                    _ => contact.answered(now).map(|change| (change, String::new())),
                }
            }
        };
        let (neighbour, refused) =
            (contact.name(), result.as_ref().is_ok_and(ApiResponse::refuses_credentials));
        match change {
            Some((AvailabilityChange::Failing { since }, reason)) if refused => tracing::error!(
                neighbour, %since, reason, check = self.credentials,
                "our credentials are refused; cases wait and go on when they are right"
            ),
            Some((AvailabilityChange::Failing { since }, reason)) => tracing::error!(
                neighbour, %since, reason,
                "there is no usable answer; cases wait and go on when there is one"
            ),
            Some((AvailabilityChange::Back { after }, _)) => {
                tracing::info!(neighbour, after_seconds = after.as_secs(), "it answers again");
            }
            None => {}
        }
    }

    /// Warns if the response's `Date` differs from our clock: with a wrong clock, valid deliveries would be refused.
    fn compare_clocks(&self, answer: &ApiResponse, asked: Timestamp, now: Timestamp) {
        let Some(theirs) = answer.header(DATE.as_str()).and_then(|date| rfc2822::parse(date).ok()) else {
            return;
        };
        if let Some(ahead) = self.contact.clocks_apart(asked, now, theirs.timestamp()) {
            tracing::warn!(
                neighbour = self.contact.name(),
                ahead_seconds = ahead.as_secs(),
                "its clock and ours differ: compare this machine's clock with a time server; webhooks whose timestamp is too far off are refused"
            );
        }
    }
}

impl ApiResponse {
    /// Whether this is the response to a request for an access token.
    fn is_for_a_token(&self) -> bool {
        self.template().ends_with("oauth/tokens")
    }

    fn is_json(&self) -> bool {
        self.header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("json"))
    }

    /// Whether the system rejects our credentials or denies the permission.
    pub(super) fn refuses_credentials(&self) -> bool {
        matches!(self.status().as_u16(), 401 | 403)
            || (self.status().as_u16() == 400 && self.is_for_a_token())
    }
}
