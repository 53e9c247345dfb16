//! Rights: only admins change the account's set-up (facts §5, §8).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::FakeZendesk;
use super::caller::Caller;
use super::records::Role;
use super::refusal::Refusal;

/// A caller who may change triggers, webhooks, fields, groups, forms, brands, statuses, and read the audit log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admin {
    pub(super) user_id: i64,
}

impl FromRequestParts<FakeZendesk> for Admin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, zendesk: &FakeZendesk) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, zendesk).await?;
        match caller.role {
            Role::Admin => Ok(Self { user_id: caller.user_id }),
            Role::Agent | Role::EndUser => Err(Refusal::Forbidden),
        }
    }
}
