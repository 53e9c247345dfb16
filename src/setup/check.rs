//! Checks whether a live account is as the service needs it. Reads only: with the service's own credentials, and with an
//! admin's, if given, also what only an admin can read.

mod account;
mod identity;
mod macros;

use std::sync::Arc;

use async_trait::async_trait;

pub use macros::check_macros;

use super::{compared, wanted};
use crate::account::setup::{self, Account, Item, Listing, Secret, Verdict, Wanted};
use crate::app::{admin_options, looking_options};
use crate::config::{Settings, SetupDeployment};
use crate::ports::{AccountCheck, AccountFindings, Clock};
use crate::zendesk::admin::{AdminClient, AdminError};

/// All checked items, in the order in which a person would fix them.
///
/// # Errors
/// If an address or credentials cannot be used. A rejection by Zendesk is a finding.
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
    let account = look(&service, admin.as_ref(), &wanted, deployment, &mut items).await;
    items.extend(setup::plan(&wanted, &account).into_iter().map(as_finding));
    items.extend(setup::others(&wanted, &account));
    account::numbers(settings, &wanted, &account, &mut items);
    account::webhook(settings, &wanted, &account, &mut items);
    account::fields(&wanted, &account, &mut items);
    account::people(&service, &wanted, &account, &mut items).await;
    account::named_in_settings(settings, &service, &mut items).await;
    account::spelling(settings, &service, &mut items).await;
    Ok(items)
}

/// Checks the account again and again, as `misread zendesk check` does without the macros: those are watched by themselves.
#[derive(Debug)]
pub struct AccountChecker {
    settings: Settings,
    deployment: SetupDeployment,
    clock: Arc<dyn Clock>,
}

impl AccountChecker {
    /// A checker that has not checked yet.
    pub fn new(settings: Settings, deployment: SetupDeployment, clock: Arc<dyn Clock>) -> Self {
        Self { settings, deployment, clock }
    }
}

#[async_trait]
impl AccountCheck for AccountChecker {
    async fn check(&self) -> Result<AccountFindings, String> {
        let items = check(&self.settings, &self.deployment, Arc::clone(&self.clock)).await;
        let mut findings = AccountFindings::default();
        for Item { what, verdict, .. } in items.map_err(|error| format!("{error:#}"))? {
            match verdict {
                Verdict::Good { .. } | Verdict::NotLooked { .. } => {}
                Verdict::Unread { .. } => findings.unread += 1,
                Verdict::Missing { .. } | Verdict::Differs { .. } | Verdict::Manual { .. } => {
                    findings.wrong.push(what);
                }
            }
        }
        Ok(findings)
    }
}

/// The request failed. That says nothing of the account, unless Zendesk rejects us as such.
fn unread(what: &str, error: &AdminError) -> Item {
    match error {
        AdminError::SignIn { .. } => {
            Item::wrong(what, error.to_string(), "run the check again when it is mended")
        }
        AdminError::Forbidden { reason, variables } => {
            let why = format!("Zendesk does not let the user of {variables} look ({reason})");
            Item::unread(
                what,
                why,
                "give that user's role the right to see it, or look with an admin's credentials",
            )
        }
        error => {
            let help = "it is Zendesk, or the way there, and says nothing of the settings: run the check again later";
            Item::unread(what, error.to_string(), help)
        }
    }
}

/// A plan says what would be done; a check says what is wrong.
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

/// The account as far as it can be read; each unreadable list becomes an item.
async fn look(
    service: &AdminClient,
    admin: Option<&AdminClient>,
    wanted: &Wanted,
    deployment: &SetupDeployment,
    items: &mut Vec<Item>,
) -> Account {
    // Agents can read all of this if their role permits; an admin certainly can.
    let reader = admin.unwrap_or(service);
    let groups = reader.groups_of(wanted.service_user).await;
    let ids = groups.map(|groups| groups.into_iter().map(|group| group.id).collect());
    let mut account = Account {
        webhooks: Listing::NotAsked,
        secret: Secret::NotCompared,
        categories: match reader.trigger_categories().await {
            Ok(categories) => categories.map(Listing::Read),
            Err(error) => Some(listing("trigger categories", Err(error), items)),
        },
        triggers: listing("triggers", reader.list().await, items),
        fields: listing("fields", reader.list().await, items),
        groups: listing("groups", reader.list().await, items),
        memberships: listing("the groups of the service's user", ids, items),
        macros: seen(admin.is_some(), listing("macros of the account", reader.list().await, items)),
        views: seen(admin.is_some(), listing("views", reader.list().await, items)),
    };
    let Some(admin) = admin else { return account };
    account.webhooks = listing("webhooks", admin.list().await, items);
    let webhook = setup::our_webhook(wanted, &account).map(|webhook| webhook.id.clone());
    if let (Some(id), false) = (webhook, deployment.webhook_secrets.is_empty()) {
        account.secret = match admin.signing_secret(&id).await {
            Ok(secret) => compared(&secret, &deployment.webhook_secrets),
            Err(error) => {
                items.push(unread("signing secret", &error));
                Secret::Unread
            }
        };
    }
    account
}

/// An agent sees only the macros and views that are not confined to groups of others.
fn seen<T>(by_admin: bool, list: Listing<T>) -> Listing<T> {
    match list {
        Listing::Read(list) if !by_admin => Listing::Visible(list),
        list => list,
    }
}

fn listing<T>(what: &str, read: Result<Vec<T>, AdminError>, items: &mut Vec<Item>) -> Listing<T> {
    match read {
        Ok(list) => Listing::Read(list),
        Err(error) => {
            items.push(unread(what, &error));
            Listing::Unread
        }
    }
}
