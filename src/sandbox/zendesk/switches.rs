//! Switches for behaviour that differs between accounts or is unknown outside Zendesk.

use serde::{Deserialize, Serialize};

/// Behaviour that differs between accounts or is unknown outside Zendesk.
#[expect(clippy::struct_excessive_bools, reason = "switches, each on its own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSwitches {
    /// The form of `fields` in a macro's changes (facts §4.3).
    pub macro_fields: MacroFields,
    /// Whether placeholders are rendered in a macro shown without a ticket (facts §4.3); otherwise they stay.
    pub macros_rendered_without_ticket: bool,
    /// Whether a trigger's condition may name the current user by id (facts §5.1).
    pub role_takes_user_ids: bool,
    /// Whether the plan includes the audit log; else it is forbidden.
    pub audit_log: bool,
    /// Whether the plan includes the revisions of triggers; else they are forbidden.
    pub trigger_revisions: bool,
    /// Whether triggers have categories; otherwise categories are forbidden, and triggers have none.
    pub trigger_categories: bool,
    /// Whether the plan includes several ticket forms; else they are forbidden.
    pub ticket_forms: bool,
    /// Whether the plan includes dynamic content; else it is forbidden.
    pub dynamic_content: bool,
    /// Whether webhooks may only go to `https` addresses (facts §1.5).
    pub webhooks_need_https: bool,
    /// The most webhooks of the account; trial accounts 10 (facts §1.5).
    pub most_webhooks: Option<usize>,
}

/// The form of `fields` in a macro's changes: three are reported (facts §4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroFields {
    /// `{"id": 1, "value": "a"}`, as documented: of several fields only the last appears.
    #[default]
    Object,
    /// `{"1": "a", "2": "b"}`
    Map,
    /// `[{"id": 1, "value": "a"}]`
    List,
}

impl Default for AccountSwitches {
    fn default() -> Self {
        Self {
            macro_fields: MacroFields::default(),
            macros_rendered_without_ticket: false,
            role_takes_user_ids: true,
            audit_log: true,
            trigger_revisions: true,
            trigger_categories: true,
            ticket_forms: true,
            dynamic_content: true,
            webhooks_need_https: false,
            most_webhooks: None,
        }
    }
}
