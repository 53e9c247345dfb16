//! Audits: what was changed on a ticket, by whom, and how far their words can be trusted (facts §3.10, §14).

mod event;
mod said;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use self::event::Event;
use super::{PageMeta, trust, via};
use crate::domain::ticket::{ChangeAuthor, TicketChange, Warning};

/// The user id of Zendesk itself, taken for a change that names nobody.
const SYSTEM_USER: i64 = -1;

#[derive(Deserialize)]
pub(in crate::zendesk) struct AuditsPage {
    pub(in crate::zendesk) audits: Vec<Audit>,
    /// Archived tickets do not paginate.
    #[serde(default)]
    pub(in crate::zendesk) meta: PageMeta,
}

#[derive(Deserialize)]
pub(in crate::zendesk) struct Audit {
    id: i64,
    created_at: Timestamp,
    author_id: Option<i64>,
    #[serde(default)]
    via: Value,
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    events: Vec<Event>,
}

impl Audit {
    /// Events of a trigger may ride in the audit of the update that fired it. Who changed the ticket is the audit's own author, and
    /// a rule's event is nobody's word and nobody's tag: a tag that a person adds is a permission.
    pub(in crate::zendesk) fn into_change(self, requester_id: i64) -> TicketChange {
        let marker = self.metadata["custom"]["misread"].as_str().map(str::to_owned);
        let user_id = self.author_id.unwrap_or(SYSTEM_USER);
        let by_rule = via::is_rule(&self.via);
        let own: Vec<&Event> = self.events.iter().filter(|event| !by_rule && !event.is_by_rule()).collect();
        let public = own.iter().copied().filter(|event| event.is_public_comment());
        let author_of = |event: &Event| event.author(user_id).unwrap_or(SYSTEM_USER);
        let (theirs, others): (Vec<&Event>, Vec<&Event>) =
            public.partition(|event| author_of(event) == requester_id);
        let author = if marker.is_some() {
            ChangeAuthor::Service
        } else if by_rule {
            ChangeAuthor::Rule
        } else if user_id == requester_id || said::is_all(&theirs, &own) {
            ChangeAuthor::Requester
        } else {
            ChangeAuthor::Other { user_id }
        };
        let mut added_tags: Vec<String> = own.iter().flat_map(|event| event.added_tags()).collect();
        added_tags.sort_unstable();
        added_tags.dedup();
        TicketChange {
            audit_id: self.id,
            at: self.created_at,
            author,
            spoke_publicly: self.events.iter().any(Event::is_public_comment),
            said: said::text(&theirs),
            added_tags,
            warnings: self.warnings(&theirs, user_id == requester_id),
            attachments: theirs.iter().map(|event| event.attachments()).sum(),
            requester_changed: self.events.iter().any(Event::changes_requester),
            said_by_other: others.first().filter(|_| marker.is_none()).map(|event| author_of(event)),
            marker,
        }
    }

    /// What speaks against the requester's words: what Zendesk says of the audit and of each comment, somebody else at work, a program.
    fn warnings(&self, said: &[&Event], by_themselves: bool) -> BTreeSet<Warning> {
        if said.is_empty() {
            return BTreeSet::new();
        }
        let mut warnings = trust::warnings(&self.metadata);
        warnings.extend(said.iter().flat_map(|event| event.warnings()));
        if !by_themselves {
            warnings.insert(Warning::OnBehalf);
        }
        if via::is_api(&self.via) || said.iter().any(|event| event.is_over_api()) {
            warnings.insert(Warning::OverApi);
        }
        warnings
    }
}
