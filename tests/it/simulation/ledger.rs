//! The ledger's tables in memory: deduplication, due times, leases, fences, and atomic appends.

use std::collections::BTreeSet;

use jiff::Timestamp;
use misread::domain::case::Case;
use misread::domain::ids::TicketId;
use misread::ports::{
    Accepted, Append, CaseState, Claim, DeliveryContent, DeliveryRequest, Loaded, NewDelivery,
    PendingDelivery, QueueMove, Recorded, StoreError,
};

/// The tables of one run with its one ticket.
#[derive(Debug)]
pub(super) struct Ledger {
    ticket_id: TicketId,
    keys: BTreeSet<String>,
    /// All accepted deliveries.
    pub(super) deliveries: Vec<PendingDelivery>,
    pub(super) row: Option<Row>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) state: CaseState,
    pub(super) due_at: Option<Timestamp>,
    pub(super) lease_until: Option<Timestamp>,
    fence: i64,
    fruitless_claims: u32,
    taken_up_to: i64,
    pub(super) journal: Vec<Recorded>,
    /// The true time of each entry, by the world's clock instead of the worker's.
    pub(super) really_at: Vec<Timestamp>,
    /// The journal, folded entry by entry.
    pub(super) case: Case,
}

impl Ledger {
    pub(super) fn new(ticket_id: TicketId) -> Self {
        Self { ticket_id, keys: BTreeSet::new(), deliveries: Vec::new(), row: None }
    }

    pub(super) fn accept(&mut self, delivery: NewDelivery) -> Accepted {
        if !self.keys.insert(delivery.dedup_key) {
            return Accepted::Repeat;
        }
        let (ticket_id, asks) = match delivery.content {
            DeliveryContent::Wake { ticket_id, kind } => (ticket_id, DeliveryRequest::Refresh(kind)),
            DeliveryContent::Order { ticket_id, order } => (ticket_id, DeliveryRequest::Command(order)),
            DeliveryContent::Poison { .. } => return Accepted::New { number: 0 },
        };
        let received_at = delivery.received_at;
        let id = i64::try_from(self.deliveries.len()).unwrap() + 1;
        self.deliveries.push(PendingDelivery { id, asks, received_at });
        let row = self.row.get_or_insert_with(|| Row::new(ticket_id));
        row.state = CaseState::Active;
        row.due_at = Some(row.due_at.map_or(received_at, |due| due.min(received_at)));
        Accepted::New { number: id }
    }

    pub(super) fn claim(&mut self, now: Timestamp, lease_until: Timestamp) -> Vec<Claim> {
        let ticket_id = self.ticket_id;
        let due = self.row.as_mut().filter(|row| row.next().is_some_and(|at| at <= now));
        let take = |row: &mut Row| {
            row.state = CaseState::Active;
            row.lease_until = Some(lease_until);
            row.fence += 1;
            row.fruitless_claims += 1;
            let due_since = row.due_at.unwrap_or(now);
            Claim { ticket_id, fence: row.fence, fruitless_claims: row.fruitless_claims, due_since }
        };
        due.map(take).into_iter().collect()
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.row.as_ref().and_then(Row::next)
    }

    pub(super) fn load(&self) -> Loaded {
        let journal = self.row.as_ref().unwrap().journal.clone();
        Loaded { journal, deliveries: self.pending().cloned().collect() }
    }

    /// The deliveries that are not in the journal yet.
    pub(super) fn pending(&self) -> impl Iterator<Item = &PendingDelivery> {
        let taken_up_to = self.row.as_ref().map_or(0, |row| row.taken_up_to);
        self.deliveries.iter().filter(move |delivery| delivery.id > taken_up_to)
    }

    /// Whether the claim still holds.
    pub(super) fn holds(&self, claim: Claim) -> bool {
        let row = self.row.as_ref().unwrap();
        row.fence == claim.fence && row.lease_until.is_some()
    }

    /// Appends entries of a worker whose clock is wrong by `skew`.
    pub(super) fn append(&mut self, append: Append, skew: jiff::SignedDuration) -> Result<(), StoreError> {
        let Claim { ticket_id, .. } = append.claim;
        let holds = self.holds(append.claim);
        let row = self.row.as_mut().unwrap();
        let end = row.journal.last().map_or(0, |last| last.position);
        let positions = append.entries.iter().map(|entry| entry.position);
        if !holds || !positions.eq((end + 1..).take(append.entries.len())) {
            return Err(StoreError::FenceLost { ticket_id });
        }
        if !append.entries.is_empty() {
            row.fruitless_claims = 0;
        }
        for recorded in append.entries {
            row.case.apply(recorded.at, &recorded.entry);
            row.really_at.push(recorded.at - skew);
            row.journal.push(recorded);
        }
        // Lists and filters are as good as the journal.
        assert_eq!(append.outline.as_deref(), Some(&row.case.outline()), "the outline is not the journal's");
        row.taken_up_to = row.taken_up_to.max(append.taken_up_to.unwrap_or(0));
        match append.queue_move {
            QueueMove::Keep { lease_until } => row.lease_until = Some(lease_until),
            QueueMove::Release { state, due_at } => self.release(state, due_at),
        }
        Ok(())
    }

    fn release(&mut self, state: CaseState, due_at: Option<Timestamp>) {
        let waiting = self.pending().map(|delivery| delivery.received_at).min();
        let row = self.row.as_mut().unwrap();
        row.lease_until = None;
        (row.state, row.due_at) =
            if waiting.is_some() { (CaseState::Active, waiting) } else { (state, due_at) };
    }
}

impl Row {
    fn new(ticket_id: TicketId) -> Self {
        Self {
            state: CaseState::Active,
            due_at: None,
            lease_until: None,
            fence: 0,
            fruitless_claims: 0,
            taken_up_to: 0,
            journal: Vec::new(),
            really_at: Vec::new(),
            case: Case::new(ticket_id),
        }
    }

    fn next(&self) -> Option<Timestamp> {
        self.lease_until.or(self.due_at)
    }
}
