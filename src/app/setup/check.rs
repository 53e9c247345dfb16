//! Whether a live account is, and stays, as the service needs it. Reads only: with the service's own credentials, and where an admin's
//! are given, also what only an admin may see.

mod account;
mod identity;
mod macros;

use std::sync::Arc;

pub use macros::check_macros;

use super::{compared, wanted};
use crate::app::options::{admin_options, looking_options};
use crate::config::{Settings, SetupDeployment};
use crate::domain::setup::{self, Account, Item, Secret, Verdict, Wanted};
use crate::ports::Clock;
use crate::zendesk::admin::{AdminClient, AdminError};

/// Everything that was looked at, in the order in which a person would mend it.
///
/// # Errors
/// When an address or credentials cannot be used. What Zendesk refuses is a finding.
pub async fn check(
    settings: &Settings,
    deployment: &SetupDeployment,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Vec<Item>> {
    let url = &deployment.zendesk_url;
    let service = AdminClient::new(looking_options(settings, url, &deployment.service), Arc::clone(&clock))?;
    let mut items = Vec::new();
    let Some(service_user) = identity::service(settings, &service, &mut items).await else {
        return Ok(items);
    };
    let admin = match &deployment.admin {
        Some(credentials) => {
            let admin = AdminClient::new(admin_options(settings, url, credentials), clock)?;
            identity::admin(&admin, &mut items).await.then_some(admin)
        }
        None => None,
    };
    let wanted = wanted(settings, deployment, false, service_user);
    match look(&service, admin.as_ref(), &wanted, deployment).await {
        Ok(account) => {
            let planned = setup::plan(&wanted, &account).into_iter();
            items.extend(planned.map(as_finding));
            items.extend(setup::others(&wanted, &account));
            account::numbers(settings, &wanted, &account, &mut items);
            account::webhook(settings, &wanted, &account, &mut items);
            account::fields(&wanted, &account, &mut items);
            account::people(&service, &wanted, &account, &mut items).await;
        }
        Err(error) => items.push(unread("set-up", &error)),
    }
    account::named_in_settings(settings, &service, &mut items).await;
    account::spelling(settings, &service, &mut items).await;
    Ok(items)
}

/// What was asked for could not be read.
fn unread(what: &str, error: &AdminError) -> Item {
    match error {
        AdminError::Forbidden { reason, .. } => {
            Item::not_looked(what, format!("the service's credentials may not look ({reason})"))
        }
        error => Item::wrong(what, error.to_string(), "run the check again when it is mended"),
    }
}

/// A plan says what would be done; a check, what is wrong.
fn as_finding(item: Item) -> Item {
    const HELP: &str = "`misread zendesk plan` shows it in full, `apply` puts it right";
    match item.verdict {
        Verdict::Missing { .. } => Item::wrong(item.what, "it is not there", HELP),
        Verdict::Differs { differences } => {
            let parts = differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            Item::wrong(item.what, parts, HELP)
        }
        _ => item,
    }
}

async fn look(
    service: &AdminClient,
    admin: Option<&AdminClient>,
    wanted: &Wanted,
    deployment: &SetupDeployment,
) -> Result<Account, AdminError> {
    // Agents may look at all of this; an admin certainly may.
    let reader = admin.unwrap_or(service);
    let groups = reader.groups_of(wanted.service_user).await?;
    let mut account = Account {
        webhooks: None,
        secret: Secret::NotCompared,
        categories: reader.list().await?,
        triggers: reader.list().await?,
        fields: reader.list().await?,
        groups: reader.list().await?,
        memberships: groups.into_iter().map(|group| group.id).collect(),
    };
    if let Some(admin) = admin {
        account.webhooks = Some(admin.list().await?);
        let webhook = setup::our_webhook(wanted, &account).map(|webhook| webhook.id.clone());
        if let (Some(id), false) = (webhook, deployment.webhook_secrets.is_empty()) {
            account.secret = compared(&admin.signing_secret(&id).await?, &deployment.webhook_secrets);
        }
    }
    Ok(account)
}
