//! The account's macros (facts §4.1), and who edited them.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::ZendeskClient;
use super::wire::PageMeta;
use crate::account::sliding_window::Lane;
use crate::domain::reply::AccountMacro;
use crate::http::{ApiRequest, ApiResponse};
use crate::ports::{CallError, MacroChange, MacroShelf};

/// The size of a hundred macros, each with the longest possible comment, as text and as HTML.
const PAGE_CAP: usize = 32 << 20;
/// The most pages read, of a hundred macros each; no account has more macros than a person could review.
const MOST_PAGES: usize = 50;

#[derive(Deserialize)]
struct Page {
    /// Each is parsed by itself: a foreign macro in an unexpected form must not make all of them unreadable.
    macros: Vec<Value>,
    meta: PageMeta,
}

#[derive(Deserialize)]
struct Logs {
    audit_logs: Vec<Log>,
}

#[derive(Deserialize)]
struct Log {
    actor_name: Option<String>,
    created_at: Timestamp,
}

#[async_trait]
impl MacroShelf for ZendeskClient {
    async fn macros(&self) -> Result<Vec<AccountMacro>, CallError> {
        let mut macros: Vec<AccountMacro> = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let _begun = self.account.begin(None, Lane::Backlog).await?;
            let mut query = vec![("access", "shared"), ("page[size]", "100")];
            query.extend(cursor.as_deref().map(|cursor| ("page[after]", cursor)));
            let answer =
                self.account.get(&ApiRequest::get("api/v2/macros", &[]).query(&query).cap(PAGE_CAP)).await?;
            let page: Page = answer.json()?;
            macros.extend(page.macros.into_iter().filter_map(|one| serde_json::from_value(one).ok()));
            let next = page.meta.next(&answer, cursor.as_deref())?;
            if next.is_none() {
                return Ok(macros);
            }
            cursor = next;
        }
        let reason = format!("the account has more than {} macros", MOST_PAGES * 100);
        Err(CallError::Permanent { reason })
    }

    async fn last_change(&self, macro_id: i64) -> Option<MacroChange> {
        let id = macro_id.to_string();
        newest(&self.account.get(&ApiRequest::get(AUDIT_LOGS, &[]).query(&newest_of(&id))).await.ok()?)
    }
}

/// The path of the account's audit log; an account may have none, and an agent may lack access.
pub(super) const AUDIT_LOGS: &str = "api/v2/audit_logs";

/// The query for the newest edit of a macro.
pub(super) fn newest_of(macro_id: &str) -> [(&str, &str); 4] {
    [
        ("filter[source_type]", "rule"),
        ("filter[source_id]", macro_id),
        ("sort", "-created_at"),
        ("page[size]", "1"),
    ]
}

/// The editor and the time, if the response contains them.
pub(super) fn newest(answer: &ApiResponse) -> Option<MacroChange> {
    let log = answer.json::<Logs>().ok()?.audit_logs.into_iter().next()?;
    Some(MacroChange { by: log.actor_name?, at: log.created_at })
}
