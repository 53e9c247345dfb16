//! The issued access tokens (facts §8).

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::scope::Scopes;
use crate::zendesk::webhooks::opaque_id;

/// The tokens by their text. Expired ones stay until all are revoked.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct Tokens {
    valid: BTreeMap<String, Grant>,
    issued: i64,
}

/// A token's rights and user.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct Grant {
    /// The first is 1.
    pub(in crate::zendesk) number: i64,
    /// The OAuth client's own id.
    pub(in crate::zendesk) client_id: i64,
    /// The user the token acts as.
    pub(in crate::zendesk) user_id: i64,
    pub(in crate::zendesk) scopes: Scopes,
    pub(in crate::zendesk) created_at: Timestamp,
    pub(in crate::zendesk) ends_at: Timestamp,
}

impl Tokens {
    /// Issues a token of a client for a user.
    pub(in crate::zendesk) fn issue(
        &mut self,
        (client_id, user_id): (i64, i64),
        scope: &str,
        life: Duration,
        now: Timestamp,
    ) -> String {
        self.issued += 1;
        let token = token(self.issued);
        let grant = Grant {
            number: self.issued,
            client_id,
            user_id,
            scopes: Scopes::parse(scope),
            created_at: now,
            ends_at: now + life,
        };
        self.valid.insert(token.clone(), grant);
        token
    }

    pub(in crate::zendesk) fn find(&self, token: &str, now: Timestamp) -> Option<Grant> {
        self.valid.get(token).filter(|grant| now < grant.ends_at).cloned()
    }

    pub(in crate::zendesk) fn revoke_all(&mut self) {
        self.valid.clear();
    }

    /// All tokens ever issued.
    pub(in crate::zendesk) fn all(&self) -> Vec<String> {
        (1..=self.issued).map(token).collect()
    }
}

fn token(number: i64) -> String {
    opaque_id("access token", number)
}
