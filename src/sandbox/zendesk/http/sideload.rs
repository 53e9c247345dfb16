//! Side-loads of tickets: `?include=users,groups,comment_count` (facts §3.1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::paging::Parameters;
use crate::zendesk::records::FakeTicket;
use crate::zendesk::state::State;
use crate::zendesk::wire;

/// The requested side-loads. Unknown words are ignored, as by Zendesk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Include {
    users: bool,
    groups: bool,
    comment_count: bool,
}

impl Include {
    pub(super) fn asked(query: &Parameters) -> Self {
        let words = query.get("include").map(String::as_str).unwrap_or_default();
        let wants = |wanted| words.split(',').any(|word| word.trim() == wanted);
        Self { users: wants("users"), groups: wants("groups"), comment_count: wants("comment_count") }
    }

    /// A ticket, with its number of comments if requested.
    pub(super) fn ticket(self, state: &State, ticket: &FakeTicket) -> Value {
        let mut value = wire::ticket(state, &ticket.fields);
        if self.comment_count {
            value["comment_count"] = json!(ticket.comments.len());
        }
        value
    }

    /// Adds the users and groups of these tickets to a response, each once.
    pub(super) fn beside(self, state: &State, tickets: &[&FakeTicket], answer: &mut Value) {
        if self.users {
            let of = |ticket: &&FakeTicket| {
                let fields = &ticket.fields;
                let people = [Some(fields.requester_id), Some(fields.submitter_id), fields.assignee_id];
                let copies =
                    fields.placement.email_cc_ids.iter().chain(&fields.placement.follower_ids).copied();
                people.into_iter().flatten().chain(copies).collect::<Vec<_>>()
            };
            let ids: BTreeSet<i64> = tickets.iter().flat_map(of).collect();
            let known = ids.iter().filter_map(|id| state.users.get(id));
            answer["users"] = known.map(|user| wire::user(state, user)).collect();
        }
        if self.groups {
            let ids: BTreeSet<i64> = tickets.iter().filter_map(|ticket| ticket.fields.group_id).collect();
            let known = ids.iter().filter_map(|id| state.groups.get(id));
            answer["groups"] = known.map(|group| wire::group(state, group)).collect();
        }
    }
}
