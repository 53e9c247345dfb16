//! The API paths of the set-up's objects (facts §1.8, §4.1, §5).

use serde::de::DeserializeOwned;

use super::shapes::{Brand, CustomStatus, Membership, TicketForm};
use crate::account::setup::{Group, Macro, TicketField, Trigger, TriggerCategory, View, Webhook};

/// A kind of object that can be listed, read, created and changed.
pub trait Resource: DeserializeOwned + Send {
    /// The path of the list.
    const LIST: &'static str;
    /// The path of one object, with `{id}`.
    const ONE: &'static str;
    /// The keys in bodies: for one object, and for a list.
    const NAMES: (&'static str, &'static str);
    /// Whether objects are changed by PATCH; otherwise by PUT.
    const IS_PATCHED: bool = false;
}

impl Resource for Webhook {
    const LIST: &'static str = "api/v2/webhooks";
    const ONE: &'static str = "api/v2/webhooks/{id}";
    const NAMES: (&'static str, &'static str) = ("webhook", "webhooks");
    // PUT would delete omitted parts (facts §1.8).
    const IS_PATCHED: bool = true;
}

impl Resource for Trigger {
    const LIST: &'static str = "api/v2/triggers";
    const ONE: &'static str = "api/v2/triggers/{id}";
    const NAMES: (&'static str, &'static str) = ("trigger", "triggers");
}

impl Resource for TriggerCategory {
    const LIST: &'static str = "api/v2/trigger_categories";
    const ONE: &'static str = "api/v2/trigger_categories/{id}";
    const NAMES: (&'static str, &'static str) = ("trigger_category", "trigger_categories");
    const IS_PATCHED: bool = true;
}

impl Resource for TicketField {
    const LIST: &'static str = "api/v2/ticket_fields";
    const ONE: &'static str = "api/v2/ticket_fields/{id}";
    const NAMES: (&'static str, &'static str) = ("ticket_field", "ticket_fields");
}

impl Resource for Group {
    const LIST: &'static str = "api/v2/groups";
    const ONE: &'static str = "api/v2/groups/{id}";
    const NAMES: (&'static str, &'static str) = ("group", "groups");
}

impl Resource for Membership {
    const LIST: &'static str = "api/v2/group_memberships";
    const ONE: &'static str = "api/v2/group_memberships/{id}";
    const NAMES: (&'static str, &'static str) = ("group_membership", "group_memberships");
}

impl Resource for CustomStatus {
    const LIST: &'static str = "api/v2/custom_statuses";
    const ONE: &'static str = "api/v2/custom_statuses/{id}";
    const NAMES: (&'static str, &'static str) = ("custom_status", "custom_statuses");
}

impl Resource for Brand {
    const LIST: &'static str = "api/v2/brands";
    const ONE: &'static str = "api/v2/brands/{id}";
    const NAMES: (&'static str, &'static str) = ("brand", "brands");
}

impl Resource for TicketForm {
    const LIST: &'static str = "api/v2/ticket_forms";
    const ONE: &'static str = "api/v2/ticket_forms/{id}";
    const NAMES: (&'static str, &'static str) = ("ticket_form", "ticket_forms");
}

impl Resource for Macro {
    const LIST: &'static str = "api/v2/macros";
    const ONE: &'static str = "api/v2/macros/{id}";
    const NAMES: (&'static str, &'static str) = ("macro", "macros");
}

impl Resource for View {
    const LIST: &'static str = "api/v2/views";
    const ONE: &'static str = "api/v2/views/{id}";
    const NAMES: (&'static str, &'static str) = ("view", "views");
}
