//! The journal's entries. They are append-only; their serialised form must stay readable for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cause::{Escalation, StepBackCause};
use super::conversation::Heard;
use super::earlier::Earlier;
use super::effect::{Effect, Ending, Occasion, Order, Waiting, Write};
use super::halt::{PauseCause, StuckCause};
use super::reason::Reason;
use crate::domain::ids::{AccountId, Position};
use crate::domain::limits::Trip;
use crate::domain::parking::{Account, ParkingUse, Receipt};
use crate::domain::policy::Decision;
use crate::domain::ticket::{Ticket, TicketChange};

/// One thing that was learnt or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Entry {
    /// A webhook delivery asked for a look at the ticket.
    Woken {
        /// The delivery's number in the store.
        delivery: i64,
        /// The kind that the trigger or event names; it decides nothing.
        kind: String,
        /// When it was received, which may be long before a worker took it in. Entries of earlier versions do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received_at: Option<Timestamp>,
    },
    Ordered {
        /// The number in the store of the delivery that carries it.
        delivery: i64,
        /// The order and its author.
        order: Order,
    },
    /// Everything before this entry was erased, and with it all customer data.
    Erased {
        /// The number of entries that this one replaces: all before it, so that no position, and no key built from one, is
        /// used twice.
        entries: u32,
        /// How the case had ended.
        ending: Ending,
        /// The operator who erased it; `None`: the retention time was over.
        by: Option<String>,
    },
    /// The ticket was read.
    TicketRead {
        /// The ticket at that time.
        ticket: Box<Ticket>,
    },
    /// The ticket does not exist, or no longer exists.
    TicketGone,
    /// The ticket's changes were read, right after the ticket.
    ChangesRead {
        /// All changes, oldest first.
        changes: Vec<TicketChange>,
        /// The newest change that the ticket read certainly includes, where timestamps do not decide it: the changes were
        /// also read before it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held: Option<i64>,
    },
    /// The changes were read once more before money moves; nothing affects the basis of the decision.
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
        id: AccountId,
        /// The account at that time; `None`: it does not exist.
        account: Option<Account>,
    },
    /// Parking uses were looked up.
    UsesRead {
        /// The uses found, newest entry first.
        uses: Vec<ParkingUse>,
        /// Whether more uses exist than were read.
        has_more: bool,
    },
    Decided {
        decision: Box<Decision>,
    },
    /// The requester's messages since the turn began were read (again, if more arrived).
    Heard(Heard),
    /// A new turn began: the awaited event or another reason to go on occurred.
    TurnBegan {
        occasion: Occasion,
        /// The audit by which an agent gave the ticket back or released it, if one did. Entries of earlier versions have
        /// none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit_id: Option<i64>,
    },
    Waiting(Waiting),
    /// The deadline of the wait passed.
    TimeUp,
    /// The ticket was read, and nothing in it resumes the case.
    NothingNew,
    /// An effect is about to be attempted. The position of this entry makes the effect's key.
    Intended {
        effect: Effect,
        /// Whether it is sent with others in a bulk job, which Zendesk may run long after the request.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        together: bool,
        /// Whether the marker of a write is sealed. Markers of earlier versions are not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sealed: bool,
        /// For the first public text to the ticket: when the ticket's first event was received. Figures count from then how
        /// long the customer waited. Entries of earlier versions do not say, nor do those after an erasure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_since: Option<Timestamp>,
    },
    /// The parking system did the action.
    Acted {
        /// The position of the intention.
        of: Position,
        receipt: Box<Receipt>,
    },
    /// The parking system reports that the use has changed; nothing was done.
    ActionConflict {
        /// The position of the intention.
        of: Position,
        /// The error code of the contract.
        error: String,
        /// The current state of the use.
        parking_use: Box<ParkingUse>,
    },
    /// The write is on the ticket.
    Written {
        /// The position of the intention.
        of: Position,
        /// The audit of the write; unknown for writes of a bulk job.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit_id: Option<i64>,
        /// The ticket's `updated_at` afterwards.
        updated_at: Timestamp,
        /// Whether it was found by its sealed marker after the response was lost.
        found_by_marker: bool,
        /// Whether another change that was not read yet may have been made since the ticket was read.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        crossed: bool,
    },
    /// The ticket holds this write under the service's own seal, but the journal does not know it: the ledger was restored
    /// to an earlier state.
    Recalled {
        write: Box<Write>,
        /// The audit of the write.
        audit_id: i64,
        /// When it was written; in whole seconds.
        written_at: Timestamp,
    },
    /// Zendesk responded 409: the ticket has changed since it was read; nothing was written.
    WriteConflict {
        /// The position of the intention.
        of: Position,
    },
    /// The request can never succeed as it is; nothing was done.
    Refused {
        /// The position of the intention.
        of: Position,
        /// The upstream's reason, without customer data.
        reason: String,
        /// Whether the ticket accepts no updates any more.
        ticket_closed: bool,
        /// The titles of the ticket fields that must be filled first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing_fields: Vec<String>,
    },
    /// The response was lost: the effect may or may not have happened.
    OutcomeUnknown {
        /// The position of the intention.
        of: Position,
        /// What happened, without customer data.
        reason: String,
    },
    /// A write with a lost response was looked up and is not on the ticket.
    NotFound {
        /// The position of the intention.
        of: Position,
    },
    /// The decision cannot be carried out: general agents take over.
    Escalated(Escalation),
    /// The breaker is open: this turn only prepares its decision, and an agent releases it.
    Restrained {
        /// What opened it.
        reason: Reason<Trip>,
    },
    /// The service steps back because another person changed the ticket.
    SteppedBack {
        /// What was found.
        reason: Reason<StepBackCause>,
    },
    /// The work pauses and resumes by itself.
    Deferred {
        /// The earliest time to resume.
        until: Timestamp,
        reason: Reason<PauseCause>,
        /// Whether it counts as a failed attempt.
        failed: bool,
    },
    Ended {
        ending: Ending,
    },
    /// The service gave up; a person must look.
    Stuck {
        reason: Reason<StuckCause>,
    },
}

impl Entry {
    /// Its name in the journal, such as `ticket_read`.
    pub fn name(&self) -> String {
        let written = serde_json::to_value(self).ok();
        let name = written.as_ref().and_then(|entry| entry.get("entry")?.as_str());
        name.unwrap_or("other").to_owned()
    }
}
