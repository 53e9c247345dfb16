//! Zendesk's JSON of users.

use serde::Deserialize;

use crate::domain::ids::AccountId;
use crate::domain::ticket::{Person, Requester, UserRole};

#[derive(Deserialize)]
pub(in crate::zendesk) struct UserAnswer {
    pub(in crate::zendesk) user: User,
}

#[derive(Clone, Deserialize)]
pub(in crate::zendesk) struct User {
    pub(in crate::zendesk) id: i64,
    name: Option<String>,
    external_id: Option<String>,
    verified: Option<bool>,
    role: Option<UserRole>,
    suspended: Option<bool>,
    email: Option<String>,
}

impl User {
    /// Whether there is an email address for public comments.
    pub(super) fn has_address(&self) -> bool {
        self.email.as_ref().is_some_and(|email| !email.trim().is_empty())
    }

    pub(super) fn into_requester(self) -> Requester {
        Requester {
            id: self.id,
            name: self.name.unwrap_or_default(),
            external_id: self.external_id.filter(|id| !id.is_empty()).map(AccountId::new),
            verified: self.verified.unwrap_or(false),
            role: self.role,
            suspended: self.suspended.unwrap_or(false),
        }
    }
}

/// A person by id, with their name if they are among these users.
pub(super) fn person(id: i64, users: &[User]) -> Person {
    let user = users.iter().find(|user| user.id == id);
    Person { id, name: user.and_then(|user| user.name.clone()).unwrap_or_default() }
}
