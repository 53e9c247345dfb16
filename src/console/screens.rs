//! The screens, each with its template of the same name.

mod access;
mod bulk;
mod export;
pub mod figures;
pub mod filter;
mod limits;
mod policy;
mod practice;
pub mod privacy;
pub(super) mod sign_in;
mod stuck;
mod system;
mod texts;
mod ticket;
mod tickets;
pub mod today;
mod waiting;

use serde::Serialize;

use super::access::Viewer;
use super::address::Address;
use super::asset;
use super::dispatch::{Refused, Visit};
use super::page::Reply;
use crate::domain::case::OrderKind;
use crate::domain::policy::Team;
use crate::ports::{CaseLine, CaseState, Lane};
use crate::story::look::Look;
use crate::story::{minute, words};
use filter::query;
use jiff::Timestamp;
pub(super) use policy::trial::LARGEST as LARGEST_POLICY;

/// What needs no person.
pub(super) async fn without_sign_in(
    address: Address,
    visit: &Visit<'_>,
    viewer: Option<&Viewer>,
) -> Result<Reply, Refused> {
    match address {
        Address::Style => Ok(Reply::Asset(asset::STYLE)),
        Address::Library => Ok(Reply::Asset(asset::LIBRARY)),
        Address::Script => Ok(Reply::Asset(asset::SCRIPT)),
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
        Address::Style | Address::Library | Address::Script | Address::SignInForm | Address::SignIn => {
            Err(Refused::NotFound)
        }
        Address::SignOut => sign_in::sign_out(visit, viewer).await,
        Address::Today => today::show(visit, viewer).await,
        Address::Tickets => tickets::show(visit, viewer).await,
        Address::Ticket => ticket::show(visit, viewer).await,
        Address::OpenTicket => ticket::open(visit, viewer).await,
        Address::Retry => ticket::order(visit, viewer, OrderKind::Retry).await,
        Address::HandOver => ticket::order(visit, viewer, OrderKind::HandOver).await,
        Address::TicketsFile => export::tickets(visit, viewer).await,
        Address::BulkPreview => bulk::preview(visit).await,
        Address::Bulk => bulk::order(visit, viewer).await,
        Address::Figures => figures::show(visit).await,
        Address::FiguresFile => figures::file(visit).await,
        Address::Stuck => stuck::show(visit).await,
        Address::Waiting => waiting::show(visit).await,
        Address::System => system::show(visit).await,
        Address::Access => access::show(visit).await,
        Address::Policy => policy::show(visit).await,
        Address::PolicyMap => Ok(policy::map::show(visit)),
        Address::PolicyRow => policy::row::show(visit).await,
        Address::PolicyExplain => Ok(policy::explain::show(visit)),
        Address::PolicyTrialForm => Ok(policy::trial::form(visit)),
        Address::PolicyTrial => policy::trial::show(visit, viewer).await,
        Address::PolicyTrialFile => policy::trial::file(visit).await,
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
    lot: Option<String>,
    lot_name: Option<String>,
    /// The tickets of the same row, and of the same lot.
    of_row: Option<String>,
    of_lot: Option<String>,
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
            lot: None,
            lot_name: None,
            of_row: None,
            of_lot: None,
        }
    }

    /// By the outline, without a look into the journal.
    fn of_case(case: &CaseLine, now: Timestamp) -> Self {
        let CaseLine { summary, outline } = case;
        let outline = outline.clone().unwrap_or_default();
        let (state, moved) = (summary.state, summary.updated_at);
        let pause = summary.due_at.filter(|due| state == CaseState::Active && *due > now);
        let (waits, until) = match (state, outline.awaits) {
            (CaseState::Waiting, Some(lane)) => {
                (Some(waits_for(lane, outline.team).to_owned()), outline.until)
            }
            (CaseState::Stuck, _) => (Some("상담사".to_owned()), None),
            _ => (pause.map(|until| format!("시간({}까지)", minute(until))), pause),
        };
        let end = outline.ending.filter(|_| state == CaseState::Ended).map(|ending| {
            let end = words::ending(ending);
            outline.team.map_or_else(|| end.to_owned(), |team| format!("{end}({})", team.korean()))
        });
        // A resting case that something has just woken.
        let rests = outline.awaits.is_some() || outline.ending.is_some() || outline.stuck.is_some();
        let is_woken = state == CaseState::Active && rests;
        let since = if is_woken || case.outline.is_none() { moved } else { outline.since };
        let lot = outline.lot.map(|lot| lot.as_str().to_owned());
        let of = |field, value: &Option<String>| {
            value.as_ref().map(|value| format!("/tickets{}", query([(field, value.as_str())])))
        };
        Self {
            of_row: of("row", &outline.row),
            of_lot: of("lot", &lot),
            ticket: summary.ticket_id.get(),
            state: words::state(state),
            waits,
            until: until.map(minute),
            end,
            row: outline.row,
            won: outline.won.map(|won| won.to_string()),
            since: minute(since),
            because: outline.stuck.filter(|_| state == CaseState::Stuck).map(|reason| reason.korean()),
            lot,
            lot_name: outline.lot_name,
        }
    }
}

/// The party that a case waits for, and for what.
fn waits_for(lane: Lane, team: Option<Team>) -> &'static str {
    match lane {
        Lane::Answer => "고객(답변)",
        Lane::Payment => "고객(결제)",
        Lane::Release => "상담사(승인)",
        Lane::Colleague if team == Some(Team::AirportDesk) => "공항",
        Lane::Colleague => "상담사",
    }
}
