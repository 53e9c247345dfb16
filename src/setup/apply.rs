//! Carries out the plan: one request, then a new read of the account, then the next request. It keeps no state in between,
//! so it can be interrupted at any moment and started again.

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{Setup, agreed};
use crate::account::setup::{
    Account, Group, Item, Kind, Listing, Macro, Step, TicketField, Trigger, TriggerCategory, View, Webhook,
};
use crate::zendesk::admin::{AdminError, Membership};

impl Setup {
    /// Does exactly what was shown as missing or different; `told` receives each completed item. Returns the account's
    /// state afterwards.
    ///
    /// # Errors
    /// If a request fails, if the account was changed meanwhile, or if it does not show the change. Earlier changes stay,
    /// and the same command goes on from there.
    pub async fn apply(
        &self,
        shown: &[Item],
        mut told: impl FnMut(&Item) -> anyhow::Result<()>,
    ) -> anyhow::Result<Account> {
        let agreed = agreed(shown);
        let mut account = self.look().await?;
        let mut last: Option<Step> = None;
        loop {
            let next = self.plan(&account).into_iter().find(|item| item.step.is_some());
            let Some(Item { what, verdict, step: Some(step) }) = next else { return Ok(account) };
            // A step that another one enables, or shows to be necessary, was shown too: under the name of its object.
            if !agreed.contains(what.as_str()) {
                bail!("{what}: the account was changed since the plan was shown; run the command again");
            }
            if last.as_ref() == Some(&step) {
                bail!(
                    "{what}: Zendesk took the change and does not show it; wait a minute and run the command again"
                );
            }
            self.perform(&step).await.with_context(|| what.clone())?;
            self.look_again(&mut account, &step).await?;
            told(&Item { what, verdict, step: None })?;
            last = Some(step);
        }
    }

    async fn perform(&self, step: &Step) -> Result<(), AdminError> {
        match step {
            Step::AddOption { field_id, name, value } => {
                self.admin.add_option(*field_id, name, value).await.map(drop)
            }
            Step::Create { kind, body, or } => match (self.create(*kind, body).await, or) {
                (Err(AdminError::Refused { .. }), Some(or)) => self.create(*kind, or).await,
                (done, _) => done,
            },
            Step::Change { kind, id, body, or } => match (self.change(*kind, id, body).await, or) {
                (Err(AdminError::Refused { .. }), Some(or)) => self.change(*kind, id, or).await,
                (done, _) => done,
            },
        }
    }

    async fn create(&self, kind: Kind, body: &Value) -> Result<(), AdminError> {
        let (admin, body) = (&self.admin, body.clone());
        match kind {
            Kind::Group => admin.create::<Group>(body).await.map(drop),
            Kind::Field => admin.create::<TicketField>(body).await.map(drop),
            Kind::Webhook => admin.create::<Webhook>(self.signing_in(&body, true)).await.map(drop),
            Kind::Category => admin.create::<TriggerCategory>(body).await.map(drop),
            Kind::Trigger => admin.create::<Trigger>(body).await.map(drop),
            Kind::Membership => admin.create::<Membership>(body).await.map(drop),
            Kind::Macro => admin.create::<Macro>(body).await.map(drop),
            Kind::View => admin.create::<View>(body).await.map(drop),
        }
    }

    /// Of all our objects, only the webhook, the triggers, and the macros and views for agents are ever changed.
    async fn change(&self, kind: Kind, id: &str, body: &Value) -> Result<(), AdminError> {
        let admin = &self.admin;
        match kind {
            Kind::Webhook => {
                let body = self.signing_in(body, body.get("authentication").is_some());
                admin.change::<Webhook>(id, body).await
            }
            Kind::Macro => admin.change::<Macro>(id, body.clone()).await,
            Kind::View => admin.change::<View>(id, body.clone()).await,
            Kind::Group | Kind::Field | Kind::Category | Kind::Trigger | Kind::Membership => {
                admin.change::<Trigger>(id, body.clone()).await
            }
        }
    }

    /// A webhook's body with the bearer token, if required.
    fn signing_in(&self, body: &Value, wanted: bool) -> Value {
        let mut body = body.clone();
        if let Some(token) = self.bearer.as_ref().filter(|_| wanted) {
            body["authentication"] = json!({ "type": "bearer_token", "add_position": "header",
                "data": { "token": token.expose_secret() } });
        }
        body
    }

    async fn look_again(&self, account: &mut Account, done: &Step) -> anyhow::Result<()> {
        let kind = match done {
            Step::Create { kind, .. } | Step::Change { kind, .. } => *kind,
            Step::AddOption { .. } => Kind::Field,
        };
        let admin = &self.admin;
        match kind {
            Kind::Group => account.groups = Listing::Read(admin.list().await?),
            Kind::Field => account.fields = Listing::Read(admin.list().await?),
            Kind::Category => {
                account.categories = admin.trigger_categories().await?.map(Listing::Read);
            }
            Kind::Trigger => account.triggers = Listing::Read(admin.list().await?),
            Kind::Membership => account.memberships = Listing::Read(self.memberships().await?),
            Kind::Macro => account.macros = Listing::Read(admin.list().await?),
            Kind::View => account.views = Listing::Read(admin.list().await?),
            Kind::Webhook => {
                account.webhooks = Listing::Read(admin.list().await?);
                account.secret = self.compare_secret(account).await?;
            }
        }
        Ok(())
    }
}
