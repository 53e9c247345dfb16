//! Starts the sandbox: both fakes on their ports, with the sample account and customers.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::SignedDuration;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::account::triggers::Marks;
use crate::config::{AccountIds, Deployment, FieldIds, GroupIds, LogFormat, Settings, ZendeskCredentials};
use crate::ports::Clock;
use crate::sandbox::parking::MockParking;
use crate::sandbox::seed::{self, ACCOUNT, Story};
use crate::sandbox::zendesk::{ADMIN_USER, FakeZendesk, OAuthClient, Webhook, ZendeskSettings};

/// The OAuth client's id. The credentials of the sandbox protect nothing.
pub const CLIENT_ID: &str = "misread-sandbox";
/// The OAuth client's secret.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";
/// The OAuth client for the set-up: its tokens act as the account's admin.
pub const ADMIN_CLIENT_ID: &str = "misread-sandbox-admin";
pub const ADMIN_CLIENT_SECRET: &str = "sandbox-admin-secret";
/// The webhook's signing secret.
pub const WEBHOOK_SECRET: &str = "sandbox-webhook-secret";
/// The parking API's bearer token.
pub const PARKING_TOKEN: &str = "sandbox-parking-token";

/// A running sandbox. Clones are handles on the same state.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub zendesk: FakeZendesk,
    pub zendesk_url: String,
    /// The mock parking API.
    pub parking: MockParking,
    /// Its address including the version.
    pub parking_url: String,
    /// The sample customers, loaded; none has opened a ticket yet.
    pub stories: Vec<Story>,
}

impl Sandbox {
    /// Starts both fakes. They serve until `stop`, as a task of `tasks`; webhooks go to `webhook_url`.
    ///
    /// # Errors
    /// If an address cannot be listened on.
    pub async fn start(
        at: [SocketAddr; 2],
        webhook_url: &str,
        clock: Arc<dyn Clock>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let sandbox =
            Self::served(at, FakeZendesk::new(Arc::clone(&clock), settings())?, clock, tasks, stop).await?;
        seed::provision(&sandbox.zendesk, &marks())?;
        sandbox.zendesk.add_webhook(Webhook {
            id: ACCOUNT.webhook_id.to_owned(),
            endpoint: webhook_url.to_owned(),
            secret: WEBHOOK_SECRET.to_owned(),
            bearer_token: None,
        });
        Ok(sandbox)
    }

    /// The same with a newly opened account: Zendesk's own triggers, and the OAuth clients of the service and of its admin.
    ///
    /// # Errors
    /// If an address cannot be listened on.
    pub async fn start_empty(
        at: [SocketAddr; 2],
        clock: Arc<dyn Clock>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let zendesk = FakeZendesk::new(Arc::clone(&clock), settings())?.with_default_triggers()?;
        Self::served(at, zendesk, clock, tasks, stop).await
    }

    async fn served(
        [parking_at, zendesk_at]: [SocketAddr; 2],
        zendesk: FakeZendesk,
        clock: Arc<dyn Clock>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let [parking_listener, zendesk_listener] = [listen(parking_at).await?, listen(zendesk_at).await?];
        let parking_url = format!("http://{}/v1", parking_listener.local_addr()?);
        let zendesk_url = format!("http://{}", zendesk_listener.local_addr()?);
        let stories = seed::stories(clock.now());
        let parking = MockParking::new(clock, PARKING_TOKEN);
        seed::load(&parking, &zendesk, &stories);
        let (served_parking, served_zendesk, stopped) = (parking.clone(), zendesk.clone(), stop.clone());
        tasks.spawn(async move {
            let served = crate::sandbox::serve(
                parking_listener,
                served_parking,
                zendesk_listener,
                served_zendesk,
                stopped,
            );
            if let Err(error) = served.await {
                tracing::error!(%error, "the sandbox ended");
            }
        });
        Ok(Self { zendesk, zendesk_url, parking, parking_url, stories })
    }

    /// Sends webhooks as they arise until `stop`, as a task of `tasks`. A caller that controls the clock delivers them
    /// itself instead.
    pub fn send_webhooks(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        let (sender, stopped) = (self.zendesk.clone(), stop.clone());
        tasks.spawn(async move { sender.run_webhook_sender(stopped).await });
    }

    /// The environment of a service that works against this sandbox.
    pub fn deployment(&self, listen: SocketAddr, database_url: String) -> Deployment {
        Deployment {
            listen,
            metrics_listen: None,
            console_listen: None,
            console_users: Vec::new(),
            console_proxies: Vec::new(),
            console_address: None,
            database_url: database_url.into(),
            webhook_secrets: vec![SecretString::from(WEBHOOK_SECRET)],
            webhook_bearer: None,
            zendesk_url: self.zendesk_url.clone(),
            zendesk_credentials: ZendeskCredentials::OAuth {
                client_id: CLIENT_ID.to_owned(),
                client_secret: SecretString::from(CLIENT_SECRET),
            },
            parking_url: self.parking_url.clone(),
            parking_token: SecretString::from(PARKING_TOKEN),
            notify_url: None,
            notify_secret: None,
            notify_template: None,
            traces_url: None,
            log: "info".to_owned(),
            log_format: LogFormat::ByTerminal,
            development: true,
            clock_ahead: SignedDuration::ZERO,
        }
    }
}

fn settings() -> ZendeskSettings {
    let admin_client = OAuthClient {
        identifier: ADMIN_CLIENT_ID.to_owned(),
        secret: ADMIN_CLIENT_SECRET.to_owned(),
        user_id: ADMIN_USER,
    };
    ZendeskSettings { admin_client, ..ZendeskSettings::new(CLIENT_ID, CLIENT_SECRET) }
}

/// The tags and options of the built-in settings, by which the sandbox's triggers recognise tickets.
pub fn marks() -> Marks {
    crate::app::marks(&Settings::default())
}

/// The ids of the sample account's objects.
pub fn account_ids() -> AccountIds {
    AccountIds {
        fields: FieldIds {
            consultation_type: ACCOUNT.consultation_type_field,
            plate: ACCOUNT.plate_field,
            used_at: Some(ACCOUNT.used_at_field),
        },
        groups: GroupIds {
            agents: ACCOUNT.agents_group,
            airport_desk: ACCOUNT.airport_desk_group,
            lot_contact: ACCOUNT.lot_contact_group,
            compensation: ACCOUNT.compensation_group,
        },
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: choose another port"))
}
