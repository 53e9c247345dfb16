//! The grammar of Zendesk's business rules (facts §4.2, §5.1): triggers have conditions and actions, macros have actions.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// When a trigger fires.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// All of these must hold.
    #[serde(deserialize_with = "nullable")]
    pub all: Vec<RuleCondition>,
    /// At least one of these must hold, if there are any.
    #[serde(deserialize_with = "nullable")]
    pub any: Vec<RuleCondition>,
}

/// A condition of a trigger or a view, in Zendesk's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleCondition {
    /// A ticket field or a property of the update.
    pub field: String,
    /// The operator. A few conditions have none.
    #[serde(default, deserialize_with = "nullable")]
    pub operator: String,
    /// The value compared with.
    #[serde(default)]
    pub value: Value,
}

/// An effect of a trigger or a macro (facts §4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleAction {
    /// The field that changes.
    pub field: String,
    /// The new value of the field.
    #[serde(default)]
    pub value: Value,
}

impl RuleAction {
    /// Sets `field` to `value`.
    pub fn new(field: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { field: field.into(), value: value.into() }
    }
}

/// Reads null as the default: rules made by others must not cause a parse error.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
