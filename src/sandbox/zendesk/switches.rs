//! Switches for behaviour that differs between accounts.

use serde::{Deserialize, Serialize};

/// Behaviour that differs between accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSwitches {
    /// Whether a trigger's condition may name the current user by id (facts §5.1).
    pub role_takes_user_ids: bool,
    /// Whether triggers have categories; otherwise categories are forbidden, and triggers have none.
    pub trigger_categories: bool,
}

impl Default for AccountSwitches {
    fn default() -> Self {
        Self { role_takes_user_ids: true, trigger_categories: true }
    }
}
