//! Creates, changes and deletes ticket fields and their options (facts §5.2).

use jiff::Timestamp;
use serde::Deserialize;

use super::values::clean;
use super::{FieldKind, FieldOption, TicketField};
use crate::zendesk::audit_log::AuditKind;
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::state::State;

const MOST_OPTIONS: usize = 2_000;
const LONGEST_VALUE: usize = 255;

/// A request's data for a field. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::zendesk) struct FieldInput {
    #[serde(rename = "type")]
    kind: Option<String>,
    title: Option<String>,
    description: Option<String>,
    agent_description: Option<String>,
    position: Option<i64>,
    active: Option<bool>,
    /// Also for system fields.
    pub(in crate::zendesk) required: Option<bool>,
    collapsed_for_agents: Option<bool>,
    title_in_portal: Option<String>,
    visible_in_portal: Option<bool>,
    editable_in_portal: Option<bool>,
    required_in_portal: Option<bool>,
    regexp_for_validation: Option<String>,
    tag: Option<String>,
    custom_field_options: Option<Vec<OptionInput>>,
}

/// A request's data for an option.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::zendesk) struct OptionInput {
    id: Option<i64>,
    name: Option<String>,
    value: Option<String>,
    default: Option<bool>,
    allow_solving: Option<bool>,
    /// Counted from 0.
    position: Option<usize>,
}

impl State {
    /// Creates a field and returns its id.
    pub(in crate::zendesk) fn create_field(
        &mut self,
        input: FieldInput,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let mut flaws = Flaws::default();
        let word = input.kind.clone().unwrap_or_else(|| "text".to_owned());
        let kind = serde_json::from_value::<FieldKind>(word.into());
        if kind.is_err() {
            flaws.add("type", "Type: is not included in the list", "InvalidValue");
        }
        let title = input.title.clone().unwrap_or_default();
        if title.trim().is_empty() {
            flaws.add("title", "Title: cannot be blank", "BlankValue");
        }
        let wants_options = kind.as_ref().is_ok_and(|kind| kind.has_options());
        if wants_options && input.custom_field_options.as_ref().is_none_or(Vec::is_empty) {
            flaws.add("custom_field_options", "Custom field options: cannot be blank", "BlankValue");
        }
        flaws.into_result()?;
        let id = self.next_id();
        let mut field = TicketField::new(id, kind.unwrap_or(FieldKind::Text), &title);
        field.created_at = Some(now);
        self.write_field(field, input, now)?;
        let title = self.fields[&id].title.clone();
        self.log(by, AuditKind::Create, ("ticket_field", id, &title), String::new(), now);
        Ok(id)
    }

    /// Changes a field. Options missing in the request are deleted, and their values are removed from tickets and macros.
    pub(in crate::zendesk) fn update_field(
        &mut self,
        id: i64,
        input: FieldInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let field = self.fields.get(&id).ok_or(Refusal::NotFound)?.clone();
        if input.title.as_ref().is_some_and(|title| title.trim().is_empty()) {
            return Err(Flaws::only("title", "Title: cannot be blank", "BlankValue"));
        }
        self.write_field(field, input, now)?;
        let title = self.fields[&id].title.clone();
        self.log(by, AuditKind::Update, ("ticket_field", id, &title), String::new(), now);
        Ok(())
    }

    /// Deletes a field; its values are removed from tickets, their tags stay.
    pub(in crate::zendesk) fn delete_field(
        &mut self,
        id: i64,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let field = self.fields.remove(&id).ok_or(Refusal::NotFound)?;
        for ticket in self.tickets.values_mut() {
            ticket.fields.custom_fields.remove(&id);
        }
        self.log(by, AuditKind::Destroy, ("ticket_field", id, &field.title), String::new(), now);
        Ok(())
    }

    /// Adds an option, or changes the one with this id; returns its id and whether it is new.
    pub(in crate::zendesk) fn put_option(
        &mut self,
        field_id: i64,
        input: OptionInput,
        now: Timestamp,
    ) -> Result<(i64, bool), Refusal> {
        let mut field = self.fields.get(&field_id).ok_or(Refusal::NotFound)?.clone();
        if !field.kind.has_options() {
            return Err(Flaws::only("base", "The field has no options", "InvalidValue"));
        }
        let before = field.clone();
        let at = input.id.and_then(|id| field.options.iter().position(|option| option.id == id));
        let position = input.position;
        let (mut option, old_place) = match at {
            Some(at) => (field.options.remove(at), at),
            None => (FieldOption { id: self.next_id(), ..FieldOption::new("", "") }, field.options.len()),
        };
        input.write_on(&mut option);
        let id = option.id;
        field.options.insert(position.unwrap_or(old_place).min(field.options.len()), option);
        self.keep_field(&before, field, now)?;
        Ok((id, at.is_none()))
    }

    /// Deletes an option; its value is removed from tickets and macros.
    pub(in crate::zendesk) fn delete_option(
        &mut self,
        field_id: i64,
        option_id: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let before = self.fields.get(&field_id).ok_or(Refusal::NotFound)?.clone();
        let mut field = before.clone();
        field.options.retain(|option| option.id != option_id);
        if field.options.len() == before.options.len() {
            return Err(Refusal::NotFound);
        }
        self.keep_field(&before, field, now)
    }

    fn write_field(
        &mut self,
        mut field: TicketField,
        input: FieldInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let before = field.clone();
        let named = input.write_on(&mut field);
        if let Some(named) = named.filter(|_| field.kind.has_options()) {
            field.options.clear();
            for input in named {
                let old = input.find(&before.options);
                let fresh = || FieldOption { id: 0, ..FieldOption::new("", "") };
                let mut option = old.cloned().unwrap_or_else(fresh);
                if option.id == 0 {
                    option.id = self.next_id();
                }
                input.write_on(&mut option);
                field.options.push(option);
            }
        }
        self.keep_field(&before, field, now)
    }

    /// Checks and stores a field; removes values it no longer offers from tickets and macros.
    fn keep_field(
        &mut self,
        before: &TicketField,
        mut field: TicketField,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_tags_of(&field)?;
        field.updated_at = Some(now);
        let offered = |value: &String| field.option(value).is_some();
        let gone: Vec<String> = before
            .options
            .iter()
            .map(|option| option.value.clone())
            .filter(|value| !offered(value))
            .collect();
        let id = field.id;
        self.fields.insert(id, field);
        for ticket in self.tickets.values_mut().chain(self.deleted.values_mut()) {
            clean(&mut ticket.fields, id, &gone);
        }
        self.macros.clean(id, &gone);
        Ok(())
    }

    /// Values and tags of fields are tags: they follow the rules for tags and are unique over all fields.
    fn check_tags_of(&self, field: &TicketField) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        if field.options.len() > MOST_OPTIONS {
            let text = format!("Custom field options: a field has at most {MOST_OPTIONS}");
            flaws.add("custom_field_options", &text, "TooManyValues");
        }
        let others = self.fields.values().filter(|other| other.id != field.id);
        let mut taken: Vec<&str> = others.flat_map(TicketField::own_tags).collect();
        for option in &field.options {
            if option.name.trim().is_empty() {
                flaws.add("name", "Name: cannot be blank", "BlankValue");
            }
            if option.value.is_empty() {
                flaws.add("value", "Value: cannot be blank", "BlankValue");
            }
        }
        for tag in field.own_tags().filter(|tag| !tag.is_empty()) {
            if taken.contains(&tag) {
                flaws.add("value", &format!("Value: {tag} is already used by a field"), "DuplicateValue");
            } else if !is_tag(tag) {
                flaws.add("value", &format!("Value: {tag} is not a tag"), "InvalidValue");
            }
            taken.push(tag);
        }
        flaws.into_result()
    }
}

impl TicketField {
    fn own_tags(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(|option| option.value.as_str()).chain(self.tag.as_deref())
    }
}

/// Whether Zendesk accepts this as one tag: no spaces, no forbidden characters (facts §6).
fn is_tag(text: &str) -> bool {
    let fits = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '/' | ':' | '.');
    text.chars().count() <= LONGEST_VALUE && text.chars().all(fits)
}

impl FieldInput {
    /// Writes the data to a field, except for the options, which are returned. A field's kind never changes.
    fn write_on(self, field: &mut TicketField) -> Option<Vec<OptionInput>> {
        let new = field.updated_at.is_none();
        if let Some(title) = self.title {
            field.title = title;
        }
        match self.description {
            Some(description) => field.description = description,
            None if new => field.description.clone_from(&field.title),
            None => {}
        }
        field.agent_description = self.agent_description.or(field.agent_description.take());
        field.title_in_portal = self.title_in_portal.or(field.title_in_portal.take());
        field.regexp_for_validation = self.regexp_for_validation.or(field.regexp_for_validation.take());
        if field.kind == FieldKind::Checkbox {
            field.tag =
                self.tag.map(|tag| tag.to_lowercase()).or(field.tag.take()).filter(|tag| !tag.is_empty());
        }
        field.position = self.position.unwrap_or(field.position);
        for (flag, said) in [
            (&mut field.active, self.active),
            (&mut field.required, self.required),
            (&mut field.collapsed_for_agents, self.collapsed_for_agents),
            (&mut field.visible_in_portal, self.visible_in_portal),
            (&mut field.editable_in_portal, self.editable_in_portal),
            (&mut field.required_in_portal, self.required_in_portal),
        ] {
            *flag = said.unwrap_or(*flag);
        }
        self.custom_field_options
    }
}

impl OptionInput {
    /// The option named in the request: by id, otherwise by value.
    fn find<'a>(&self, options: &'a [FieldOption]) -> Option<&'a FieldOption> {
        let by_id = options.iter().find(|option| Some(option.id) == self.id);
        by_id.or_else(|| options.iter().find(|option| Some(&option.value) == self.value.as_ref()))
    }

    fn write_on(self, option: &mut FieldOption) {
        option.name = self.name.unwrap_or_else(|| std::mem::take(&mut option.name));
        option.value =
            self.value.map_or_else(|| std::mem::take(&mut option.value), |value| value.to_lowercase());
        option.default = self.default.unwrap_or(option.default);
        option.allow_solving = self.allow_solving.unwrap_or(option.allow_solving);
    }
}
