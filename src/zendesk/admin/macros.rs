//! Macros as an admin sees them: the last editor of one, and all shared macros of the account.

use super::{AdminClient, AdminError, Macro};
use crate::domain::reply::AccountMacro;
use crate::http::ApiRequest;
use crate::zendesk::macros::{AUDIT_LOGS, newest, newest_of};

impl AdminClient {
    /// All macros of the account except personal ones.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn account_macros(&self) -> Result<Vec<AccountMacro>, AdminError> {
        let all = self.list::<Macro>().await?;
        let personal =
            |one: &Macro| one.restriction.as_ref().is_some_and(|restriction| restriction["type"] == "User");
        Ok(all.into_iter().filter(|one| !personal(one)).filter_map(Macro::of_account).collect())
    }

    /// The last editor of a macro; `None` if the account's plan has no audit log.
    pub async fn macro_changed_by(&self, macro_id: i64) -> Option<String> {
        let id = macro_id.to_string();
        let answer = self.send(&ApiRequest::get(AUDIT_LOGS, &[]).query(&newest_of(&id))).await.ok()?;
        Some(newest(&answer)?.by)
    }
}
