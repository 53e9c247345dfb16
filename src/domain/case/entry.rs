//! What a journal can say. Entries are only ever added to; their serialised form must stay readable for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{AccountId, LotId, Position, UseId};
use crate::domain::parking::{Account, ParkingAction, ParkingUse, Receipt, Won};
use crate::domain::policy::Decision;
use crate::domain::ticket::{Ticket, TicketChange, TicketUpdate};

/// One thing that was learnt or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A webhook asked to look at the ticket.
    Woken {
        /// The store's number of the delivery.
        delivery: i64,
        /// Why, as the trigger or event names it; nothing is decided by it.
        kind: String,
    },
    /// The ticket was read.
    TicketRead {
        /// As it was.
        ticket: Box<Ticket>,
    },
    /// The ticket does not exist (any more).
    TicketGone,
    /// The ticket's changes were read, right after the ticket.
    ChangesRead {
        /// All changes, oldest first.
        changes: Vec<TicketChange>,
    },
    /// The requester's account was read.
    AccountRead {
        /// Which.
        id: AccountId,
        /// As it was; `None`: there is no such account.
        account: Option<Account>,
    },
    /// Uses were looked up.
    UsesRead {
        /// What was found, newest entry first.
        uses: Vec<ParkingUse>,
        /// Whether there are more.
        has_more: bool,
    },
    /// The policy decided.
    Decided {
        /// The decision.
        decision: Box<Decision>,
    },
    /// An effect is about to be tried. This entry's position makes its key.
    Intended {
        /// What.
        effect: Effect,
    },
    /// The parking system did it.
    Acted {
        /// The intention's position.
        of: Position,
        /// The proof.
        receipt: Box<Receipt>,
    },
    /// The parking system says that the use has changed; nothing was done.
    ActionConflict {
        /// The intention's position.
        of: Position,
        /// The contract's error word.
        error: String,
        /// The use as it is now.
        parking_use: Box<ParkingUse>,
    },
    /// The ticket was written to.
    Written {
        /// The intention's position.
        of: Position,
        /// The audit that holds it.
        audit_id: i64,
        /// The ticket's `updated_at` afterwards.
        updated_at: Timestamp,
        /// Whether this was found by its marker after a lost answer.
        found_by_marker: bool,
    },
    /// 409 from Zendesk: the ticket has changed since it was read; nothing was written.
    WriteConflict {
        /// The intention's position.
        of: Position,
    },
    /// Never possible as asked; nothing was done.
    Refused {
        /// The intention's position.
        of: Position,
        /// What the other side said, without customer data.
        reason: String,
        /// Whether the ticket takes no more updates at all.
        ticket_closed: bool,
    },
    /// The answer was lost: it may or may not have been done.
    OutcomeUnknown {
        /// The intention's position.
        of: Position,
        /// What happened, without customer data.
        reason: String,
    },
    /// A write whose answer was lost was looked up and is not there.
    NotFound {
        /// The intention's position.
        of: Position,
    },
    /// The decision cannot be carried out as it stands: general agents take over.
    Escalated {
        /// What was seen, in Korean, for the note.
        reason: String,
        /// What the agents have to do, in Korean.
        todo: String,
    },
    /// The service steps back because somebody else changed the ticket.
    SteppedBack {
        /// What was seen, in Korean, for the note.
        reason: String,
    },
    /// The work pauses and goes on by itself.
    Deferred {
        /// Not before.
        until: Timestamp,
        /// Why, without customer data.
        reason: String,
        /// Whether it counts as a failed attempt.
        failed: bool,
    },
    /// The case ended.
    Ended {
        /// How.
        ending: Ending,
    },
    /// The service gave up; a person must look.
    Stuck {
        /// Why, without customer data.
        reason: String,
    },
}

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
}

/// What a write to the ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteKind {
    /// The public reply, with routing.
    Reply,
    /// The internal note after a reply.
    Note,
    /// The internal note that hands the ticket to a team, with routing.
    HandOver,
    /// The internal note that says why the service steps back; no routing.
    StepBackNote,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Answered and solved.
    Settled,
    /// A team has it now.
    HandedOver,
    /// Somebody else works on it; a note says so.
    SteppedBack,
    /// The ticket was closed or merged.
    TicketClosed,
    /// The ticket was deleted.
    TicketGone,
    /// Somebody had solved it before we looked.
    AlreadySolved,
    /// The ticket is not (any more) of the kind that this service settles.
    NotOurs,
}
