//! A case's effects, waits and endings. Part of the journal: their serialised form must stay readable for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::halt::StuckCause;
use super::reason::Reason;
use crate::domain::ids::{LotId, UseId};
use crate::domain::parking::{ParkingAction, Won};
use crate::domain::policy::Team;
use crate::domain::ticket::TicketUpdate;
use crate::domain::words::{Question, Wish};

/// Something that changes the outside world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// An action at the parking system.
    Act(Action),
    /// A write to the Zendesk ticket.
    Write(Write),
}

/// An action at the parking system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What is ordered.
    pub action: ParkingAction,
    /// The use it applies to.
    pub use_id: UseId,
    /// The lot of that use.
    pub lot_id: LotId,
    /// The amount granted, for a compensation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Won>,
}

/// A write to the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// What it is for, so that a later turn knows what was written.
    pub kind: WriteKind,
    /// The update to send.
    pub update: TicketUpdate,
    /// The macro from which the public text was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_name: Option<String>,
    /// The wishes it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Wish>,
    /// What the case waits for afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<Awaited>,
    /// The public text that an agent's release will send, as the note shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promises: Option<String>,
    /// The team that owns the ticket afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hands_to: Option<Team>,
    /// The tags of people that the note tells of.
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    pub misspelt_tags: Box<[String]>,
}

impl Write {
    /// The questions it asks the customer.
    pub fn asks(&self) -> &[Question] {
        match &self.awaits {
            Some(Awaited::Answer { questions }) => questions,
            _ => &[],
        }
    }
}

/// The purpose of a write. Each occurs at most once in a turn, but for a tag note, and for what tells of a stuck case: once after
/// each retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteKind {
    /// The public reply, with routing.
    Reply,
    /// The internal note after a public text.
    Note,
    /// The internal note that hands the ticket to a team, with routing.
    HandOver,
    /// The internal note that says why the service steps back. It routes only a ticket without an owner.
    StepBackNote,
    /// The internal note that says that the service gave up. It routes only a ticket without an owner.
    StuckNote,
    /// The public text that reminds the customer of an open question.
    Reminder,
    /// The public text that closes the ticket of a customer who did not answer.
    SilentClose,
    /// The internal note with what an agent may release.
    Prepared,
    /// The internal note that says what the service would do and say; no routing.
    ShadowNote,
    /// The internal note that restores the status that a customer's thanks changed.
    Restore,
    /// The internal note that tells of misspelt tags while the case waits for a person.
    TagNote,
    /// The internal note that takes the mark of a stuck case off after a retry, if no other write does before the case rests.
    Resumed,
}

impl WriteKind {
    /// Whether the customer reads it.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Reply | Self::Reminder | Self::SilentClose)
    }

    /// Whether this write completes what the turn has to say: messages that arrive later belong to the next turn.
    pub(super) fn speaks(self) -> bool {
        !matches!(self, Self::Note | Self::StepBackNote | Self::StuckNote | Self::TagNote | Self::Resumed)
    }
}

/// What a case waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "awaits", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Awaited {
    Answer {
        /// The questions to be answered.
        questions: Vec<Question>,
    },
    Payment,
    /// An agent who does their part and gives the ticket back.
    GiveBack,
    /// An agent who releases what is prepared.
    Release,
}

/// A wait that ends by a deadline or by the awaited event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The awaited event.
    #[serde(flatten)]
    pub awaited: Awaited,
    /// The deadline; `None`: no limit.
    pub until: Option<Timestamp>,
    /// Whether the wait ends for good at the deadline; otherwise the case only checks on it.
    pub last: bool,
}

/// Why a turn began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Occasion {
    /// The service sees the ticket for the first time.
    #[default]
    Start,
    /// The requester wrote.
    Customer,
    /// A CC of the conversation wrote.
    CopiedPerson,
    /// An agent did their part and gave the ticket back.
    GivenBack,
    /// An agent released what was prepared.
    Released,
    /// The deadline of a wait passed.
    TimeUp {
        /// Whether it was the last one of the wait.
        last: bool,
    },
    /// An operator ordered a hand-over to agents.
    Ordered,
}

/// An operator's order from the command line or the console. It is a delivery that no webhook can make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// What the service is to do.
    pub what: OrderKind,
    /// The operator, as they named themselves; at most 100 characters. Only for the journal and the note: it decides
    /// nothing.
    pub by: String,
    /// Why, in their words; at most 300 characters. Orders of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The kinds of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// A stuck case goes on where it stopped, a paused one goes on at once, and a refused write is tried again.
    Retry,
    /// General agents take the ticket over, with a note of everything known.
    HandOver,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Answered and solved; a later message of the customer is taken up.
    Settled,
    /// The customer did not answer; a late answer is taken up.
    Silent,
    /// A team owns the ticket now.
    HandedOver,
    /// A note says what the service would have done; agents handle the ticket as usual.
    Shadowed,
    /// Another person works on it; a note says so.
    SteppedBack,
    /// The ticket was closed or merged.
    TicketClosed,
    /// The ticket was deleted.
    TicketGone,
    /// Another person had solved it.
    AlreadySolved,
    /// The ticket is not, or no longer, of the kind that this service settles.
    NotOurs,
}

/// Where a case rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It waits for an event or a deadline.
    Waiting(Waiting),
    /// It waits for nothing.
    Ended(Ending),
    /// The service gave up.
    Stuck(Reason<StuckCause>),
}
