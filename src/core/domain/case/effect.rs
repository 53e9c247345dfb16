//! What a case does to the world, what it waits for, how it ends. Part of the journal: must stay readable for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{LotId, UseId};
use crate::domain::parking::{ParkingAction, Won};
use crate::domain::policy::Team;
use crate::domain::ticket::TicketUpdate;
use crate::domain::words::{Question, Wish};

/// Something that changes the outside world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// At the parking system.
    Act(Action),
    /// At Zendesk.
    Write(Write),
}

/// An action at the parking system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub action: ParkingAction,
    /// On which use.
    pub use_id: UseId,
    /// At which lot.
    pub lot_id: LotId,
    /// How much is granted, if it is a compensation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Won>,
}

/// A write to the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// What for.
    pub kind: WriteKind,
    /// What.
    pub update: TicketUpdate,
    /// The macro that a public text was made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_name: Option<String>,
    /// The wishes that it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Wish>,
    /// What the case waits for afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<Awaited>,
    /// The public text that an agent's release sends, as the note shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promises: Option<String>,
    /// The team that has the ticket afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hands_to: Option<Team>,
}

impl Write {
    /// What it asks the customer.
    pub fn asks(&self) -> &[Question] {
        match &self.awaits {
            Some(Awaited::Answer { questions }) => questions,
            _ => &[],
        }
    }
}

/// What a write to the ticket is for. Each happens at most once in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteKind {
    /// The public reply, with routing.
    Reply,
    /// The internal note after a public text.
    Note,
    /// The internal note that hands the ticket to a team, with routing.
    HandOver,
    /// The internal note that says why the service steps back; it routes only what is nobody's.
    StepBackNote,
    /// The internal note that says that the service gave up; it routes only what is nobody's.
    StuckNote,
    /// The public text that reminds the customer of an open question.
    Reminder,
    /// The public text that closes the ticket of a customer who never answered.
    SilentClose,
    /// The internal note that carries what an agent may release.
    Prepared,
    /// The internal note that says what would be done and said; no routing.
    ShadowNote,
    /// The internal note that puts the ticket back into the status that a customer's thanks took it out of.
    Restore,
}

impl WriteKind {
    /// Whether the customer reads it.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Reply | Self::Reminder | Self::SilentClose)
    }

    /// Whether the turn has said what it had to say once this is written: what arrives later belongs to the next turn.
    pub(super) fn speaks(self) -> bool {
        !matches!(self, Self::Note | Self::StepBackNote | Self::StuckNote)
    }
}

/// What a case rests for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "awaits", rename_all = "snake_case")]
pub enum Awaited {
    /// The customer's answer.
    Answer {
        /// To what.
        questions: Vec<Question>,
    },
    /// The customer's payment.
    Payment,
    /// A colleague who does their part and gives the ticket back.
    GiveBack,
    /// An agent who releases what was prepared.
    Release,
}

/// A rest that ends by itself or by what is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// What for.
    #[serde(flatten)]
    pub awaited: Awaited,
    /// Until when at most; `None`: as long as it takes.
    pub until: Option<Timestamp>,
    /// Whether patience ends then; otherwise it is only looked after.
    pub last: bool,
}

/// Why a turn began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Occasion {
    /// The ticket is new to us.
    #[default]
    Start,
    /// The customer wrote.
    Customer,
    /// Somebody who gets copies of the conversation wrote.
    CopiedPerson,
    /// A colleague did their part and gave the ticket back.
    GivenBack,
    /// An agent released what was prepared.
    Released,
    /// The time is up.
    TimeUp {
        /// Whether patience ends.
        last: bool,
    },
    /// A person of operations ordered that agents take it over.
    Ordered,
}

/// What a person of operations orders by the command line. It comes as a delivery that no webhook can make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// What.
    pub what: OrderKind,
    /// Who, as they named themselves; at most 100 characters. For the journal and the note; nothing is decided by it.
    pub by: String,
}

/// What can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// A stuck case goes on where it stopped, a paused one at once; what Zendesk refused is tried again.
    Retry,
    /// General agents take the ticket over, with a note of all that is known.
    HandOver,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Answered and solved; a later message of the customer is taken up.
    Settled,
    /// The customer never answered; a late answer is taken up.
    Silent,
    /// A team has it now.
    HandedOver,
    /// A note says what would have been done; the agents work as ever.
    Shadowed,
    /// Somebody else works on it; a note says so.
    SteppedBack,
    /// The ticket was closed or merged.
    TicketClosed,
    /// The ticket was deleted.
    TicketGone,
    /// Somebody else had solved it.
    AlreadySolved,
    /// The ticket is not (any more) of the kind that this service settles.
    NotOurs,
}
