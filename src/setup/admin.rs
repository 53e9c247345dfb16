//! Authenticates as the account's admin, for commands that a person runs.

use std::sync::Arc;

use anyhow::Context as _;

use crate::app::admin_options;
use crate::config::{AdminDeployment, Settings};
use crate::ports::Clock;
use crate::zendesk::admin::AdminClient;

/// A client with the rights of the account's admin. Makes no call.
///
/// # Errors
/// If the address or the credentials cannot be used.
pub fn admin_client(
    settings: &Settings,
    deployment: &AdminDeployment,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<AdminClient> {
    let AdminDeployment { zendesk_url, credentials } = deployment;
    AdminClient::new(admin_options(settings, zendesk_url, credentials), clock)
        .context("MISREAD_ZENDESK_URL or the admin credentials for Zendesk cannot be used")
}
