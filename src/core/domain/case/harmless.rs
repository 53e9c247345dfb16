//! Which changes by integrations do not count as a take-over of the ticket, such as a triage that sets a tag.

use super::playbook::Playbook;
use super::routing::{Harmless, HarmlessFrom, Routing, same_tag};
use crate::domain::ticket::{ChangeAuthor, TicketChange};

/// The only system field that may change: the priority decides nothing here.
const PRIORITY: &str = "priority";

impl Playbook {
    /// Whether another author's change was made by an integration and touches nothing that a case depends on. Harmless are
    /// foreign tags, the priority, custom fields that the service neither reads nor sets, and internal notes.
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
    /// Whether a tag has a meaning to the service: it sets it, waits for it, or recognises its tickets by it.
    pub(super) fn is_own_tag(&self, tag: &str) -> bool {
        let types = &self.consultation_types;
        let one_word =
            self.marks().into_iter().chain([&self.sent_tag, &types.linked, &types.unlinked, &types.other]);
        let in_words = self.start_tags.iter().flat_map(|start| start.split_whitespace());
        let whole = self.start_tags.iter().map(String::as_str);
        one_word.map(String::as_str).chain(in_words).chain(whole).any(|own| same_tag(own, tag))
    }
}
