//! The tags that the service sets on a ticket.

use super::fold::Case;
use super::routing::Routing;
use crate::domain::parking::Linkage;
use crate::domain::ticket::Ticket;

/// A case's state, as tags for triggers and views.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Done,
    HandedOver,
    Waiting,
    Prepared,
    /// Handed over because the service gave up.
    Stuck,
}

impl Routing {
    /// Keeps foreign tags and, of the service's own, only those for this state.
    pub(super) fn mark(&self, tags: &mut Tags, mark: Mark) {
        tags.remove(self.marks());
        tags.add([match mark {
            Mark::Done => &self.done_tag,
            Mark::HandedOver | Mark::Stuck => &self.handed_over_tag,
            Mark::Waiting => &self.waiting_tag,
            Mark::Prepared => &self.prepared_tag,
        }]);
        tags.add(matches!(mark, Mark::Stuck).then_some(&self.stuck_tag));
    }

    /// All tags for a case's state, and those that a person sets for the service.
    pub(super) fn marks(&self) -> [&String; 7] {
        [
            &self.done_tag,
            &self.handed_over_tag,
            &self.waiting_tag,
            &self.prepared_tag,
            &self.stuck_tag,
            &self.give_back_tag,
            &self.release_tag,
        ]
    }

    /// The option for a lot. A selected option is a tag as well (facts §5.2), so the full set of tags must agree with it.
    pub(super) fn set_consultation_type(&self, linkage: Linkage, tags: &mut Tags) -> String {
        let types = &self.consultation_types;
        let option = types.of(linkage).to_owned();
        tags.remove([&types.linked, &types.unlinked, &types.other]).add([&option]);
        option
    }
}

impl Case {
    /// The option for the use's lot, if the use is known.
    pub(super) fn set_consultation_type(&self, routing: &Routing, tags: &mut Tags) -> Option<String> {
        let linkage = self.parking_use().map(|parking_use| parking_use.lot.linkage)?;
        Some(routing.set_consultation_type(linkage, tags))
    }

    /// The ticket without our marks that it inherited from the closed ticket it follows: they were not set here.
    pub(super) fn without_inherited_marks(&self, ticket: &Ticket, routing: &Routing) -> Ticket {
        let mut ticket = ticket.clone();
        if ticket.follows.is_some() {
            let set_here: Vec<&String> =
                self.changes.iter().flatten().skip(1).flat_map(|change| &change.added_tags).collect();
            ticket.tags.retain(|tag| !routing.marks().contains(&tag) || set_here.contains(&tag));
        }
        ticket
    }
}

/// A full set of tags, in order, each once.
pub(super) struct Tags(pub(super) Vec<String>);

impl Tags {
    pub(super) fn of(ticket: &Ticket) -> Self {
        Self(ticket.tags.clone())
    }

    pub(super) fn add<T: AsRef<str>>(&mut self, tags: impl IntoIterator<Item = T>) -> &mut Self {
        for tag in tags {
            if !self.0.iter().any(|present| present == tag.as_ref()) {
                self.0.push(tag.as_ref().to_owned());
            }
        }
        self
    }

    pub(super) fn remove<T: AsRef<str>>(&mut self, tags: impl IntoIterator<Item = T>) -> &mut Self {
        for tag in tags {
            self.0.retain(|present| present != tag.as_ref());
        }
        self
    }
}
