//! The grammar of Zendesk's business rules (facts §4.2, §5.1): triggers have conditions and actions, macros have actions.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// When a trigger fires.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// Each of these holds.
    #[serde(deserialize_with = "nullable")]
    pub all: Vec<Condition>,
    /// And one of these, where there are any.
    #[serde(deserialize_with = "nullable")]
    pub any: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at.
    pub field: String,
    /// How it is compared. A few conditions have none.
    #[serde(default, deserialize_with = "nullable")]
    pub operator: String,
    /// With what.
    #[serde(default)]
    pub value: Value,
}

/// What a trigger or a macro does (facts §4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What is changed.
    pub field: String,
    /// To what.
    #[serde(default)]
    pub value: Value,
}

impl Action {
    /// Sets `field` to `value`.
    pub fn new(field: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { field: field.into(), value: value.into() }
    }
}

/// Where Zendesk may show null for nothing: what others made must not stop us.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
