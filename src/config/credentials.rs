//! Reads the credentials for Zendesk: the service's, and those of an admin who sets the account up.

use secrecy::SecretString;

use super::address::MayHavePath;
use super::variables::Variables;
use crate::domain::problem::Problem;

/// Credentials for Zendesk (Zendesk facts §8).
#[derive(Clone, Debug)]
pub enum ZendeskCredentials {
    OAuth {
        /// `MISREAD_ZENDESK_CLIENT_ID`; an admin's: `MISREAD_ZENDESK_ADMIN_CLIENT_ID`
        client_id: String,
        /// `MISREAD_ZENDESK_CLIENT_SECRET`; an admin's: `MISREAD_ZENDESK_ADMIN_CLIENT_SECRET`
        client_secret: SecretString,
    },
    /// The legacy API token, which Zendesk ends on 2027-04-30.
    ApiToken {
        /// `MISREAD_ZENDESK_EMAIL`; an admin's: `MISREAD_ZENDESK_ADMIN_EMAIL`
        email: String,
        /// `MISREAD_ZENDESK_API_TOKEN`; an admin's: `MISREAD_ZENDESK_ADMIN_API_TOKEN`
        token: SecretString,
    },
}

/// The Zendesk account and an admin's credentials for it. `misread serve` never has them.
#[derive(Clone, Debug)]
pub struct AdminDeployment {
    /// Zendesk's origin without a slash at the end: `MISREAD_ZENDESK_URL`.
    pub zendesk_url: String,
    /// The admin's credentials, from the `MISREAD_ZENDESK_ADMIN_…` variables.
    pub credentials: ZendeskCredentials,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Service,
    Admin,
}

impl Who {
    /// The variables of an OAuth client (id, secret), then of the legacy API token (e-mail address, token).
    pub(super) fn names(self) -> [&'static str; 4] {
        match self {
            Self::Service => [
                "MISREAD_ZENDESK_CLIENT_ID",
                "MISREAD_ZENDESK_CLIENT_SECRET",
                "MISREAD_ZENDESK_EMAIL",
                "MISREAD_ZENDESK_API_TOKEN",
            ],
            Self::Admin => [
                "MISREAD_ZENDESK_ADMIN_CLIENT_ID",
                "MISREAD_ZENDESK_ADMIN_CLIENT_SECRET",
                "MISREAD_ZENDESK_ADMIN_EMAIL",
                "MISREAD_ZENDESK_ADMIN_API_TOKEN",
            ],
        }
    }
}

impl Variables<'_> {
    pub(super) fn zendesk_url(&mut self, development: bool) -> Option<String> {
        let example = "https://<account>.zendesk.com";
        self.address("MISREAD_ZENDESK_URL", example, MayHavePath::No, development)
    }

    /// Reads everything before it returns, so that one run reports every problem; `None` if there is one.
    pub(super) fn admin(&mut self) -> Option<AdminDeployment> {
        let development = self.development();
        let zendesk_url = self.zendesk_url(development);
        let credentials = self.zendesk_credentials(Who::Admin, development);
        Some(AdminDeployment { zendesk_url: zendesk_url?, credentials: credentials? })
    }

    pub(super) fn zendesk_credentials(&mut self, who: Who, development: bool) -> Option<ZendeskCredentials> {
        let [id, secret, email, token] = who.names();
        let client = (self.text(id), self.text(secret));
        let legacy = (self.text(email), self.text(token));
        match (client, legacy) {
            ((Some(client_id), Some(client_secret)), (None, None)) => {
                let client_secret = self.strong(secret, &client_secret, development)?;
                Some(ZendeskCredentials::OAuth { client_id, client_secret })
            }
            ((None, None), (Some(email), Some(text))) => {
                let token = self.strong(token, &text, development)?;
                Some(ZendeskCredentials::ApiToken { email, token })
            }
            _ => {
                let (whose, client) = match who {
                    Who::Service => ("credentials", "an OAuth client"),
                    Who::Admin => ("admin credentials", "an OAuth client of an admin"),
                };
                let problem = Problem::new(format!(
                    "the {whose} for Zendesk are not complete, or there are two kinds of them"
                ));
                self.refuse(problem.help(format!(
                    "set {id} and {secret} ({client}), or, until Zendesk ends API tokens on 2027-04-30, {email} and {token}"
                )))
            }
        }
    }
}
