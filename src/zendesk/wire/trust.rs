//! Zendesk's doubts about a comment (facts §14, "How far a comment can be trusted"): `flags`, `flags_options` and
//! `trusted`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::ticket::Warning;

/// The warnings in the metadata of an audit or of a comment. Unreadable metadata is a warning too.
pub fn warnings(metadata: &Value) -> BTreeSet<Warning> {
    let mut found: BTreeSet<Warning> = listed(&metadata["flags"]).into_iter().map(warning).collect();
    match &metadata["flags_options"] {
        Value::Null => {}
        Value::Object(options) => found.extend(options.keys().map(|key| warning(key.parse().ok()))),
        // Some systems serialise an empty object as an empty list.
        Value::Array(list) if list.is_empty() => {}
        _ => {
            found.insert(Warning::UnknownFlag);
        }
    }
    if found.is_empty() && !is_trusted(&metadata["trusted"]) {
        found.insert(Warning::NotTrusted);
    }
    found
}

/// Whether `trusted` is true or absent.
pub(super) fn is_trusted(trusted: &Value) -> bool {
    matches!(trusted, Value::Null | Value::Bool(true))
}

/// Each flag by its number; `None` for one that is not a number.
fn listed(flags: &Value) -> Vec<Option<i64>> {
    match flags {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().map(Value::as_i64).collect(),
        _ => vec![None],
    }
}

fn warning(flag: Option<i64>) -> Warning {
    match flag {
        Some(0) => Warning::NotTrusted,
        Some(2) => Warning::NotInConversation,
        Some(3) => Warning::NotSignedIn,
        Some(4) => Warning::Automatic,
        Some(5) => Warning::AttachmentRejected,
        Some(11) => Warning::OnBehalf,
        _ => Warning::UnknownFlag,
    }
}
