//! Everything configurable on which a case depends.

use jiff::{SignedDuration, Timestamp};

use super::conversation::Conversation;
use super::effect::{Awaited, Waiting};
use super::routing::Routing;
use crate::domain::limits::Limits;
use crate::domain::moment::later;
use crate::domain::openings::Openings;
use crate::domain::parking::Won;
use crate::domain::policy::Policy;
use crate::domain::reply::Macros;
use crate::domain::words::Words;

/// Policy, words, macros and routing: loaded together, immutable, and replaced only as a whole.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Playbook {
    pub policy: Policy,
    /// The meaning of customers' words.
    pub words: Words,
    /// Patterns of openings that a person must see.
    pub openings: Openings,
    pub macros: Macros,
    /// How tickets are recognised and where they go.
    pub routing: Routing,
    /// How long customers are waited for.
    pub patience: Timeouts,
    /// The highest compensation granted without a person (guide, decision table, OPEN).
    pub compensation_cap: Won,
    /// The most money that moves without a person.
    pub limits: Limits,
    /// How long to wait before looking up a write with a lost response: it may still be in flight.
    pub unknown_settle: SignedDuration,
}

/// How long customers are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From a question to its reminder.
    pub remind_after: SignedDuration,
    /// From a question to the end of waiting; longer than `remind_after`.
    pub give_up_after: SignedDuration,
    /// What happens at the end of waiting.
    pub when_silent: WhenSilent,
    /// The interval at which a requested payment is checked.
    pub payment_check: SignedDuration,
    /// From the payment request to the end of waiting.
    pub payment_deadline: SignedDuration,
}

/// What happens to the ticket of a customer who does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenSilent {
    /// It is closed with a polite text; a late answer is taken up.
    Close,
    /// An agent takes over.
    HandOver,
}

impl Timeouts {
    /// The wait that begins at `now`.
    pub fn waiting(&self, awaited: Awaited, talk: &Conversation, now: Timestamp) -> Waiting {
        let since = talk.waiting_since.unwrap_or(now);
        let (until, last) = match (&awaited, talk.reminded_at) {
            (Awaited::Answer { .. }, None) => (later(since, self.remind_after), false),
            (Awaited::Answer { .. }, Some(reminded)) => {
                (later(reminded, self.give_up_after - self.remind_after), true)
            }
            (Awaited::Payment, _) => {
                let (check, deadline) = (later(now, self.payment_check), later(since, self.payment_deadline));
                (check.min(deadline), deadline <= check)
            }
            (Awaited::GiveBack | Awaited::Release, _) => {
                return Waiting { awaited, until: None, last: false };
            }
        };
        Waiting { awaited, until: Some(until), last }
    }
}
