//! Macros as an admin sees them: who changed one, and all that are the account's.

use super::{AdminClient, AdminError, Macro};
use crate::domain::reply::AccountMacro;
use crate::http::ApiRequest;
use crate::zendesk::macros::{AUDIT_LOGS, newest, newest_of};

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
        let id = macro_id.to_string();
        let answer = self.send(&ApiRequest::get(AUDIT_LOGS, &[]).query(&newest_of(&id))).await.ok()?;
        Some(newest(&answer)?.by)
    }
}

impl Macro {
    /// As the service reads it; `None` where Zendesk does not say when it was changed.
    pub fn of_account(self) -> Option<AccountMacro> {
        let Self { id, title, active, actions, updated_at, .. } = self;
        Some(AccountMacro { id, title, active, updated_at: updated_at?, actions })
    }
}
