//! Reads the variables for planning and checking the set-up of the Zendesk account.

use secrecy::SecretString;

use super::address::MayHavePath;
use super::credentials::{Who, ZendeskCredentials};
use super::variables::Variables;

/// Which variables are required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupNeeds {
    /// A plan requires the credentials of admin and service, and the public address.
    Plan,
    /// A check requires only the service's credentials; with each further variable it checks more.
    Check,
}

/// The account, the credentials for it, and the target and secrets of its webhook.
#[derive(Clone, Debug)]
pub struct SetupDeployment {
    /// Zendesk's origin without a slash at the end: `MISREAD_ZENDESK_URL`.
    pub zendesk_url: String,
    /// The admin's credentials, from the `MISREAD_ZENDESK_ADMIN_…` variables; always set for a plan.
    pub admin: Option<ZendeskCredentials>,
    /// The service's credentials, from the variables that `misread serve` reads.
    pub service: ZendeskCredentials,
    /// The address at which Zendesk reaches the service, without a slash at the end: `MISREAD_PUBLIC_URL`; always set
    /// for a plan.
    pub public_url: Option<String>,
    /// The signing secrets that the service accepts: `MISREAD_WEBHOOK_SECRET`; empty if it is not set.
    pub webhook_secrets: Vec<SecretString>,
    /// The bearer token that deliveries must carry, if any: `MISREAD_WEBHOOK_BEARER`.
    pub webhook_bearer: Option<SecretString>,
}

impl Variables<'_> {
    /// Reads everything before it returns, so that one run reports every problem; `None` if there is one.
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
