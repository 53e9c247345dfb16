//! The CCs and followers of a ticket (facts §3.1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::records::{Audit, TicketFields, User};
use super::state::State;
use super::update::{CopyChange, CopyKind, Person};

impl State {
    /// The user named in an update; created if there is none with this address.
    pub(super) fn find_or_make(&mut self, person: &Person) -> i64 {
        match person {
            Person::Known(id) => *id,
            Person::ByEmail { email, name } => {
                if let Some(user) = self.users.by_address(email) {
                    return user.id;
                }
                let id = self.next_id();
                self.users.insert(id, User::mailing(id, email, name.as_deref()));
                id
            }
        }
    }

    /// Changes a ticket's CCs and followers.
    pub(super) fn change_copies(&mut self, ticket: &mut TicketFields, changes: &[CopyChange]) {
        for change in changes {
            let id = self.find_or_make(&change.person);
            let list = match change.kind {
                CopyKind::EmailCc => &mut ticket.placement.email_cc_ids,
                CopyKind::Follower => &mut ticket.placement.follower_ids,
            };
            if change.wanted {
                list.insert(id);
            } else {
                list.remove(&id);
            }
        }
    }

    /// Adds an event for each list that changed; people are named by address.
    pub(super) fn record_copies(
        &mut self,
        before: Option<&TicketFields>,
        after: &TicketFields,
        audit: &mut Audit,
    ) {
        let none = BTreeSet::new();
        let old = before
            .map_or([&none; 2], |before| [&before.placement.email_cc_ids, &before.placement.follower_ids]);
        let new = [&after.placement.email_cc_ids, &after.placement.follower_ids];
        let kinds = [("EmailCcChange", "email_ccs"), ("FollowerChange", "followers")];
        for ((kind, list), (old, new)) in kinds.into_iter().zip(old.into_iter().zip(new)) {
            if old == new {
                continue;
            }
            let mut event = json!({ "id": self.next_id(), "type": kind });
            event[format!("previous_{list}")] = self.addresses(old);
            event[format!("current_{list}")] = self.addresses(new);
            audit.events.push(event);
        }
    }

    fn addresses(&self, ids: &BTreeSet<i64>) -> Value {
        ids.iter().filter_map(|id| self.users.get(id)).map(|user| Value::from(user.email.as_str())).collect()
    }
}
