//! The endpoints with a limit of their own.

use axum::http::Method;

use super::{LimitHit, RateLimits};

/// An endpoint with a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::zendesk) enum Endpoint {
    /// Updates of one ticket, including its tags, but not those by background jobs.
    TicketUpdate,
    TicketsIndex,
    SearchExport,
    /// The options of a ticket field.
    FieldOptions,
    /// The whole webhooks API.
    Webhooks,
}

impl Endpoint {
    /// The endpoint of a request, by its path without `.json`, if it has a limit of its own.
    pub(in crate::zendesk) fn of(method: &Method, path: &str) -> Option<Self> {
        let path = path.strip_prefix("/api/v2/")?;
        let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let is_id = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
        match segments.as_slice() {
            ["tickets"] if method == Method::GET => Some(Self::TicketsIndex),
            ["tickets", id] if is_id(id) && method == Method::PUT => Some(Self::TicketUpdate),
            ["tickets", id, "tags"] if is_id(id) && method != Method::GET => Some(Self::TicketUpdate),
            ["search", "export"] => Some(Self::SearchExport),
            ["ticket_fields", _, "options", ..] => Some(Self::FieldOptions),
            ["webhooks", ..] => Some(Self::Webhooks),
            _ => None,
        }
    }

    /// Its name in the headers. Those of ticket updates and ticket lists are recorded; the others are formed
    /// alike.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TicketUpdate => "tickets-update",
            Self::TicketsIndex => "tickets-index",
            Self::SearchExport => "search-export",
            Self::FieldOptions => "ticket-field-options",
            Self::Webhooks => "webhooks",
        }
    }

    pub(super) fn limit(self, limits: RateLimits) -> Option<usize> {
        match self {
            Self::TicketUpdate => limits.updates_per_minute,
            Self::Webhooks => limits.webhook_calls_per_minute,
            Self::TicketsIndex | Self::SearchExport | Self::FieldOptions => limits.calls_per_endpoint,
        }
    }

    /// Updates count only if the ticket exists and accepts updates: they are counted where that is known.
    pub(super) fn counts_every_call(self) -> bool {
        self != Self::TicketUpdate
    }

    pub(super) fn hit(self, retry_after: i64) -> LimitHit {
        let description = match self {
            Self::TicketUpdate => "Rate limit for ticket updates exceeded, please wait before trying again",
            Self::TicketsIndex => "Rate limit for ticket lists exceeded, please wait before trying again",
            Self::SearchExport => "Rate limit for search exports exceeded, please wait before trying again",
            Self::FieldOptions => "Rate limit for field options exceeded, please wait before trying again",
            Self::Webhooks => "Rate limit for webhooks exceeded, please wait before trying again",
        };
        LimitHit { retry_after, of_account: false, description }
    }
}
