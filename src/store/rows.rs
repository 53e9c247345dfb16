//! Rows as parameters and results of statements, the same in every database.
//!
//! A list of rows is passed as one JSON text, so that a batch takes one statement whatever its length.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::column::{self, read_position, read_state, read_ticket_id, read_time};
use super::journal::Holding;
use super::{count, outline};
use crate::domain::case::{Entry, Order};
use crate::domain::ids::TicketId;
use crate::ports::{
    Accepted, CaseState, CaseSummary, Claim, DeliveryContent, DeliveryRequest, Loaded, NewDelivery,
    PendingDelivery, QueueMove, Recorded, StoreError,
};

/// Key, ticket, kind, problem, body, time, author of an order, their reason.
type DeliveryRow<'a> = (
    Cow<'a, str>,
    Option<i64>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    Cow<'a, str>,
    i64,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
);

/// As text for a parameter.
pub(super) fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// The rows of deliveries to store, as one JSON text.
pub(super) fn deliveries<'a>(
    deliveries: impl Iterator<Item = &'a NewDelivery>,
) -> Result<String, sqlx::Error> {
    json(&deliveries.map(delivery).collect::<Vec<_>>())
}

fn delivery(delivery: &NewDelivery) -> DeliveryRow<'_> {
    let (kind, problem, by, because) = match &delivery.content {
        DeliveryContent::Wake { kind, .. } => (Some(column::text(kind)), None, None, None),
        DeliveryContent::Order { order, .. } => {
            let because = order.reason.as_deref().map(column::text);
            (Some(column::order(order.what).into()), None, Some(column::text(&order.by)), because)
        }
        DeliveryContent::Poison { problem } => (None, Some(column::text(problem)), None, None),
    };
    let ticket_id = delivery.content.ticket_id().map(TicketId::get);
    let received_at = delivery.received_at.as_millisecond();
    (
        column::text(&delivery.dedup_key),
        ticket_id,
        kind,
        problem,
        column::text(&delivery.body),
        received_at,
        by,
        because,
    )
}

/// Which deliveries were new, by the stored keys and their numbers. Of several equal keys in one batch, the first was.
pub(super) fn accepted<'a>(
    deliveries: impl Iterator<Item = &'a NewDelivery>,
    stored: Vec<(String, i64)>,
) -> Vec<Accepted> {
    let mut new: HashMap<String, i64> = stored.into_iter().collect();
    let number = |delivery: &NewDelivery| new.remove(&*column::text(&delivery.dedup_key));
    deliveries
        .map(number)
        .map(|number| number.map_or(Accepted::Repeat, |number| Accepted::New { number }))
        .collect()
}

/// The keys that were already stored, for a comparison of the bodies; `None`: there are none.
pub(super) fn repeated<'a>(
    deliveries: impl Iterator<Item = &'a NewDelivery>,
    accepted: &[Accepted],
) -> Option<Vec<String>> {
    let known = deliveries.zip(accepted).filter(|(_, accepted)| **accepted == Accepted::Repeat);
    let keys: Vec<String> =
        known.map(|(delivery, _)| column::text(&delivery.dedup_key).into_owned()).collect();
    (!keys.is_empty()).then_some(keys)
}

/// Distinguishes repeats from deliveries that only have the same key, by the stored bodies.
pub(super) fn compare_bodies<'a>(
    deliveries: impl Iterator<Item = &'a NewDelivery>,
    accepted: &mut [Accepted],
    stored: Vec<(String, String)>,
) {
    let stored: HashMap<String, String> = stored.into_iter().collect();
    for (delivery, accepted) in deliveries.zip(accepted) {
        let before = stored.get(&*column::text(&delivery.dedup_key));
        let differs = before.is_some_and(|body| **body != *column::text(&delivery.body));
        if *accepted == Accepted::Repeat && differs {
            *accepted = Accepted::OtherBody;
        }
    }
}

/// The rows of appends, as six lists.
#[derive(Debug)]
pub(super) struct AppendRows {
    /// Ticket, position, time, body, whether it is counted, whether the outline comes with it.
    pub(super) entries: String,
    /// For every case: ticket, last delivery taken in, time of the last entry, end of the lease, what it waits for from now on.
    pub(super) cases: String,
    /// For released cases: ticket, state, due time, the state if a delivery waits.
    pub(super) releases: String,
    /// What to add to the figures.
    pub(super) counts: String,
    /// Ticket, account that its entries name.
    pub(super) mentions: String,
    pub(super) outlines: String,
}

impl AppendRows {
    /// The rows of these appends.
    pub(super) fn of(holding: &[Holding<'_>], shard: i64) -> Result<Self, sqlx::Error> {
        let (mut entries, mut cases, mut releases) = (Vec::new(), Vec::new(), Vec::new());
        let mut outlines = Vec::new();
        for Holding { append, figures } in holding {
            let is_counted = figures.is_some().then_some(1);
            let ticket_id = append.claim.ticket_id;
            let is_outlined = append.outline.is_some().then_some(1);
            if let Some(outline) = &append.outline {
                outlines.push(outline::row(ticket_id, outline)?);
            }
            for recorded in &append.entries {
                let body = json(&recorded.entry)?;
                let at = recorded.at.as_millisecond();
                entries.push((ticket_id, recorded.position, at, body, is_counted, is_outlined));
            }
            let lease_until = match append.queue_move {
                QueueMove::Keep { lease_until } => Some(lease_until.as_millisecond()),
                QueueMove::Release { state, due_at } => {
                    let due_at = due_at.map(Timestamp::as_millisecond);
                    releases.push((
                        ticket_id,
                        column::state(state),
                        due_at,
                        column::state(CaseState::Active),
                    ));
                    None
                }
            };
            let last_at = append.entries.last().map(|entry| entry.at.as_millisecond());
            let awaits = count::awaits(append.entries.iter().map(|recorded| &recorded.entry));
            cases.push((ticket_id, append.taken_up_to, last_at, lease_until, awaits));
        }
        let mentions = count::mentions(holding.iter().flat_map(|Holding { append, .. }| {
            append.entries.iter().map(|recorded| (append.claim.ticket_id, &recorded.entry))
        }));
        let counts = count::rows(holding.iter().filter_map(|holding| holding.figures.as_ref()), shard)?;
        Ok(Self {
            entries: json(&entries)?,
            cases: json(&cases)?,
            releases: json(&releases)?,
            counts,
            mentions: json(&mentions)?,
            outlines: json(&outlines)?,
        })
    }
}

/// Due time, ticket, fence, fruitless claims.
pub(super) type ClaimRow = (i64, i64, i64, i64);

/// Claims in the order of due time, the longest due first.
pub(super) fn claims(mut rows: Vec<ClaimRow>) -> Result<Vec<Claim>, sqlx::Error> {
    rows.sort_unstable();
    let unreadable = |error: StoreError| sqlx::Error::Decode(error.into());
    let claim = |(due_at, ticket_id, fence, fruitless_claims)| {
        let (ticket_id, due_since) =
            (read_ticket_id(ticket_id).map_err(unreadable)?, read_time(due_at).map_err(unreadable)?);
        let fruitless_claims = u32::try_from(fruitless_claims).unwrap_or(u32::MAX);
        Ok(Claim { ticket_id, fence, fruitless_claims, due_since })
    };
    rows.into_iter().map(claim).collect()
}

/// Whether it is a journal entry (otherwise a delivery), number, time, body or kind, author of an order, their reason.
pub(super) type LoadRow = (bool, i64, i64, String, Option<String>, Option<String>);

/// The journal and the deliveries that are not in it.
pub(super) fn loaded(ticket_id: TicketId, rows: Vec<LoadRow>) -> Result<Loaded, StoreError> {
    let mut loaded = Loaded { journal: Vec::new(), deliveries: Vec::new() };
    for (is_entry, number, at, text, by, reason) in rows {
        let at = read_time(at)?;
        if is_entry {
            let position = read_position(number)?;
            loaded.journal.push(Recorded { position, at, entry: read_entry(ticket_id, position, &text)? });
        } else {
            let asks = match by {
                None => DeliveryRequest::Refresh(text),
                Some(by) => DeliveryRequest::Command(Order { what: column::read_order(&text)?, by, reason }),
            };
            loaded.deliveries.push(PendingDelivery { id: number, asks, received_at: at });
        }
    }
    Ok(loaded)
}

pub(super) fn read_entry(ticket_id: TicketId, position: u32, body: &str) -> Result<Entry, StoreError> {
    let mut json = serde_json::Deserializer::from_str(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // serde's own message may quote the entry, and so the customer.
        let cause = error.inner();
        let reason = format!("unknown or damaged at `{}`, column {}", error.path(), cause.column());
        StoreError::Unreadable { ticket_id, position, reason }
    })
}

/// Ticket, state, due time, time of the last change.
pub(super) type SummaryRow = (i64, String, Option<i64>, i64);

/// Entries of a list of cases.
pub(super) fn summaries(rows: Vec<SummaryRow>) -> Result<Vec<CaseSummary>, StoreError> {
    rows.into_iter().map(summary).collect()
}

pub(super) fn summary((ticket_id, state, due_at, updated_at): SummaryRow) -> Result<CaseSummary, StoreError> {
    Ok(CaseSummary {
        ticket_id: read_ticket_id(ticket_id)?,
        state: read_state(&state)?,
        due_at: due_at.map(read_time).transpose()?,
        updated_at: read_time(updated_at)?,
    })
}
