//! The writes to a ticket: which text, which status, group, tags and fields go together.

use super::entry::{Write, WriteKind};
use super::fold::Case;
use super::playbook::{Playbook, Routing};
use crate::domain::note;
use crate::domain::parking::Linkage;
use crate::domain::policy::Team;
use crate::domain::reply::{ReplyFacts, outgoing};
use crate::domain::ticket::{Ticket, TicketStatus, TicketUpdate};

/// A reply that cannot be written, in the words of the note.
pub(super) struct Unwritable {
    pub(super) reason: String,
    pub(super) todo: String,
}

pub(super) fn reply(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    name: &str,
) -> Result<Write, Unwritable> {
    let unwritable = |why: String| Unwritable {
        reason: format!("답변 매크로 `{name}`를 완성하지 못했습니다({why})."),
        todo: "처리 내역을 확인하고, 가이드에 따라 처리한 뒤 고객님께 직접 답변해 주세요.".into(),
    };
    let (Some(parking_use), Some(found)) = (case.facts.the_use(), playbook.macros.get(name)) else {
        return Err(unwritable("이용 건 또는 매크로가 없음".into()));
    };
    let facts = ReplyFacts {
        ticket_id: ticket.id,
        requester_name: &ticket.requester.name,
        parking_use: Some(parking_use),
    };
    let body = playbook.macros.render(name, &facts).map_err(|error| unwritable(error.to_string()))?;
    let mut tags = Tags::of(ticket);
    tags.add(&found.add_tags).remove(&found.remove_tags).add([&playbook.routing.done_tag]);
    let linkage = parking_use.lot.linkage;
    Ok(Write {
        kind: WriteKind::Reply,
        update: TicketUpdate {
            body: outgoing(body),
            public: true,
            status: found.status,
            group_id: None,
            consultation_type: Some(playbook.routing.set_consultation_type(linkage, &mut tags)),
            tags: Some(tags.0),
        },
    })
}

pub(super) fn hand_over(case: &Case, playbook: &Playbook, ticket: &Ticket, team: Team, todo: &str) -> Write {
    let routing = &playbook.routing;
    let mut tags = Tags::of(ticket);
    tags.add([&routing.handed_over_tag]);
    let linkage = case.facts.the_use().map(|parking_use| parking_use.lot.linkage);
    let consultation_type = linkage.map(|linkage| routing.set_consultation_type(linkage, &mut tags));
    Write {
        kind: WriteKind::HandOver,
        update: TicketUpdate {
            body: outgoing(note::hand_over(case, routing, team, todo)),
            public: false,
            status: Some(TicketStatus::Open),
            group_id: routing.groups.get(&team).copied(),
            tags: Some(tags.0),
            consultation_type,
        },
    }
}

pub(super) fn note(case: &Case, playbook: &Playbook) -> Write {
    only_note(WriteKind::Note, note::settled(case, &playbook.routing))
}

pub(super) fn step_back_note(case: &Case, playbook: &Playbook) -> Write {
    only_note(WriteKind::StepBackNote, note::stepped_back(case, &playbook.routing))
}

/// A note that changes nothing else, so that it can follow any change by others.
fn only_note(kind: WriteKind, body: String) -> Write {
    let update = TicketUpdate {
        body: outgoing(body),
        public: false,
        status: None,
        group_id: None,
        tags: None,
        consultation_type: None,
    };
    Write { kind, update }
}

impl Routing {
    /// The option for a lot. A selected option is a tag as well (facts §5.2), so the full set of tags must agree with it.
    fn set_consultation_type(&self, linkage: Linkage, tags: &mut Tags) -> String {
        let types = &self.consultation_types;
        let option = types.of(linkage).to_owned();
        tags.remove([&types.linked, &types.unlinked, &types.other]).add([&option]);
        option
    }
}

/// A full set of tags, in order, each once.
struct Tags(Vec<String>);

impl Tags {
    fn of(ticket: &Ticket) -> Self {
        Self(ticket.tags.clone())
    }

    fn add<T: AsRef<str>>(&mut self, tags: impl IntoIterator<Item = T>) -> &mut Self {
        for tag in tags {
            if !self.0.iter().any(|present| present == tag.as_ref()) {
                self.0.push(tag.as_ref().to_owned());
            }
        }
        self
    }

    fn remove<T: AsRef<str>>(&mut self, tags: impl IntoIterator<Item = T>) -> &mut Self {
        for tag in tags {
            self.0.retain(|present| present != tag.as_ref());
        }
        self
    }
}
