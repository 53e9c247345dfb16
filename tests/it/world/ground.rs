//! A fake account with nothing in it, and somebody who sets it up.

use std::net::SocketAddr;
use std::sync::Arc;

use misread::app::sandbox::{
    ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, CLIENT_ID, CLIENT_SECRET, PARKING_TOKEN, Sandbox,
};
use misread::app::setup::Setup;
use misread::config::{Settings, SetupDeployment, ZendeskCredentials};
use misread::domain::policy::Team;
use misread::domain::setup::FieldRole;
use misread::domain::setup::{Account, Item, Numbers, Verdict};
use misread::sandbox::parking::MockParking;
use misread::sandbox::seed;
use misread::sandbox::zendesk::{ADMIN_USER, FakeZendesk, OAuthClient, ZendeskSettings};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::clock::ManualClock;

pub(crate) struct Ground {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) sandbox: Sandbox,
    pub(crate) settings: Settings,
    pub(crate) deployment: SetupDeployment,
    _stop: DropGuard,
}

impl Ground {
    /// An account as Zendesk opens it: its own triggers, and two OAuth clients that were made by hand. Customers and their parking are
    /// there; nobody has written yet.
    pub(crate) async fn empty() -> Self {
        let clock = ManualClock::at("2026-11-20T05:00:00Z");
        let admin_client = OAuthClient {
            identifier: ADMIN_CLIENT_ID.to_owned(),
            secret: ADMIN_CLIENT_SECRET.to_owned(),
            user_id: ADMIN_USER,
        };
        let settings = ZendeskSettings { admin_client, ..ZendeskSettings::new(CLIENT_ID, CLIENT_SECRET) };
        let zendesk = FakeZendesk::new(clock.clone(), settings).unwrap().with_default_triggers().unwrap();
        let parking = MockParking::new(clock.clone(), PARKING_TOKEN);
        let stories = seed::stories(misread::ports::Clock::now(&*clock));
        seed::load(&parking, &zendesk, &stories);
        let free: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let (parking_at, zendesk_at) =
            (TcpListener::bind(free).await.unwrap(), TcpListener::bind(free).await.unwrap());
        let parking_url = format!("http://{}/v1", parking_at.local_addr().unwrap());
        let zendesk_url = format!("http://{}", zendesk_at.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(misread::sandbox::serve(
            parking_at,
            parking.clone(),
            zendesk_at,
            zendesk.clone(),
            stop.clone(),
        ));
        let client = |id: &str, secret: &str| ZendeskCredentials::OAuth {
            client_id: id.to_owned(),
            client_secret: secret.into(),
        };
        let deployment = SetupDeployment {
            zendesk_url: zendesk_url.clone(),
            admin: Some(client(ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET)),
            service: client(CLIENT_ID, CLIENT_SECRET),
            public_url: Some("https://misread.example".to_owned()),
            webhook_secrets: Vec::new(),
            webhook_bearer: None,
        };
        let sandbox = Sandbox { zendesk, zendesk_url, parking, parking_url, stories };
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

    /// What the plan says now.
    pub(crate) async fn plan(&self) -> Vec<Item> {
        let setup = self.begin().await.unwrap();
        setup.plan(&setup.look().await.unwrap())
    }

    /// The lines of the plan that are not as they should be.
    pub(crate) async fn drift(&self) -> Vec<String> {
        shown(&self.plan().await)
    }

    /// Carries out what the plan says.
    pub(crate) async fn apply(&self) -> anyhow::Result<(Setup, Account)> {
        let setup = self.begin().await?;
        let shown = setup.plan(&setup.look().await?);
        let account = setup.apply(&shown, |_| Ok(())).await?;
        Ok((setup, account))
    }

    /// What the account's admin asks of Zendesk.
    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        let http = reqwest::Client::builder().build().unwrap();
        let url = &self.sandbox.zendesk_url;
        let grant = json!({ "grant_type": "client_credentials", "client_id": ADMIN_CLIENT_ID,
            "client_secret": ADMIN_CLIENT_SECRET, "scope": "read write" });
        let answer = http.post(format!("{url}/oauth/tokens")).json(&grant).send().await.unwrap();
        let token = answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
        let request = http.request(method, format!("{url}/api/v2/{path}")).bearer_auth(token).json(&body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        let text = answer.text().await.unwrap();
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    /// All of a kind, as Zendesk shows it.
    pub(crate) async fn all(&self, kind: &str) -> Vec<Value> {
        let shown = self.admin(Method::GET, &format!("{kind}?page[size]=100"), Value::Null).await;
        shown[kind].as_array().unwrap().clone()
    }

    /// The one of a kind whose title or name is this.
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
        Verdict::ByHand { why, .. } => Some(format!("! {what}: {why}")),
    };
    items.iter().filter_map(line).collect()
}

/// The numbers as the settings have them.
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
