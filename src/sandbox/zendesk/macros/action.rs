//! A macro's actions (facts §4.2).

use serde_json::Value;

use crate::zendesk::rules::{RuleAction, TicketAction};

/// An action that a macro can have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum MacroAction {
    Ticket(TicketAction),
    /// The default group of the user who applies it.
    CurrentGroup,
    Subject(String),
    Comment {
        /// `channel:all`, `channel:web` or `channel:chat`.
        channel: String,
        text: String,
    },
    CommentHtml(String),
    Public(bool),
    /// Stored, but not modelled by the fake: side conversations.
    Aside,
}

const CHANNELS: [&str; 3] = ["channel:all", "channel:web", "channel:chat"];

impl MacroAction {
    /// Parses an action; `None` if a macro cannot have it.
    pub(super) fn parse(action: &RuleAction) -> Option<Self> {
        let RuleAction { field, value } = action;
        let text = || value.as_str().map(str::to_owned);
        match field.as_str() {
            "comment_value" => comment(value),
            "comment_value_html" => text().map(Self::CommentHtml),
            "comment_mode_is_public" => match (value, value.as_str()) {
                (Value::Bool(public), _) => Some(Self::Public(*public)),
                (_, Some("true")) => Some(Self::Public(true)),
                (_, Some("false")) => Some(Self::Public(false)),
                _ => None,
            },
            "subject" => text().map(Self::Subject),
            "group_id" if value == "current_groups" => Some(Self::CurrentGroup),
            "side_conversation" | "side_conversation_ticket" | "side_conversation_slack" => {
                value.is_array().then_some(Self::Aside)
            }
            "status" if value == "closed" => None,
            field => TicketAction::understand(field, value).map(Self::Ticket),
        }
    }
}

/// A text, or channel and text.
fn comment(value: &Value) -> Option<MacroAction> {
    if let Some(text) = value.as_str() {
        return Some(MacroAction::Comment { channel: CHANNELS[0].to_owned(), text: text.to_owned() });
    }
    let [channel, text] = value.as_array()?.as_slice() else { return None };
    let channel = channel.as_str().filter(|channel| CHANNELS.contains(channel))?;
    Some(MacroAction::Comment { channel: channel.to_owned(), text: text.as_str()?.to_owned() })
}
