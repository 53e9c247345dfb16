//! The people's steps after a ticket was opened, and the story's end.

use super::{ACCOUNT, Mail, Story};
use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::domain::parking::ParkingAction;
use crate::domain::policy::Team;
use crate::domain::ticket::TicketStatus;
use crate::parking::MockParking;
use crate::zendesk::{AgentUpdate, FakeZendesk};

/// A person's step while the service waits, or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptStep {
    /// The customer writes a public comment.
    CustomerSays(&'static str),
    /// The customer answers by mail, with quotes, files and flags.
    CustomerMails(Mail),
    /// The customer pays what they owe for the story's first use.
    CustomerPays,
    /// An agent writes an internal note and sets a tag.
    AgentTags { tag: &'static str, note: &'static str },
    /// This many hours pass without any action.
    HoursPass(u32),
}

/// The end of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The actions at the parking system, in order.
    pub actions: &'static [ParkingAction],
    pub status: TicketStatus,
    /// The team whose group the ticket is in; `None`: none.
    pub team: Option<Team>,
    /// A phrase of each public text, in order; there are no others.
    pub said: &'static [&'static str],
}

impl End {
    /// Answered and solved, without a person.
    pub(super) const fn solved(actions: &'static [ParkingAction]) -> Self {
        Self { actions, status: TicketStatus::Solved, team: None, said: &[] }
    }

    /// Nothing is done or disclosed before an agent has seen what is prepared.
    pub const fn prepared() -> Self {
        Self::open(&[], Team::Agents)
    }

    /// A team owns the ticket.
    pub(super) const fn open(actions: &'static [ParkingAction], team: Team) -> Self {
        Self { actions, status: TicketStatus::Open, team: Some(team), said: &[] }
    }

    /// The same, with the expected phrases.
    pub(super) const fn saying(self, said: &'static [&'static str]) -> Self {
        Self { said, ..self }
    }

    /// How these public texts differ from the expected phrases. `so_far`: the story has not ended, and there may be fewer.
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

/// A difference between public texts and the expected phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaidOtherwise {
    /// The text at this index lacks a phrase.
    #[error("public text {} lacks `{phrase}`", place + 1)]
    Lacks {
        /// The index, from 0.
        place: usize,
        phrase: &'static str,
    },
    /// The number of texts differs.
    #[error("{is} public texts instead of {should}")]
    Count { is: usize, should: usize },
}

impl ScriptStep {
    /// The customer's own words in it, if any.
    pub fn words(&self) -> Option<&'static str> {
        match self {
            Self::CustomerSays(words) | Self::CustomerMails(Mail { words, .. }) => Some(words),
            Self::CustomerPays | Self::AgentTags { .. } | Self::HoursPass(_) => None,
        }
    }
}

impl Story {
    /// Performs one step of the script on the story's ticket. Passing hours is up to the owner of the sandbox's clock.
    ///
    /// # Errors
    /// If the ticket is deleted or closed, or the payment is not owed.
    pub fn perform(
        &self,
        step: ScriptStep,
        ticket: TicketId,
        zendesk: &FakeZendesk,
        parking: &MockParking,
    ) -> Result<(), SandboxError> {
        match step {
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
