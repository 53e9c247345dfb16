//! Which conditions are news: those that begin, grow, last for a day, or are over.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::condition::Condition;

/// A condition that lasts is told again after this.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);
/// A condition that has grown by this factor is told again.
const GROWN: u64 = 2;

/// What has been told.
#[derive(Debug, Default)]
pub struct Judge {
    told: BTreeMap<String, (Timestamp, Condition)>,
}

/// News of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It began, or grew.
    Began(Condition),
    /// It lasts, and was last told a day ago or earlier.
    Lasts(Condition),
    Over(Condition),
}

impl Judge {
    /// What is new about these conditions, all that there are.
    pub fn news(&mut self, now: Timestamp, conditions: Vec<Condition>) -> Vec<News> {
        let keys: Vec<String> = conditions.iter().map(|condition| condition.kind.key()).collect();
        self.told.retain(|key, (_, told)| keys.contains(key) || !told.kind.ends_silently());
        let over = self.told.iter().filter(|(key, _)| !keys.contains(key));
        let over: Vec<News> = over.map(|(_, (_, condition))| News::Over(condition.clone())).collect();
        let standing = conditions.into_iter().filter_map(|condition| {
            let Some((at, before)) = self.told.get(&condition.kind.key()) else {
                return Some(News::Began(condition));
            };
            // Some conditions are known only as they are now.
            let condition = Condition { since: condition.since.min(before.since), ..condition };
            if condition.size >= before.size.saturating_mul(GROWN) {
                Some(News::Began(condition))
            } else if now.duration_since(*at) >= AGAIN {
                Some(News::Lasts(condition))
            } else {
                None
            }
        });
        standing.chain(over).collect()
    }

    /// Another replica tells what all see: that this one no longer sees it does not mean that it is over.
    pub(super) fn leave_to_others(&mut self) {
        self.told.retain(|_, (_, condition)| !condition.kind.is_shared());
    }

    /// These news have been sent.
    pub fn told(&mut self, now: Timestamp, news: Vec<News>) {
        for news in news {
            match news {
                News::Began(condition) | News::Lasts(condition) => {
                    self.told.insert(condition.kind.key(), (now, condition));
                }
                News::Over(condition) => {
                    self.told.remove(&condition.kind.key());
                }
            }
        }
    }
}
