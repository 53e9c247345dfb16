//! Zendesk's rate limits, enforced on the sandbox's clock (facts §7).

mod endpoint;
mod headers;
mod window;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(super) use endpoint::Endpoint;
pub(super) use headers::write_endpoint;
use window::Window;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);

/// The numbers of requests allowed; `None` switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimits {
    /// All API requests of the account per minute; those to the webhooks API have their own limit.
    pub requests_per_minute: Option<usize>,
    /// Ticket updates of the account per minute, including people's in the agent interface.
    pub updates_per_minute: Option<usize>,
    /// Updates of one ticket by one user in ten minutes, including those by background jobs.
    pub updates_per_ticket: Option<usize>,
    /// Calls per minute to each of the endpoints that list tickets, export search results, and store the options
    /// of ticket fields.
    pub calls_per_endpoint: Option<usize>,
    /// Calls to the webhooks API per minute.
    pub webhook_calls_per_minute: Option<usize>,
    /// Background jobs, queued or running.
    pub jobs_at_once: Option<usize>,
}

impl RateLimits {
    /// The limits of a Suite Enterprise account: 700 requests, 100 updates, 30 updates of a ticket.
    pub const ZENDESK: Self = Self {
        requests_per_minute: Some(700),
        updates_per_minute: Some(100),
        updates_per_ticket: Some(30),
        calls_per_endpoint: Some(100),
        webhook_calls_per_minute: Some(100),
        jobs_at_once: Some(30),
    };
    /// The limits of a sandbox or trial account: 20 updates.
    pub const ZENDESK_SANDBOX: Self = Self { updates_per_minute: Some(20), ..Self::ZENDESK };
    /// The limits of an account with the High Volume add-on: 2,500 requests, 300 updates.
    pub const HIGH_VOLUME: Self =
        Self { requests_per_minute: Some(2500), updates_per_minute: Some(300), ..Self::ZENDESK };
    pub const OFF: Self = Self {
        requests_per_minute: None,
        updates_per_minute: None,
        updates_per_ticket: None,
        calls_per_endpoint: None,
        webhook_calls_per_minute: None,
        jobs_at_once: None,
    };
}

/// The events of the last minutes.
#[derive(Debug, Default)]
pub(super) struct Windows {
    requests: Window,
    endpoints: BTreeMap<Endpoint, Window>,
    by_user_and_ticket: BTreeMap<(i64, i64), Window>,
}

/// A limit was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LimitHit {
    /// Whole seconds until there is room again; at least 1.
    pub(super) retry_after: i64,
    /// Whether it is the account's limit, not an endpoint's.
    pub(super) of_account: bool,
    pub(super) description: &'static str,
}

impl Windows {
    /// Counts an API request, or rejects it. A rejected one does not count.
    pub(super) fn request(
        &mut self,
        limits: RateLimits,
        endpoint: Option<Endpoint>,
        now: Timestamp,
    ) -> Result<(), LimitHit> {
        if endpoint != Some(Endpoint::Webhooks) {
            let room = self.requests.room(limits.requests_per_minute, MINUTE, now);
            let description = "Number of allowed API requests per minute exceeded";
            room.map_err(|retry_after| LimitHit { retry_after, of_account: true, description })?;
        }
        if let Some(endpoint) = endpoint.filter(|endpoint| endpoint.counts_every_call()) {
            self.endpoint(endpoint, limits, now)?;
        }
        if endpoint != Some(Endpoint::Webhooks) {
            self.requests.add(now);
        }
        Ok(())
    }

    /// Counts a ticket update, or rejects it.
    pub(super) fn update(
        &mut self,
        limits: RateLimits,
        user_id: i64,
        ticket_id: i64,
        now: Timestamp,
    ) -> Result<(), LimitHit> {
        self.ticket_has_room(limits, user_id, ticket_id, now)?;
        self.endpoint(Endpoint::TicketUpdate, limits, now)?;
        self.of_ticket(user_id, ticket_id).add(now);
        Ok(())
    }

    /// Counts a ticket update by a background job, or rejects it: only the ticket's limit applies to these.
    pub(super) fn update_in_job(
        &mut self,
        limits: RateLimits,
        user_id: i64,
        ticket_id: i64,
        now: Timestamp,
    ) -> Result<(), LimitHit> {
        self.ticket_has_room(limits, user_id, ticket_id, now)?;
        self.of_ticket(user_id, ticket_id).add(now);
        Ok(())
    }

    /// Counts an update in the agent interface: it takes room from the API, but is never rejected.
    pub(super) fn update_by_person(&mut self, now: Timestamp) {
        self.of_endpoint(Endpoint::TicketUpdate).add(now);
    }

    fn endpoint(&mut self, endpoint: Endpoint, limits: RateLimits, now: Timestamp) -> Result<(), LimitHit> {
        let window = self.of_endpoint(endpoint);
        let room = window.room(endpoint.limit(limits), MINUTE, now);
        room.map_err(|retry_after| endpoint.hit(retry_after))?;
        window.add(now);
        Ok(())
    }

    fn ticket_has_room(
        &mut self,
        limits: RateLimits,
        user_id: i64,
        ticket_id: i64,
        now: Timestamp,
    ) -> Result<(), LimitHit> {
        let room = self.of_ticket(user_id, ticket_id).room(limits.updates_per_ticket, TEN_MINUTES, now);
        room.map_err(|retry_after| Endpoint::TicketUpdate.hit(retry_after))
    }

    fn of_ticket(&mut self, user_id: i64, ticket_id: i64) -> &mut Window {
        self.by_user_and_ticket.entry((user_id, ticket_id)).or_default()
    }

    fn of_endpoint(&mut self, endpoint: Endpoint) -> &mut Window {
        self.endpoints.entry(endpoint).or_default()
    }
}
