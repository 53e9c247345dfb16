//! What happens next with a case: the step that the worker performs, and the plan that it is composed from.

use jiff::Timestamp;

use super::cause::{Escalation, EscalationCause};
use super::effect::{Action, Awaited, Effect, Write, WriteKind};
use super::entry::Entry;
use super::halt::{PauseCause, StuckCause};
use super::reason::Reason;
use crate::domain::ids::{AccountId, Position, TicketId};
use crate::domain::parking::UseQuery;
use crate::domain::policy::Team;
use crate::domain::ticket::TicketStatus;
use crate::domain::words::Question;

/// The next step of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Step {
    /// Read the ticket and its changes: for the first time, or because time has passed.
    Look,
    /// Read the changes once more: money moves only if nothing has changed the basis of the decision.
    Confirm,
    /// Look for a write whose response was lost, once it can no longer be in flight.
    LookFor {
        /// The position of its intention.
        position: Position,
        /// The earliest time to look.
        not_before: Timestamp,
        /// Whether it may be in a bulk job, which has no time limit.
        together: bool,
    },
    /// Query the ledger for the case of the closed ticket that this one follows.
    ReadEarlier(TicketId),
    /// Query the parking system for what is named here; the two requests are independent.
    LookUp {
        /// The requester's account, if it is to be read.
        account: Option<AccountId>,
        /// The uses to look up, if any.
        uses: Option<UseQuery>,
    },
    /// Append a conclusion to the journal; it has no effect outside.
    Record(Entry),
    /// Append the intention, then perform the effect.
    Intend(Effect),
    /// Retry an action with an unknown outcome, under the same key.
    Repeat {
        /// The position of its intention.
        position: Position,
        action: Action,
    },
    /// Pause as after a failure.
    BackOff { cause: PauseCause },
    /// Wait for an event or a deadline.
    Wait(Awaited),
    /// Nothing to do: the case rests.
    Rest,
}

/// What is to happen, before any text is made. Composing makes a step of it.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// The step needs no text.
    Take(Box<Step>),
    /// A public text to the customer.
    Say(PublicText),
    /// An internal note to agents.
    Note(Note),
    /// A plan that is only followed if its reply can be written: otherwise no action is taken either.
    IfWritable {
        /// The reply that ends the plan.
        reply: PublicText,
        then: Box<Self>,
    },
    /// A plan whose actions and reply an agent has to release.
    OnRelease {
        /// Whether an agent has released this decision.
        released: bool,
        /// Whether the turn has acted or replied: what was released is finished.
        begun: bool,
        then: Box<Self>,
        /// The plan while it is not released.
        otherwise: Box<Self>,
    },
}

/// A public text. Each kind decides status, team, tags and what the case waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublicText {
    /// The reply that settles the case.
    Settling { reply: String },
    /// The reply that asks the customer.
    Asking { reply: String, questions: Vec<Question> },
    /// The reply that asks for the payment.
    PaymentRequest { reply: String },
    /// The interim reply while a team does its part.
    Interim { reply: String, team: Team },
    /// The answer to the customer's wishes after the row's matter was settled.
    FollowUp {
        /// What the case waits for afterwards, unless a team takes over.
        awaits: Option<Awaited>,
    },
    /// The reminder of open questions.
    Reminder,
    /// The closing text to a customer who did not answer.
    SilentClose,
}

impl PublicText {
    pub(super) fn kind(&self) -> WriteKind {
        match self {
            Self::Reminder => WriteKind::Reminder,
            Self::SilentClose => WriteKind::SilentClose,
            Self::Settling { .. }
            | Self::Asking { .. }
            | Self::PaymentRequest { .. }
            | Self::Interim { .. }
            | Self::FollowUp { .. } => WriteKind::Reply,
        }
    }
}

/// An internal note. Each kind decides status, team and tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// The note after this public text.
    After(Box<Write>),
    /// The note that hands the ticket to a team for good.
    HandOver {
        team: Team,
        /// What the team has to do.
        todo: Todo,
    },
    /// The note that hands the ticket to a team that gives it back.
    HandOverForATime {
        team: Team,
        /// What the team has to do: the policy row's sentence.
        todo: String,
    },
    /// The note that says why the service steps back.
    StepBack {
        /// Whether only a note may be written.
        watches: bool,
    },
    /// The note that says why the service gave up.
    Stuck {
        reason: Reason<StuckCause>,
        /// Whether it may route the ticket.
        routes: bool,
    },
    /// The note of what the service would do.
    Shadow,
    /// The note of what an agent may release.
    Prepared,
    /// The note that restores the status.
    Restore {
        /// The status from before the customer's message.
        status: TicketStatus,
    },
    /// The note that tells of misspelt tags.
    Misspelt {
        tags: Vec<String>,
        /// What the case waits for.
        awaited: Awaited,
    },
    /// The note that takes the mark of a stuck case off.
    Resumed,
}

/// What a team that takes over has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Todo {
    /// The policy row's sentence.
    Row(String),
    /// What the case's escalation says.
    Escalated,
    /// What this public text has left open.
    After(Box<Write>),
}

impl Note {
    pub(super) fn kind(&self) -> WriteKind {
        match self {
            Self::After(_) => WriteKind::Note,
            Self::HandOver { .. } | Self::HandOverForATime { .. } => WriteKind::HandOver,
            Self::StepBack { .. } => WriteKind::StepBackNote,
            Self::Stuck { .. } => WriteKind::StuckNote,
            Self::Shadow => WriteKind::ShadowNote,
            Self::Prepared => WriteKind::Prepared,
            Self::Restore { .. } => WriteKind::Restore,
            Self::Misspelt { .. } => WriteKind::TagNote,
            Self::Resumed => WriteKind::Resumed,
        }
    }
}

impl From<Step> for Plan {
    fn from(step: Step) -> Self {
        Self::Take(Box::new(step))
    }
}

impl From<Entry> for Step {
    fn from(entry: Entry) -> Self {
        Self::Record(entry)
    }
}

/// General agents take over.
impl From<EscalationCause> for Entry {
    fn from(cause: EscalationCause) -> Self {
        Self::Escalated(Escalation::from(cause))
    }
}

pub(super) fn escalate(cause: EscalationCause) -> Plan {
    Step::Record(cause.into()).into()
}

pub(super) fn stuck(cause: StuckCause) -> Plan {
    Step::Record(Entry::Stuck { reason: cause.into() }).into()
}
