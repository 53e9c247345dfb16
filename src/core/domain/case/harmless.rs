//! What integrations change beside the service without taking a ticket over: a triage that sets a tag is no person who acts.

use std::collections::BTreeSet;

use super::playbook::{Playbook, Routing, same_tag};
use crate::domain::ticket::{ChangeAuthor, TicketChange};

/// The one field of a ticket itself that may be changed: how urgent it is decides nothing here.
const PRIORITY: &str = "priority";

/// Whose changes may be harmless, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harmless {
    /// Whose.
    pub from: HarmlessFrom,
    /// The custom fields that the service reads or sets, by their numbers: a change of one of these counts.
    pub fields: BTreeSet<i64>,
}

/// Whose changes may be harmless. What a person does in the agents' interface always counts, as whichever user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HarmlessFrom {
    /// Nobody's.
    Nobody,
    /// Those of every program.
    AllIntegrations,
    /// Those of programs that are signed in as one of these users.
    Users(BTreeSet<i64>),
}

impl Playbook {
    /// Whether somebody else's change is an integration's and touches nothing that a case depends on: tags that are none of ours, the
    /// priority, custom fields that we neither read nor set, and internal notes.
    pub(super) fn is_harmless(&self, change: &TicketChange) -> bool {
        let Harmless { from, fields } = &self.routing.harmless;
        let allowed = match (from, change.author) {
            (HarmlessFrom::AllIntegrations, ChangeAuthor::Other { .. }) => true,
            (HarmlessFrom::Users(users), ChangeAuthor::Other { user_id }) => users.contains(&user_id),
            _ => false,
        };
        let speaks = change.spoke_publicly || change.said.is_some() || change.said_by_other.is_some();
        let by_macros = || self.macros.fields();
        let is_harmless_field = |name: &String| {
            let number = name.parse::<i64>();
            name == PRIORITY
                || number.is_ok_and(|id| !fields.contains(&id) && !by_macros().any(|field| field == id))
        };
        let mut tags = change.added_tags.iter().chain(&change.removed_tags);
        allowed
            && change.by_program.is_some()
            && !change.in_interface
            && !speaks
            && !change.requester_changed
            && !tags.any(|tag| self.routing.is_own_tag(tag))
            && change.touched.iter().all(is_harmless_field)
    }
}

impl Routing {
    /// Whether a tag means something to the service: one that it sets or waits for, or that makes a ticket one of its own.
    fn is_own_tag(&self, tag: &str) -> bool {
        let types = &self.consultation_types;
        let one_word =
            self.marks().into_iter().chain([&self.sent_tag, &types.linked, &types.unlinked, &types.other]);
        let in_words = self.start_tags.iter().flat_map(|start| start.split_whitespace());
        let whole = self.start_tags.iter().map(String::as_str);
        one_word.map(String::as_str).chain(in_words).chain(whole).any(|own| same_tag(own, tag))
    }
}
