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
use crate::domain::rule::RuleAction;
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
    pub actions: Vec<RuleAction>,
}

impl AccountMacro {
    /// A digest of its actions: 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        hash(&self.actions)
    }

    /// Its public text, also one that cannot be sent; `None`: it has none that can be read.
    pub fn text(&self) -> Option<String> {
        self.actions.iter().find_map(|action| match action.field.as_str() {
            "comment_value" => comment(&action.value).ok(),
            "comment_value_html" => html::to_text(&plain(&action.value)?).ok(),
            _ => None,
        })
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
pub(super) fn hash(actions: &[RuleAction]) -> String {
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

const NOT_DONE: &str = "매크로에서 빼세요. 서비스는 공개 글 외에 `status`, `priority`, `group_id`, `current_tags`, \
                        `remove_tags`, `custom_fields_…`만 다룹니다";

impl FileText {
    fn refuse(&mut self, what: String, help: &str) {
        self.problems.push(Problem::new(what).help(help));
    }

    fn take(&mut self, action: &RuleAction, is_paragraph: bool, bounds: &Bounds) {
        let RuleAction { field, value } = action;
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
            (field, _) if is_paragraph => self
                .refuse(format!("동작 `{field}`: 문단은 티켓을 바꾸지 않습니다"), "매크로에 글만 남기세요"),
            ("custom_status_id", Some(id)) => self.custom_status(&id, bounds),
            ("set_tags", _) => self.refuse(
                "동작 `set_tags`는 서비스의 태그까지 티켓의 태그를 모두 바꿉니다".to_owned(),
                "태그를 더하고 빼는 동작(`current_tags`, `remove_tags`)을 쓰세요",
            ),
            ("status" | "priority" | "group_id" | "current_tags" | "remove_tags", Some(text)) => {
                self.key(field, head::line(&text));
            }
            (field, _) if field.starts_with("custom_fields_") => match toml_value(value) {
                Some(value) => self.key(field, value),
                None => self.refuse(
                    format!("동작 `{field}`: 필드에 넣을 값이 없습니다"),
                    "값을 넣거나 동작을 빼세요",
                ),
            },
            (field, _) => self.refuse(format!("동작 `{field}`은(는) 서비스가 하지 않습니다"), NOT_DONE),
        }
    }

    fn key(&mut self, field: &str, value: String) {
        if self.keys.iter().any(|(known, _)| known == field) {
            return self.refuse(
                format!("동작 `{field}`이(가) 매크로에 두 번 있습니다"),
                "하나만 남기세요. 어느 것이 쓰일지 알 수 없습니다",
            );
        }
        self.keys.push((field.to_owned(), value));
    }

    fn comment(&mut self, read: Result<String, Vec<String>>) {
        match read {
            Ok(_) if self.comment.is_some() => self.refuse(
                "매크로에 글이 둘 있습니다".to_owned(),
                "하나만 남기세요. 어느 것이 쓰일지 알 수 없습니다",
            ),
            Ok(text) => self.comment = Some(text),
            Err(found) => {
                for what in found {
                    let what = format!("글에 서비스가 보낼 수 없는 것이 있습니다: {what}");
                    self.refuse(what, "모든 채널에 보낼 일반 글로 쓰세요");
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
                format!("동작 `custom_status_id`: 상태 {id}이(가) 설정에 없습니다"),
                "번호를 `[zendesk.custom_statuses]` 아래에 쓰거나, 매크로에 `status`를 쓰세요",
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

/// A macro file with this text as its comment; a paragraph's file has no actions.
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
            [Value::String(channel), _] => return Err(format!("`{channel}` 전용 글")),
            _ => return Err("글이 아닌 것".to_owned()),
        },
        _ => return Err("글이 아닌 것".to_owned()),
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
    pub fn actions(&self) -> Vec<RuleAction> {
        let does = &self.does;
        let mut actions = Vec::new();
        let mut add = |field: &str, value: Value| actions.push(RuleAction::new(field, value));
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
    pub fn actions(&self) -> Vec<RuleAction> {
        vec![RuleAction::new("comment_value", self.wording.template.trim())]
    }
}
