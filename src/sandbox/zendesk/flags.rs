//! Zendesk's flags on a comment, in the metadata of its audit and in its own (facts §14).

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Another person wrote it on the author's behalf.
const ON_BEHALF: i64 = 11;

/// Zendesk's flags on a comment; empty if there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flags {
    /// By number: 0 not trusted, 2 not in the conversation, 3 not signed in, 4 automatic, 5 attachment rejected, 11 on behalf.
    pub numbers: BTreeSet<i64>,
    /// Who wrote it on the author's behalf: user id and name.
    pub on_behalf_by: Option<(i64, String)>,
}

impl Flags {
    /// These flags, plus the one for a comment whose author is not its sender.
    pub(super) fn of(numbers: BTreeSet<i64>, author_id: i64, sender_id: i64, sender: Option<&str>) -> Self {
        let mut flags = Self { numbers, on_behalf_by: None };
        if author_id != sender_id {
            flags.numbers.insert(ON_BEHALF);
            flags.on_behalf_by = Some((sender_id, sender.unwrap_or_default().to_owned()));
        }
        flags
    }

    /// Adds `flags`, `flags_options` and `trusted` to the metadata, if there are flags.
    pub(super) fn write_on(&self, metadata: &mut Value) {
        if self.numbers.is_empty() {
            return;
        }
        let options = self.numbers.iter().map(|flag| (flag.to_string(), self.option(*flag)));
        metadata["flags"] = json!(self.numbers);
        metadata["flags_options"] = Value::Object(options.collect::<Map<_, _>>());
        metadata["trusted"] = json!(false);
    }

    fn option(&self, flag: i64) -> Value {
        let mut option = json!({ "trusted": false });
        if let Some((user_id, name)) = self.on_behalf_by.as_ref().filter(|_| flag == ON_BEHALF) {
            option["message"] = json!({ "user": name, "user_id": user_id });
        }
        option
    }
}
