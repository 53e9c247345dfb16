//! Converts a macro of a Zendesk account to a macro file, so that one parser checks both.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::actions::field_action;
use super::bounds::Bounds;
use super::head::{self, Head};
use super::{Macro, Paragraph, html};
use crate::domain::problem::Problem;
use crate::domain::rule::Action;
use crate::domain::ticket::{FieldValue, TicketStatus};

/// A macro of the account (Zendesk facts §4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMacro {
    /// Zendesk's id.
    pub id: i64,
    /// Its title for agents; not unique.
    pub title: String,
    /// Whether agents can use it.
    pub active: bool,
    /// Changes with every edit.
    pub updated_at: Timestamp,
    /// Its actions, in this order.
    pub actions: Vec<Action>,
}

impl AccountMacro {
    /// A digest of its actions: 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        hash(&self.actions)
    }

    /// Converts it to a macro file with this head. An action that the service does not support is a problem, never silently
    /// dropped.
    pub(super) fn file(&self, head: &Head, bounds: &Bounds) -> Result<String, Vec<Problem>> {
        let mut file = FileText { keys: Vec::new(), comment: None, problems: Vec::new() };
        for action in &self.actions {
            file.take(action, head.is_paragraph, bounds);
        }
        file.finish(head)
    }
}

/// A digest of actions: 64 hexadecimal digits.
pub(super) fn hash(actions: &[Action]) -> String {
    let actions = serde_json::to_vec(actions).unwrap_or_default();
    Sha256::digest(actions).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file under construction.
struct FileText {
    /// The keys under `[actions]` with their values as TOML.
    keys: Vec<(String, String)>,
    comment: Option<String>,
    problems: Vec<Problem>,
}

const NOT_DONE: &str = "remove it from the macro: the service honours `status`, `priority`, `group_id`, `current_tags`, \
                        `remove_tags` and `custom_fields_…`, beside the public comment";

impl FileText {
    fn refuse(&mut self, what: String, help: &str) {
        self.problems.push(Problem::new(what).help(help));
    }

    fn take(&mut self, action: &Action, is_paragraph: bool, bounds: &Bounds) {
        let Action { field, value } = action;
        let text = plain(value);
        match (field.as_str(), text) {
            ("comment_value", _) => self.comment(comment(value).map_err(|what| vec![what])),
            ("comment_value_html", Some(html)) => self.comment(html::to_text(&html)),
            // A paragraph is part of a reply, which is public.
            ("comment_mode_is_public", Some(flag)) if !is_paragraph || flag == "true" => {
                if !is_paragraph {
                    self.key(field, flag);
                }
            }
            (field, _) if is_paragraph => self.refuse(
                format!("action `{field}`: a paragraph changes nothing on the ticket"),
                "leave only its comment in the macro",
            ),
            ("custom_status_id", Some(id)) => self.custom_status(&id, bounds),
            ("set_tags", _) => self.refuse(
                "action `set_tags` would replace every tag of the ticket, the service's own among them"
                    .to_owned(),
                "use the actions that add tags and remove tags (`current_tags`, `remove_tags`)",
            ),
            ("status" | "priority" | "group_id" | "current_tags" | "remove_tags", Some(text)) => {
                self.key(field, head::line(&text));
            }
            (field, _) if field.starts_with("custom_fields_") => match toml_value(value) {
                Some(value) => self.key(field, value),
                None => self.refuse(
                    format!("action `{field}`: the field is set to nothing"),
                    "set it to a value, or remove the action",
                ),
            },
            (field, _) => self.refuse(format!("the service does not do the action `{field}`"), NOT_DONE),
        }
    }

    fn key(&mut self, field: &str, value: String) {
        if self.keys.iter().any(|(known, _)| known == field) {
            return self.refuse(
                format!("action `{field}` stands in the macro twice"),
                "keep one of them: it is not certain which counts",
            );
        }
        self.keys.push((field.to_owned(), value));
    }

    fn comment(&mut self, read: Result<String, Vec<String>>) {
        match read {
            Ok(_) if self.comment.is_some() => self.refuse(
                "the macro has two comments".to_owned(),
                "keep one of them: it is not certain which counts",
            ),
            Ok(text) => self.comment = Some(text),
            Err(found) => {
                for what in found {
                    let what = format!("the comment holds {what}, which the service cannot send");
                    self.refuse(what, "write it as plain text for all channels");
                }
                self.comment.get_or_insert_default();
            }
        }
    }

    /// One of the account's custom statuses, if the settings give its category.
    fn custom_status(&mut self, id: &str, bounds: &Bounds) {
        let status = id.parse().ok().and_then(|id: i64| bounds.statuses.get(&id));
        match status.and_then(|status| status_word(*status)) {
            Some(word) => self.key("status", head::line(word)),
            None => self.refuse(
                format!("action `custom_status_id`: the settings do not know the status {id}"),
                "write its number under `[zendesk.custom_statuses]`, or let the macro set `status`",
            ),
        }
    }

    fn finish(mut self, head: &Head) -> Result<String, Vec<Problem>> {
        let comment = self.comment.take().unwrap_or_default();
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(text(head, &self.keys, &comment))
    }
}

/// The whole file.
fn text(head: &Head, keys: &[(String, String)], comment: &str) -> String {
    let comment = head::lines(comment);
    if head.is_paragraph {
        return format!("{}text = {comment}\n", head.text);
    }
    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    format!("{}[actions]\n{}comment_value = {comment}\n", head.text, keys.concat())
}

fn status_word(status: TicketStatus) -> Option<&'static str> {
    match status {
        TicketStatus::Open => Some("open"),
        TicketStatus::Pending => Some("pending"),
        TicketStatus::Hold => Some("hold"),
        TicketStatus::Solved => Some("solved"),
        TicketStatus::New | TicketStatus::Closed | TicketStatus::Unknown => None,
    }
}

/// The value as text: Zendesk stores numbers and flags as text or natively.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A comment's text: alone, or after its channel.
fn comment(value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text,
        Value::Array(parts) => match parts.as_slice() {
            [channel, Value::String(text)] if channel == "channel:all" => text,
            [Value::String(channel), _] => return Err(format!("a text for `{channel}` only")),
            _ => return Err("something that is no text".to_owned()),
        },
        _ => return Err("something that is no text".to_owned()),
    };
    Ok(text.replace("\r\n", "\n").trim().to_owned())
}

fn toml_value(value: &Value) -> Option<String> {
    match value {
        Value::Array(list) => {
            let words: Option<Vec<String>> = list.iter().map(|one| Some(head::line(one.as_str()?))).collect();
            words.filter(|words| !words.is_empty()).map(|words| format!("[{}]", words.join(", ")))
        }
        Value::Bool(flag) => Some(flag.to_string()),
        other => plain(other).filter(|text| !text.trim().is_empty()).map(|text| head::line(&text)),
    }
}

impl Macro {
    /// As actions of an account's macro.
    pub fn actions(&self) -> Vec<Action> {
        let does = &self.does;
        let mut actions = Vec::new();
        let mut add = |field: &str, value: Value| actions.push(Action::new(field, value));
        if let Some(word) = does.status.and_then(status_word) {
            add("status", word.into());
        }
        if let Some(priority) = does.priority {
            add("priority", serde_json::to_value(priority).unwrap_or_default());
        }
        if let Some(id) = does.group_id {
            add("group_id", id.to_string().into());
        }
        for (field, tags) in [("current_tags", &does.add_tags), ("remove_tags", &does.remove_tags)] {
            if !tags.is_empty() {
                add(field, tags.join(" ").into());
            }
        }
        for (id, value) in &does.fields {
            let value = match value {
                FieldValue::Flag(flag) => (*flag).into(),
                FieldValue::Text(text) => text.clone().into(),
                FieldValue::List(list) => list.clone().into(),
            };
            add(&field_action(*id), value);
        }
        add("comment_value", self.wording.template.trim().into());
        add("comment_mode_is_public", "true".into());
        actions
    }

    /// Whether both have the same actions and text; audience and title do not count.
    pub fn does_as(&self, other: &Self) -> bool {
        self.does == other.does && self.wording.says_as(&other.wording)
    }
}

impl Paragraph {
    /// As actions of an account's macro.
    pub fn actions(&self) -> Vec<Action> {
        vec![Action::new("comment_value", self.wording.template.trim())]
    }
}
