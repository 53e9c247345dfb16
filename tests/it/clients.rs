//! The clients for Zendesk and the parking system, against servers with real HTTP.
#![expect(clippy::unwrap_used, reason = "what a test sets up must work")]

mod parking;
mod stub;
mod transport;
#[cfg(feature = "sandbox")]
mod zendesk_admin;
mod zendesk_auth;
mod zendesk_budget;
mod zendesk_changes;
mod zendesk_hand;
mod zendesk_jobs;
#[cfg(feature = "sandbox")]
mod zendesk_lists;
mod zendesk_macros;
mod zendesk_ticket;
mod zendesk_told;
mod zendesk_update;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use misread::account::sliding_window::{GrantLog, Lane};
use misread::domain::ids::{EffectKey, Position, TicketId};
use misread::domain::marker::MarkerKey;
use misread::domain::ticket::{Seen, Ticket, TicketUpdate};
use misread::http::CallMetrics;
use misread::parking::ParkingClient;
use misread::ports::{CallError, Helpdesk as _, Lease, SendMode, TicketWrite, UpdateOutcome};
use misread::zendesk::{Budgets, Credentials, Fields, Shared, ZendeskClient};
use misread::{parking as parking_system, zendesk};

use crate::clock::ManualClock;

/// The time at which each of these tests begins.
fn clock() -> Arc<ManualClock> {
    ManualClock::at("2026-03-02T10:00:00Z")
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn ticket_id(id: i64) -> TicketId {
    TicketId::try_from(id).unwrap()
}

fn key(ticket: i64, position: u32) -> EffectKey {
    EffectKey::new(ticket_id(ticket), Position(position))
}

/// An internal note that changes nothing else.
fn note(text: &str) -> TicketUpdate {
    TicketUpdate::note(text.to_owned())
}

/// A client with the legacy token. It requests no access token, so that a test sees only its own calls.
fn desk(url: &str) -> ZendeskClient {
    desk_with(url, |_| {}, clock())
}

fn desk_with(
    url: &str,
    change: impl FnOnce(&mut zendesk::Options),
    clock: Arc<ManualClock>,
) -> ZendeskClient {
    let mut options = zendesk::Options {
        calls: CallMetrics::default(),
        base_url: url.to_owned(),
        credentials: Credentials::ApiToken { email: "bot@example.com".to_owned(), token: "t0ken".into() },
        fields: Fields { consultation_type: 71, plate: Some(72), used_at: Some(73) },
        statuses: BTreeMap::new(),
        budgets: Budgets {
            updates_per_minute: NonZeroU32::new(80).unwrap(),
            share_percent: NonZeroU32::new(80).unwrap(),
            together: true,
            jobs_at_once: NonZeroU32::new(2).unwrap(),
        },
        at_once: 16,
        proxy: false,
        timeout: Duration::from_secs(5),
    };
    change(&mut options);
    ZendeskClient::new(options, clock, shared()).unwrap()
}

/// A state that no other client shares.
pub(crate) fn shared() -> Shared {
    let marker_keys = vec![MarkerKey { number: 1, secret: "marker-s3cret".into() }];
    Shared { grants: Arc::new(Mutex::<GrantLog>::default()), marker_keys: Arc::new(marker_keys) }
}

/// Reads one ticket, in a request of its own.
async fn read(desk: &ZendeskClient, id: i64) -> Result<Option<Ticket>, CallError> {
    desk.ticket(ticket_id(id), Lane::Fresh).await
}

/// Sends one update of a ticket that was read at `read_at`, in a request of its own.
async fn send(
    desk: &ZendeskClient,
    key: &EffectKey,
    update: &TicketUpdate,
    read_at: &str,
) -> Result<UpdateOutcome, CallError> {
    let ticket = key.as_str().split('-').nth(1).unwrap().parse().unwrap();
    let (seen, lease) = (Seen { updated_at: time(read_at), comments: None }, Lease::until(Timestamp::MAX));
    desk.update(TicketWrite { ticket_id: ticket, key, update, seen, way: SendMode::Single, lease: &lease })
        .await
}

fn parking_client(url: &str) -> ParkingClient {
    parking_client_with(url, Duration::from_secs(5))
}

fn parking_client_with(url: &str, timeout: Duration) -> ParkingClient {
    let options = parking_system::Options {
        calls: CallMetrics::default(),
        base_url: format!("{url}/v1"),
        token: "parking-t0ken".into(),
        at_once: 16,
        proxy: false,
        timeout,
    };
    ParkingClient::new(&options, clock()).unwrap()
}
