//! Tags that a person meant for the service and misspelt: the service tells of them and goes on waiting. It never acts by a
//! guess.

use std::collections::BTreeSet;

use super::effect::WriteKind;
use super::fold::Case;
use super::record::EffectState;
use super::routing::{Routing, folded};
use crate::domain::ticket::TicketStatus;

/// A note names at most this many tags.
const MOST_IN_A_NOTE: usize = 5;
/// After this many tags of one ticket no more are told.
const MOST_TOLD: usize = 10;
/// A shorter common beginning of the service's tags is no mark of its own.
const SHORTEST_PREFIX: usize = 3;
/// The most letters by which a tag may differ from one that the service reads, and the share of its length.
const MOST_DIFFERENCE: usize = 3;
const LETTERS_PER_DIFFERENCE: usize = 4;

impl Case {
    /// The tags to tell of: on the ticket, set by a person in the agent interface since the service waits for one, meant for
    /// the service as it seems, unknown to it, and not told yet.
    pub(super) fn misspelt_tags(&self, routing: &Routing) -> Vec<String> {
        let told: BTreeSet<&String> = self
            .tag_notes()
            .filter(|(_, state)| !matches!(state, EffectState::NotDone))
            .flat_map(|(tags, _)| tags)
            .collect();
        let (Some(since), Some(ticket)) = (self.awaits_since(), &self.facts.ticket) else {
            return Vec::new();
        };
        if matches!(ticket.status, TicketStatus::Solved | TicketStatus::Closed) {
            return Vec::new();
        }
        let by_people = self.changes.iter().flatten();
        let by_people = by_people.filter(|change| change.is_by_a_person() && change.audit_id > since);
        let mut found = Vec::new();
        for tag in by_people.flat_map(|change| &change.added_tags) {
            let is_new = !told.contains(tag) && !found.contains(tag) && ticket.tags.contains(tag);
            if is_new && routing.is_misspelt(tag) {
                found.push(tag.clone());
            }
        }
        found.truncate(MOST_IN_A_NOTE.min(MOST_TOLD.saturating_sub(told.len())));
        found
    }

    /// Whether it is not certain that a note of misspelt tags is on the ticket.
    pub(super) fn has_open_tag_note(&self) -> bool {
        self.tag_notes().any(|(_, state)| matches!(state, EffectState::Unknown | EffectState::NotDone))
    }

    /// The tags that each note of misspelt tags names, and its outcome.
    fn tag_notes(&self) -> impl Iterator<Item = (&[String], &EffectState)> {
        let notes = self.writes().filter(|(write, _)| write.kind == WriteKind::TagNote);
        notes.map(|(write, record)| (&*write.misspelt_tags, &record.state))
    }
}

impl Routing {
    /// Whether a tag seems to be meant for the service and has no meaning to it.
    fn is_misspelt(&self, tag: &str) -> bool {
        if self.is_own_tag(tag) {
            return false;
        }
        let tag = folded(tag);
        let ours = self.prefix().is_some_and(|prefix| tag.starts_with(&prefix));
        ours || [&self.give_back_tag, &self.release_tag].iter().any(|read| is_near(&tag, &folded(read)))
    }

    /// The beginning that all of the service's tags share, up to a separator.
    fn prefix(&self) -> Option<String> {
        let tags = self.marks().into_iter().chain([&self.sent_tag]);
        let shared = tags.map(|tag| folded(tag)).reduce(|shared, tag| {
            let same = shared.chars().zip(tag.chars()).take_while(|(one, other)| one == other);
            same.map(|(sign, _)| sign).collect()
        })?;
        let end = shared.rfind(['_', '-', ':', '/'])?;
        let prefix = &shared[..=end];
        (prefix.chars().count() >= SHORTEST_PREFIX).then(|| prefix.to_owned())
    }
}

/// Whether two tags begin alike and differ by a few letters only.
pub fn is_near(tag: &str, read: &str) -> bool {
    let (tag, read): (Vec<char>, Vec<char>) = (tag.chars().collect(), read.chars().collect());
    let most = (read.len() / LETTERS_PER_DIFFERENCE).min(MOST_DIFFERENCE);
    tag.first() == read.first() && tag.len().abs_diff(read.len()) <= most && distance(&tag, &read) <= most
}

/// The number of letters to insert, remove, replace, or swap with their neighbour, to make one text of the other.
pub fn distance(one: &[char], other: &[char]) -> usize {
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=other.len()).collect());
    for (row, sign) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, against) in other.iter().enumerate() {
            let replaced = last[column] + usize::from(sign != against);
            let mut fewest = replaced.min(last[column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && *sign == other[column - 1] && one[row - 1] == *against {
                fewest = fewest.min(before[column - 1] + 1);
            }
            next.push(fewest);
        }
        before = std::mem::replace(&mut last, next);
    }
    last[other.len()]
}
