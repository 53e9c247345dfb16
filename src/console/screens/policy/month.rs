//! What rows decided in the last month, by the kept figures.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use serde::Serialize;

use crate::console::dispatch::Visit;
use crate::domain::parking::{ParkingAction, Won};
use crate::domain::policy::{Policy, Row, Then};
use crate::domain::seoul::seoul;
use crate::ports::StoreError;
use crate::story::cases;
use crate::story::figures::action;

/// The days of Seoul that are counted, with today.
pub(super) const DAYS: i8 = 30;

/// The figures of the last [`DAYS`] days.
pub(super) struct Month {
    decided: BTreeMap<String, u64>,
    won: Vec<(ParkingAction, u64)>,
}

/// A row that is no longer in the policy.
#[derive(Serialize)]
pub(super) struct Gone {
    id: String,
    count: String,
}

impl Month {
    pub(super) async fn until(visit: &Visit<'_>) -> Result<Self, StoreError> {
        let first = seoul(visit.now).date().saturating_sub((DAYS - 1).days());
        let figures = visit.console.parts.ledger.figures_since(first).await?;
        let mut month = Self { decided: BTreeMap::new(), won: Vec::new() };
        for ((_, name), count) in figures {
            match name.split_once('.') {
                Some(("decided", row)) => *month.decided.entry(row.to_owned()).or_default() += count,
                Some(("won", what)) => month.won.extend(action(what).map(|action| (action, count))),
                _ => {}
            }
        }
        Ok(month)
    }

    /// How often a row decided; `None` for one that passes on to the other table.
    pub(super) fn count(&self, row: &Row) -> Option<u64> {
        (row.then != Then::Decide).then(|| self.decided.get(&row.id).copied().unwrap_or_default())
    }

    /// The money that a row moved. Figures count money by action, so it is known only of a row that does not share its actions
    /// with another one, and only while every row that decided is still in the policy.
    pub(super) fn won(&self, policy: &Policy, row: &Row) -> Option<Won> {
        let moving = |row: &Row| -> Vec<ParkingAction> {
            let Then::Outcome(outcome) = &row.then else { return Vec::new() };
            outcome.actions().iter().copied().filter(|action| action.moves_amount()).collect()
        };
        let own = moving(row);
        let is_shared =
            |other: &Row| other.id != row.id && moving(other).iter().any(|action| own.contains(action));
        if own.is_empty() || policy.rows().any(is_shared) || !self.gone(policy).is_empty() {
            return None;
        }
        let won = self.won.iter().filter(|(action, _)| own.contains(action)).map(|(_, won)| won);
        Some(Won(won.fold(0_i64, |sum, won| sum.saturating_add(i64::try_from(*won).unwrap_or(i64::MAX)))))
    }

    /// Rows that decided and are no longer in the policy.
    pub(super) fn gone(&self, policy: &Policy) -> Vec<Gone> {
        let gone = self.decided.iter().filter(|(id, _)| policy.row(id).is_none());
        gone.map(|(id, count)| Gone { id: id.clone(), count: cases(*count) }).collect()
    }
}
