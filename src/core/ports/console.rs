//! What the console keeps in the ledger: sessions, and who looked at what.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::StoreError;
use crate::domain::case::Playbook;
use crate::domain::ids::TicketId;
use crate::domain::policy::Policy;

/// How a person signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedInBy {
    /// With a name and a password of the user file.
    Password,
    /// By a proxy in front.
    Proxy,
}

/// A person's stay in the console from signing in until it expires, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Session {
    /// The SHA-256 of the token, in hexadecimal digits; the token itself is nowhere but in the browser.
    pub token_hash: String,
    pub name: String,
    /// How they signed in.
    pub by: SignedInBy,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What a person did in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Act {
    SignedIn,
    SignedOut,
    /// Read a ticket with the customer's data.
    Looked,
    /// Read a ticket without the customer's data.
    LookedMasked,
    /// Gave a reason to read a ticket's customer's data in this session.
    Opened,
    /// Searched for an account's tickets.
    Searched,
    Retried,
    HandedOver,
    /// Read which accounts have moved the most money.
    LookedAtLimits,
    Lifted,
    /// Read what an erasure would erase.
    PreviewedErasure,
    Erased,
    /// Ordered another try for all cases that fit a filter.
    RetriedAll,
    /// Ordered a hand-over of all cases that fit a filter.
    HandedOverAll,
    /// Took a list of cases out as a file.
    Exported,
    /// Asked what another policy would change.
    TriedPolicy,
}

impl Act {
    /// All acts.
    pub const ALL: [Self; 16] = [
        Self::SignedIn,
        Self::SignedOut,
        Self::Looked,
        Self::LookedMasked,
        Self::Opened,
        Self::Searched,
        Self::Retried,
        Self::HandedOver,
        Self::LookedAtLimits,
        Self::Lifted,
        Self::PreviewedErasure,
        Self::Erased,
        Self::RetriedAll,
        Self::HandedOverAll,
        Self::Exported,
        Self::TriedPolicy,
    ];

    /// The name in the ledger, which must not change.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::Looked => "looked",
            Self::LookedMasked => "looked_masked",
            Self::Opened => "opened",
            Self::Searched => "searched",
            Self::Retried => "retried",
            Self::HandedOver => "handed_over",
            Self::LookedAtLimits => "looked_at_limits",
            Self::Lifted => "lifted",
            Self::PreviewedErasure => "previewed_erasure",
            Self::Erased => "erased",
            Self::RetriedAll => "retried_all",
            Self::HandedOverAll => "handed_over_all",
            Self::Exported => "exported",
            Self::TriedPolicy => "tried_policy",
        }
    }
}

/// An entry of the access log to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct NewAccess {
    pub at: Timestamp,
    pub name: String,
    pub act: Act,
    /// The ticket, if it concerns one.
    pub ticket_id: Option<TicketId>,
    /// The reason they gave.
    pub reason: Option<String>,
    /// The session's `token_hash`.
    pub session: String,
}

/// An entry of the access log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Access {
    /// Its number; ascending.
    pub number: i64,
    pub at: Timestamp,
    pub name: String,
    /// What they did; `None`: an act that this program does not know.
    pub act: Option<Act>,
    /// The ticket, if it concerns one.
    pub ticket_id: Option<TicketId>,
    /// The reason they gave.
    pub reason: Option<String>,
}

/// Which entries of the access log are wanted: those that fit all that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFilter {
    /// About exactly this ticket.
    pub ticket_id: Option<TicketId>,
    /// Of the person with exactly this name.
    pub name: Option<String>,
}

/// A page of the access log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPage {
    /// The latest first.
    pub entries: Vec<Access>,
    /// The number before which it continues; `None`: this is the last page.
    pub next: Option<i64>,
    /// Whether it ends before `limit` were found, since it looked at as many as it may.
    pub is_cut: bool,
}

/// The console's part of a ledger.
#[async_trait]
pub trait ConsoleBook: Debug + Send + Sync {
    /// Stores a session. Returns only when it is on disk.
    async fn open_session(&self, session: &Session) -> Result<(), StoreError>;

    /// The session with this hash that has not expired at `now`.
    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<Session>, StoreError>;

    /// Ends the session with this hash.
    async fn end_session(&self, token_hash: &str) -> Result<(), StoreError>;

    /// Ends all sessions of this name; returns how many.
    async fn end_sessions_of(&self, name: &str) -> Result<u64, StoreError>;

    /// The sessions that have not expired at `now`, by name.
    async fn sessions(&self, now: Timestamp) -> Result<Vec<Session>, StoreError>;

    /// Adds to the access log. Returns only when it is on disk.
    async fn record_access(&self, access: &NewAccess) -> Result<(), StoreError>;

    /// The entries of the access log that fit, the latest first, those with a lower number than `before`, at most `limit`. With
    /// a filter it looks at no more than `within` entries.
    async fn accesses(
        &self,
        filter: &AccessFilter,
        before: Option<i64>,
        limit: usize,
        within: u32,
    ) -> Result<AccessPage, StoreError>;

    /// Whether the ticket was opened with a reason in the session.
    async fn has_opened(&self, session: &str, ticket_id: TicketId) -> Result<bool, StoreError>;

    /// Deletes the sessions that have expired at `now`, and what is in the access log from before `before`.
    async fn forget_console(&self, now: Timestamp, before: Timestamp) -> Result<(), StoreError>;
}

/// The configuration in force.
pub trait PlaybookInForce: Debug + Send + Sync {
    /// As it is now.
    fn playbook(&self) -> Arc<Playbook>;
}

/// Reads a policy that is not in force.
pub trait PolicyReader: Debug + Send + Sync {
    /// The policy of this file's text; otherwise all mistakes, in Korean and as `misread check` shows them with this file. Reads
    /// files: not for an asynchronous task.
    fn read(&self, text: &str) -> Result<Policy, String>;
}
