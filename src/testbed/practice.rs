//! The practice room of a sandbox.

use std::sync::atomic::{AtomicU32, Ordering};

use super::sandbox::{Sandbox, marks};
use crate::account::triggers::Marks;
use crate::domain::ids::TicketId;
use crate::domain::parking::{ParkingUse, UseStatus};
use crate::domain::policy::Team;
use crate::ports::{
    PracticeAct, PracticeComment, PracticeCustomer, PracticeRefusal, PracticeRoom, PracticeTag,
    PracticeTicket, PracticeWriter,
};
use crate::sandbox::SandboxError;
use crate::sandbox::seed::{self, ACCOUNT, Story};
use crate::sandbox::zendesk::{AgentUpdate, FakeTicket, Role, SERVICE_USER};

/// Copies of stories below this number belong to others: to the demo, and to tests.
const FIRST_COPY: u32 = 100;

/// The customers of the sandbox's stories, and the agent of its account.
#[derive(Debug)]
pub struct SandboxRoom {
    sandbox: Sandbox,
    marks: Marks,
    /// Every ticket is of another customer with a use of their own: a use is settled once.
    next_copy: AtomicU32,
}

impl SandboxRoom {
    /// A room with the people of this sandbox, whose service has the built-in tags.
    pub fn new(sandbox: Sandbox) -> Self {
        Self { sandbox, marks: marks(), next_copy: AtomicU32::new(FIRST_COPY) }
    }

    fn shown(&self, ticket: FakeTicket) -> Option<PracticeTicket> {
        let FakeTicket { fields, comments, .. } = ticket;
        let said = comments.into_iter().map(|comment| PracticeComment {
            by: self.writer(comment.author_id),
            public: comment.public,
            text: comment.body,
        });
        let team = Team::ALL.iter().find(|team| fields.group_id == Some(ACCOUNT.group(**team)));
        let requester = self.sandbox.zendesk.user(fields.requester_id);
        Some(PracticeTicket {
            id: TicketId::try_from(fields.id).ok()?,
            customer: requester.map(|user| user.name).unwrap_or_default(),
            subject: fields.subject,
            status: fields.status,
            group: team.map(|team| team.korean()),
            tags: fields.tags.into_iter().collect(),
            said: said.collect(),
            owes: !self.owed_by(fields.requester_id).is_empty(),
        })
    }

    fn writer(&self, id: i64) -> PracticeWriter {
        if id == SERVICE_USER {
            return PracticeWriter::Service;
        }
        match self.sandbox.zendesk.user(id).map(|user| user.role) {
            Some(Role::EndUser) => PracticeWriter::Customer,
            _ => PracticeWriter::Agent,
        }
    }

    /// The unpaid uses of this customer's account.
    fn owed_by(&self, customer: i64) -> Vec<ParkingUse> {
        let Some(account) = self.sandbox.zendesk.user(customer).and_then(|user| user.external_id) else {
            return Vec::new();
        };
        let mut uses = self.sandbox.parking.uses();
        uses.retain(|own| own.account_id.as_str() == account && own.status == UseStatus::Unpaid);
        uses
    }

    fn agent_writes(&self, id: TicketId, update: AgentUpdate) -> Result<(), SandboxError> {
        self.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, update)
    }
}

impl PracticeRoom for SandboxRoom {
    fn customers(&self) -> Vec<PracticeCustomer> {
        let customer =
            |story: &Story| PracticeCustomer { title: story.title, name: story.customer.name.clone() };
        self.sandbox.stories.iter().map(customer).collect()
    }

    fn open(&self, customer: usize, words: Option<&str>) -> Result<TicketId, PracticeRefusal> {
        let told = self
            .sandbox
            .stories
            .get(customer)
            .ok_or_else(|| PracticeRefusal("no such customer".to_owned()))?;
        let mut story = told.copy(self.next_copy.fetch_add(1, Ordering::SeqCst));
        if let Some(words) = words {
            story.message = words.to_owned().into();
        }
        seed::load(&self.sandbox.parking, &self.sandbox.zendesk, std::slice::from_ref(&story));
        story.open(&self.sandbox.zendesk).map_err(|error| refused(&error))
    }

    fn tickets(&self, most: usize) -> Vec<PracticeTicket> {
        let tickets = self.sandbox.zendesk.tickets().into_iter().rev().take(most);
        tickets.filter_map(|ticket| self.shown(ticket)).collect()
    }

    fn ticket(&self, id: TicketId) -> Option<PracticeTicket> {
        self.shown(self.sandbox.zendesk.ticket(id)?)
    }

    fn act(&self, id: TicketId, act: PracticeAct) -> Result<(), PracticeRefusal> {
        let zendesk = &self.sandbox.zendesk;
        let done = match act {
            PracticeAct::CustomerSays(text) => zendesk.customer_comments(id, &text),
            PracticeAct::CustomerPays => {
                let ticket = zendesk.ticket(id).ok_or_else(|| PracticeRefusal(format!("no ticket {id}")))?;
                let owed = self.owed_by(ticket.fields.requester_id);
                owed.iter().try_for_each(|own| self.sandbox.parking.pay(&own.id))
            }
            PracticeAct::AgentReplies(text) => zendesk.agent_comments(id, ACCOUNT.agent, &text, true),
            PracticeAct::AgentNotes(text, tag) => {
                let tags: Vec<&str> = match tag {
                    PracticeTag::None => Vec::new(),
                    PracticeTag::GivenBack => vec![&self.marks.give_back_tag],
                    PracticeTag::Released => vec![&self.marks.release_tag],
                };
                self.agent_writes(id, AgentUpdate { comment: Some(text), ..AgentUpdate::tags(&tags) })
            }
        };
        done.map_err(|error| refused(&error))
    }
}

fn refused(error: &SandboxError) -> PracticeRefusal {
    PracticeRefusal(error.to_string())
}
