//! Rows of the last good macros, the same in every database.

use std::collections::BTreeMap;

use crate::domain::reply::AccountMacro;

pub(super) const ALL: &str = "SELECT name, body FROM good_macros";

// $1 the name, $2 Zendesk's id, $3 the time of its edit there, $4 the hash, $5 the body, $6 now. A replica that read the
// account before an edit must not restore the older version.
pub(super) const KEEP: &str = "
    INSERT INTO good_macros (name, macro_id, updated_at, hash, body, kept_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (name) DO UPDATE SET
        macro_id = excluded.macro_id, updated_at = excluded.updated_at, hash = excluded.hash,
        body = excluded.body, kept_at = excluded.kept_at
    WHERE good_macros.updated_at <= excluded.updated_at OR good_macros.macro_id <> excluded.macro_id";

/// Macros as read. One that this program cannot parse is not a good version.
pub(super) fn macros(rows: Vec<(String, String)>) -> BTreeMap<String, AccountMacro> {
    let version = |(name, body): (String, String)| {
        let read = serde_json::from_str(&body);
        if read.is_err() {
            tracing::warn!(
                name,
                "the last good version of this macro cannot be read; the next one replaces it"
            );
        }
        Some((name, read.ok()?))
    };
    rows.into_iter().filter_map(version).collect()
}
