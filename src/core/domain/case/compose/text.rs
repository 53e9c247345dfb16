//! The public texts: which text, status, team, tags and fields belong together.

use super::Unwritable;
use crate::domain::case::cause::{Escalation, EscalationCause};
use crate::domain::case::conversation::Writer;
use crate::domain::case::effect::{Awaited, Write};
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::case::routing::Routing;
use crate::domain::case::step::PublicText;
use crate::domain::case::tags::{Mark, Tags};
use crate::domain::parking::{Operation, ParkingUse};
use crate::domain::policy::{Outcome, Team};
use crate::domain::reply::names::LotFacts;
use crate::domain::reply::{Macro, ReplyFacts, names, outgoing};
use crate::domain::ticket::{Audience, ByMacro, Ticket, TicketStatus, TicketUpdate};
use crate::domain::words::{Question, Wish};

/// What a kind of text means for the ticket.
struct Meaning {
    name: String,
    /// The wishes it answers beside its own subject.
    wishes: Vec<Wish>,
    /// The questions it asks, or reminds of.
    questions: Vec<Question>,
    mark: Mark,
    awaits: Option<Awaited>,
    hands_to: Option<Team>,
}

impl Meaning {
    fn of(case: &Case, playbook: &Playbook, text: PublicText) -> Self {
        let (wishes, questions) = (Vec::new(), Vec::new());
        match text {
            // It also answers the customer's other wishes if the macro has a place for them, but only to the established
            // holder.
            PublicText::Settling { reply } => {
                let wishes = answerable(case, playbook, &reply);
                let known = case.talk.writer != Writer::Stranger;
                let left = known && wishes.is_empty() && !case.talk.wishes.is_empty();
                let hands_to = team_for(&wishes).or(left.then_some(Team::Agents));
                let mark = if hands_to.is_some() { Mark::HandedOver } else { Mark::Done };
                Self { name: reply, wishes, questions, mark, awaits: None, hands_to }
            }
            PublicText::Asking { reply, questions } => {
                let awaits = Some(Awaited::Answer { questions: questions.clone() });
                Self { name: reply, wishes, questions, mark: Mark::Waiting, awaits, hands_to: None }
            }
            PublicText::PaymentRequest { reply } => {
                let awaits = Some(Awaited::Payment);
                Self { name: reply, wishes, questions, mark: Mark::Waiting, awaits, hands_to: None }
            }
            PublicText::Interim { reply, team } => {
                let wishes = answerable_meanwhile(case, playbook, &reply);
                let (awaits, hands_to) = (Some(Awaited::GiveBack), Some(team));
                Self { name: reply, wishes, questions, mark: Mark::HandedOver, awaits, hands_to }
            }
            PublicText::FollowUp { awaits } => {
                let (name, wishes) = (names::FOLLOW_UP.to_owned(), wishes_of(case));
                let hands_to = team_for(&wishes);
                let mark = match (hands_to, &awaits) {
                    (Some(_), _) => Mark::HandedOver,
                    (None, Some(_)) => Mark::Waiting,
                    (None, None) => Mark::Done,
                };
                let awaits = awaits.filter(|_| hands_to.is_none());
                Self { name, wishes, questions, mark, awaits, hands_to }
            }
            PublicText::Reminder => {
                let (name, questions) = (names::REMINDER.to_owned(), case.talk.asked.clone());
                Self { name, wishes, questions, mark: Mark::Waiting, awaits: None, hands_to: None }
            }
            PublicText::SilentClose => {
                let name = names::CLOSED_SILENT.to_owned();
                Self { name, wishes, questions, mark: Mark::Done, awaits: None, hands_to: None }
            }
        }
    }
}

/// The write of a public text.
///
/// # Errors
/// Its macro cannot be filled, or a person must send it.
pub(super) fn compose(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
    text: PublicText,
) -> Result<Write, Unwritable> {
    let kind = text.kind();
    let Meaning { name, wishes, questions, mark, awaits, hands_to } = Meaning::of(case, playbook, text);
    let (found, body) = rendered(case, playbook, ticket, &name, &wishes, &questions)?;
    if let Some(cause) = by_hand(ticket, &playbook.routing) {
        return Err(Escalation { draft: Some(body), ..cause.into() });
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
            consultation_type: case.set_consultation_type(&playbook.routing, &mut tags),
            tags: Some(tags.0),
            by_macro: by_macro(case, playbook, &name, found, &wishes),
        },
        macro_name: Some(name),
        answers: wishes,
        awaits,
        promises: None,
        hands_to,
        misspelt_tags: Box::default(),
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

/// Why a person must send the reply to this ticket.
fn by_hand(ticket: &Ticket, routing: &Routing) -> Option<EscalationCause> {
    let Audience { messaging, copies, .. } = ticket.audience;
    if messaging && routing.by_hand.messaging {
        return Some(EscalationCause::MessagingChannel);
    }
    (copies > 0 && routing.by_hand.copies).then_some(EscalationCause::CopiedPeople { copies })
}

/// The macro's text for this customer. Only the established holder gets facts of the use.
fn rendered<'a>(
    case: &Case,
    playbook: &'a Playbook,
    ticket: &Ticket,
    name: &str,
    wishes: &[Wish],
    questions: &[Question],
) -> Result<(&'a Macro, String), Unwritable> {
    let unwritable = |problem: String| {
        Unwritable::from(EscalationCause::ReplyUnwritable { macro_name: name.to_owned(), problem })
    };
    let found = playbook.macros.get(name).ok_or_else(|| unwritable("매크로가 없음".into()))?;
    let parking_use = use_to_tell(case);
    let facts = ReplyFacts {
        ticket_id: ticket.id,
        requester_name: &ticket.requester.name,
        parking_use,
        is_first: !case.has_written_to_customer(),
        is_answer: !case.talk.asked.is_empty(),
        is_letter: !ticket.audience.messaging,
    };
    let lot = lot_facts(case);
    let paragraphs: Vec<&str> = wishes.iter().map(|wish| names::paragraph(*wish, lot)).collect();
    let body = playbook.macros.render_with(name, &paragraphs, questions, &facts);
    Ok((found, body.map_err(|error| unwritable(error.to_string()))?))
}

/// What a decision would say to the customer, for the note to an agent who releases or watches.
pub(super) fn preview(
    case: &Case,
    playbook: &Playbook,
    ticket: &Ticket,
) -> Option<Result<String, Unwritable>> {
    let outcome = &case.decision.as_ref().filter(|_| case.escalated.is_none())?.outcome;
    let name = match outcome {
        Outcome::Ask { questions, reply } => case.talk.asking(questions, reply),
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
    Some(rendered(case, playbook, ticket, name, &wishes, questions).map(|(_, body)| body))
}

fn wishes_of(case: &Case) -> Vec<Wish> {
    case.talk.wishes.iter().copied().collect()
}

/// The customer's other wishes, if the writer is established and the macro has a place for them.
fn answerable(case: &Case, playbook: &Playbook, name: &str) -> Vec<Wish> {
    let has_place = playbook.macros.get(name).is_some_and(|found| found.wording.takes_paragraphs());
    if has_place && case.talk.writer != Writer::Stranger { wishes_of(case) } else { Vec::new() }
}

/// The question which car it was is answered last, when the lot's team can take the ticket.
fn answerable_meanwhile(case: &Case, playbook: &Playbook, name: &str) -> Vec<Wish> {
    answerable(case, playbook, name).into_iter().filter(|wish| *wish != Wish::WhoWasIt).collect()
}

/// The team that goes on after the reply: only the lot can tell which car it was (guide, follow-ups).
fn team_for(wishes: &[Wish]) -> Option<Team> {
    wishes.contains(&Wish::WhoWasIt).then_some(Team::LotContact)
}
