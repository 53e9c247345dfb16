//! The statistics kept of erased journals: the number of events by day. They contain nothing that identifies a customer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::conversation::Heard;
use super::effect::Effect;
use super::entry::Entry;
use crate::domain::seoul::seoul;

/// Counts by day in Asia/Seoul and by a name such as `ended.settled`, `decided.completed_open`, `acted.refund`,
/// `written.reply`, `deliveries`, `heard.not_understood`, `answered.identity.unclear`, `ordered.retry` or `stuck`.
pub type Figures = BTreeMap<(Date, String), u64>;

/// The figures of one journal. What was counted before an erasure of that journal is not counted again.
pub fn figures<'a>(journal: impl IntoIterator<Item = (Timestamp, &'a Entry)>) -> Figures {
    let (mut figures, mut effects, mut position) = (Figures::new(), BTreeMap::new(), 0_u32);
    for (at, entry) in journal {
        position = position.saturating_add(1);
        match entry {
            Entry::Erased { entries, .. } => position = entries.saturating_add(1),
            Entry::Intended { effect, .. } => drop(effects.insert(position, effect)),
            _ => {}
        }
        let counted = match entry {
            Entry::Heard(heard) => understanding(heard),
            _ => name(entry, |of| effects.get(&of).copied()).into_iter().collect(),
        };
        for name in counted {
            *figures.entry((seoul(at).date(), name)).or_default() += 1;
        }
    }
    figures
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

/// The name under which an entry is counted, if it is.
fn name<'a>(entry: &Entry, effect: impl Fn(u32) -> Option<&'a Effect>) -> Option<String> {
    Some(match entry {
        Entry::Woken { .. } => "deliveries".to_owned(),
        Entry::Ordered { order, .. } => format!("ordered.{}", word(order.what)),
        Entry::Decided { decision } => format!("decided.{}", decision.row),
        Entry::Acted { of, .. } | Entry::Written { of, .. } => match effect(of.0)? {
            Effect::Act(action) => format!("acted.{}", word(action.action)),
            Effect::Write(write) => format!("written.{}", word(write.kind)),
        },
        Entry::Ended { ending } => format!("ended.{}", word(*ending)),
        Entry::Stuck { .. } => "stuck".to_owned(),
        _ => return None,
    })
}

/// The value's name in the journal.
fn word(value: impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or("other").to_owned()
}
