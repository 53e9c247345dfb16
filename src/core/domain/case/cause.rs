//! Why a case goes to people, as data. Part of the journal: the serialised form must stay readable for ever. `wording` says it in
//! Korean.

use serde::{Deserialize, Serialize};

use super::halt::StuckCause;
use super::reason::Reason;
use crate::domain::ids::TicketId;
use crate::domain::limits::{Limit, UnfitAmount};
use crate::domain::parking::ParkingAction;

/// Why a decision cannot be carried out, so that general agents take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum EscalationCause {
    /// The reply is no longer the one that an agent released.
    ReplyChanged,
    /// The row was set to shadow after the service had begun.
    TrustLowered,
    /// The amount of the use may not move without a person.
    AmountUnfit {
        /// What is wrong with it.
        problem: UnfitAmount,
    },
    /// The movement would exceed a limit.
    LimitReached { limit: Limit },
    /// A question was not clearly answered.
    AskedInVain {
        /// How often it was asked.
        times: u32,
    },
    /// The parking system refused an action.
    ActionRefused {
        action: ParkingAction,
        /// The parking system's reason.
        reason: String,
    },
    /// The use changed between two actions.
    ActionNotDone {
        /// The action that was not done.
        action: ParkingAction,
    },
    /// No single use fits any more.
    UseUnclear,
    /// Zendesk refused the public text.
    ReplyRefused {
        /// Zendesk's reason.
        reason: String,
        /// The titles of the ticket fields that must be filled first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing_fields: Vec<String>,
    },
    /// The macro of the reply is absent or cannot be filled.
    ReplyUnwritable {
        macro_name: String,
        /// The problem, in Korean.
        problem: String,
    },
    /// The ticket came by a messaging channel, where a person sends the replies.
    MessagingChannel,
    /// Others would receive the reply.
    CopiedPeople {
        /// The number of CCs.
        copies: usize,
    },
    /// The customer wrote after everything was done.
    WroteAfterSettled,
    /// The requested payment did not arrive in time.
    PaymentOverdue,
    /// The customer wrote while a payment was awaited.
    WroteBeforePayment,
    /// The customer did not answer in time.
    NoAnswer,
    /// A CC of the conversation wrote.
    CopiedPersonWrote {
        /// Their name in Zendesk.
        name: String,
    },
    /// A person outside the conversation wrote.
    OutsiderWrote,
    /// The customer answered and marked the ticket as solved at once.
    SolvedWhileAnswering,
    /// The requester was replaced after the decision.
    RequesterReplaced,
    /// The customer wrote while the case was carried out.
    WroteMeanwhile,
    /// An earlier ticket has settled this use, or may have.
    SettledEarlier {
        /// The earlier ticket.
        ticket_id: TicketId,
        /// What was done for it.
        action: ParkingAction,
    },
    /// A follow-up does not say which use it is about.
    FollowUpNamesNoUse {
        /// The closed ticket that it follows.
        follows: TicketId,
    },
    /// An operator ordered it.
    Ordered {
        /// The operator, as they named themselves.
        by: String,
        /// Why the case was stuck, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stuck: Option<Reason<StuckCause>>,
    },
}

/// Why general agents take a case over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Worded for the note when it is shown.
    pub reason: Reason<EscalationCause>,
    /// What the agents have to do, if the reason is prose: a cause has its own words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
    /// The reply that the service may not send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

impl From<EscalationCause> for Escalation {
    fn from(cause: EscalationCause) -> Self {
        Self { reason: cause.into(), todo: None, draft: None }
    }
}

impl Escalation {
    /// What the agents have to do, in Korean.
    pub fn todo(&self) -> String {
        match &self.reason {
            Reason::Known(cause) => cause.todo(),
            Reason::Prose(_) => self.todo.clone().unwrap_or_default(),
        }
    }
}

/// Why the service steps back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum StepBackCause {
    /// The ticket is pending or on hold, though the service did not set it so.
    AlreadyPending,
    /// An agent created the follow-up of a closed ticket.
    FollowUpByAgent,
    /// Another person has already written to the customer.
    AlreadyAnswered,
    /// The ticket holds writes of the service that its journal does not know: the ledger was lost or restored.
    UnknownWrites,
    /// Another person or program changed the ticket.
    ChangedByOthers,
}
