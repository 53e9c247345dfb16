//! The requester's public words in one audit.

use super::event::Event;

/// The text of these comments; empty if there are some without text.
pub(super) fn text(said: &[&Event]) -> Option<String> {
    let texts: Vec<&str> = said.iter().filter_map(|event| event.text()).collect();
    (!said.is_empty()).then(|| texts.join("\n\n"))
}

/// Whether an author who wrote this on the requester's behalf did nothing else: it is the audit's only comment, and fields
/// and tags changed only as its side effects.
pub(super) fn is_all(said: &[&Event], events: &[&Event]) -> bool {
    let comments = events.iter().filter(|event| event.is_comment()).count();
    let rest = events.iter().filter(|event| !event.is_comment());
    said.len() == 1 && comments == 1 && rest.into_iter().all(|event| event.follows_from_comment())
}
