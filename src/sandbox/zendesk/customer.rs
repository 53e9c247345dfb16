//! Acts as the customers: the requester and CCs write to a ticket, over any channel and possibly on behalf of another.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::fake::FakeZendesk;
use super::opening::{Channel, Opening};
use super::records::Via;
use super::state::State;
use super::update::{NewComment, Update};
use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;

/// A customer's public comment. Defaults are those of an ordinary one: by the requester themself, over the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerMessage {
    /// The text; may be empty.
    pub text: String,
    /// The author; the requester when absent.
    pub author_id: Option<i64>,
    pub via: Channel,
    /// Zendesk's flags on it, by number (facts §14): 0 not trusted, 2 not in the conversation, 3 not signed in, 4
    /// automatic, 5 attachment rejected. 11, on behalf, is set automatically.
    pub flags: Vec<i64>,
    /// The names of its files.
    pub attachments: Vec<String>,
    /// Who writes it on the author's behalf: an agent, or the user of a program. The audit is theirs.
    pub on_behalf_by: Option<i64>,
    /// Whether only agents see it, like a comment from an address outside the conversation (flag 2).
    pub private: bool,
    /// Whether they tick "mark as solved" with it.
    pub solves: bool,
    /// Whether it is a call's recording (`VoiceComment`); the text is then its transcript.
    pub spoken: bool,
}

impl FakeZendesk {
    /// The requester writes again. A waiting or solved ticket becomes open.
    ///
    /// # Errors
    /// If there is no such ticket, or it is closed.
    pub fn customer_comments(&self, id: TicketId, text: &str) -> Result<(), SandboxError> {
        let message = CustomerMessage { text: text.to_owned(), ..CustomerMessage::default() };
        self.customer_sends(id, message).map(drop)
    }

    /// A customer's comment with all options. A waiting or solved ticket becomes open. Returns the ticket with the comment:
    /// an e-mail to a closed one creates a new ticket that follows it.
    ///
    /// # Errors
    /// If there is no such ticket or user, or the ticket is closed and it is no e-mail.
    pub fn customer_sends(&self, id: TicketId, message: CustomerMessage) -> Result<TicketId, SandboxError> {
        self.change(|state, now| state.customer_writes(id, message, now))
    }

    /// A CC replies to all, by e-mail. It counts as any customer's comment.
    ///
    /// # Errors
    /// If there is no such ticket, it is closed, or the user is no CC of it.
    pub fn cc_comments(&self, id: TicketId, user_id: i64, text: &str) -> Result<(), SandboxError> {
        self.change(|state, now| {
            if !state.ticket(id.get())?.fields.placement.email_cc_ids.contains(&user_id) {
                let reason = format!("user {user_id} gets no copies of ticket {id}");
                return Err(SandboxError::Invalid { what: "comment".to_owned(), reason });
            }
            let message = CustomerMessage {
                text: text.to_owned(),
                author_id: Some(user_id),
                via: Channel::Email,
                ..CustomerMessage::default()
            };
            state.customer_writes(id, message, now).map(drop)
        })
    }
}

impl State {
    fn customer_writes(
        &mut self,
        id: TicketId,
        message: CustomerMessage,
        now: Timestamp,
    ) -> Result<TicketId, SandboxError> {
        let requester_id = self.ticket(id.get())?.fields.requester_id;
        let author_id = message.author_id.unwrap_or(requester_id);
        let writer_id = message.on_behalf_by.unwrap_or(author_id);
        for user_id in [author_id, writer_id] {
            self.user(user_id)?;
        }
        let comment = NewComment {
            public: Some(!message.private),
            flags: message.flags.into_iter().collect(),
            attachments: message.attachments,
            spoken: message.spoken,
            ..NewComment::plain(author_id, message.text)
        };
        let via = Via::from(message.via);
        let follow_up = match message.via {
            Channel::Email => self.follow_up_of(id.get(), via.clone(), now),
            _ => None,
        };
        let Some(mut fields) = follow_up else {
            let status = message.solves.then_some(TicketStatus::Solved);
            let update = Update { comment: Some(comment), status, ..Update::default() };
            return self.update(id.get(), writer_id, via, update, now).map(|_| id);
        };
        fields.description.clone_from(&comment.body);
        let (metadata, macro_ids) = (Map::new(), Vec::new());
        let opening = Opening { fields, author_id: writer_id, comment, metadata, macro_ids };
        State::ticket_of(&self.create(opening, now)?)
    }
}
