//! The writes to a ticket: which text, status, group, tags and fields belong together.

use super::conversation::Writer;
use super::effect::{Awaited, Write, WriteKind};
use super::entry::Entry;
use super::fold::Case;
use super::next::Step;
use super::playbook::{Playbook, Routing};
use super::record::EffectState;
use super::tags::{Mark, Tags};
use crate::domain::parking::{Operation, ParkingUse};
use crate::domain::policy::{Outcome, Team};
use crate::domain::reply::names::LotFacts;
use crate::domain::reply::{Macro, ReplyFacts, names, outgoing};
use crate::domain::ticket::{Audience, ByMacro, Ticket, TicketStatus, TicketUpdate};
use crate::domain::words::{Question, Wish};

/// A reply that cannot be written; its reason is formatted for the note.
pub(super) struct Unwritable {
    pub(super) reason: String,
    pub(super) todo: String,
    /// The reply, if only the service may not send it.
    pub(super) draft: Option<String>,
}

impl Unwritable {
    pub(super) fn escalate(self) -> Step {
        let Self { reason, todo, draft } = self;
        Step::Record(Entry::Escalated { reason, todo, draft })
    }
}

/// A public text to write.
struct Public<'a> {
    kind: WriteKind,
    name: &'a str,
    /// The wishes it answers beside its own subject.
    wishes: Vec<Wish>,
    mark: Mark,
    awaits: Option<Awaited>,
    hands_to: Option<Team>,
}

/// The reply that settles a case. It also answers the customer's other wishes if the macro has a place for them, but only
/// to the established holder.
pub(super) fn settling(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    name: &str,
) -> Result<Write, Unwritable> {
    let wishes = answerable(case, playbook, name);
    let left = case.talk.writer != Writer::Stranger && wishes.is_empty() && !case.talk.wishes.is_empty();
    let hands_to = team_for(&wishes).or(left.then_some(Team::Agents));
    let mark = if hands_to.is_some() { Mark::HandedOver } else { Mark::Done };
    let reply = Public { kind: WriteKind::Reply, name, wishes, mark, awaits: None, hands_to };
    public(case, playbook, ticket, reply)
}

/// The reply after which the case waits for the customer.
pub(super) fn waiting(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    name: &str,
    awaited: Awaited,
) -> Result<Write, Unwritable> {
    let reply = Public {
        kind: WriteKind::Reply,
        name,
        wishes: Vec::new(),
        mark: Mark::Waiting,
        awaits: Some(awaited),
        hands_to: None,
    };
    public(case, playbook, ticket, reply)
}

/// The interim reply while a team does its part.
pub(super) fn interim(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    name: &str,
    team: Team,
) -> Result<Write, Unwritable> {
    let wishes = answerable_meanwhile(case, playbook, name);
    let awaits = Some(Awaited::GiveBack);
    let reply =
        Public { kind: WriteKind::Reply, name, wishes, mark: Mark::HandedOver, awaits, hands_to: Some(team) };
    public(case, playbook, ticket, reply)
}

/// The answer to a wish after everything was done.
pub(super) fn follow_up(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    awaits: Option<Awaited>,
) -> Result<Write, Unwritable> {
    let wishes = wishes(case);
    let hands_to = team_for(&wishes);
    let mark = match (hands_to, &awaits) {
        (Some(_), _) => Mark::HandedOver,
        (None, Some(_)) => Mark::Waiting,
        (None, None) => Mark::Done,
    };
    let awaits = awaits.filter(|_| hands_to.is_none());
    let reply = Public { kind: WriteKind::Reply, name: names::FOLLOW_UP, wishes, mark, awaits, hands_to };
    public(case, playbook, ticket, reply)
}

/// A text that no message prompted: a reminder, or the closing text to a customer who did not answer.
pub(super) fn unasked(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    kind: WriteKind,
    name: &str,
) -> Result<Write, Unwritable> {
    let mark = if kind == WriteKind::Reminder { Mark::Waiting } else { Mark::Done };
    public(
        case,
        playbook,
        ticket,
        Public { kind, name, wishes: Vec::new(), mark, awaits: None, hands_to: None },
    )
}

fn public(case: &Case, playbook: &Playbook, ticket: &Ticket, reply: Public<'_>) -> Result<Write, Unwritable> {
    let Public { kind, name, wishes, mark, awaits, hands_to } = reply;
    let questions = match (&awaits, kind) {
        (Some(Awaited::Answer { questions }), _) => questions.as_slice(),
        (_, WriteKind::Reminder) => case.talk.asked.as_slice(),
        _ => &[],
    };
    let (found, body) = text(case, playbook, ticket, name, &wishes, questions)?;
    if let Some((reason, todo)) = by_hand(ticket, &playbook.routing) {
        return Err(Unwritable { reason, todo, draft: Some(body) });
    }
    let mut tags = Tags::of(ticket);
    tags.add(&found.does.add_tags).remove(&found.does.remove_tags);
    playbook.routing.mark(&mut tags, mark);
    let status = match (hands_to, &awaits) {
        (Some(_), _) => Some(TicketStatus::Open),
        (None, Some(_)) => Some(TicketStatus::Pending),
        (None, None) => found.does.status,
    };
    Ok(Write {
        kind,
        update: TicketUpdate {
            body: outgoing(body),
            public: true,
            status,
            group_id: hands_to
                .map_or(found.does.group_id, |team| playbook.routing.groups.get(&team).copied()),
            consultation_type: set_consultation_type(case, &playbook.routing, &mut tags),
            tags: Some(tags.0),
            by_macro: by_macro(case, playbook, name, found, &wishes),
        },
        macro_name: Some(name.to_owned()),
        answers: wishes,
        awaits,
        promises: None,
        hands_to,
    })
}

/// What the macro does beside its text, and which macros of the account the reply contains.
fn by_macro(case: &Case, playbook: &Playbook, name: &str, found: &Macro, wishes: &[Wish]) -> ByMacro {
    let lot = lot_facts(case);
    let paragraphs = wishes.iter().map(|wish| names::paragraph(*wish, lot));
    let macro_ids = [name].into_iter().chain(paragraphs).filter_map(|used| playbook.macros.account_id(used));
    ByMacro {
        macro_ids: macro_ids.collect(),
        priority: found.does.priority,
        fields: found.does.fields.clone(),
    }
}

/// The use that may be disclosed to the writer. If they have only their own word, the policy's trust requires a person to
/// release the reply.
fn use_to_tell(case: &Case) -> Option<&ParkingUse> {
    case.parking_use().filter(|_| case.talk.writer != Writer::Stranger)
}

/// What may be said of the lot. The fact that it has no [앱결제 취소], together with its region, would reveal the lot: only
/// those who may hear its name hear that (guide, disclosure rule).
fn lot_facts(case: &Case) -> LotFacts {
    let parking_use = use_to_tell(case);
    let named = parking_use.filter(|parking_use| parking_use.vehicle.ownership_verified);
    LotFacts {
        no_self_cancel: named.is_some_and(|parking_use| !parking_use.lot.self_cancel),
        operated_by_us: parking_use.is_some_and(|parking_use| parking_use.lot.operation == Operation::Direct),
    }
}

/// Whether the service has not written to the customer on this ticket yet.
fn is_first(case: &Case) -> bool {
    !case.writes().any(|(write, record)| write.kind.is_public() && record.state == EffectState::Written)
}

/// Why a person must send the reply to this ticket, and what they have to do.
fn by_hand(ticket: &Ticket, routing: &Routing) -> Option<(String, String)> {
    let Audience { messaging, copies, .. } = ticket.audience;
    if messaging && routing.by_hand.messaging {
        return Some((
            "메시징 채널로 들어온 문의여서, 자동으로 남긴 답변이 고객님께 전달되는지 확실하지 않습니다.".into(),
            "아직 처리되지 않은 예정 처리가 있으면 먼저 처리하고, 준비한 답변을 확인해 메시징 대화창에서 고객님께 보내 주세요.".into(),
        ));
    }
    (copies > 0 && routing.by_hand.copies).then(|| {
        (
            format!("참조(CC)된 사람이 {copies}명 있어, 공개 답변이 고객님이 아닌 사람에게도 전달됩니다."),
            "참조된 사람이 이용 정보를 함께 보아도 되는지 확인하고, 아직 처리되지 않은 예정 처리가 있으면 먼저 처리한 뒤 준비한 답변을 보내 주세요.".into(),
        )
    })
}

/// The macro's text for this customer. Only the established holder gets facts of the use.
fn text<'a>(
    case: &Case,
    playbook: &'a Playbook,
    ticket: &Ticket,
    name: &str,
    wishes: &[Wish],
    questions: &[Question],
) -> Result<(&'a Macro, String), Unwritable> {
    let unwritable = |why: String| Unwritable {
        reason: format!("답변 매크로 `{name}`를 완성하지 못했습니다({why})."),
        todo: "처리 내역을 확인하고, 가이드에 따라 처리한 뒤 고객님께 직접 답변해 주세요.".into(),
        draft: None,
    };
    let found = playbook.macros.get(name).ok_or_else(|| unwritable("매크로가 없음".into()))?;
    let parking_use = use_to_tell(case);
    let facts = ReplyFacts {
        ticket_id: ticket.id,
        requester_name: &ticket.requester.name,
        parking_use,
        is_first: is_first(case),
        is_answer: !case.talk.asked.is_empty(),
        is_letter: !ticket.audience.messaging,
    };
    let lot = lot_facts(case);
    let paragraphs: Vec<&str> = wishes.iter().map(|wish| names::paragraph(*wish, lot)).collect();
    let body = playbook.macros.render_with(name, &paragraphs, questions, &facts);
    Ok((found, body.map_err(|error| unwritable(error.to_string()))?))
}

/// Whether the customer would still get exactly the text that an agent released: amounts, times and places may have
/// changed.
pub(super) fn is_as_promised(case: &Case, playbook: &Playbook, ticket: &Ticket) -> bool {
    // A text that this turn has prepared anew is not released yet.
    let prepared = case.writes().rfind(|(write, record)| {
        let before = record.position <= case.turn.from;
        before && write.kind == WriteKind::Prepared && record.state == EffectState::Written
    });
    let promised = prepared.map(|(write, _)| &write.promises);
    match preview(case, playbook, ticket).transpose() {
        Ok(reply) => promised == Some(&reply),
        Err(_) => false,
    }
}

/// The macro that asks. A question that was just asked and not clearly answered is asked again in other words.
pub(super) fn asking<'a>(case: &Case, questions: &[Question], reply: &'a str) -> &'a str {
    let asked_before = questions.iter().any(|question| case.talk.times_asked.contains_key(question));
    if asked_before && questions == case.talk.asked { names::ASK_AGAIN } else { reply }
}

/// What a decision would say to the customer, for the note to an agent who releases or watches.
pub(super) fn preview(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
) -> Option<Result<String, Unwritable>> {
    let outcome = &case.decision.as_ref().filter(|_| case.escalated.is_none())?.outcome;
    let name = match outcome {
        Outcome::Ask { questions, reply } => asking(case, questions, reply),
        _ => outcome.reply()?,
    };
    let wishes = match outcome {
        Outcome::Settle { .. } => answerable(case, playbook, name),
        Outcome::HandOver { .. } => answerable_meanwhile(case, playbook, name),
        Outcome::Ask { .. } | Outcome::AwaitPayment { .. } => Vec::new(),
    };
    let questions = match outcome {
        Outcome::Ask { questions, .. } => questions.as_slice(),
        _ => &[],
    };
    Some(text(case, playbook, ticket, name, &wishes, questions).map(|(_, body)| body))
}

fn wishes(case: &Case) -> Vec<Wish> {
    case.talk.wishes.iter().copied().collect()
}

/// The customer's other wishes, if the writer is established and the macro has a place for them.
fn answerable(case: &Case, playbook: &Playbook, name: &str) -> Vec<Wish> {
    let has_place = playbook.macros.get(name).is_some_and(|found| found.wording.takes_paragraphs());
    if has_place && case.talk.writer != Writer::Stranger { wishes(case) } else { Vec::new() }
}

/// The question which car it was is answered last, when the lot's team can take the ticket.
fn answerable_meanwhile(case: &Case, playbook: &Playbook, name: &str) -> Vec<Wish> {
    answerable(case, playbook, name).into_iter().filter(|wish| *wish != Wish::WhoWasIt).collect()
}

/// The team that goes on after the reply: only the lot can tell which car it was (guide, follow-ups).
fn team_for(wishes: &[Wish]) -> Option<Team> {
    wishes.contains(&Wish::WhoWasIt).then_some(Team::LotContact)
}

/// What the team that owns the ticket after a public text has to do, in Korean.
pub(super) fn todo_after(case: &Case, said: &Write) -> String {
    if said.answers.contains(&Wish::WhoWasIt) {
        return "주차장에 연락해 어떤 차량이 입차했는지 확인하고, 확인되면 고객님께 다시 안내해 주세요. 시간이 걸릴 수 있다고 안내했습니다.".into();
    }
    let left: Vec<&str> = case.talk.wishes.iter().map(|wish| wish.korean()).collect();
    if left.is_empty() {
        "고객님의 글에 자동으로 답하지 못한 내용이 있습니다. 글을 확인하고 이어서 상담해 주세요.".into()
    } else {
        format!("고객님이 함께 물어보신 내용({})에 답해 주세요.", left.join(", "))
    }
}

/// The option for the use's lot, if the use is known.
pub(super) fn set_consultation_type(case: &Case, routing: &Routing, tags: &mut Tags) -> Option<String> {
    let linkage = case.parking_use().map(|parking_use| parking_use.lot.linkage)?;
    Some(routing.set_consultation_type(linkage, tags))
}
