//! Ticket fields: their kinds and options (facts §5.2).

mod change;
mod required;
mod system;
mod values;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(super) use change::{FieldInput, OptionInput};
pub(super) use required::check as check_required;
pub(super) use system::{SYSTEM_FIELDS, SystemField};
pub(super) use values::check_forms;

/// The kind of a custom field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// Text of several lines.
    Textarea,
    /// Yes or no; may be linked to a tag.
    Checkbox,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A whole number, as a number or as text.
    Integer,
    /// A number, as a number or as text.
    Decimal,
    /// Text of a format that the field prescribes. The fake does not enforce it.
    Regexp,
    /// The last digits of a card.
    PartialCreditCard,
    /// Some of the options; each value is a tag of the ticket while selected.
    Multiselect,
    /// One of the options; its value is a tag of the ticket while selected.
    Tagger,
    /// Another record's id.
    Lookup,
}

impl FieldKind {
    /// Whether the field has options.
    pub(super) fn has_options(self) -> bool {
        matches!(self, Self::Tagger | Self::Multiselect)
    }

    /// The name of this kind in error details.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Text => "FieldText",
            Self::Textarea => "FieldTextarea",
            Self::Checkbox => "FieldCheckbox",
            Self::Date => "FieldDate",
            Self::Integer => "FieldInteger",
            Self::Decimal => "FieldDecimal",
            Self::Regexp => "FieldRegexp",
            Self::PartialCreditCard => "FieldPartialCreditCard",
            Self::Multiselect => "FieldMultiselect",
            Self::Tagger => "FieldTagger",
            Self::Lookup => "FieldLookup",
        }
    }
}

/// A custom ticket field.
#[expect(clippy::struct_excessive_bools, reason = "the boxes of Zendesk's form, each on its own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TicketField {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Its title for agents.
    pub title: String,
    /// Its description for customers.
    pub description: String,
    /// Its description for agents.
    pub agent_description: Option<String>,
    /// The choices of a tagger or a multiselect, in the order of their positions.
    #[serde(rename = "custom_field_options")]
    pub options: Vec<FieldOption>,
    /// Its position among the fields; new ones are last.
    pub position: i64,
    /// Whether it is in use.
    pub active: bool,
    /// Whether agents must fill it in to solve a ticket.
    pub required: bool,
    /// Whether agents see it among the rarely used ones.
    pub collapsed_for_agents: bool,
    /// Its title for customers; `title` when absent.
    pub title_in_portal: Option<String>,
    /// Whether customers see it.
    pub visible_in_portal: bool,
    /// Whether customers can fill it in.
    pub editable_in_portal: bool,
    /// Whether customers must fill it in.
    pub required_in_portal: bool,
    /// The format of a regexp field.
    pub regexp_for_validation: Option<String>,
    /// The tag that a checkbox sets while it is ticked.
    pub tag: Option<String>,
    /// Absent until it is added to an account.
    pub created_at: Option<Timestamp>,
    /// Absent until it is added to an account.
    pub updated_at: Option<Timestamp>,
}

impl TicketField {
    /// A field with Zendesk's defaults for this kind and title.
    pub fn new(id: i64, kind: FieldKind, title: &str) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            description: title.to_owned(),
            agent_description: None,
            options: Vec::new(),
            position: 9999,
            active: true,
            required: false,
            collapsed_for_agents: false,
            title_in_portal: None,
            visible_in_portal: false,
            editable_in_portal: false,
            required_in_portal: false,
            regexp_for_validation: None,
            tag: None,
            created_at: None,
            updated_at: None,
        }
    }

    /// The option with this value.
    pub(super) fn option(&self, value: &str) -> Option<&FieldOption> {
        self.options.iter().find(|option| option.value == value)
    }
}

/// One choice of a tagger or a multiselect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldOption {
    /// Zendesk's id; 0 until it is added to an account.
    pub id: i64,
    /// Its displayed name; `::` nests menus.
    pub name: String,
    /// The stored value, which is also a tag.
    pub value: String,
    /// Whether it is selected on new tickets.
    pub default: bool,
    /// Whether a ticket with it may be solved while the field is required.
    pub allow_solving: bool,
}

impl FieldOption {
    /// An option without an id yet.
    pub fn new(name: &str, value: &str) -> Self {
        Self { id: 0, name: name.to_owned(), value: value.to_owned(), default: false, allow_solving: true }
    }
}
