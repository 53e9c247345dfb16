//! Audits: changes of a ticket, their authors, and how far their texts can be trusted (facts §3.10, §14).

mod event;
mod said;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use self::event::Event;
use super::{PageMeta, trust, via};
use crate::domain::ids::TicketId;
use crate::domain::marker::{self, MarkerKey};
use crate::domain::ticket::{ChangeAuthor, TicketChange, Warning};
use crate::http::ApiResponse;
use crate::ports::CallError;
use crate::zendesk::write_identity::Marker;

/// The user id of Zendesk itself, for a change without an author.
const SYSTEM_USER: i64 = -1;

#[derive(Deserialize)]
pub(in crate::zendesk) struct AuditsPage {
    audits: Vec<Audit>,
    /// Archived tickets do not paginate (facts §3.10).
    meta: Option<PageMeta>,
    /// Present with page numbers, which were not requested.
    next_page: Option<String>,
}

impl AuditsPage {
    /// The audits, and the cursor of the next page.
    pub(in crate::zendesk) fn open(
        self,
        answer: &ApiResponse,
        from: Option<&str>,
    ) -> Result<(Vec<Audit>, Option<String>), CallError> {
        let next = match self.meta {
            Some(meta) => meta.next(answer, from)?,
            None if self.next_page.is_some() => {
                return Err(answer.contradiction("its pages are numbered, and there are more"));
            }
            None => None,
        };
        Ok((self.audits, next))
    }
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
    events: Vec<Event>,
}

/// The context for reading a ticket's audits.
#[derive(Clone, Copy)]
pub(in crate::zendesk) struct Reading<'a> {
    pub(in crate::zendesk) ticket_id: TicketId,
    pub(in crate::zendesk) requester_id: i64,
    /// The user under which the service writes.
    pub(in crate::zendesk) service_id: i64,
    /// The keys for verifying the seals of its markers.
    pub(in crate::zendesk) keys: &'a [MarkerKey],
}

impl Audit {
    /// The seal of the marker in the metadata, if the service wrote it.
    pub(in crate::zendesk) fn seal_by(&self, service_id: i64) -> Option<&str> {
        let custom = &self.metadata["custom"];
        (self.author_id == Some(service_id)).then(|| Marker::seal_in(custom)).flatten()
    }

    /// A trigger's events may be part of the audit of the update that fired it. The change's author is the audit's own, and
    /// a rule's event counts as no person's words or tags: a tag that a person adds is a permission.
    pub(in crate::zendesk) fn into_change(self, reading: Reading<'_>) -> TicketChange {
        let Reading { requester_id, service_id, .. } = reading;
        let user_id = self.author_id.unwrap_or(SYSTEM_USER);
        let by_rule = via::is_rule(&self.via);
        let own: Vec<&Event> = self.events.iter().filter(|event| !by_rule && !event.is_by_rule()).collect();
        let public = own.iter().copied().filter(|event| event.is_public_comment());
        let author_of = |event: &Event| event.author(user_id).unwrap_or(SYSTEM_USER);
        let (theirs, others): (Vec<&Event>, Vec<&Event>) =
            public.partition(|event| author_of(event) == requester_id);
        let author = match user_id {
            _ if by_rule => ChangeAuthor::Rule,
            // A text that another program posts for the customer as the same user stays the customer's.
            _ if user_id == service_id && (user_id == requester_id || !said::is_all(&theirs, &own)) => {
                ChangeAuthor::Service
            }
            _ if user_id == requester_id || said::is_all(&theirs, &own) => ChangeAuthor::Requester,
            _ => ChangeAuthor::Other { user_id },
        };
        let (marker, sealed) = self.marker(author, reading).unzip();
        let by_another = matches!(author, ChangeAuthor::Other { .. });
        TicketChange {
            audit_id: self.id,
            at: self.created_at,
            author,
            spoke_publicly: self.events.iter().any(Event::is_public_comment),
            said: said::text(&theirs),
            added_tags: once(own.iter().flat_map(|event| event.added_tags())),
            removed_tags: once(own.iter().flat_map(|event| event.removed_tags())),
            touched: if by_another { self.touched(&own) } else { BTreeSet::new() },
            by_program: via::program(&self.via).filter(|_| by_another),
            warnings: self.warnings(&theirs, user_id == requester_id),
            attachments: theirs.iter().map(|event| event.attachments()).sum(),
            requester_changed: self.events.iter().any(Event::changes_requester),
            said_by_other: others.iter().map(|event| author_of(event)).find(|author| *author != service_id),
            in_interface: !by_rule && via::is_agent_interface(&self.via),
            outsider: self.outsider(&own, user_id, requester_id),
            service_user: (author == ChangeAuthor::Service).then_some(user_id),
            marker,
            sealed: sealed.flatten(),
        }
    }

    /// The key in the marker of our write, and the digest that its seal proves. A marker in another author's change is
    /// ignored, and so is one with an invalid seal.
    fn marker(&self, author: ChangeAuthor, reading: Reading<'_>) -> Option<(String, Option<String>)> {
        let Marker { key, seal } = Marker::read(&self.metadata["custom"])?;
        if author != ChangeAuthor::Service {
            return None;
        }
        let Some(seal) = seal else { return Some((key, None)) };
        match marker::unseal(reading.keys, reading.ticket_id, &key, &seal) {
            Ok(digest) => Some((key, Some(digest))),
            Err(error) => {
                let (ticket, audit) = (reading.ticket_id.get(), self.id);
                tracing::warn!(ticket.id = ticket, audit.id = audit, %error, "a marker with a wrong seal is none of ours");
                None
            }
        }
    }

    /// What it changed beside comments and tags. A change caused by something else, such as another ticket merged into this
    /// one, is named too.
    fn touched(&self, events: &[&Event]) -> BTreeSet<String> {
        let related = self.via["source"]["rel"].as_str().map(str::to_owned);
        events.iter().filter_map(|event| event.touches()).chain(related).collect()
    }

    /// The author of a comment that only agents see because Zendesk does not count them as part of the conversation (flag
    /// 2). Agents are part of it.
    fn outsider(&self, events: &[&Event], user_id: i64, requester_id: i64) -> Option<i64> {
        let mut private = events.iter().filter(|event| event.is_comment() && !event.is_public_comment());
        let written = private.find(|event| {
            let of_comment = event.warnings().contains(&Warning::NotInConversation);
            of_comment || trust::warnings(&self.metadata).contains(&Warning::NotInConversation)
        })?;
        written.author(user_id).filter(|author| *author != requester_id)
    }

    /// What speaks against the requester's words: Zendesk's flags on the audit and on each comment, another author, a
    /// program.
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

/// Each once, in order.
fn once(tags: impl Iterator<Item = String>) -> Vec<String> {
    tags.collect::<BTreeSet<String>>().into_iter().collect()
}
