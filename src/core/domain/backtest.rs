//! Backtests another policy: replays recorded inputs and compares the outcomes. Changes nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::case::{Case, Entry};
use super::ids::{Position, TicketId};
use super::parking::Won;
use super::policy::{Decision, Policy, Unanswered};

/// A recorded decision that another policy would have made differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The decision's position in the journal.
    pub position: Position,
    /// When it was taken.
    pub at: Timestamp,
    /// As the journal recorded it then.
    pub before: Decision,
    /// The other policy's decision, or why it has none.
    pub after: Result<Decision, Unanswered>,
    /// The amount of the use at that time, if one use was found and had an amount.
    pub amount: Option<Won>,
}

/// The result of a whole backtest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of tickets examined.
    pub tickets: usize,
    /// The number of decisions replayed.
    pub decisions: usize,
    /// Changed decisions by old and new row.
    pub changed: BTreeMap<(String, String), Sum>,
    /// Tickets with a changed outcome, each counted once with its last amount.
    pub in_all: Sum,
    /// Decisions that cannot be replayed: the policy asks for an input that was not recorded.
    pub unanswered: usize,
}

/// A number of tickets and their amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The number of tickets.
    pub tickets: usize,
    /// KRW.
    pub amount: Won,
}

impl Default for Sum {
    fn default() -> Self {
        Self { tickets: 0, amount: Won(0) }
    }
}

impl Sum {
    fn add(&mut self, amount: Option<Won>) {
        self.tickets += 1;
        self.amount = Won(self.amount.0.saturating_add(amount.map_or(0, |amount| amount.0)));
    }
}

impl Tally {
    /// Replays and counts one ticket's decisions since a moment. Returns those with another outcome, oldest first, and
    /// those that cannot be replayed.
    pub fn replay<'a>(
        &mut self,
        policy: &Policy,
        ticket_id: TicketId,
        journal: impl IntoIterator<Item = (Timestamp, &'a Entry)>,
        since: Option<Timestamp>,
    ) -> Vec<Difference> {
        let mut case = Case::new(ticket_id);
        let mut found = Vec::new();
        self.tickets += 1;
        for (at, entry) in journal {
            case.apply(at, entry);
            if let Entry::Decided { decision } = entry
                && since.is_none_or(|since| at >= since)
            {
                self.decisions += 1;
                found.extend(difference(policy, &case, at, decision));
            }
        }
        self.count(&found);
        found
    }

    fn count(&mut self, found: &[Difference]) {
        let mut last_of_rows = BTreeMap::new();
        for difference in found {
            match &difference.after {
                Ok(after) => {
                    let rows = (difference.before.row.clone(), after.row.clone());
                    last_of_rows.insert(rows, difference.amount);
                }
                Err(_) => self.unanswered += 1,
            }
        }
        for (rows, amount) in last_of_rows {
            self.changed.entry(rows).or_default().add(amount);
        }
        if let Some(last) = found.iter().rfind(|difference| difference.after.is_ok()) {
            self.in_all.add(last.amount);
        }
    }
}

/// `case` is in its state at the time of the decision.
fn difference(policy: &Policy, case: &Case, at: Timestamp, before: &Decision) -> Option<Difference> {
    let after = policy.decide_on(&before.inputs);
    if after
        .as_ref()
        .is_ok_and(|after| after.outcome.same_course(&before.outcome) && after.trust == before.trust)
    {
        return None;
    }
    let amount = case.facts.the_use().and_then(|parking_use| parking_use.amount);
    Some(Difference { position: case.last, at, before: before.clone(), after, amount })
}
