//! The parts of an audit's events that are read.

use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::ticket::Warning;
use crate::zendesk::wire::{trust, via};

/// Types of events that do not change the ticket (facts §3.10).
const NEUTRAL: [&str; 7] = [
    "Notification",
    "NotificationWithCcs",
    "FollowerNotification",
    "External",
    "ExternalEvent",
    "Push",
    "AgentMacroReference",
];

/// The parts read of an event of any type. Types are an open set (facts §3.10): an unexpected value under a key of an
/// unknown type must not make a whole history unreadable.
#[derive(Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    kind: String,
    public: Option<bool>,
    #[serde(default)]
    via: Value,
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    trusted: Value,
    #[serde(default)]
    author_id: Value,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    html_body: Value,
    #[serde(default)]
    attachments: Value,
    #[serde(default)]
    field_name: Value,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    previous_value: Value,
}

impl Event {
    pub(super) fn is_by_rule(&self) -> bool {
        via::is_rule(&self.via)
    }

    pub(super) fn is_over_api(&self) -> bool {
        via::is_api(&self.via)
    }

    pub(super) fn is_comment(&self) -> bool {
        matches!(self.kind.as_str(), "Comment" | "VoiceComment")
    }

    /// A comment without the flag is public (facts §3.3).
    pub(super) fn is_public_comment(&self) -> bool {
        self.is_comment() && self.public != Some(false)
    }

    /// Its author: a comment without one is the audit author's. `None`: it is unreadable.
    pub(super) fn author(&self, audit_author: i64) -> Option<i64> {
        if self.author_id.is_null() { Some(audit_author) } else { self.author_id.as_i64() }
    }

    /// The text of a comment. A call's text is ignored: it was taken down by another person or a machine.
    pub(super) fn text(&self) -> Option<&str> {
        self.body.as_str().filter(|body| self.kind == "Comment" && !body.trim().is_empty())
    }

    /// The number of files. Inline images may be missing from the list (facts §3.10), and a call is a recording.
    pub(super) fn attachments(&self) -> usize {
        let listed = self.attachments.as_array().map_or(0, Vec::len);
        let pictures = self.html_body.as_str().map_or(0, |html| html.matches("<img").count());
        listed.max(pictures).max(usize::from(self.kind == "VoiceComment"))
    }

    /// The flags on the comment that question its author.
    pub(super) fn warnings(&self) -> BTreeSet<Warning> {
        let mut warnings = trust::warnings(&self.metadata);
        if warnings.is_empty() && !trust::is_trusted(&self.trusted) {
            warnings.insert(Warning::NotTrusted);
        }
        warnings
    }

    /// Whether it is a side effect of a customer's comment: that opens a waiting ticket, and notifies people.
    pub(super) fn follows_from_comment(&self) -> bool {
        match self.kind.as_str() {
            "Notification" | "NotificationWithCcs" => true,
            "Change" if self.field_name == "status" => self.value == "open",
            "Change" => self.field_name == "custom_status_id",
            _ => false,
        }
    }

    /// Whether it replaced the requester.
    pub(super) fn changes_requester(&self) -> bool {
        self.kind == "Change" && self.field_name == "requester_id"
    }

    /// The tags that it added.
    pub(super) fn added_tags(&self) -> impl Iterator<Item = String> {
        let before: HashSet<String> = tags(&self.previous_value).into_iter().collect();
        tags(&self.value).into_iter().filter(move |tag| self.is_of_tags() && !before.contains(tag))
    }

    /// The tags that it removed.
    pub(super) fn removed_tags(&self) -> impl Iterator<Item = String> {
        let now: HashSet<String> = tags(&self.value).into_iter().collect();
        tags(&self.previous_value).into_iter().filter(move |tag| self.is_of_tags() && !now.contains(tag))
    }

    fn is_of_tags(&self) -> bool {
        self.field_name == "tags" && matches!(self.kind.as_str(), "Change" | "Create")
    }

    /// What it changes beside comments and tags: a field by name, anything else by type.
    pub(super) fn touches(&self) -> Option<String> {
        match self.kind.as_str() {
            "Comment" => None,
            _ if self.is_of_tags() || NEUTRAL.contains(&self.kind.as_str()) => None,
            "Change" | "Create" => {
                self.field_name.as_str().map_or_else(|| Some(self.kind.clone()), |name| Some(name.to_owned()))
            }
            other => Some(other.to_owned()),
        }
    }
}

/// Tags in an audit: a list; or, as in a trigger, one text separated by spaces.
fn tags(value: &Value) -> Vec<String> {
    let listed = value.as_array().into_iter().flatten().chain(value.is_string().then_some(value));
    listed.filter_map(Value::as_str).flat_map(str::split_whitespace).map(str::to_owned).collect()
}
