//! Checks whether the texts in the account exist and can be sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::unread;
use crate::account::setup::Item;
use crate::app::{looking_options, lookup};
use crate::config::{Files, MacroSource, SetupDeployment};
use crate::domain::reply::Fault;
use crate::ports::Clock;
use crate::zendesk::admin::AdminClient;

/// The macros as the service's own credentials see them; empty if the texts are files.
///
/// # Errors
/// If an address or credentials cannot be used. A rejection by Zendesk is a finding.
pub async fn check_macros(
    files: &Files,
    deployment: &SetupDeployment,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Vec<Item>> {
    const WHAT: &str = "macros";
    let Files { settings, policy, macros, .. } = files;
    if settings.macros.source == MacroSource::Files {
        return Ok(Vec::new());
    }
    let service =
        AdminClient::new(looking_options(settings, &deployment.zendesk_url, &deployment.service), clock)?;
    let found = match service.account_macros().await {
        Ok(found) => lookup(settings).find_all(macros.names(), &found),
        Err(error) => return Ok(vec![unread(WHAT, &error)]),
    };
    let choice = macros.choose(Some(&found), &BTreeMap::new(), policy, &settings.macro_bounds());
    if choice.faults.is_empty() {
        return Ok(vec![Item::good(WHAT, format!("all {} texts can be sent", found.len()))]);
    }
    let wrong = |Fault { name, problems, .. }: Fault| {
        let help =
            "mend it in Zendesk, or `misread macros push` the file; until then its last good text serves";
        Item::wrong(format!("macro `{name}`"), problems.join("; "), help)
    };
    Ok(choice.faults.into_iter().map(wrong).collect())
}
