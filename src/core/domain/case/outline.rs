//! The outline of a case: what lists and filters need of its journal, kept beside the journal so that no list reads journals.

use jiff::Timestamp;

use super::effect::{Awaited, Ending, Rest};
use super::entry::Entry;
use super::fold::Case;
use super::halt::StuckCause;
use super::reason::Reason;
use crate::domain::ids::LotId;
use crate::domain::parking::Won;
use crate::domain::plate::{GivenPlate, Plate};
use crate::domain::policy::Team;

/// What a waiting case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Lane {
    Answer,
    Payment,
    /// An agent who does their part and gives the ticket back.
    Colleague,
    /// An agent who releases what is prepared.
    Release,
}

impl Lane {
    /// All lanes.
    pub const ALL: [Self; 4] = [Self::Colleague, Self::Release, Self::Answer, Self::Payment];
}

impl From<&Awaited> for Lane {
    fn from(awaited: &Awaited) -> Self {
        match awaited {
            Awaited::Answer { .. } => Self::Answer,
            Awaited::Payment => Self::Payment,
            Awaited::GiveBack => Self::Colleague,
            Awaited::Release => Self::Release,
        }
    }
}

/// The outline of a case, folded from its journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Since when it rests, or works.
    pub since: Timestamp,
    /// What it waits for, if it waits.
    pub awaits: Option<Lane>,
    /// The deadline of the wait.
    pub until: Option<Timestamp>,
    /// Whether the wait ends for good at the deadline.
    pub is_last: bool,
    /// How it ended, if it has ended.
    pub ending: Option<Ending>,
    /// Why it is stuck, if it is.
    pub stuck: Option<Reason<StuckCause>>,
    /// The team that has the ticket: for its part, or after a hand-over.
    pub team: Option<Team>,
    /// The policy row of the last decision.
    pub row: Option<String>,
    /// The charge of the use.
    pub won: Option<Won>,
    /// The lot of the use.
    pub lot: Option<LotId>,
    /// That lot's name when the use was read.
    pub lot_name: Option<String>,
    /// The plate of the use, otherwise the one that the customer gave; without spaces and punctuation.
    pub plate: Option<String>,
}

/// What the fold otherwise forgets between turns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    row: Option<String>,
    team: Option<Team>,
    rested_at: Option<Timestamp>,
    /// The first entry after the last rest.
    active_since: Option<Timestamp>,
}

impl Marks {
    pub(super) fn apply(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::Decided { decision } => {
                self.row = Some(decision.row.clone());
                self.team = decision.outcome.hand_over().map(|(team, _)| team);
            }
            Entry::Erased { .. } => *self = Self::default(),
            _ => {}
        }
        if matches!(
            entry,
            Entry::Waiting(_) | Entry::Ended { .. } | Entry::Stuck { .. } | Entry::Erased { .. }
        ) {
            (self.rested_at, self.active_since) = (Some(at), None);
        } else {
            self.active_since.get_or_insert(at);
        }
    }
}

impl Case {
    /// What lists show of it, so that no list folds a journal.
    pub fn outline(&self) -> Outline {
        let Marks { row, team, rested_at, active_since } = &self.marks;
        let parking_use = self.parking_use();
        let lot = parking_use.map(|found| &found.lot);
        let outline = Outline {
            since: active_since.or(*rested_at).unwrap_or_default(),
            row: row.clone(),
            won: parking_use.and_then(|found| found.amount),
            lot: lot.map(|lot| lot.id.clone()),
            lot_name: lot.map(|lot| lot.name.clone()),
            plate: self.plate(),
            ..Outline::default()
        };
        let since = rested_at.unwrap_or(outline.since);
        match &self.rest {
            None => outline,
            Some(Rest::Waiting(waiting)) => {
                let awaits = Lane::from(&waiting.awaited);
                let team = team.filter(|_| awaits == Lane::Colleague);
                let (until, is_last) = (waiting.until, waiting.last);
                Outline { since, awaits: Some(awaits), until, is_last, team, ..outline }
            }
            Some(Rest::Ended(ending)) => {
                let handed_to = || self.writes().rev().find_map(|(write, _)| write.hands_to);
                let team = if *ending == Ending::HandedOver { handed_to() } else { None };
                Outline { since, ending: Some(*ending), team, ..outline }
            }
            Some(Rest::Stuck(reason)) => Outline { since, stuck: Some(reason.clone()), ..outline },
        }
    }

    fn plate(&self) -> Option<String> {
        if let Some(parking_use) = self.parking_use() {
            return Some(searchable(&parking_use.vehicle.plate));
        }
        match self.facts.given_plate() {
            GivenPlate::Read(plate) => Some(plate.as_str().to_owned()),
            _ => None,
        }
    }
}

/// A plate as it is kept for searches. One that is in no known form stays as it is, without spaces.
pub fn searchable(plate: &str) -> String {
    let as_written = || plate.split_whitespace().collect();
    Plate::parse(plate).map_or_else(as_written, |plate| plate.as_str().to_owned())
}
