//! What is read of an audit's events.

use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::ticket::Warning;
use crate::zendesk::wire::{trust, via};

/// Types of events that change nothing of the ticket (facts §3.10).
const NEUTRAL: [&str; 7] = [
    "Notification",
    "NotificationWithCcs",
    "FollowerNotification",
    "External",
    "ExternalEvent",
    "Push",
    "AgentMacroReference",
];

/// What is read of an event of any type. Types are an open set (facts §3.10): a key that holds something unexpected in a type that
/// we do not know must not make a whole history unreadable.
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

    /// A comment that does not say otherwise is public (facts §3.3).
    pub(super) fn is_public_comment(&self) -> bool {
        self.is_comment() && self.public != Some(false)
    }

    /// Who wrote it: a comment that names no author is the audit's author's. `None`: it cannot be read.
    pub(super) fn author(&self, audit_author: i64) -> Option<i64> {
        if self.author_id.is_null() { Some(audit_author) } else { self.author_id.as_i64() }
    }

    /// What a comment says. A call is not read: what stands there is what somebody or a machine took down.
    pub(super) fn text(&self) -> Option<&str> {
        self.body.as_str().filter(|body| self.kind == "Comment" && !body.trim().is_empty())
    }

    /// How many files came with it. Pictures within the text need not be listed (facts §3.10), and a call is a recording.
    pub(super) fn attachments(&self) -> usize {
        let listed = self.attachments.as_array().map_or(0, Vec::len);
        let pictures = self.html_body.as_str().map_or(0, |html| html.matches("<img").count());
        listed.max(pictures).max(usize::from(self.kind == "VoiceComment"))
    }

    /// What the comment itself tells against its author's hand.
    pub(super) fn warnings(&self) -> BTreeSet<Warning> {
        let mut warnings = trust::warnings(&self.metadata);
        if warnings.is_empty() && !trust::is_trusted(&self.trusted) {
            warnings.insert(Warning::NotTrusted);
        }
        warnings
    }

    /// Whether a customer's comment brings it along by itself: it opens a ticket that was waiting, and people are told.
    pub(super) fn follows_from_comment(&self) -> bool {
        match self.kind.as_str() {
            "Notification" | "NotificationWithCcs" => true,
            "Change" if self.field_name == "status" => self.value == "open",
            "Change" => self.field_name == "custom_status_id",
            _ => false,
        }
    }

    /// Whether another requester was put in.
    pub(super) fn changes_requester(&self) -> bool {
        self.kind == "Change" && self.field_name == "requester_id"
    }

    /// The tags that the ticket has by it and had not before.
    pub(super) fn added_tags(&self) -> impl Iterator<Item = String> {
        let before: HashSet<String> = tags(&self.previous_value).into_iter().collect();
        tags(&self.value).into_iter().filter(move |tag| self.is_of_tags() && !before.contains(tag))
    }

    /// The tags that the ticket had before it and has no more.
    pub(super) fn removed_tags(&self) -> impl Iterator<Item = String> {
        let now: HashSet<String> = tags(&self.value).into_iter().collect();
        tags(&self.previous_value).into_iter().filter(move |tag| self.is_of_tags() && !now.contains(tag))
    }

    fn is_of_tags(&self) -> bool {
        self.field_name == "tags" && matches!(self.kind.as_str(), "Change" | "Create")
    }

    /// What it changes that is neither a comment nor a tag: a field by its name, anything else by its type.
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

/// Tags as Zendesk writes them into an audit: a list; or, as in a trigger, one text in which blanks part them.
fn tags(value: &Value) -> Vec<String> {
    let listed = value.as_array().into_iter().flatten().chain(value.is_string().then_some(value));
    listed.filter_map(Value::as_str).flat_map(str::split_whitespace).map(str::to_owned).collect()
}
