//! Guards against working on a ticket that a person works on: the service gives way to people.

use super::effect::{Ending, Occasion};
use super::entry::Entry;
use super::fold::{Case, Rest};
use super::playbook::{Playbook, Routing};
use crate::domain::policy::{Identity, Input, Outcome};
use crate::domain::ticket::{ChangeAuthor, Ticket, TicketChange, TicketStatus};

/// The ledger was lost, or restored to an earlier state.
pub(super) const FORGOTTEN: &str = "이 서비스가 이 티켓에 남긴 기록이 있지만 처리 장부에는 없습니다. 이미 처리된 내용이 있는지 확인이 필요합니다.";

/// Why this ticket is not for the service, checked before its first effect.
pub(super) fn not_for_us(case: &Case, ticket: &Ticket, routing: &Routing) -> Option<Entry> {
    let end = |ending| Some(Entry::Ended { ending });
    match ticket.status {
        TicketStatus::Closed => end(Ending::TicketClosed),
        TicketStatus::Solved => end(Ending::AlreadySolved),
        _ if !routing.is_ours(&case.without_inherited_marks(ticket, routing)) => end(Ending::NotOurs),
        TicketStatus::New | TicketStatus::Open => None,
        // The service itself set it to pending, though its journal does not know.
        TicketStatus::Pending if waits_for_us(case, ticket, routing) => None,
        TicketStatus::Pending | TicketStatus::Hold | TicketStatus::Unknown => Some(Entry::SteppedBack {
            reason: "티켓이 이미 대기 또는 보류 상태여서 담당자가 처리 중인 것으로 보입니다.".into(),
        }),
    }
}

fn waits_for_us(case: &Case, ticket: &Ticket, routing: &Routing) -> bool {
    let marked = case.without_inherited_marks(ticket, routing).tags.contains(&routing.waiting_tag);
    marked && case.first_forgotten().is_some()
}

/// Who worked on this ticket before the service first read it: an agent who has already written to the customer, or this
/// service itself, if the ledger does not know of it.
pub(super) fn taken_before(case: &Case, ticket: &Ticket) -> Option<Entry> {
    let changes = case.changes.iter().flatten();
    let by_colleague = |opening: &TicketChange| {
        opening.said.is_none() && matches!(opening.author, ChangeAuthor::Other { .. })
    };
    if ticket.follows.is_some() && changes.clone().next().is_some_and(by_colleague) {
        let reason = "담당자가 종료된 문의의 후속 문의를 직접 만들었습니다.".to_owned();
        return Some(Entry::SteppedBack { reason });
    }
    // The first change is the ticket's creation, possibly by an agent on the customer's behalf.
    let mut later = changes.skip(1);
    let reason = later.find_map(|change| match change.author {
        ChangeAuthor::Other { .. } if change.spoke_publicly => {
            Some("다른 담당자가 이미 고객님께 답변했습니다.")
        }
        // Sealed changes are recovered where possible.
        ChangeAuthor::Service if change.sealed.is_none() => Some(FORGOTTEN),
        _ => None,
    })?;
    Some(Entry::SteppedBack { reason: reason.to_owned() })
}

/// Steps back if another person works on the ticket, and hands it over if the customer has said something that a person
/// must read.
pub(super) fn make_way(case: &Case, playbook: &Playbook) -> Option<Entry> {
    if case.has_spoken() || case.stepped_back.is_some() {
        return None;
    }
    if let Some(person) = case.copied_person().filter(|_| case.escalated.is_none()) {
        return Some(Entry::Escalated {
            reason: format!("고객님이 아니라 참조(CC)된 {}님이 이 티켓에 공개로 글을 남겼습니다.", person.name),
            todo: "누가 쓴 글인지 확인하고, 고객님 본인께 확인한 뒤 이어서 상담해 주세요. 참조된 사람의 답은 본인의 답으로 보지 않았습니다.".into(),
            draft: None,
        });
    }
    if case.outsider_wrote() && case.escalated.is_none() {
        return Some(Entry::Escalated {
            reason: "이 문의의 참여자가 아닌 주소에서 온 글이 비공개로 남았습니다.".into(),
            todo: "누가 쓴 글인지 확인해 주세요. 고객님이 다른 주소로 답하신 것이면 본인께 확인한 뒤 이어서 상담해 주세요. 이 글은 고객님의 답으로 보지 않았습니다.".into(),
            draft: None,
        });
    }
    if case.foreign_changes(playbook).next().is_some() {
        return Some(Entry::SteppedBack {
            reason: "처리하는 동안 다른 담당자 또는 다른 시스템이 이 티켓을 변경했습니다.".into(),
        });
    }
    if solved_while_answering(case) && case.escalated.is_none() {
        return Some(Entry::Escalated {
            reason: "고객님이 글을 남기시면서 문의를 해결된 것으로 표시하셨습니다.".into(),
            todo: "고객님의 글을 읽고, 취소를 원하시는지 확인한 뒤 이어서 상담해 주세요. 자동으로는 처리하지 않았습니다.".into(),
            draft: None,
        });
    }
    if is_for_another(case) && case.escalated.is_none() {
        return Some(Entry::Escalated {
            reason: "처리하는 동안 티켓의 요청자가 바뀌었습니다.".into(),
            todo: "처리된 내용과 요청자가 바뀐 까닭을 확인하고 이어서 상담해 주세요.".into(),
            draft: None,
        });
    }
    let handed_over =
        matches!(&case.decision, Some(decision) if matches!(decision.outcome, Outcome::HandOver { .. }));
    let unread = case.turn.heard.as_ref().is_some_and(|heard| !heard.understood);
    (unread && case.escalated.is_none() && !handed_over).then(|| Entry::Escalated {
        reason: "처리하는 동안 고객님이 글을 더 남기셨습니다.".into(),
        todo: "고객님의 새 글을 확인하고 이어서 상담해 주세요.".into(),
        draft: None,
    })
}

/// Whether the customer answered and marked the ticket as solved at once: it is unclear whether they still want anything.
fn solved_while_answering(case: &Case) -> bool {
    let waited = matches!(case.turn.before, Some(Rest::Waiting(_)));
    let is_solved = case.facts.ticket.as_ref().is_some_and(|ticket| ticket.status == TicketStatus::Solved);
    waited && is_solved && case.turn.occasion == Occasion::Customer
}

/// Whether the requester was replaced after this turn's decision on who wrote: an action or a write was in flight then, so
/// the turn was not decided anew.
fn is_for_another(case: &Case) -> bool {
    let excluded = Some(Identity::Excluded.code());
    case.facts.requester_changed
        && case.decision.as_ref().is_some_and(|decision| decision.input(Identity::NAME) != excluded)
}
