//! The CCs and followers of a ticket (facts §3.1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::profile::Profile;
use super::records::{Audit, Role, TicketFields, User};
use super::state::State;

/// A person to add to or remove from a list.
#[derive(Clone, Debug)]
pub(super) struct CopyChange {
    pub(super) person: Person,
    pub(super) kind: CopyKind,
    /// `false`: remove.
    pub(super) wanted: bool,
}

/// The kinds of copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CopyKind {
    /// Public replies, by e-mail.
    EmailCc,
    /// Everything, for agents.
    Follower,
}

/// A person in an update.
#[derive(Clone, Debug)]
pub(super) enum Person {
    /// An existing user.
    Known(i64),
    /// By address; Zendesk creates an end user for an unknown one.
    ByEmail { email: String, name: Option<String> },
}

impl State {
    /// The user named in an update; created if there is none with this address.
    pub(super) fn find_or_make(&mut self, person: &Person) -> i64 {
        match person {
            Person::Known(id) => *id,
            Person::ByEmail { email, name } => {
                let known = self.users.values().find(|user| user.email.eq_ignore_ascii_case(email));
                let known = known.map(|user| user.id);
                known.unwrap_or_else(|| self.make_end_user(email, name.as_deref()))
            }
        }
    }

    fn make_end_user(&mut self, email: &str, name: Option<&str>) -> i64 {
        let id = self.next_id();
        let before_the_at = email.split('@').next().unwrap_or(email);
        let user = User {
            id,
            name: name.unwrap_or(before_the_at).to_owned(),
            email: email.to_owned(),
            role: Role::EndUser,
            external_id: None,
            verified: false,
            group_ids: BTreeSet::new(),
            profile: Profile::default(),
        };
        self.users.insert(id, user);
        id
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
        let nobody = BTreeSet::new();
        let old = before
            .map_or([&nobody; 2], |before| [&before.placement.email_cc_ids, &before.placement.follower_ids]);
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
