//! The statistics of journals: how often what happened, by day. They contain nothing that identifies a customer, and stay when
//! the journals are erased.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::cause::{Escalation, EscalationCause};
use super::conversation::Heard;
use super::effect::{Action, Effect};
use super::entry::Entry;
use super::first_reply;
use super::reason::Reason;
use crate::domain::ids::Position;
use crate::domain::parking::{Receipt, Won};
use crate::domain::seoul::seoul;

/// Counts by day in Asia/Seoul and by a name such as `ended.settled`, `decided.completed_open`, `acted.refund`,
/// `won.refund` (KRW, not a number of events; at most 10¹² of one receipt), `written.reply`, `reply.first.within_1m`,
/// `reply.first.seconds` (a sum), `deliveries`, `heard.not_understood`, `answered.identity.unclear`, `escalated.limit_lot`,
/// `ordered.retry` or `stuck`.
pub type Figures = BTreeMap<(Date, String), u64>;

/// Counts the entries of one journal, also those of a part of it: an entry that names an effect is counted by the intention,
/// which may have been appended long before.
#[derive(Debug, Default)]
pub struct Counting<'a> {
    /// With when the ticket's first event was received, if the effect is the first public text.
    intended: BTreeMap<Position, (&'a Effect, Option<Timestamp>)>,
    figures: Figures,
}

impl<'a> Counting<'a> {
    /// Takes note of an entry that is counted already, or was never to be.
    pub fn know(&mut self, position: Position, entry: &'a Entry) {
        if let Entry::Intended { effect, first_since, .. } = entry {
            self.intended.insert(position, (effect, *first_since));
        }
    }

    /// Adds an entry to the figures of its day in Seoul.
    pub fn count(&mut self, position: Position, at: Timestamp, entry: &'a Entry) {
        self.know(position, entry);
        let day = seoul(at).date();
        let mut add = |name: String, count: u64| *self.figures.entry((day, name)).or_default() += count;
        match entry {
            Entry::Heard(heard) => understanding(heard).into_iter().for_each(|name| add(name, 1)),
            Entry::Acted { of, receipt } => {
                if let Some((Effect::Act(action), _)) = self.intended.get(of) {
                    let what = word(action.action);
                    if let Some(won) = moved(action, receipt) {
                        add(format!("won.{what}"), won);
                    }
                    add(format!("acted.{what}"), 1);
                }
            }
            Entry::Written { of, .. } => {
                if let Some((Effect::Write(write), first_since)) = self.intended.get(of) {
                    add(format!("written.{}", word(write.kind)), 1);
                    let waited = first_since.map(|since| at.duration_since(since));
                    for (name, count) in waited.into_iter().flat_map(first_reply::counted) {
                        add(name.to_owned(), count);
                    }
                }
            }
            _ => name(entry).into_iter().for_each(|name| add(name, 1)),
        }
    }

    /// The figures so far.
    pub fn figures(self) -> Figures {
        self.figures
    }
}

/// The intention without which an entry cannot be counted.
pub fn counted_by(entry: &Entry) -> Option<Position> {
    match entry {
        Entry::Acted { of, .. } | Entry::Written { of, .. } => Some(*of),
        _ => None,
    }
}

/// The figures of one journal. What was counted before an erasure of that journal is not counted again.
pub fn figures<'a>(journal: impl IntoIterator<Item = (Timestamp, &'a Entry)>) -> Figures {
    let (mut counting, mut position) = (Counting::default(), 0_u32);
    for (at, entry) in journal {
        position = match entry {
            Entry::Erased { entries, .. } => entries.saturating_add(1),
            _ => position.saturating_add(1),
        };
        counting.count(Position(position), at, entry);
    }
    counting.figures()
}

/// The most KRW that one receipt adds to the figures. A receipt shows what the parking system says, which may be any number:
/// without a bound the sum of a few exceeds the ledger's columns, and nothing could be appended any more.
const MOST_COUNTED: u64 = 1_000_000_000_000;

/// The KRW that an action moved, as its receipt shows the use; `None`: it moves no amount.
fn moved(action: &Action, receipt: &Receipt) -> Option<u64> {
    let shown = receipt.parking_use.as_ref();
    let won = match action.action.compensation() {
        Some(_) => shown.and_then(|shown| shown.compensation).map(|granted| granted.amount).or(action.amount),
        None => shown.and_then(|shown| shown.amount),
    };
    let Won(won) = won.filter(|_| action.action.moves_amount())?;
    u64::try_from(won).ok().map(|won| won.min(MOST_COUNTED))
}

/// How far a customer's messages were understood, and the answer to each question.
fn understanding(heard: &Heard) -> Vec<String> {
    if heard.automatic {
        return Vec::new();
    }
    let understood = if heard.reading.nothing_else { "heard.understood" } else { "heard.not_understood" };
    let answers = heard.reading.answers.iter();
    let answers = answers.map(|(question, answer)| format!("answered.{}.{}", word(question), word(answer)));
    [understood.to_owned()].into_iter().chain(answers).collect()
}

/// The name under which an entry is counted that names no effect, if it is.
fn name(entry: &Entry) -> Option<String> {
    Some(match entry {
        Entry::Woken { .. } => "deliveries".to_owned(),
        Entry::Ordered { order, .. } => format!("ordered.{}", word(order.what)),
        Entry::Decided { decision } => format!("decided.{}", decision.row),
        Entry::Ended { ending } => format!("ended.{}", word(*ending)),
        Entry::Stuck { .. } => "stuck".to_owned(),
        Entry::Escalated(escalation) => format!("escalated.{}", cause(escalation)),
        _ => return None,
    })
}

/// The cause's name in the journal, and which limit it was; `other` for prose of an earlier version.
fn cause(escalation: &Escalation) -> String {
    match &escalation.reason {
        Reason::Known(EscalationCause::LimitReached { limit }) => format!("limit_{}", word(limit)),
        Reason::Known(cause) => {
            let written = serde_json::to_value(cause).ok();
            let name = written.as_ref().and_then(|cause| cause.get("cause")?.as_str());
            name.unwrap_or("other").to_owned()
        }
        Reason::Prose(_) => "other".to_owned(),
    }
}

/// The value's name in the journal.
fn word(value: impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or("other").to_owned()
}
