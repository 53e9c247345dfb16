//! An empty fake account, and its set-up.

use std::net::SocketAddr;
use std::sync::Arc;

use misread::account::setup::FieldRole;
use misread::account::setup::{Account, Item, Numbers, Verdict};
use misread::config::{Settings, SetupDeployment, ZendeskCredentials};
use misread::domain::policy::Team;
use misread::setup::Setup;
use misread::testbed::sandbox::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, CLIENT_ID, CLIENT_SECRET, Sandbox};
use reqwest::Method;
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::clock::ManualClock;

pub(crate) struct Ground {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) sandbox: Sandbox,
    pub(crate) settings: Settings,
    pub(crate) deployment: SetupDeployment,
    _stop: DropGuard,
}

impl Ground {
    /// An account as Zendesk creates it: its standard triggers, and two OAuth clients made by hand. Customers and their
    /// uses exist; no ticket does yet.
    pub(crate) async fn empty() -> Self {
        let clock = ManualClock::at("2026-11-20T05:00:00Z");
        let stop = CancellationToken::new();
        let free: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let sandbox =
            Sandbox::start_empty([free; 2], clock.clone(), &TaskTracker::new(), &stop).await.unwrap();
        let client = |id: &str, secret: &str| ZendeskCredentials::OAuth {
            client_id: id.to_owned(),
            client_secret: secret.into(),
        };
        let deployment = SetupDeployment {
            zendesk_url: sandbox.zendesk_url.clone(),
            admin: Some(client(ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET)),
            service: client(CLIENT_ID, CLIENT_SECRET),
            public_url: Some("https://misread.example".to_owned()),
            webhook_secrets: Vec::new(),
            webhook_bearer: None,
        };
        Self { clock, sandbox, settings: Settings::default(), deployment, _stop: stop.drop_guard() }
    }

    /// The same, set up.
    pub(crate) async fn set_up() -> Self {
        let ground = Self::empty().await;
        ground.apply().await.unwrap();
        ground
    }

    pub(crate) async fn begin(&self) -> anyhow::Result<Setup> {
        Setup::begin(&self.settings, &self.deployment, false, self.clock.clone()).await
    }

    /// The current plan.
    pub(crate) async fn plan(&self) -> Vec<Item> {
        let setup = self.begin().await.unwrap();
        setup.plan(&setup.look().await.unwrap())
    }

    /// The lines of the plan that are not settled.
    pub(crate) async fn drift(&self) -> Vec<String> {
        shown(&self.plan().await)
    }

    /// Carries out the plan.
    pub(crate) async fn apply(&self) -> anyhow::Result<(Setup, Account)> {
        let setup = self.begin().await?;
        let shown = setup.plan(&setup.look().await?);
        let account = setup.apply(&shown, |_| Ok(())).await?;
        Ok((setup, account))
    }

    /// Sends a request of the account's admin to Zendesk, by its path after the version.
    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        super::as_admin(&self.sandbox.zendesk_url, method, &format!("/api/v2/{path}"), body).await
    }

    /// All items of a kind, as Zendesk returns them.
    pub(crate) async fn all(&self, kind: &str) -> Vec<Value> {
        let shown = self.admin(Method::GET, &format!("{kind}?page[size]=100"), Value::Null).await;
        shown[kind].as_array().unwrap().clone()
    }

    /// The item of a kind with this title or name.
    pub(crate) async fn one(&self, kind: &str, title: &str) -> Value {
        let mut found =
            self.all(kind).await.into_iter().filter(|one| one["title"] == title || one["name"] == title);
        let one = found.next().unwrap_or_else(|| panic!("there is no `{title}` among {kind}"));
        assert!(found.next().is_none(), "`{title}` is there twice");
        one
    }
}

/// Every item that is not settled, with its sign.
pub(crate) fn shown(items: &[Item]) -> Vec<String> {
    let line = |Item { what, verdict, .. }: &Item| match verdict {
        Verdict::Good { .. } | Verdict::NotLooked { .. } => None,
        Verdict::Missing { .. } => Some(format!("+ {what}")),
        Verdict::Differs { differences } => {
            let parts = differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            Some(format!("~ {what}: {parts}"))
        }
        Verdict::Manual { why, .. } => Some(format!("! {what}: {why}")),
        Verdict::Unread { why, .. } => Some(format!("? {what}: {why}")),
    };
    items.iter().filter_map(line).collect()
}

/// The numbers as settings.
pub(crate) fn into_settings(numbers: &Numbers, settings: &mut Settings) {
    for (role, id) in &numbers.fields {
        let fields = &mut settings.zendesk.fields;
        match role {
            FieldRole::ConsultationType => fields.consultation_type = Some(*id),
            FieldRole::Plate => fields.plate = Some(*id),
            FieldRole::UsedAt => fields.used_at = Some(*id),
        }
    }
    for (team, id) in &numbers.groups {
        let groups = &mut settings.zendesk.groups;
        match team {
            Team::Agents => groups.agents = Some(*id),
            Team::AirportDesk => groups.airport_desk = Some(*id),
            Team::LotContact => groups.lot_contact = Some(*id),
            Team::Compensation => groups.compensation = Some(*id),
        }
    }
}
