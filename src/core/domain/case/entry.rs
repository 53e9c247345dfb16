//! What a journal can say. Entries are only ever added to; their serialised form must stay readable for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::conversation::Heard;
use super::earlier::Earlier;
use super::effect::{Effect, Ending, Occasion, Order, Waiting, Write};
use crate::domain::ids::{AccountId, Position};
use crate::domain::parking::{Account, ParkingUse, Receipt};
use crate::domain::policy::Decision;
use crate::domain::ticket::{Ticket, TicketChange};

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
    /// A person of operations ordered something.
    Ordered {
        /// The store's number of the delivery that carries it.
        delivery: i64,
        /// What, and who.
        order: Order,
    },
    /// Everything before this entry was erased, and with it all that was known of the customer.
    Erased {
        /// How many entries this one replaces: all before it, so that positions, and the keys made of them, are never used twice.
        entries: u32,
        /// How the case had ended.
        ending: Ending,
        /// Who erased it; `None`: the retention time was over.
        by: Option<String>,
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
        /// The newest of them that the ticket surely holds, where its time does not tell: its changes were read before it, too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held: Option<i64>,
    },
    /// The ticket's changes were read once more before money moves, and nothing has come to what the decision rests on.
    Confirmed {
        /// The newest audit.
        audit_id: i64,
    },
    /// The ledger was asked for the case of the closed ticket that this one follows.
    EarlierRead {
        /// What it holds.
        earlier: Box<Earlier>,
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
    /// What the requester has said since the turn began was read (again, when they said more).
    Heard(Heard),
    /// The case goes on: something happened that it rested for.
    TurnBegan {
        /// What.
        occasion: Occasion,
        /// The audit by which a colleague gave the ticket back or released it, where that was it. Earlier versions do not name it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit_id: Option<i64>,
    },
    /// The case rests until something happens.
    Waiting(Waiting),
    /// The time until which the case rested has come.
    TimeUp,
    /// The ticket was looked at, and nothing has happened that the case goes on for.
    NothingNew,
    /// An effect is about to be tried. This entry's position makes its key.
    Intended {
        /// What.
        effect: Effect,
        /// Whether it is sent with others in a job, which Zendesk may do long after it was asked.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        together: bool,
        /// Whether its marker bears a seal, where it is a write. Those of earlier versions have none.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sealed: bool,
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
        /// The audit that holds it; unknown of what was written in a job.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit_id: Option<i64>,
        /// The ticket's `updated_at` afterwards.
        updated_at: Timestamp,
        /// Whether this was found by its sealed marker after a lost answer.
        found_by_marker: bool,
        /// Whether something else may have been written to the ticket since it was read, which nobody has looked at.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        crossed: bool,
    },
    /// The ticket holds this write under the service's own seal, and the journal did not know of it: the ledger was put back to an
    /// earlier state.
    Recalled {
        /// What.
        write: Box<Write>,
        /// The audit that holds it.
        audit_id: i64,
        /// When it was written; whole seconds.
        written_at: Timestamp,
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
        /// The ticket fields, by their titles, that must be filled before that.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing_fields: Vec<String>,
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
        /// The reply that could not be sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<String>,
    },
    /// The breaker is open: what this turn decides is only prepared, and an agent releases it.
    Restrained {
        /// What was seen, in Korean, for the note.
        reason: String,
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
