//! Every address of the console, with what it needs. A new one does not compile without a path and a role.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::routing::{MethodRouter, get, post};

use super::{Console, dispatch, screens};
use crate::domain::person::Role;

/// The largest accepted form, in bytes.
const FORM_LIMIT: usize = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    Style,
    /// The library that renews parts of open pages.
    Library,
    /// The console's own script.
    Script,
    /// The form to sign in.
    SignInForm,
    SignIn,
    SignOut,
    Today,
    /// The list of tickets.
    Tickets,
    Ticket,
    /// Opens a ticket's customer data with a reason.
    OpenTicket,
    Retry,
    HandOver,
    /// The tickets of a filter as a file.
    TicketsFile,
    /// What an order for all tickets of a filter would do.
    BulkPreview,
    /// Gives an order for all tickets of a filter.
    Bulk,
    /// The stuck tickets by their reasons.
    Stuck,
    /// What waits for whom.
    Waiting,
    /// What happened, by day, week and month.
    Figures,
    /// The same as a file.
    FiguresFile,
    /// Replicas, program, policy and other systems.
    System,
    Access,
    Policy,
    /// Every situation with the row that decides it.
    PolicyMap,
    PolicyRow,
    /// Which row decides a situation, and why no other one.
    PolicyExplain,
    /// The form to ask what another policy would change.
    PolicyTrialForm,
    /// What another policy would change.
    PolicyTrial,
    /// The other policy as a file.
    PolicyTrialFile,
    /// The texts for customers.
    Texts,
    /// One text as customers read it.
    Text,
    /// Limits on money, and the breaker.
    Limits,
    /// Asks for a reason to lift the breaker.
    LiftForm,
    Lift,
    /// Retention, and the form to erase.
    Privacy,
    /// What an erasure would erase.
    ErasePreview,
    Erase,
    /// The practice room: its customers and tickets.
    Practice,
    /// Opens a ticket there.
    PracticeOpen,
    /// A ticket there, as Zendesk shows it.
    PracticeTicket,
    /// Acts as a person there.
    PracticeAct,
}

/// What an address needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is served without a sign-in.
    Nothing,
    /// A signed-in person with at least this role.
    Role(Role),
}

impl Address {
    /// All addresses; only these are served.
    pub const ALL: [Self; 40] = [
        Self::Style,
        Self::Library,
        Self::Script,
        Self::SignInForm,
        Self::SignIn,
        Self::SignOut,
        Self::Today,
        Self::Tickets,
        Self::Ticket,
        Self::OpenTicket,
        Self::Retry,
        Self::HandOver,
        Self::TicketsFile,
        Self::BulkPreview,
        Self::Bulk,
        Self::Stuck,
        Self::Waiting,
        Self::Figures,
        Self::FiguresFile,
        Self::System,
        Self::Access,
        Self::Policy,
        Self::PolicyMap,
        Self::PolicyRow,
        Self::PolicyExplain,
        Self::PolicyTrialForm,
        Self::PolicyTrial,
        Self::PolicyTrialFile,
        Self::Texts,
        Self::Text,
        Self::Limits,
        Self::LiftForm,
        Self::Lift,
        Self::Privacy,
        Self::ErasePreview,
        Self::Erase,
        Self::Practice,
        Self::PracticeOpen,
        Self::PracticeTicket,
        Self::PracticeAct,
    ];

    /// The path; `{id}` is a ticket's number, a row's id or a text's name.
    pub fn path(self) -> &'static str {
        match self {
            Self::Style => "/assets/console.css",
            Self::Library => "/assets/htmx.js",
            Self::Script => "/assets/console.js",
            Self::SignInForm | Self::SignIn => "/sign-in",
            Self::SignOut => "/sign-out",
            Self::Today => "/",
            Self::Tickets => "/tickets",
            Self::Ticket => "/tickets/{id}",
            Self::OpenTicket => "/tickets/{id}/open",
            Self::Retry => "/tickets/{id}/retry",
            Self::HandOver => "/tickets/{id}/hand-over",
            Self::TicketsFile => "/tickets.csv",
            Self::BulkPreview | Self::Bulk => "/bulk",
            Self::Stuck => "/stuck",
            Self::Waiting => "/waiting",
            Self::Figures => "/figures",
            Self::FiguresFile => "/figures.csv",
            Self::System => "/system",
            Self::Access => "/access",
            Self::Policy => "/policy",
            Self::PolicyMap => "/policy/map",
            Self::PolicyRow => "/policy/rows/{id}",
            Self::PolicyExplain => "/policy/explain",
            Self::PolicyTrialForm | Self::PolicyTrial => "/policy/trial",
            Self::PolicyTrialFile => "/policy/trial/file",
            Self::Texts => "/texts",
            Self::Text => "/texts/{id}",
            Self::Limits => "/limits",
            Self::LiftForm | Self::Lift => "/limits/lift",
            Self::Privacy => "/privacy",
            Self::ErasePreview => "/privacy/preview",
            Self::Erase => "/privacy/erase",
            Self::Practice | Self::PracticeOpen => "/practice",
            Self::PracticeTicket | Self::PracticeAct => "/practice/{id}",
        }
    }

    /// Whether it takes a form (POST), as all do that change something; the others only read (GET).
    pub fn takes_form(self) -> bool {
        match self {
            Self::SignIn
            | Self::SignOut
            | Self::OpenTicket
            | Self::Retry
            | Self::HandOver
            | Self::Bulk
            | Self::PolicyTrial
            | Self::PolicyTrialFile
            | Self::Lift
            | Self::ErasePreview
            | Self::Erase
            | Self::PracticeOpen
            | Self::PracticeAct => true,
            Self::Style
            | Self::Library
            | Self::Script
            | Self::SignInForm
            | Self::Today
            | Self::Tickets
            | Self::Ticket
            | Self::TicketsFile
            | Self::BulkPreview
            | Self::Stuck
            | Self::Waiting
            | Self::Figures
            | Self::FiguresFile
            | Self::System
            | Self::Access
            | Self::Policy
            | Self::PolicyMap
            | Self::PolicyRow
            | Self::PolicyExplain
            | Self::PolicyTrialForm
            | Self::Texts
            | Self::Text
            | Self::Limits
            | Self::LiftForm
            | Self::Privacy
            | Self::Practice
            | Self::PracticeTicket => false,
        }
    }

    /// Who may use it.
    pub fn need(self) -> Need {
        match self {
            Self::Style | Self::Library | Self::Script | Self::SignInForm | Self::SignIn => Need::Nothing,
            Self::SignOut
            | Self::Today
            | Self::Tickets
            | Self::Ticket
            | Self::OpenTicket
            | Self::Stuck
            | Self::Waiting
            | Self::Figures
            | Self::FiguresFile
            | Self::System
            | Self::Policy
            | Self::PolicyMap
            | Self::PolicyRow
            | Self::PolicyExplain
            | Self::Texts
            | Self::Text
            | Self::Limits => Need::Role(Role::View),
            Self::Retry
            | Self::HandOver
            | Self::TicketsFile
            | Self::BulkPreview
            | Self::Bulk
            // Asking changes nothing, and shows nothing of customers; but it reads many journals.
            | Self::PolicyTrialForm
            | Self::PolicyTrial
            | Self::PolicyTrialFile
            | Self::Practice
            | Self::PracticeOpen
            | Self::PracticeTicket
            | Self::PracticeAct => Need::Role(Role::Operate),
            // Lifting lets money move again without a person: it is a decision on the policy, not on a case.
            Self::LiftForm | Self::Lift => Need::Role(Role::Policy),
            Self::Access | Self::Privacy | Self::ErasePreview | Self::Erase => Need::Role(Role::Admin),
        }
    }

    pub(super) fn served(self) -> MethodRouter<Arc<Console>> {
        let answer = async move |State(console): State<Arc<Console>>,
                                 ConnectInfo(peer): ConnectInfo<SocketAddr>,
                                 request: Request| {
            dispatch::answer(&console, self, peer.ip().to_canonical(), request).await
        };
        let served = if self.takes_form() { post(answer) } else { get(answer) };
        served.layer(DefaultBodyLimit::max(self.form_limit()))
    }

    /// The largest accepted form, in bytes.
    fn form_limit(self) -> usize {
        match self {
            // A policy file with each byte written as three.
            Self::PolicyTrial | Self::PolicyTrialFile => 3 * screens::LARGEST_POLICY + FORM_LIMIT,
            _ => FORM_LIMIT,
        }
    }
}
