//! What people do after a ticket was opened, and how its story ends.

use super::{ACCOUNT, Mail, Story};
use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::domain::parking::ParkingAction;
use crate::domain::policy::Team;
use crate::domain::ticket::TicketStatus;
use crate::parking::MockParking;
use crate::zendesk::{AgentUpdate, FakeZendesk};

/// What somebody does while the service waits, or what just happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptStep {
    /// The customer writes again, for all to see.
    CustomerSays(&'static str),
    /// The customer answers by mail, with all that may come with it.
    CustomerMails(Mail),
    /// The customer pays what they owe for the story's first use.
    CustomerPays,
    /// An agent writes an internal note and puts a tag on the ticket.
    AgentTags {
        /// The tag.
        tag: &'static str,
        /// The note's text.
        note: &'static str,
    },
    /// So many hours pass in which nobody does anything.
    HoursPass(u32),
}

/// How a story ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// What was done at the parking system, in order.
    pub actions: &'static [ParkingAction],
    /// The ticket's status.
    pub status: TicketStatus,
    /// Whose group the ticket is in; `None`: in nobody's.
    pub team: Option<Team>,
    /// What the public texts must say, a phrase each, in order; there are no others.
    pub said: &'static [&'static str],
}

impl End {
    /// Answered and solved, without a person.
    pub(super) const fn solved(actions: &'static [ParkingAction]) -> Self {
        Self { actions, status: TicketStatus::Solved, team: None, said: &[] }
    }

    /// Nothing is done or told before an agent has looked at what is prepared.
    pub const fn prepared() -> Self {
        Self::open(&[], Team::Agents)
    }

    /// A team has the ticket.
    pub(super) const fn open(actions: &'static [ParkingAction], team: Team) -> Self {
        Self { actions, status: TicketStatus::Open, team: Some(team), said: &[] }
    }

    /// The same, with what the customer reads.
    pub(super) const fn saying(self, said: &'static [&'static str]) -> Self {
        Self { said, ..self }
    }

    /// How these public texts differ from what must be said. `so_far`: the story is not at its end, and there may be fewer.
    pub fn says_otherwise<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a str>,
        so_far: bool,
    ) -> Option<SaidOtherwise> {
        let texts: Vec<&str> = texts.into_iter().collect();
        let mut pairs = texts.iter().zip(self.said).enumerate();
        if let Some((place, (_, phrase))) = pairs.find(|(_, (text, phrase))| !text.contains(**phrase)) {
            return Some(SaidOtherwise::Lacks { place, phrase });
        }
        let (is, should) = (texts.len(), self.said.len());
        (is > should || is < should && !so_far).then_some(SaidOtherwise::Count { is, should })
    }
}

/// How public texts differ from what must be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaidOtherwise {
    /// The text at this place lacks a phrase.
    #[error("public text {} lacks `{phrase}`", place + 1)]
    Lacks {
        /// From 0.
        place: usize,
        /// What it must say.
        phrase: &'static str,
    },
    /// There are more or fewer texts.
    #[error("{is} public texts instead of {should}")]
    Count {
        /// How many there are.
        is: usize,
        /// How many there must be.
        should: usize,
    },
}

impl ScriptStep {
    /// What a customer writes in it themselves, if they write.
    pub fn words(&self) -> Option<&'static str> {
        match self {
            Self::CustomerSays(words) | Self::CustomerMails(Mail { words, .. }) => Some(words),
            Self::CustomerPays | Self::AgentTags { .. } | Self::HoursPass(_) => None,
        }
    }
}

impl Story {
    /// One deed of the script is done to the story's ticket. Hours pass on the sandbox's clock, so that is its owner's to do.
    ///
    /// # Errors
    /// When the ticket is gone or closed, or what is to be paid is not owed.
    pub fn perform(
        &self,
        deed: ScriptStep,
        ticket: TicketId,
        zendesk: &FakeZendesk,
        parking: &MockParking,
    ) -> Result<(), SandboxError> {
        match deed {
            ScriptStep::CustomerSays(text) => zendesk.customer_comments(ticket, text),
            ScriptStep::CustomerMails(mail) => mail.send(ticket, zendesk),
            ScriptStep::CustomerPays => self.uses.first().map_or(Ok(()), |own| parking.pay(&own.id)),
            ScriptStep::AgentTags { tag, note } => {
                let update = AgentUpdate { comment: Some(note.to_owned()), ..AgentUpdate::tags(&[tag]) };
                zendesk.agent_changes(ticket, ACCOUNT.agent, update)
            }
            ScriptStep::HoursPass(_) => Ok(()),
        }
    }
}
