//! The screens, each with its template of the same name.

mod access;
mod limits;
mod policy;
mod privacy;
mod practice;
pub(super) mod sign_in;
mod stuck;
mod system;
mod texts;
mod ticket;
mod tickets;
mod today;
mod waiting;

use serde::Serialize;

use super::access::Viewer;
use super::address::Address;
use super::dispatch::{Refused, Visit};
use super::page::Reply;
use crate::domain::case::OrderKind;
use crate::ports::{CaseSummary, Ledger, Loaded, StoreError};
use crate::story::look::Look;
use crate::story::{minute, words};

/// What needs no person.
pub(super) async fn without_sign_in(
    address: Address,
    visit: &Visit<'_>,
    viewer: Option<&Viewer>,
) -> Result<Reply, Refused> {
    match address {
        Address::Style => Ok(Reply::Style),
        Address::SignInForm => Ok(sign_in::form(visit, viewer)),
        Address::SignIn => sign_in::sign_in(visit).await,
        _ => Err(Refused::NotFound),
    }
}

/// What needs a person, whose role has been checked.
pub(super) async fn for_viewer(
    address: Address,
    visit: &Visit<'_>,
    viewer: &Viewer,
) -> Result<Reply, Refused> {
    match address {
        Address::Style | Address::SignInForm | Address::SignIn => Err(Refused::NotFound),
        Address::SignOut => sign_in::sign_out(visit, viewer).await,
        Address::Today => today::show(visit).await,
        Address::Tickets => tickets::show(visit, viewer).await,
        Address::Ticket => ticket::show(visit, viewer).await,
        Address::OpenTicket => ticket::open(visit, viewer).await,
        Address::Retry => ticket::order(visit, viewer, OrderKind::Retry).await,
        Address::HandOver => ticket::order(visit, viewer, OrderKind::HandOver).await,
        Address::Stuck => stuck::show(visit).await,
        Address::Waiting => waiting::show(visit).await,
        Address::System => system::show(visit).await,
        Address::Access => access::show(visit).await,
        Address::Policy => policy::show(visit).await,
        Address::PolicyMap => Ok(policy::map::show(visit)),
        Address::PolicyRow => policy::row::show(visit).await,
        Address::PolicyExplain => Ok(policy::explain::show(visit)),
        Address::Texts => Ok(texts::show(visit)),
        Address::Text => texts::one(visit),
        Address::Limits => limits::show(visit, viewer).await,
        Address::LiftForm => limits::lift_form(visit).await,
        Address::Lift => limits::lift(visit, viewer).await,
        Address::Privacy => Ok(privacy::show(visit)),
        Address::ErasePreview => privacy::preview(visit, viewer).await,
        Address::Erase => privacy::erase(visit, viewer).await,
        Address::Practice => practice::show(visit),
        Address::PracticeOpen => practice::open(visit),
        Address::PracticeTicket => practice::ticket(visit),
        Address::PracticeAct => practice::act(visit),
    }
}

/// A case in a list. It holds nothing that identifies a customer.
#[derive(Serialize)]
struct Line {
    ticket: i64,
    state: &'static str,
    waits: Option<String>,
    until: Option<String>,
    end: Option<String>,
    row: Option<String>,
    won: Option<String>,
    since: String,
    because: Option<String>,
}

impl Line {
    fn of(look: &Look) -> Self {
        Self {
            ticket: look.ticket_id.get(),
            state: words::state(look.state),
            waits: look.waits(),
            until: look.waits_until.map(minute),
            end: look.end(),
            row: look.row.clone(),
            won: look.won.map(|won| won.to_string()),
            since: minute(look.since),
            because: look.stuck_because(),
        }
    }
}

/// The lines of these cases. A case whose journal cannot be read is listed without details.
async fn lines(ledger: &dyn Ledger, cases: &[CaseSummary]) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::with_capacity(cases.len());
    for summary in cases {
        let loaded = match ledger.load(summary.ticket_id).await {
            Err(StoreError::Unreadable { .. }) => Loaded { journal: Vec::new(), deliveries: Vec::new() },
            loaded => loaded?,
        };
        lines.push(Line::of(&Look::of(summary, &loaded)));
    }
    Ok(lines)
}
