//! Rights: only admins change the account's set-up (facts §5, §8).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::caller::Caller;
use super::fake::FakeZendesk;
use super::records::Role;
use super::refusal::Refusal;

/// Who may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Every member of staff.
    Staff,
    /// Admins: they change triggers, webhooks, fields, groups, forms, brands, statuses, and read the audit log.
    Admin,
}

impl Right {
    /// Rejects a caller without this right.
    pub(super) fn check(self, caller: Caller) -> Result<(), Refusal> {
        if self == Self::Admin && caller.role != Role::Admin { Err(Refusal::Forbidden) } else { Ok(()) }
    }
}

/// The caller has the right of an admin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admin;

impl FromRequestParts<FakeZendesk> for Admin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, zendesk: &FakeZendesk) -> Result<Self, Refusal> {
        Right::Admin.check(Caller::from_request_parts(parts, zendesk).await?)?;
        Ok(Self)
    }
}
