//! The state of a case by its journal, and which orders have an effect on it.

use crate::domain::case::{Case, OrderKind, Reason, Rest, StuckCause};
use crate::domain::ids::TicketId;
use crate::ports::Loaded;

/// The state of a case by its journal.
pub(crate) enum Progress {
    Active,
    Waiting,
    Ended,
    Stuck(Reason<StuckCause>),
}

/// Why an order would have no effect.
pub(crate) enum NoEffect {
    /// The case has ended.
    Ended,
    /// A waiting case goes on by itself.
    NotStuck,
}

impl Progress {
    /// `None` if there is no case.
    pub(crate) fn of(id: TicketId, loaded: &Loaded) -> Option<Self> {
        if loaded.journal.is_empty() && loaded.deliveries.is_empty() {
            return None;
        }
        let case = Case::fold(id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
        Some(match case.rest {
            Some(Rest::Stuck(reason)) => Self::Stuck(reason),
            Some(Rest::Waiting(_)) => Self::Waiting,
            Some(Rest::Ended(_)) => Self::Ended,
            None => Self::Active,
        })
    }

    /// `None` if the order has an effect.
    pub(crate) fn refusal(&self, what: OrderKind) -> Option<NoEffect> {
        match (what, self) {
            (_, Self::Ended) => Some(NoEffect::Ended),
            (OrderKind::Retry, Self::Waiting) => Some(NoEffect::NotStuck),
            (_, Self::Active | Self::Stuck(_)) | (OrderKind::HandOver, Self::Waiting) => None,
        }
    }
}
