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
pub struct Looks(Mutex<HashSet<(String, TicketId, &'static str)>>);

impl Looks {
    /// Whether this look of the session was recorded before.
    pub fn has(&self, session: &str, ticket_id: TicketId, act: Act) -> bool {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.contains(&(session.to_owned(), ticket_id, act.name()))
    }

    /// Remembers a look that is in the access log.
    pub fn add(&self, session: &str, ticket_id: TicketId, act: Act) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= MANY {
            looks.clear();
        }
        looks.insert((session.to_owned(), ticket_id, act.name()));
    }
}
