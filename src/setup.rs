//! Sets up a Zendesk account: reads its state, plans what is missing, and carries out the plan.

mod admin;
mod apply;
mod check;
pub mod macros;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};

use crate::account::setup::{self, Account, FieldRole, Item, Listing, Numbers, Secret, Wanted};
use crate::app::{admin_options, looking_options, marks};
use crate::config::{Settings, SetupDeployment};
use crate::domain::policy::Team;
use crate::ports::Clock;
use crate::zendesk::admin::AdminClient;

pub use admin::admin_client;
pub use check::{AccountChecker, check, check_macros};

/// The path of the webhook endpoint.
const DOOR: &str = "/webhooks/zendesk";

/// One account with admin rights, and the service's requirements.
#[derive(Debug)]
pub struct Setup {
    admin: AdminClient,
    wanted: Wanted,
    secrets: Vec<SecretString>,
    bearer: Option<SecretString>,
}

impl Setup {
    /// Authenticates as the service, to find out its user, and as the admin. `used_at`: whether the field 이용 일시 is required
    /// though the settings name none.
    ///
    /// # Errors
    /// If an address or credentials cannot be used, or are rejected.
    pub async fn begin(
        settings: &Settings,
        deployment: &SetupDeployment,
        used_at: bool,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let url = &deployment.zendesk_url;
        let admin = deployment.admin.as_ref().context("the admin credentials for Zendesk are not set")?;
        let admin = AdminClient::new(admin_options(settings, url, admin), Arc::clone(&clock))?;
        let service = AdminClient::new(looking_options(settings, url, &deployment.service), clock)?;
        let Some(service_user) = service.me().await.context("as the service")?.id else {
            bail!("Zendesk takes the service's credentials for nobody's: look at its OAuth client");
        };
        let wanted = wanted(settings, deployment, used_at, service_user);
        let (secrets, bearer) = (deployment.webhook_secrets.clone(), deployment.webhook_bearer.clone());
        Ok(Self { admin, wanted, secrets, bearer })
    }

    /// Reads everything that the plan covers. Changes nothing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn look(&self) -> anyhow::Result<Account> {
        let admin = &self.admin;
        let mut account = Account {
            webhooks: Listing::Read(admin.list().await?),
            secret: Secret::NotCompared,
            categories: admin.trigger_categories().await?.map(Listing::Read),
            triggers: Listing::Read(admin.list().await?),
            fields: Listing::Read(admin.list().await?),
            groups: Listing::Read(admin.list().await?),
            memberships: Listing::Read(self.memberships().await?),
            macros: Listing::Read(admin.list().await?),
            views: Listing::Read(admin.list().await?),
        };
        account.secret = self.compare_secret(&account).await?;
        Ok(account)
    }

    /// All required objects and their states.
    pub fn plan(&self, account: &Account) -> Vec<Item> {
        setup::plan(&self.wanted, account)
    }

    /// The ids that the settings must contain.
    pub fn numbers(&self, account: &Account) -> Numbers {
        setup::numbers(&self.wanted, account)
    }

    /// The webhook's signing secret; `None` while there is no webhook.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn signing_secret(&self, account: &Account) -> anyhow::Result<Option<SecretString>> {
        let Some(webhook) = setup::our_webhook(&self.wanted, account) else { return Ok(None) };
        Ok(Some(self.admin.signing_secret(&webhook.id).await?))
    }

    async fn memberships(&self) -> anyhow::Result<Vec<i64>> {
        let groups = self.admin.groups_of(self.wanted.service_user).await?;
        Ok(groups.into_iter().map(|group| group.id).collect())
    }

    async fn compare_secret(&self, account: &Account) -> anyhow::Result<Secret> {
        if self.secrets.is_empty() {
            return Ok(Secret::NotCompared);
        }
        let Some(secret) = self.signing_secret(account).await? else { return Ok(Secret::NotCompared) };
        Ok(compared(&secret, &self.secrets))
    }
}

/// How the webhook's secret compares with ours.
fn compared(theirs: &SecretString, ours: &[SecretString]) -> Secret {
    let same = ours.iter().any(|secret| secret.expose_secret() == theirs.expose_secret());
    if same { Secret::Same } else { Secret::Different }
}

fn wanted(settings: &Settings, deployment: &SetupDeployment, used_at: bool, service_user: i64) -> Wanted {
    let (fields, groups) = (&settings.zendesk.fields, &settings.zendesk.groups);
    let group = |team: &Team| match team {
        Team::Agents => groups.agents,
        Team::AirportDesk => groups.airport_desk,
        Team::LotContact => groups.lot_contact,
        Team::Compensation => groups.compensation,
    };
    let mut wanted_fields =
        vec![(FieldRole::ConsultationType, fields.consultation_type), (FieldRole::Plate, fields.plate)];
    if used_at || fields.used_at.is_some() {
        wanted_fields.push((FieldRole::UsedAt, fields.used_at));
    }
    Wanted {
        marks: marks(settings),
        endpoint: deployment.public_url.as_ref().map(|url| format!("{url}{DOOR}")),
        bearer: deployment.webhook_bearer.is_some(),
        fields: wanted_fields,
        groups: Team::ALL.iter().map(|team| (*team, group(team))).collect(),
        service_user,
    }
}

/// The items of the plan that the user agreed to.
pub(super) fn agreed(items: &[Item]) -> BTreeSet<&str> {
    let open = items.iter().filter(|item| !item.verdict.is_settled());
    open.map(|item| item.what.as_str()).collect()
}
