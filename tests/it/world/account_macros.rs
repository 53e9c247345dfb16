//! A world whose texts are in the account.

use misread::config::{MacroSource, Settings};
use misread::domain::ids::TicketId;
use misread::domain::rule::RuleAction;
use misread::sandbox::zendesk::Macro;
use reqwest::Method;
use serde_json::{Value, json};

use super::World;

/// The texts come from the account.
pub(crate) fn from_the_account(settings: &mut Settings) {
    settings.macros.source = MacroSource::Zendesk;
}

impl World {
    /// A world whose account has every shipped text as a macro, which the service uses.
    pub(crate) async fn with_account_macros() -> Self {
        let world = Self::with(from_the_account).await;
        world.fill_macros();
        assert!(world.read_macros().await);
        world
    }

    /// Creates a macro in the account for every shipped text.
    pub(crate) fn fill_macros(&self) {
        let files = misread::config::load_files(&std::collections::BTreeMap::new()).unwrap();
        let macros = files.macros.iter().map(|(name, found)| (name, found.actions()));
        let paragraphs = files.macros.paragraphs().map(|(name, found)| (name, found.actions()));
        for (name, actions) in macros.chain(paragraphs) {
            self.sandbox.zendesk.add_macro(&format!("misread::{name}"), actions).unwrap();
        }
    }

    /// Ten minutes later, reads the account's macros if that is due.
    pub(crate) async fn read_macros(&self) -> bool {
        self.pass(std::time::Duration::from_mins(10));
        self.service.macros().expect("the texts come from the account").look().await
    }

    /// The account's macro for a text.
    pub(crate) fn account_macro(&self, name: &str) -> Macro {
        let macros = self.sandbox.zendesk.macros().into_iter();
        let mut found = macros.filter(|known| known.title == format!("misread::{name}"));
        found.next().unwrap_or_else(|| panic!("the account has no macro for {name}"))
    }

    /// Sets an action of a macro in Zendesk's editor; `null` removes it.
    pub(crate) async fn edit_macro(&self, name: &str, field: &str, value: Value) {
        let Macro { id, mut actions, .. } = self.account_macro(name);
        actions.retain(|action| action.field != field);
        if !value.is_null() {
            actions.push(RuleAction::new(field, value));
        }
        self.change_macro(id, json!({ "actions": actions })).await;
    }

    /// Replaces words of a macro in Zendesk's editor.
    pub(crate) async fn reword_macro(&self, name: &str, from: &str, to: &str) {
        let found = self.account_macro(name);
        let text = found.actions.iter().find(|action| action.field == "comment_value").unwrap();
        let text = text.value.as_str().unwrap().to_owned();
        assert!(text.contains(from), "{name} does not say {from}");
        self.edit_macro(name, "comment_value", json!(text.replace(from, to))).await;
    }

    /// Changes a macro.
    pub(crate) async fn change_macro(&self, id: i64, change: Value) {
        self.admin(Method::PUT, &format!("/api/v2/macros/{id}"), json!({ "macro": change })).await;
    }

    /// The ids of the macros that the updates of a ticket named.
    pub(crate) fn macros_used(&self, id: TicketId) -> Vec<i64> {
        let events = self.sandbox.zendesk.audits(id).into_iter().flat_map(|audit| audit.events);
        let used = events.filter(|event| event["type"] == "AgentMacroReference");
        used.map(|event| event["macro_id"].as_str().unwrap().parse().unwrap()).collect()
    }
}
