//! A macro's actions on a ticket beside its comment, under Zendesk's own names (Zendesk facts §4.2).

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use toml::{Spanned, Value};

use crate::domain::problem::Problem;
use crate::domain::ticket::{FieldValue, Priority, TicketStatus};

/// A macro's actions on a ticket beside its comment, within the policy's routing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Does {
    /// `status`: the ticket's new status, if it changes; never new or closed.
    pub status: Option<TicketStatus>,
    /// `priority`: the ticket's new priority, if it changes.
    pub priority: Option<Priority>,
    /// `group_id`: the group that takes over, if it changes.
    pub group_id: Option<i64>,
    /// `current_tags`: tags to add.
    pub add_tags: Vec<String>,
    /// `remove_tags`: tags to remove.
    pub remove_tags: Vec<String>,
    /// `custom_fields_<id>`: fields to set.
    pub fields: BTreeMap<i64, FieldValue>,
    /// The span of each action's value in the file.
    pub(super) places: Places,
}

/// The spans of values by the names of their actions. They are ignored when macros are compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(BTreeMap<String, Range<usize>>);

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

impl Does {
    /// A problem at the value of this action, or of the whole file if it has no such action.
    pub(super) fn problem(&self, action: &str, what: impl Into<String>) -> Problem {
        Problem { what: what.into(), at: self.places.0.get(action).cloned(), help: None }
    }
}

/// The actions as written in a file.
#[derive(Default)]
pub(super) struct Actions {
    status: Option<Spanned<MacroStatus>>,
    priority: Option<Spanned<Priority>>,
    group_id: Option<Spanned<String>>,
    current_tags: Option<Spanned<String>>,
    remove_tags: Option<Spanned<String>>,
    fields: BTreeMap<i64, Spanned<Value>>,
    pub(super) comment_value: Option<Spanned<String>>,
    comment_mode_is_public: Option<Spanned<bool>>,
}

/// The statuses that a macro may set; Zendesk accepts neither new nor closed here.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MacroStatus {
    Open,
    Pending,
    Hold,
    Solved,
}

impl From<MacroStatus> for TicketStatus {
    fn from(status: MacroStatus) -> Self {
        match status {
            MacroStatus::Open => Self::Open,
            MacroStatus::Pending => Self::Pending,
            MacroStatus::Hold => Self::Hold,
            MacroStatus::Solved => Self::Solved,
        }
    }
}

impl Actions {
    /// What they do; what is wrong with them goes into `problems`. `is_unread`: whether the comment is public could not be read.
    pub(super) fn read(self, is_unread: bool, problems: &mut Vec<Problem>) -> Does {
        if !is_unread {
            self.public(problems);
        }
        let mut places = BTreeMap::new();
        let mut place = |action: &str, at: Option<Range<usize>>| {
            places.extend(at.map(|at| (action.to_owned(), at)));
        };
        place("status", self.status.as_ref().map(Spanned::span));
        place("priority", self.priority.as_ref().map(Spanned::span));
        place("group_id", self.group_id.as_ref().map(Spanned::span));
        place("current_tags", self.current_tags.as_ref().map(Spanned::span));
        place("remove_tags", self.remove_tags.as_ref().map(Spanned::span));
        for (id, value) in &self.fields {
            place(&field_action(*id), Some(value.span()));
        }
        let fields = self.fields.iter().filter_map(|(id, value)| Some((*id, field_value(value, problems)?)));
        Does {
            fields: fields.collect(),
            group_id: self.group_id.and_then(|id| group(&id, problems)),
            status: self.status.map(|status| status.into_inner().into()),
            priority: self.priority.map(Spanned::into_inner),
            add_tags: tags(self.current_tags),
            remove_tags: tags(self.remove_tags),
            places: Places(places),
        }
    }

    fn public(&self, problems: &mut Vec<Problem>) {
        match &self.comment_mode_is_public {
            Some(public) if *public.get_ref() => {}
            Some(private) => problems.push(
                Problem::at(private.span(), "매크로는 고객에게 보내는 답이므로 공개여야 합니다")
                    .help("`comment_mode_is_public = true`를 쓰세요. 내부 메모는 서비스가 직접 씁니다"),
            ),
            None => problems.push(
                Problem::new("글이 공개인지 적혀 있지 않습니다")
                    .help("`[actions]` 아래에 `comment_mode_is_public = true`를 쓰세요"),
            ),
        }
    }
}

/// The action that sets a custom field.
pub(super) fn field_action(id: i64) -> String {
    format!("{FIELD}{id}")
}

const FIELD: &str = "custom_fields_";

fn field_value(value: &Spanned<Value>, problems: &mut Vec<Problem>) -> Option<FieldValue> {
    let word = |one: &Value| one.as_str().map(str::to_owned);
    let read = match value.get_ref() {
        Value::String(text) if !text.trim().is_empty() => Some(FieldValue::Text(text.clone())),
        Value::Boolean(flag) => Some(FieldValue::Flag(*flag)),
        Value::Array(list) if !list.is_empty() => {
            list.iter().map(word).collect::<Option<_>>().map(FieldValue::List)
        }
        _ => None,
    };
    if read.is_none() {
        let what = "사용자 정의 필드에는 따옴표로 묶은 글, true 또는 false, 선택 항목 값의 목록을 씁니다";
        problems.push(Problem::at(value.span(), what));
    }
    read
}

fn group(id: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<i64> {
    let parsed = id.get_ref().parse::<i64>().ok().filter(|id| *id > 0);
    if parsed.is_none() {
        problems
            .push(Problem::at(id.span(), "`group_id`에는 따옴표로 묶은 그룹 번호를 씁니다. 예: \"98738\""));
    }
    parsed
}

/// Zendesk separates tags by spaces.
fn tags(written: Option<Spanned<String>>) -> Vec<String> {
    written.map_or_else(Vec::new, |tags| tags.get_ref().split_whitespace().map(str::to_owned).collect())
}

/// A key under `[actions]`.
enum Key {
    Status,
    Priority,
    GroupId,
    CurrentTags,
    RemoveTags,
    CommentValue,
    Public,
    Field(i64),
}

const KEYS: &[&str] = &[
    "status",
    "priority",
    "group_id",
    "current_tags",
    "remove_tags",
    "comment_value",
    "comment_mode_is_public",
    "custom_fields_<number>",
];

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        let field = || key.strip_prefix(FIELD)?.parse().ok().filter(|id| *id > 0);
        Ok(match key.as_str() {
            "status" => Self::Status,
            "priority" => Self::Priority,
            "group_id" => Self::GroupId,
            "current_tags" => Self::CurrentTags,
            "remove_tags" => Self::RemoveTags,
            "comment_value" => Self::CommentValue,
            "comment_mode_is_public" => Self::Public,
            _ => Self::Field(field().ok_or_else(|| D::Error::unknown_field(&key, KEYS))?),
        })
    }
}

/// Implemented by hand because custom fields are named by their ids.
impl<'de> Deserialize<'de> for Actions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = Actions;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("struct Actions")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Actions, A::Error> {
                let mut actions = Actions::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Status => actions.status = Some(map.next_value()?),
                        Key::Priority => actions.priority = Some(map.next_value()?),
                        Key::GroupId => actions.group_id = Some(map.next_value()?),
                        Key::CurrentTags => actions.current_tags = Some(map.next_value()?),
                        Key::RemoveTags => actions.remove_tags = Some(map.next_value()?),
                        Key::CommentValue => actions.comment_value = Some(map.next_value()?),
                        Key::Public => actions.comment_mode_is_public = Some(map.next_value()?),
                        Key::Field(id) => drop(actions.fields.insert(id, map.next_value()?)),
                    }
                }
                Ok(actions)
            }
        }
        deserializer.deserialize_map(Table)
    }
}
