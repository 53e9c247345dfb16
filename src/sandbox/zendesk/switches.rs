//! What differs from account to account, or is not known of Zendesk: each can be had either way.

use serde::{Deserialize, Serialize};

/// How the account behaves where accounts differ, and where nobody outside Zendesk knows.
#[expect(clippy::struct_excessive_bools, reason = "switches, each on its own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSwitches {
    /// How `fields` looks in what a macro would change (facts §4.3).
    pub macro_fields: MacroFields,
    /// Whether placeholders are rendered where a macro is shown without a ticket (facts §4.3); else they are left as they are.
    pub macros_rendered_without_ticket: bool,
    /// Whether a trigger's condition may name the current user by id (facts §5.1).
    pub role_takes_user_ids: bool,
    /// Whether the plan includes the audit log; else it is forbidden.
    pub audit_log: bool,
    /// Whether the plan includes the revisions of triggers; else they are forbidden.
    pub trigger_revisions: bool,
    /// Whether triggers are sorted into categories; else categories are forbidden, and triggers have none.
    pub trigger_categories: bool,
    /// Whether the plan includes several ticket forms; else they are forbidden.
    pub ticket_forms: bool,
    /// Whether the plan includes dynamic content; else it is forbidden.
    pub dynamic_content: bool,
    /// Whether webhooks may only go to `https` addresses (facts §1.5).
    pub webhooks_need_https: bool,
    /// How many webhooks the account may have; trial accounts 10 (facts §1.5).
    pub most_webhooks: Option<usize>,
}

/// How `fields` looks in what a macro would change: three forms are told of (facts §4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroFields {
    /// `{"id": 1, "value": "a"}`, as documented: of several fields only the last is seen.
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
