//! The fake's credentials and identity.

use std::time::Duration;

use super::oauth::OAuthClient;

/// The user of the OAuth client, an agent. It exists in every fake account.
pub const SERVICE_USER: i64 = 6_130_907_993_114;
/// The user of the OAuth client for the set-up, an admin. It exists in every fake account.
pub const ADMIN_USER: i64 = 6_130_907_993_115;

/// The fake's credentials and identity.
#[derive(Clone, Debug)]
pub struct ZendeskSettings {
    /// The account's id in webhooks.
    pub account_id: i64,
    /// The OAuth client's identifier.
    pub client_id: String,
    /// The OAuth client's secret.
    pub client_secret: String,
    /// The OAuth client for the set-up. It acts as [`ADMIN_USER`] unless another user is named.
    pub admin_client: OAuthClient,
    /// The legacy API token, for any member of staff; `None`: disabled, as for all accounts from April 2027 (facts §8).
    pub api_token: Option<String>,
    /// The time limit of a webhook's receiver, in real time; Zendesk waits 12 seconds (facts §1.4).
    pub webhook_timeout: Duration,
}

impl ZendeskSettings {
    /// An account with this OAuth client, one for the set-up with derived names (`-admin` after identifier and secret), no
    /// API token, and Zendesk's own timeout.
    pub fn new(client_id: &str, client_secret: &str) -> Self {
        Self {
            account_id: 22_129_848,
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            admin_client: OAuthClient {
                identifier: format!("{client_id}-admin"),
                secret: format!("{client_secret}-admin"),
                user_id: ADMIN_USER,
            },
            api_token: None,
            webhook_timeout: Duration::from_secs(12),
        }
    }

    /// The initial OAuth clients.
    pub(super) fn clients(&self) -> [OAuthClient; 2] {
        let service = OAuthClient {
            identifier: self.client_id.clone(),
            secret: self.client_secret.clone(),
            user_id: SERVICE_USER,
        };
        [service, self.admin_client.clone()]
    }
}
