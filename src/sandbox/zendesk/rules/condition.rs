//! A trigger's conditions (facts §5.1): parsed once, evaluated for every update.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::Condition;
use super::operator::Operator;
use super::run::Scene;
use super::subject::{PRIORITIES, Subject};
use crate::zendesk::records::{parse_status, split_tags, status_rank};

/// A condition that the engine supports.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) subject: Subject,
    operator: Operator,
    /// The values compared with; one empty text means none.
    pub(super) wanted: Vec<String>,
}

impl Check {
    /// Parses a condition; `Err` is the problem in Zendesk's words.
    pub(super) fn parse(condition: &Condition) -> Result<Self, String> {
        let Condition { field, operator, value } = condition;
        let subject = Subject::parse(field).ok_or_else(|| format!("Invalid condition '{field}'"))?;
        let known = Operator::parse(operator).filter(|known| subject.operators().contains(known));
        let known = known.ok_or_else(|| format!("Invalid operator '{operator}' in '{field}'"))?;
        let wanted = if known.is_terminal() { Vec::new() } else { texts(subject, known, value) };
        let fits =
            known.is_terminal() || (!wanted.is_empty() && wanted.iter().all(|text| subject.takes(text)));
        if !fits {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Err(format!("Invalid value '{shown}' in '{field} / {operator} / {shown}'"));
        }
        Ok(Self { subject, operator: known, wanted })
    }

    pub(super) fn holds(&self, scene: &Scene<'_>) -> bool {
        if self.subject == Subject::TitleWords {
            return self.holds_in_title(&scene.ticket.subject.to_lowercase());
        }
        let (now, before) = (scene.now(self.subject), scene.before(self.subject));
        let wanted: BTreeSet<String> =
            self.wanted.iter().filter_map(|text| scene.meant(self.subject, text)).collect();
        let wants_nothing = self.wanted.iter().any(String::is_empty);
        let among = |reading: &BTreeSet<String>| {
            !wanted.is_disjoint(reading) || (wants_nothing && reading.is_empty())
        };
        let changed = now != before;
        match self.operator {
            Operator::Is | Operator::Includes => among(&now),
            Operator::IsNot | Operator::NotIncludes => !among(&now),
            Operator::Present => !now.is_empty(),
            Operator::NotPresent => now.is_empty(),
            Operator::Changed => changed,
            Operator::NotChanged => !changed,
            Operator::ChangedTo => changed && among(&now),
            Operator::NotChangedTo => !(changed && among(&now)),
            Operator::ChangedFrom => changed && among(&before),
            Operator::NotChangedFrom => !(changed && among(&before)),
            Operator::LessThan => self.order(&now) == Some(Ordering::Less),
            Operator::LessThanEqual => self.order(&now).is_some_and(Ordering::is_le),
            Operator::GreaterThan => self.order(&now) == Some(Ordering::Greater),
            Operator::GreaterThanEqual => self.order(&now).is_some_and(Ordering::is_ge),
        }
    }

    /// `is` matches the exact words, `includes` any one of them.
    fn holds_in_title(&self, title: &str) -> bool {
        let words: BTreeSet<&str> =
            title.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        match self.operator {
            Operator::Is => self.wanted.iter().any(|phrase| title.contains(phrase)),
            Operator::IsNot => !self.wanted.iter().any(|phrase| title.contains(phrase)),
            Operator::Includes => self.wanted.iter().any(|word| words.contains(word.as_str())),
            _ => !self.wanted.iter().any(|word| words.contains(word.as_str())),
        }
    }

    /// The order of the ticket's value and the compared one; `None` if they are not comparable.
    fn order(&self, now: &BTreeSet<String>) -> Option<Ordering> {
        let wanted = self.wanted.first()?;
        let now = now.first();
        match self.subject {
            Subject::Status => {
                Some(status_rank(parse_status(now?)?).cmp(&status_rank(parse_status(wanted)?)))
            }
            Subject::Priority => Some(rank(now).cmp(&rank(Some(wanted)))),
            _ => match (now?.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(now), Ok(wanted)) => now.partial_cmp(&wanted),
                // Dates compare as text.
                _ => Some(now?.cmp(wanted)),
            },
        }
    }
}

/// The rank of a priority; 0 for none.
fn rank(priority: Option<&String>) -> usize {
    PRIORITIES
        .iter()
        .position(|word| priority.is_some_and(|priority| priority == word))
        .map_or(0, |at| at + 1)
}

/// The texts of a value: one, several in a list, or several separated by spaces if Zendesk uses that.
fn texts(subject: Subject, operator: Operator, value: &Value) -> Vec<String> {
    let text = match value {
        Value::Array(list) => return list.iter().flat_map(|value| texts(subject, operator, value)).collect(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => String::new(),
        Value::Object(_) => return Vec::new(),
    };
    match subject {
        Subject::Tags => split_tags(&text).collect(),
        Subject::TitleWords if matches!(operator, Operator::Includes | Operator::NotIncludes) => {
            text.to_lowercase().split_whitespace().map(str::to_owned).collect()
        }
        Subject::TitleWords => vec![text.to_lowercase()],
        _ => vec![text],
    }
}
