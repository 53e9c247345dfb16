//! The looks that each session has in the access log: a page that stays open adds one line, not thousands.
//!
//! The process remembers only what it has recorded itself: after a restart, or at another replica, an open page is recorded
//! once more. Forgetting records too much and never too little.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::domain::ids::TicketId;
use crate::ports::Act;

/// With more than this, all are forgotten.
const MANY: usize = 10_000;

/// The looks that the access log has from this process: session, ticket and kind of look.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<HashSet<(String, TicketId, &'static str)>>);

impl Looks {
    /// Whether this look of the session was recorded before.
    pub(super) fn has(&self, session: &str, ticket_id: TicketId, act: Act) -> bool {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.contains(&(session.to_owned(), ticket_id, act.name()))
    }

    /// Remembers a look that is in the access log.
    pub(super) fn add(&self, session: &str, ticket_id: TicketId, act: Act) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= MANY {
            looks.clear();
        }
        looks.insert((session.to_owned(), ticket_id, act.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_of_one_session_one_ticket_and_one_kind_and_their_number_is_bounded() {
        let (looks, id) = (Looks::default(), |number: i64| number.to_string().parse().unwrap());
        looks.add("a", id(1), Act::LookedMasked);
        assert!(looks.has("a", id(1), Act::LookedMasked));
        for (session, number, act) in
            [("b", 1, Act::LookedMasked), ("a", 2, Act::LookedMasked), ("a", 1, Act::Looked)]
        {
            assert!(!looks.has(session, id(number), act), "{session} {number} {act:?}");
        }
        for number in 2..=10_001 {
            looks.add("a", id(number), Act::Looked);
        }
        assert!(looks.has("a", id(10_001), Act::Looked) && !looks.has("a", id(1), Act::LookedMasked));
    }
}
