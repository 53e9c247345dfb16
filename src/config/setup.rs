//! What setting an account up, and looking whether it is set up, takes from the environment.

use secrecy::SecretString;

use super::address::MayHavePath;
use super::credentials::{Who, ZendeskCredentials};
use super::variables::Variables;

/// What is asked of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupNeeds {
    /// All that a plan needs: an admin, the service, and where deliveries must go.
    Plan,
    /// What the service has is enough; the more there is, the more is looked at.
    Check,
}

/// The account, as whom to look at it, and what it must send where.
#[derive(Clone, Debug)]
pub struct SetupDeployment {
    /// Zendesk's origin without a slash at the end: `MISREAD_ZENDESK_URL`.
    pub zendesk_url: String,
    /// An admin's, from the `…_ADMIN_…` variables; always there for a plan.
    pub admin: Option<ZendeskCredentials>,
    /// The service's own.
    pub service: ZendeskCredentials,
    /// Where the service's door is reached from outside, without a slash at the end: `MISREAD_PUBLIC_URL`; always there for a plan.
    pub public_url: Option<String>,
    /// The secrets that the service checks signatures with, where they are known here: `MISREAD_WEBHOOK_SECRET`.
    pub webhook_secrets: Vec<SecretString>,
    /// The bearer token that deliveries must carry, if any: `MISREAD_WEBHOOK_BEARER`.
    pub webhook_bearer: Option<SecretString>,
}

impl Variables<'_> {
    /// `None` when something is missing or wrong.
    pub(super) fn setup(&mut self, needs: SetupNeeds) -> Option<SetupDeployment> {
        let development = self.development();
        let zendesk_url = self.zendesk_url(development);
        let wants_admin =
            needs == SetupNeeds::Plan || Who::Admin.names().iter().any(|name| self.is_set(name));
        let admin = if wants_admin {
            self.zendesk_credentials(Who::Admin, development).map(Some)
        } else {
            Some(None)
        };
        let service = self.zendesk_credentials(Who::Service, development);
        let public_url = if needs == SetupNeeds::Plan || self.is_set("MISREAD_PUBLIC_URL") {
            let example = "https://<host at which Zendesk reaches the service>";
            self.address("MISREAD_PUBLIC_URL", example, MayHavePath::Yes, development).map(Some)
        } else {
            Some(None)
        };
        let webhook_secrets = if self.is_set("MISREAD_WEBHOOK_SECRET") {
            self.webhook_secrets(development)
        } else {
            Some(Vec::new())
        };
        let webhook_bearer = self.webhook_bearer(development);
        Some(SetupDeployment {
            zendesk_url: zendesk_url?,
            admin: admin?,
            service: service?,
            public_url: public_url?,
            webhook_secrets: webhook_secrets?,
            webhook_bearer,
        })
    }
}
