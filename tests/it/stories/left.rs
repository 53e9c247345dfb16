//! Every case that rests and needs a person has a ticket that shows in a view, with a note of what to do.
//!
//! The scenes are listed by the kind of rest. A new kind does not compile until it has scenes here.

use std::time::Duration;

use misread::domain::case::{Awaited, Ending, Order, OrderKind, Rest, StuckCause};
use misread::domain::ids::TicketId;
use misread::domain::policy::Policy;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, Channel, CustomerMessage, NewTicket, SERVICE_USER};
use misread::worker::upkeep::order;

use crate::world::World;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const PAID: &str = "결제 완료, 소유인증 완료";
const CLOSED_UNPAID: &str = "폐점한 주차장 미수";
const AIRPORT: &str = "인천공항 결제 완료";

/// A way in which a case comes to rest.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scene {
    // No person has to do anything.
    Settled,
    Silent,
    AsksTheCustomer,
    AwaitsThePayment,
    ClosedMeanwhile,
    Deleted,
    SolvedByAnAgent,
    SolvedWithoutAWord,
    Untagged,
    // A team takes it over.
    NoUseFits,
    CopiedPersonAnswers,
    AnswersFromAnotherAddress,
    AnswersFromAnotherAddressAfterTheEnd,
    SolvesWhileAnswering,
    WritesWhileTheServiceWorks,
    StoredAsANote,
    SuspendedBeforeTheLook,
    SuspendedWhileMoneyIsAwaited,
    OnTheTelephone,
    WithoutAnAddress,
    PutOnShadowAfterTheQuestion,
    OrderedByOperations,
    // A colleague has it, or it has no owner yet.
    TaggedWhileTheServiceWorks,
    TaggedWhileTheCustomerIsWaitedFor,
    PendingBeforeTheLook,
    AnsweredBeforeTheLook,
    TaggedAfterTheEndAndWrittenTo,
    // Other ways.
    OnlyWatched,
    AirportCalls,
    AwaitsTheRelease,
    AwaitsTheReleaseAfterThePayment,
    GaveUp,
    NoteRefused,
    UpdateRefusedForGood,
}

/// The scenes of an ending. The match is exhaustive: a new ending must be listed.
fn of_ending(ending: Ending) -> &'static [Scene] {
    use Scene::*;
    match ending {
        Ending::Settled => &[Settled],
        Ending::Silent => &[Silent],
        Ending::HandedOver => &[
            NoUseFits,
            CopiedPersonAnswers,
            AnswersFromAnotherAddress,
            AnswersFromAnotherAddressAfterTheEnd,
            SolvesWhileAnswering,
            WritesWhileTheServiceWorks,
            StoredAsANote,
            SuspendedBeforeTheLook,
            SuspendedWhileMoneyIsAwaited,
            OnTheTelephone,
            WithoutAnAddress,
            PutOnShadowAfterTheQuestion,
            OrderedByOperations,
        ],
        Ending::Shadowed => &[OnlyWatched],
        Ending::SteppedBack => &[
            TaggedWhileTheServiceWorks,
            TaggedWhileTheCustomerIsWaitedFor,
            PendingBeforeTheLook,
            AnsweredBeforeTheLook,
            TaggedAfterTheEndAndWrittenTo,
        ],
        Ending::TicketClosed => &[ClosedMeanwhile],
        Ending::TicketGone => &[Deleted],
        Ending::AlreadySolved => &[SolvedByAnAgent, SolvedWithoutAWord],
        Ending::NotOurs => &[Untagged],
    }
}

/// The scenes of each awaited event.
fn of_awaited(awaited: &Awaited) -> &'static [Scene] {
    match awaited {
        Awaited::Answer { .. } => &[Scene::AsksTheCustomer],
        Awaited::Payment => &[Scene::AwaitsThePayment],
        Awaited::GiveBack => &[Scene::AirportCalls],
        Awaited::Release => &[Scene::AwaitsTheRelease, Scene::AwaitsTheReleaseAfterThePayment],
    }
}

/// The successor of a kind of rest, which enumerates all of them.
fn after(rest: Option<&Rest>) -> Option<Rest> {
    let ended = |ending| Some(Rest::Ended(ending));
    let waits = |awaited| {
        let waiting = misread::domain::case::Waiting { awaited, until: None, last: false };
        Some(Rest::Waiting(waiting))
    };
    match rest {
        None => ended(Ending::Settled),
        Some(Rest::Ended(ending)) => match ending {
            Ending::Settled => ended(Ending::Silent),
            Ending::Silent => ended(Ending::HandedOver),
            Ending::HandedOver => ended(Ending::Shadowed),
            Ending::Shadowed => ended(Ending::SteppedBack),
            Ending::SteppedBack => ended(Ending::TicketClosed),
            Ending::TicketClosed => ended(Ending::TicketGone),
            Ending::TicketGone => ended(Ending::AlreadySolved),
            Ending::AlreadySolved => ended(Ending::NotOurs),
            Ending::NotOurs => waits(Awaited::Answer { questions: Vec::new() }),
        },
        Some(Rest::Waiting(waiting)) => match waiting.awaited {
            Awaited::Answer { .. } => waits(Awaited::Payment),
            Awaited::Payment => waits(Awaited::GiveBack),
            Awaited::GiveBack => waits(Awaited::Release),
            Awaited::Release => Some(Rest::Stuck(StuckCause::NothingSaid.into())),
        },
        Some(Rest::Stuck(_)) => None,
    }
}

fn scenes_of(rest: &Rest) -> &'static [Scene] {
    match rest {
        Rest::Ended(ending) => of_ending(*ending),
        Rest::Waiting(waiting) => of_awaited(&waiting.awaited),
        Rest::Stuck(_) => &[Scene::GaveUp, Scene::NoteRefused, Scene::UpdateRefusedForGood],
    }
}

fn is_of_the_kind(rest: &Rest, other: &Rest) -> bool {
    match (rest, other) {
        (Rest::Ended(one), Rest::Ended(other)) => one == other,
        (Rest::Waiting(one), Rest::Waiting(other)) => {
            std::mem::discriminant(&one.awaited) == std::mem::discriminant(&other.awaited)
        }
        (Rest::Stuck(_), Rest::Stuck(_)) => true,
        _ => false,
    }
}

impl Scene {
    /// Whether a person has to do something afterwards.
    fn needs_a_person(self) -> bool {
        use Scene::*;
        let nobody = [
            Settled,
            Silent,
            AsksTheCustomer,
            AwaitsThePayment,
            ClosedMeanwhile,
            Deleted,
            SolvedByAnAgent,
            SolvedWithoutAWord,
            Untagged,
        ];
        !nobody.contains(&self)
    }

    async fn play(self) -> (World, TicketId) {
        match self {
            Self::Settled => World::opened(PAID).await,
            Self::AsksTheCustomer => World::opened(STRANGER).await,
            Self::AwaitsThePayment => World::opened(CLOSED_UNPAID).await,
            Self::AirportCalls => World::opened(AIRPORT).await,
            Self::NoUseFits => World::opened("이용 건을 찾지 못함").await,
            Self::Silent => {
                let (world, id) = World::opened(STRANGER).await;
                world.hours_later(25).await;
                world.hours_later(49).await;
                (world, id)
            }
            Self::ClosedMeanwhile
            | Self::Deleted
            | Self::SolvedByAnAgent
            | Self::SolvedWithoutAWord
            | Self::Untagged
            | Self::SuspendedBeforeTheLook
            | Self::PendingBeforeTheLook
            | Self::AnsweredBeforeTheLook => self.before_the_look().await,
            Self::OnTheTelephone | Self::WithoutAnAddress => self.of_a_caller().await,
            Self::WritesWhileTheServiceWorks
            | Self::TaggedWhileTheServiceWorks
            | Self::NoteRefused
            | Self::UpdateRefusedForGood => self.while_it_works().await,
            Self::OnlyWatched | Self::AwaitsTheRelease | Self::AwaitsTheReleaseAfterThePayment => {
                self.on_trust().await
            }
            Self::StoredAsANote => {
                let world = World::new().await;
                world.sandbox.zendesk.alter_user(SERVICE_USER, |user| user.profile.light = true).unwrap();
                let id = world.open(&world.story(PAID));
                world.until_idle().await;
                (world, id)
            }
            Self::GaveUp => {
                let world = World::with(|settings| settings.retry.attempts = 3).await;
                world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
                let id = world.open(&world.story(PAID));
                world.until_idle().await;
                (world, id)
            }
            Self::CopiedPersonAnswers
            | Self::AnswersFromAnotherAddress
            | Self::AnswersFromAnotherAddressAfterTheEnd
            | Self::SolvesWhileAnswering
            | Self::SuspendedWhileMoneyIsAwaited
            | Self::PutOnShadowAfterTheQuestion
            | Self::OrderedByOperations
            | Self::TaggedWhileTheCustomerIsWaitedFor
            | Self::TaggedAfterTheEndAndWrittenTo => self.later().await,
        }
    }

    async fn before_the_look(self) -> (World, TicketId) {
        let world = World::new().await;
        let story = world.story(PAID);
        let id = world.open(&story);
        let zendesk = &world.sandbox.zendesk;
        let by_agent = |update| zendesk.agent_changes(id, ACCOUNT.agent, update).unwrap();
        match self {
            Self::ClosedMeanwhile => zendesk.close(id).unwrap(),
            Self::Deleted => zendesk.delete(id).unwrap(),
            Self::SolvedByAnAgent => by_agent(AgentUpdate::status(TicketStatus::Solved)),
            Self::SolvedWithoutAWord => {
                let solved =
                    CustomerMessage { solves: true, text: "아니에요".into(), ..Default::default() };
                zendesk.customer_sends(id, solved).unwrap();
            }
            Self::PendingBeforeTheLook => by_agent(AgentUpdate::status(TicketStatus::Pending)),
            Self::SuspendedBeforeTheLook => {
                zendesk.alter_user(story.customer.id, |user| user.profile.suspended = true).unwrap();
            }
            Self::AnsweredBeforeTheLook => {
                zendesk.agent_comments(id, ACCOUNT.agent, "고객님, 환불해 드렸습니다.", true).unwrap();
            }
            _ => by_agent(AgentUpdate { remove_tags: vec!["no_self_use".into()], ..Default::default() }),
        }
        world.until_idle().await;
        (world, id)
    }

    async fn of_a_caller(self) -> (World, TicketId) {
        let world = World::new().await;
        let story = world.story(PAID);
        let zendesk = &world.sandbox.zendesk;
        zendesk.alter_user(story.customer.id, |user| user.email = String::new()).unwrap();
        let channel = if self == Self::OnTheTelephone { Channel::Voice } else { Channel::Web };
        let id = zendesk.open_ticket(NewTicket { channel, ..story.ticket() }).unwrap();
        world.until_idle().await;
        (world, id)
    }

    /// The money has moved; an event comes before the reply or the note.
    async fn while_it_works(self) -> (World, TicketId) {
        let world = World::with(|settings| settings.retry.attempts = 3).await;
        let id = world.open(&world.story(if self == Self::NoteRefused { AIRPORT } else { PAID }));
        let zendesk = &world.sandbox.zendesk;
        let refused = || Fault::Status {
            status: 422,
            retry_after: None,
            body: r#"{"error":"RecordInvalid","description":"Record validation errors"}"#.to_owned(),
        };
        match self {
            // The hand-over after the interim reply is refused, and the first note that the case is stuck.
            Self::NoteRefused => {
                zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", refused()).skip(1).times(2));
            }
            Self::UpdateRefusedForGood => {
                let teapot = Fault::Status { status: 418, retry_after: None, body: String::new() };
                zendesk.faults().inject(FaultRule::once("GET", "/audits", teapot).times(3));
            }
            _ => {
                let busy = Fault::too_many_requests(60);
                zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", busy));
                world.step().await;
                world.pass(Duration::from_secs(5));
                if self == Self::WritesWhileTheServiceWorks {
                    zendesk.customer_comments(id, "아 잠깐만요, 아내가 탄 것 같아요.").unwrap();
                } else {
                    zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["vip"])).unwrap();
                }
            }
        }
        world.until_idle().await;
        (world, id)
    }

    async fn on_trust(self) -> (World, TicketId) {
        let trust = if self == Self::OnlyWatched { "shadow" } else { "assist" };
        let line = format!("trust = \"{trust}\"\n");
        let world = World::with_policy(|policy| policy.replacen("trust = \"auto\"\n", &line, 1)).await;
        if self != Self::AwaitsTheReleaseAfterThePayment {
            let id = world.open(&world.story(PAID));
            world.until_idle().await;
            return (world, id);
        }
        let story = world.story(CLOSED_UNPAID);
        let id = world.open(&story);
        world.until_idle().await;
        world.agent_tags(id, "misread_release").await;
        let used = story.uses[0].id.clone();
        world
            .sandbox
            .parking
            .alter_use(&used, |parking_use| {
                parking_use.status = misread::domain::parking::UseStatus::Completed;
            })
            .unwrap();
        world.hours_later(7).await;
        (world, id)
    }

    /// An event while the case rests.
    async fn later(self) -> (World, TicketId) {
        let title = match self {
            Self::SuspendedWhileMoneyIsAwaited => CLOSED_UNPAID,
            Self::TaggedAfterTheEndAndWrittenTo | Self::AnswersFromAnotherAddressAfterTheEnd => PAID,
            _ => STRANGER,
        };
        let world = World::new().await;
        let story = world.story(title);
        let other = world.story(AIRPORT).customer.id;
        let copied = if self == Self::CopiedPersonAnswers { vec![other] } else { Vec::new() };
        let new = NewTicket { email_cc_ids: copied.into_iter().collect(), ..story.ticket() };
        world.reload(|files| files.settings.zendesk.copies = misread::config::Answers::Reply);
        let zendesk = &world.sandbox.zendesk;
        let id = zendesk.open_ticket(new).unwrap();
        world.until_idle().await;
        world.pass(Duration::from_mins(10));
        let says = |message| zendesk.customer_sends(id, message).unwrap();
        match self {
            Self::CopiedPersonAnswers => zendesk.cc_comments(id, other, "네 맞아요").unwrap(),
            Self::AnswersFromAnotherAddress | Self::AnswersFromAnotherAddressAfterTheEnd => {
                says(CustomerMessage {
                    text: "네 맞습니다. 회사 메일로 답합니다.".into(),
                    author_id: Some(other),
                    via: Channel::Email,
                    flags: vec![2],
                    private: true,
                    ..Default::default()
                });
            }
            Self::SolvesWhileAnswering => {
                says(CustomerMessage {
                    text: "네, 본인 맞습니다".into(),
                    solves: true,
                    ..Default::default()
                });
            }
            Self::SuspendedWhileMoneyIsAwaited => {
                zendesk.alter_user(story.customer.id, |user| user.profile.suspended = true).unwrap();
                let used = story.uses[0].id.clone();
                let paid = misread::domain::parking::UseStatus::Completed;
                world.sandbox.parking.alter_use(&used, |parking_use| parking_use.status = paid).unwrap();
                world.hours_later(7).await;
            }
            Self::PutOnShadowAfterTheQuestion => {
                let shadow = include_str!("../../../config/policy.toml")
                    .replacen("trust = \"auto\"\n", "trust = \"shadow\"\n", 1)
                    .replace("trust = \"assist\"\n", "trust = \"shadow\"\n");
                world.reload(|files| files.policy = Policy::parse(&shadow).unwrap());
                world.customer_says(id, "네, 본인 맞습니다").await;
            }
            Self::OrderedByOperations => {
                let order_of = Order { what: OrderKind::HandOver, by: "민지".to_owned(), reason: None };
                order(world.service.store().as_ref(), id, order_of, world.now()).await.unwrap();
            }
            Self::TaggedWhileTheCustomerIsWaitedFor => {
                zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["vip"])).unwrap();
                world.hours_later(25).await;
            }
            _ => {
                zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["vip"])).unwrap();
                world.pass(Duration::from_mins(10));
                zendesk.customer_comments(id, "왜 아직 환불이 안 됐나요?").unwrap();
            }
        }
        world.until_idle().await;
        (world, id)
    }
}

/// The reasons why the ticket is in no view, or has no instruction.
fn unseen(world: &World, id: TicketId, scene: Scene) -> Vec<String> {
    let fields = world.ticket(id).fields;
    // A person who set a ticket to wait has a reason, and a ticket in shadow is handled as usual.
    let waits = !matches!(fields.status, TicketStatus::New | TicketStatus::Open);
    let unowned = fields.group_id.is_none() && fields.assignee_id.is_none();
    let notes = world.notes(id);
    let note = notes.iter().rev().find(|note| note.starts_with("[misread]"));
    let todo = note.and_then(|note| note.lines().nth(1)).unwrap_or_default();
    [
        (waits && scene != Scene::PendingBeforeTheLook, format!("{:?}", fields.status)),
        (unowned && scene != Scene::OnlyWatched, "no group".to_owned()),
        (fields.tags.contains("misread_waiting"), "still tagged as waiting for the customer".to_owned()),
        (!todo.starts_with("할 일") || todo.contains(": 없음"), format!("nothing to do in {notes:#?}")),
    ]
    .into_iter()
    .filter(|(is, _)| *is)
    .map(|(_, why)| format!("{scene:?}: {why}"))
    .collect()
}

#[tokio::test]
async fn every_rest_that_needs_a_person_is_in_a_view_with_a_note_of_what_to_do() {
    let (mut rest, mut wrong) = (None, Vec::new());
    while let Some(kind) = after(rest.as_ref()) {
        let scenes = scenes_of(&kind);
        assert!(!scenes.is_empty(), "{kind:?} has no scene");
        for scene in scenes {
            let (world, id) = Box::pin(scene.play()).await;
            let came_to = world.case(id).await.rest.unwrap();
            if !is_of_the_kind(&kind, &came_to) {
                wrong.push(format!("{scene:?}: {came_to:?}"));
            }
            if scene.needs_a_person() {
                wrong.extend(unseen(&world, id, *scene));
            }
        }
        rest = Some(kind);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn no_money_moves_for_a_suspended_customer_nor_for_one_who_only_has_a_telephone() {
    for scene in [
        Scene::SuspendedBeforeTheLook,
        Scene::SuspendedWhileMoneyIsAwaited,
        Scene::OnTheTelephone,
        Scene::WithoutAnAddress,
        Scene::SolvesWhileAnswering,
        Scene::AnswersFromAnotherAddress,
    ] {
        let (world, id) = Box::pin(scene.play()).await;
        assert_eq!(world.actions(id), [], "{scene:?}");
    }
}

#[tokio::test]
async fn what_a_person_has_taken_stays_theirs_when_the_service_steps_back_or_is_stuck() {
    for stuck in [false, true] {
        let (world, id) = World::opened(STRANGER).await;
        let taken = AgentUpdate {
            assignee_id: Some(ACCOUNT.agent),
            group_id: Some(ACCOUNT.airport_desk_group),
            ..AgentUpdate::default()
        };
        world.pass(Duration::from_mins(10));
        world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, taken).unwrap();
        if stuck {
            let teapot = Fault::Status { status: 418, retry_after: None, body: String::new() };
            world.sandbox.zendesk.faults().inject(FaultRule::once("GET", "/audits", teapot).times(7));
        }
        world.hours_later(25).await;
        let fields = world.ticket(id).fields;
        let kept = (fields.assignee_id, fields.group_id, fields.status);
        let (agent, group) = (Some(ACCOUNT.agent), Some(ACCOUNT.airport_desk_group));
        assert_eq!(kept, (agent, group, TicketStatus::Pending), "stuck: {stuck}");
        let notes = world.notes(id);
        assert!(notes.last().unwrap().contains("할 일 (현재 담당자)"), "stuck: {stuck} {notes:?}");
    }
}
