//! The values of custom fields on a ticket, and their tags (facts §5.2, §6).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{FieldKind, TicketField};
use crate::zendesk::records::TicketFields;
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::table::Table;

impl Table<TicketField> {
    /// Replaces all tags. A tag that is an option selects it; an option whose tag was removed is deselected.
    pub(in crate::zendesk) fn set_tags(
        &self,
        ticket: &mut TicketFields,
        tags: impl IntoIterator<Item = String>,
    ) {
        ticket.tags = tags.into_iter().collect();
        for field in self.values() {
            let value = field.told_by(&ticket.tags, ticket.custom_fields.get(&field.id));
            if let Some(value) = value {
                store(ticket, field.id, value);
            }
        }
    }

    /// Sets one custom field. Values of a wrong type and unknown options are dropped without an error (facts §5.2, the
    /// stricter reading); [`check_forms`] rejects beforehand what Zendesk is known to reject.
    pub(in crate::zendesk) fn set_field(&self, ticket: &mut TicketFields, id: i64, value: Value) {
        let Some(field) = self.get(&id) else { return };
        let Some(value) = field.taken(value) else { return };
        if let Some(old) = ticket.custom_fields.get(&id) {
            for tag in field.tags_of(old) {
                ticket.tags.remove(&tag);
            }
        }
        ticket.tags.extend(field.tags_of(&value));
        store(ticket, id, value);
    }
}

fn store(ticket: &mut TicketFields, id: i64, value: Value) {
    match value {
        Value::Null => ticket.custom_fields.remove(&id),
        value => ticket.custom_fields.insert(id, value),
    };
}

impl TicketField {
    /// The field's value according to the tags alone; `None` if tags do not determine a field of this kind.
    fn told_by(&self, tags: &BTreeSet<String>, now: Option<&Value>) -> Option<Value> {
        match self.kind {
            FieldKind::Tagger => {
                let selected = now.and_then(Value::as_str).filter(|value| tags.contains(*value));
                let first = || self.options.iter().find(|option| tags.contains(&option.value));
                Some(match selected {
                    Some(value) => json!(value),
                    None => json!(first().map(|option| &option.value)),
                })
            }
            FieldKind::Multiselect => {
                let selected = self.options.iter().filter(|option| tags.contains(&option.value));
                let values: Vec<_> = selected.map(|option| &option.value).collect();
                Some(if values.is_empty() { Value::Null } else { json!(values) })
            }
            FieldKind::Checkbox => self.tag.as_ref().map(|tag| json!(tags.contains(tag))),
            _ => None,
        }
    }

    /// The value as the field stores it, null for none; `None` if it cannot store it.
    fn taken(&self, value: Value) -> Option<Value> {
        match value {
            Value::Null => Some(Value::Null),
            Value::String(text) if text.is_empty() => Some(Value::Null),
            value if !self.fits(&value) => None,
            Value::String(text) if self.kind == FieldKind::Tagger => {
                self.option(&text).map(|option| json!(option.value))
            }
            value if self.kind == FieldKind::Multiselect => {
                let offered: Vec<_> = words(&value).filter(|word| self.option(word).is_some()).collect();
                Some(if offered.is_empty() { Value::Null } else { json!(offered) })
            }
            Value::String(text) if self.kind == FieldKind::Checkbox => Some(json!(text == "true")),
            Value::Number(number) if self.holds_text() => Some(json!(number.to_string())),
            value => Some(value),
        }
    }

    fn holds_text(&self) -> bool {
        matches!(self.kind, FieldKind::Text | FieldKind::Textarea | FieldKind::Regexp | FieldKind::Lookup)
    }

    /// Whether a value has the format of this kind of field, regardless of the options.
    fn fits(&self, value: &Value) -> bool {
        let text = value.as_str().map(str::trim);
        match self.kind {
            FieldKind::Checkbox => value.is_boolean() || matches!(text, Some("true" | "false")),
            FieldKind::Date => text.is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()),
            FieldKind::Integer => value.is_i64() || text.is_some_and(|text| text.parse::<i64>().is_ok()),
            FieldKind::Decimal => value.is_number() || text.is_some_and(|text| text.parse::<f64>().is_ok()),
            FieldKind::Multiselect => value.is_string() || value.is_array(),
            FieldKind::Tagger => value.is_string(),
            _ => value.is_string() || value.is_number(),
        }
    }

    /// The tags of a value of the field.
    fn tags_of(&self, value: &Value) -> Vec<String> {
        match self.kind {
            FieldKind::Tagger | FieldKind::Multiselect => words(value).collect(),
            FieldKind::Checkbox if value == &json!(true) => self.tag.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }
}

/// The texts of a value that is one or a list of them.
fn words(value: &Value) -> impl Iterator<Item = String> {
    let one = value.as_str().into_iter();
    let many = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    one.chain(many).map(str::to_owned)
}

/// Rejects values that do not have their field's format, for example letters in a number.
pub(in crate::zendesk) fn check_forms(
    fields: &Table<TicketField>,
    values: &[(i64, Value)],
) -> Result<(), Refusal> {
    let mut flaws = Flaws::default();
    for (id, value) in values {
        let Some(field) = fields.get(id) else { continue };
        let empty = value.is_null() || value == "";
        if !empty && !field.fits(value) {
            flaws.of_field("is invalid", &field.title, *id, field.kind.class());
        }
    }
    flaws.into_result()
}

/// Removes values that a field no longer offers from a ticket, without an audit.
pub(super) fn clean(ticket: &mut TicketFields, field_id: i64, gone: &[String]) {
    let Some(value) = ticket.custom_fields.get(&field_id) else { return };
    let (lost, left): (Vec<_>, Vec<_>) = words(value).partition(|word| gone.contains(word));
    if lost.is_empty() {
        return;
    }
    let keeps = value.is_array() && !left.is_empty();
    for tag in &lost {
        ticket.tags.remove(tag);
    }
    store(ticket, field_id, if keeps { json!(left) } else { Value::Null });
}
