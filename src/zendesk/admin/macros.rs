//! Macros as an admin sees them: who changed one, and all that are the account's.

use serde::Deserialize;

use super::{AdminClient, AdminError, Macro};
use crate::domain::reply::AccountMacro;
use crate::http::Call;

impl AdminClient {
    /// All macros of the account but those that are somebody's own.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn account_macros(&self) -> Result<Vec<AccountMacro>, AdminError> {
        let all = self.list::<Macro>().await?;
        let personal =
            |one: &Macro| one.restriction.as_ref().is_some_and(|restriction| restriction["type"] == "User");
        Ok(all.into_iter().filter(|one| !personal(one)).filter_map(Macro::of_account).collect())
    }

    /// Who changed a macro last; `None` where the account's plan has no audit log.
    pub async fn macro_changed_by(&self, macro_id: i64) -> Option<String> {
        #[derive(Deserialize)]
        struct Logs {
            audit_logs: Vec<Log>,
        }
        #[derive(Deserialize)]
        struct Log {
            actor_name: Option<String>,
        }
        let id = macro_id.to_string();
        let query = [
            ("filter[source_type]", "rule"),
            ("filter[source_id]", id.as_str()),
            ("sort", "-created_at"),
            ("page[size]", "1"),
        ];
        let answer = self.send(&Call::get("api/v2/audit_logs", &[]).query(&query)).await.ok()?;
        answer.json::<Logs>().ok()?.audit_logs.into_iter().next()?.actor_name
    }
}

impl Macro {
    /// As the service reads it; `None` where Zendesk does not say when it was changed.
    pub fn of_account(self) -> Option<AccountMacro> {
        let Self { id, title, active, actions, updated_at, .. } = self;
        Some(AccountMacro { id, title, active, updated_at: updated_at?, actions })
    }
}
