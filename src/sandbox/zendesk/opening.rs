//! Opens tickets: by people and by the API (facts §3.2).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::fake::FakeZendesk;
use super::moments::whole_seconds;
use super::placement::Placement;
use super::records::{Audit, FakeTicket, TicketFields, Via, split_tags};
use super::rules::{Occasion, UpdateType};
use super::state::State;
use super::update::NewComment;
use super::wire;
use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;

/// A customer's new ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NewTicket {
    pub requester_id: i64,
    pub subject: String,
    /// The text of the first comment.
    pub description: String,
    /// Tags, as a form or a rule would set them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The ticket's initial group, if any.
    #[serde(default)]
    pub group_id: Option<i64>,
    /// Values of custom fields by field id, for example the plate.
    #[serde(default)]
    pub custom_fields: BTreeMap<i64, Value>,
    #[serde(default)]
    pub channel: Channel,
    /// The author of the record, if not the requester: for example an agent on the telephone.
    #[serde(default)]
    pub submitter_id: Option<i64>,
    /// Whether the first comment is the requester's although another person types it: only the audit is the submitter's.
    #[serde(default)]
    pub on_behalf: bool,
    /// Zendesk's flags on the first comment, by number (facts §14).
    #[serde(default)]
    pub flags: Vec<i64>,
    /// The names of its files.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// The CCs, who get every public reply.
    #[serde(default)]
    pub email_cc_ids: BTreeSet<i64>,
    /// The brand; the account's first when absent.
    #[serde(default)]
    pub brand_id: Option<i64>,
    /// The form; the account's first when absent.
    #[serde(default)]
    pub ticket_form_id: Option<i64>,
}

/// The channel of a person's ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    #[default]
    Web,
    Email,
    /// A chat window: `from_messaging_channel`.
    Messaging,
    Voice,
    /// A program, over the API.
    Api,
}

impl From<Channel> for Via {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Web => Self::Web,
            Channel::Email => Self::Email,
            Channel::Messaging => Self::Messaging,
            Channel::Voice => Self::Voice,
            Channel::Api => Self::Api,
        }
    }
}

/// The creation of a ticket.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) fields: TicketFields,
    pub(super) author_id: i64,
    pub(super) comment: NewComment,
    pub(super) metadata: Map<String, Value>,
    pub(super) macro_ids: Vec<i64>,
}

impl FakeZendesk {
    /// Opens a ticket on behalf of a customer.
    ///
    /// # Errors
    /// If a named user does not exist.
    pub fn open_ticket(&self, new: NewTicket) -> Result<TicketId, SandboxError> {
        self.change(|state, now| {
            let author_id = new.submitter_id.unwrap_or(new.requester_id);
            for id in new.email_cc_ids.iter().chain([&new.requester_id, &author_id]) {
                state.user(*id)?;
            }
            let mut ticket = State::blank_ticket(new.requester_id, new.channel.into(), now);
            ticket.subject = new.subject;
            ticket.description.clone_from(&new.description);
            ticket.submitter_id = author_id;
            ticket.group_id = new.group_id;
            ticket.placement.email_cc_ids = new.email_cc_ids;
            ticket.placement.brand_id = new.brand_id.unwrap_or(ticket.placement.brand_id);
            ticket.placement.ticket_form_id = new.ticket_form_id.unwrap_or(ticket.placement.ticket_form_id);
            state.fields.set_tags(&mut ticket, new.tags.iter().flat_map(|tags| split_tags(tags)));
            for (field, value) in new.custom_fields {
                state.fields.set_field(&mut ticket, field, value);
            }
            let comment_author = if new.on_behalf { new.requester_id } else { author_id };
            let comment = NewComment {
                public: Some(true),
                flags: new.flags.into_iter().collect(),
                attachments: new.attachments,
                ..NewComment::plain(comment_author, new.description)
            };
            let (metadata, macro_ids) = (Map::new(), Vec::new());
            let opening = Opening { fields: ticket, author_id, comment, metadata, macro_ids };
            State::ticket_of(&state.create(opening, now)?)
        })
    }
}

impl State {
    pub(super) fn ticket_of(audit: &Audit) -> Result<TicketId, SandboxError> {
        TicketId::try_from(audit.ticket_id).map_err(|problem| SandboxError::Invalid {
            what: "ticket".to_owned(),
            reason: problem.to_string(),
        })
    }

    /// An empty ticket without an id.
    pub(super) fn blank_ticket(requester_id: i64, via: Via, now: Timestamp) -> TicketFields {
        let now = whole_seconds(now);
        TicketFields {
            id: 0,
            subject: String::new(),
            description: String::new(),
            status: TicketStatus::New,
            priority: None,
            ticket_type: None,
            requester_id,
            submitter_id: requester_id,
            via,
            external_id: None,
            assignee_id: None,
            group_id: None,
            tags: BTreeSet::new(),
            custom_fields: BTreeMap::new(),
            is_public: true,
            placement: Placement::default(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Assigns the ticket's id, stores it with its first comment, and runs the triggers.
    pub(super) fn create(&mut self, opening: Opening, now: Timestamp) -> Result<Audit, SandboxError> {
        let now = whole_seconds(now);
        let Opening { mut fields, author_id, comment, metadata, macro_ids } = opening;
        let id = self.next_ticket_id();
        fields.id = id;
        let mut audit = self.new_audit(id, author_id, fields.via.clone(), metadata, now);
        let ticket = FakeTicket { fields: fields.clone(), comments: Vec::new(), audits: Vec::new() };
        self.tickets.insert(id, ticket);
        let public = self.add_comment(&fields, comment, &mut audit, now);
        for (field_name, value) in wire::auditable(self, &fields) {
            let event_id = self.next_id();
            if !value.is_null() {
                audit.events.push(
                    json!({ "id": event_id, "type": "Create", "field_name": field_name, "value": value }),
                );
            }
        }
        self.record_copies(None, &fields, &mut audit);
        self.record_macros(&macro_ids, &mut audit);
        self.commit(fields.clone(), &audit, now);
        let occasion = Occasion {
            update_type: UpdateType::Create,
            author_id,
            comment_public: Some(public),
            before: fields,
        };
        self.run_triggers(id, &occasion, audit, now)
    }
}
