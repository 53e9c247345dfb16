//! Agents answer the service by macros, find its tickets in views, and are told of a tag that they misspelt.

use std::collections::BTreeMap;
use std::time::Duration;

use misread::account::for_agents::{Rule, wanted};
use misread::domain::case::{AgentMacro, Ending, Order, OrderKind, WriteKind};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, OperatorMakeGood, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;
use misread::testbed::sandbox::marks;
use misread::worker::upkeep::order;
use reqwest::Method;
use serde_json::json;

use super::authorship::over_the_api;
use super::trust::all;
use crate::world::World;

const AIRPORT: &str = "인천공항 결제 완료";
const PAID: &str = "결제 완료, 소유인증 완료";
const STRANGER: &str = "본인 확인이 안 된 문의자";
const ASSIST: &str = "assist";

/// The sample account with the macros and views of the set-up; returns the macros' ids by title.
async fn furnish(world: &World) -> BTreeMap<&'static str, i64> {
    let mut macros = BTreeMap::new();
    for one in wanted(&marks(), &ACCOUNT.airport_desk_group.to_string()) {
        match one.rule {
            Rule::Macro(actions) => {
                macros.insert(one.title, world.sandbox.zendesk.add_macro(one.title, actions).unwrap());
            }
            Rule::View(conditions) => {
                let view =
                    json!({ "view": { "title": one.title, "all": conditions.all, "any": conditions.any } });
                world.admin(Method::POST, "/api/v2/views", view).await;
            }
        }
    }
    macros
}

/// An agent applies a macro some minutes later, and the world runs until it rests.
async fn use_macro(world: &World, id: TicketId, macro_id: i64) {
    world.pass(Duration::from_mins(10));
    world.sandbox.zendesk.agent_uses_macro(id, ACCOUNT.agent, macro_id).unwrap();
    world.until_idle().await;
}

/// The views that show the ticket to an agent.
fn views(world: &World, id: TicketId) -> Vec<String> {
    world.sandbox.zendesk.views_of(id, ACCOUNT.agent).unwrap()
}

/// A sweep is due, and what it finds is worked on; returns how many webhooks it takes for lost.
async fn swept(world: &World) -> usize {
    world.pass(Duration::from_mins(11));
    let woken = world.sweep().await;
    world.until_idle().await;
    woken
}

/// The notes that tell of misspelt tags.
fn told(world: &World, id: TicketId) -> Vec<String> {
    world.notes(id).into_iter().filter(|note| note.contains("태그 확인 요청")).collect()
}

#[tokio::test]
async fn a_macro_used_in_the_interface_is_a_persons_act_and_its_tag_set_by_a_program_is_not() {
    let world = World::new().await;
    let macros = furnish(&world).await;
    let called = macros[AgentMacro::AirportCalled.title()];
    let id = world.open(&world.story(AIRPORT));
    world.until_idle().await;
    let mut tags = world.ticket(id).fields.tags;
    tags.insert("misread_airport_called".to_owned());
    world.pass(Duration::from_mins(10));
    over_the_api(&world, id, json!({ "tags": tags, "macro_ids": [called] })).await;
    world.until_idle().await;
    assert_eq!(world.actions(id), [], "a program names the macro, and no person has used it");
    assert_eq!(world.state(id).await, CaseState::Waiting);
    let untag = AgentUpdate { remove_tags: vec!["misread_airport_called".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    use_macro(&world, id, called).await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
}

#[tokio::test]
async fn a_ticket_that_an_agent_took_and_set_on_hold_is_given_back_whole() {
    let world = World::new().await;
    let macros = furnish(&world).await;
    let id = world.open(&world.story(AIRPORT));
    world.until_idle().await;
    let taken = AgentUpdate { assignee_id: Some(ACCOUNT.agent), ..AgentUpdate::status(TicketStatus::Hold) };
    world.pass(Duration::from_mins(10));
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, taken).unwrap();
    use_macro(&world, id, macros[AgentMacro::GiveBack.title()]).await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert_ne!(world.ticket(id).fields.assignee_id, Some(ACCOUNT.agent));
}

#[tokio::test]
async fn a_ticket_that_waits_stands_in_exactly_one_view_until_it_is_solved() {
    let world = World::with_policy(all(ASSIST)).await;
    let macros = furnish(&world).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(views(&world, id), ["[misread] 승인 대기"]);
    use_macro(&world, id, macros[AgentMacro::Release.title()]).await;
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![Refund, Inspection], 1));
    assert_eq!(views(&world, id), [""; 0], "it is solved");

    let world = World::new().await;
    furnish(&world).await;
    let asked = world.open(&world.story(STRANGER));
    let airport = world.open(&world.story(AIRPORT));
    let closed = world.open(&world.story("폐점 주차장, 보상 한도 초과"));
    world.until_idle().await;
    assert_eq!(views(&world, asked), ["[misread] 고객 답변 대기"]);
    assert_eq!(views(&world, airport), ["[misread] 공항 통화 대기"]);
    assert_eq!(views(&world, closed), ["[misread] 사람이 이어받음"]);
    // The parking system refuses every answer until the service gives up.
    let down = FaultRule { times: None, ..FaultRule::once("GET", "/uses", Fault::unavailable(Some(600))) };
    world.sandbox.parking.faults().inject(down);
    let stuck = world.open(&world.story(PAID));
    for _ in 0..30 {
        world.until_idle().await;
        world.pass(Duration::from_hours(1));
    }
    world.until_idle().await;
    assert_eq!(world.state(stuck).await, CaseState::Stuck);
    assert_eq!(views(&world, stuck), ["[misread] 막힘"]);
    let tags = world.ticket(stuck).fields.tags;
    assert!(tags.contains("misread_stuck") && tags.contains("misread_handed_over"), "{tags:?}");
}

#[tokio::test]
async fn a_misspelt_tag_is_told_once_and_the_service_waits_on() {
    let (world, id) = World::opened(AIRPORT).await;
    assert_eq!(swept(&world).await, 0);
    world.agent_tags(id, "misread_airport_caled").await;
    assert_eq!(told(&world, id), [""; 0], "no webhook tells of it");
    assert_eq!(swept(&world).await, 0, "no webhook was lost");
    let [note] = told(&world, id).try_into().unwrap();
    insta::assert_snapshot!(note, @r"
    [misread] 본인 미사용 태그 확인 요청
    할 일: 공항 통화를 마치셨으면 이 티켓에 매크로 '[misread] 공항 통화 완료'를 적용해 주세요(태그 misread_airport_called). 그때까지 그대로 기다립니다. 다른 뜻으로 추가하신 태그이면 그대로 두셔도 됩니다.
    사유: 추가하신 태그(misread_airport_caled)를 misread가 알지 못합니다. 짐작으로 처리하지 않으므로 아무것도 하지 않았습니다.
    misread가 아는 태그: misread_airport_called(공항 통화 완료), misread_release(승인)
    ");
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![], 1));
    assert_eq!(world.state(id).await, CaseState::Waiting);

    // Neither the same tag again, nor a foreign one, nor time brings another note.
    let untag = AgentUpdate { remove_tags: vec!["misread_airport_caled".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    world.agent_tags(id, "misread_airport_caled").await;
    world.agent_tags(id, "vip").await;
    for _ in 0..4 {
        assert_eq!(swept(&world).await, 0);
    }
    assert_eq!(told(&world, id).len(), 1);
    // Another one with our beginning does, whatever it means.
    world.agent_tags(id, "misread_done2").await;
    swept(&world).await;
    let [_, second] = told(&world, id).try_into().unwrap();
    assert!(second.contains("추가하신 태그(misread_done2)"), "{second}");

    world.agent_tags(id, "misread_airport_called").await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    assert!(world.stands(id, "misread_done2").1, "the tag of the person stays");
}

#[tokio::test]
async fn a_misspelt_release_is_told_and_the_right_one_is_taken() {
    let world = World::with_policy(all(ASSIST)).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    for tag in ["misread_relese", "misraed_release"] {
        world.agent_tags(id, tag).await;
    }
    swept(&world).await;
    let [note] = told(&world, id).try_into().unwrap();
    assert!(note.contains("추가하신 태그(misread_relese, misraed_release)"), "one note for both: {note}");
    assert!(note.contains(AgentMacro::Release.title()), "{note}");
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![], 0));
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn what_no_person_set_or_has_taken_off_or_what_is_ours_is_not_told() {
    let (world, id) = World::opened(AIRPORT).await;
    world.pass(Duration::from_mins(10));
    let mut tags = world.ticket(id).fields.tags;
    tags.insert("misread_relese".to_owned());
    over_the_api(&world, id, json!({ "tags": tags })).await;
    let by_rule = AgentUpdate::tags(&["misread_airport"]);
    world.sandbox.zendesk.automation_changes(id, "태그 정리", by_rule).unwrap();
    world.agent_tags(id, "misread_airport_calld").await;
    let untag = AgentUpdate { remove_tags: vec!["misread_airport_calld".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    // A tag that the service knows is no misspelling, though it counts for nothing here.
    world.agent_tags(id, "misread_release").await;
    swept(&world).await;
    assert_eq!(told(&world, id), [""; 0]);
    // A ticket that a person has solved needs no such note.
    let solved =
        AgentUpdate { status: Some(TicketStatus::Solved), ..AgentUpdate::tags(&["misread_airport_calld"]) };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, solved).unwrap();
    world.until_idle().await;
    swept(&world).await;
    assert_eq!(told(&world, id), [""; 0]);
    assert_eq!(world.actions(id), []);
}

#[tokio::test]
async fn a_note_about_a_tag_whose_answer_was_lost_is_found_and_one_that_collides_is_written_anew() {
    for fault in [Fault::AnswerLost, Fault::Reset, Fault::unavailable(Some(5))] {
        let (world, id) = World::opened(AIRPORT).await;
        world.agent_tags(id, "misread_airport_caled").await;
        world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", fault.clone()));
        swept(&world).await;
        assert_eq!(told(&world, id).len(), 1, "{fault:?}");
        let case = world.case(id).await;
        let written = case.writes().filter(|(write, _)| write.kind == WriteKind::TagNote);
        assert!(written.clone().count() >= 1, "{fault:?}");
        swept(&world).await;
        assert_eq!((told(&world, id).len(), world.state(id).await), (1, CaseState::Waiting), "{fault:?}");
        world.agent_tags(id, "misread_airport_called").await;
        assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection], "{fault:?}");
    }
}

#[tokio::test]
async fn a_refused_note_about_a_tag_is_not_repeated_and_stops_nothing() {
    let (world, id) = World::opened(AIRPORT).await;
    world.agent_tags(id, "misread_airport_caled").await;
    let refused =
        Fault::Status { status: 422, retry_after: None, body: r#"{"error":"RecordInvalid"}"#.to_owned() };
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", refused));
    swept(&world).await;
    swept(&world).await;
    assert_eq!((told(&world, id), world.state(id).await), (Vec::new(), CaseState::Waiting));
    world.agent_tags(id, "misread_airport_called").await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
}

#[tokio::test]
async fn each_note_ends_with_the_tickets_page_where_the_console_has_an_address() {
    let (world, id) = World::opened(PAID).await;
    let [without] = world.notes(id).try_into().unwrap();
    assert!(!without.contains("처리 기록") && !without.contains("/tickets/"), "{without}");
    let address = "https://console.example/misread";
    let world =
        World::consoled(|deployment| deployment.console_address = Some(address.to_owned()), |_| {}).await;
    for title in [PAID, STRANGER, AIRPORT] {
        let id = world.open(&world.story(title));
        world.until_idle().await;
        let [note] = world.notes(id).try_into().unwrap();
        assert!(note.ends_with(&format!("\n처리 기록: {address}/tickets/{id}")), "{note}");
        assert!(world.replies(id).iter().all(|reply| !reply.contains(address)), "customers never read it");
    }
    let path = misread::console::Address::Ticket.path().replace("{id}", "35001");
    assert_eq!(path, "/tickets/35001", "the link of the notes");
}

const STUCK: &str = "[misread] 막힘";
const UNPAID: &str = "폐점한 주차장 미수";

/// A world whose service gives up soon, with the views.
async fn impatient() -> World {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    furnish(&world).await;
    world
}

/// A person orders a retry, and the world runs until it rests.
async fn retried(world: &World, id: TicketId) {
    world.pass(Duration::from_mins(10));
    let retry = Order { what: OrderKind::Retry, by: "민지".to_owned(), reason: None };
    order(world.service.store().as_ref(), id, retry, world.now()).await.unwrap();
    world.until_idle().await;
}

fn parking_is_down(world: &World) {
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
}

/// A ticket whose customer is asked to pay, and whose service could not look for the payment.
async fn stuck_while_it_waits(world: &World) -> TicketId {
    let id = world.open(&world.story(UNPAID));
    world.until_idle().await;
    assert_eq!(views(world, id), ["[misread] 고객 답변 대기"]);
    parking_is_down(world);
    world.hours_later(7).await;
    assert_eq!((world.state(id).await, views(world, id)), (CaseState::Stuck, vec![STUCK.to_owned()]));
    id
}

/// The notes that say that the service goes on after a retry.
fn resumed(world: &World, id: TicketId) -> usize {
    world.notes(id).iter().filter(|note| note.contains("자동 처리 재개")).count()
}

#[tokio::test]
async fn a_stuck_ticket_leaves_its_view_when_a_retry_makes_it_go_on() {
    let world = impatient().await;
    parking_is_down(&world);
    let id = world.open(&world.story(STRANGER));
    world.until_idle().await;
    assert_eq!(views(&world, id), [STUCK]);
    retried(&world, id).await;
    assert_eq!(views(&world, id), [STUCK], "in vain");
    assert_eq!(world.notes(id).len(), 1, "it is told already");

    world.sandbox.parking.faults().clear();
    retried(&world, id).await;
    assert_eq!(views(&world, id), ["[misread] 고객 답변 대기"]);
    assert_eq!((world.replies(id).len(), resumed(&world, id)), (1, 0), "the reply takes the tag off");

    // The customer answers, and it is stuck once more.
    parking_is_down(&world);
    world.customer_says(id, "네 맞아요").await;
    assert_eq!(views(&world, id), [STUCK]);
    world.sandbox.parking.faults().clear();
    retried(&world, id).await;
    assert_eq!((views(&world, id), world.ending(id).await), (vec![], Ending::Settled));
}

#[tokio::test]
async fn a_stuck_ticket_leaves_its_view_also_when_a_retry_has_nothing_else_to_write() {
    let world = impatient().await;
    let id = stuck_while_it_waits(&world).await;
    let told = world.notes(id).len();
    for times in 1..=2 {
        world.sandbox.parking.faults().clear();
        retried(&world, id).await;
        assert_eq!(world.state(id).await, CaseState::Waiting);
        assert_eq!(views(&world, id), ["[misread] 고객 답변 대기"]);
        assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true), "as it was before");
        assert_eq!(resumed(&world, id), times);

        parking_is_down(&world);
        world.hours_later(7).await;
        assert_eq!(views(&world, id), [STUCK], "stuck again");
        assert_eq!(world.notes(id).len(), told + 2 * times, "and told again");
    }
    world.sandbox.parking.faults().clear();
    world.sandbox.parking.pay(&world.story(UNPAID).uses[0].id).unwrap();
    retried(&world, id).await;
    assert_eq!((world.ending(id).await, views(&world, id)), (Ending::Settled, vec![]));
    assert_eq!(resumed(&world, id), 2, "the reply takes the tag off");
}

#[tokio::test]
async fn a_tag_that_a_retry_takes_off_is_taken_off_once_though_answers_are_lost() {
    for fault in [Fault::AnswerLost, Fault::Reset, Fault::bad_gateway_html(), Fault::too_many_requests(11)] {
        let world = impatient().await;
        let id = stuck_while_it_waits(&world).await;
        world.sandbox.parking.faults().clear();
        world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", fault.clone()));
        retried(&world, id).await;
        assert_eq!(resumed(&world, id), 1, "{fault:?}");
        assert_eq!(views(&world, id), ["[misread] 고객 답변 대기"], "{fault:?}");
    }
}

#[tokio::test]
async fn a_tag_that_zendesk_does_not_let_go_stays_and_the_case_goes_on() {
    let world = impatient().await;
    let id = stuck_while_it_waits(&world).await;
    world.sandbox.parking.faults().clear();
    let refusal = || Fault::Status {
        status: 422,
        retry_after: None,
        body: r#"{"error":"RecordInvalid","description":"Record validation errors"}"#.to_owned(),
    };
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", refusal()));
    retried(&world, id).await;
    assert_eq!((world.state(id).await, resumed(&world, id)), (CaseState::Waiting, 0));
    assert_eq!(views(&world, id), [STUCK]);
    retried(&world, id).await;
    assert_eq!(views(&world, id), ["[misread] 고객 답변 대기"], "a retry tries it once more");
    assert_eq!(resumed(&world, id), 1);
}

#[tokio::test]
async fn what_an_agent_changed_on_a_stuck_ticket_stays_when_a_retry_makes_it_go_on() {
    let world = impatient().await;
    let id = stuck_while_it_waits(&world).await;
    world.sandbox.parking.faults().clear();
    let taken = AgentUpdate { add_tags: vec!["vip".into()], ..AgentUpdate::status(TicketStatus::Hold) };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, taken).unwrap();
    retried(&world, id).await;
    assert_eq!(world.stands(id, "vip"), (TicketStatus::Hold, true));
    assert!(!world.stands(id, "misread_stuck").1, "{:?}", world.ticket(id).fields.tags);
    assert!(!views(&world, id).contains(&STUCK.to_owned()));
}

#[tokio::test]
async fn a_solved_ticket_that_was_opened_because_its_note_failed_is_solved_again_with_the_note() {
    let world = impatient().await;
    let refusal = Fault::Status {
        status: 422,
        retry_after: None,
        body: r#"{"error":"RecordInvalid","description":"Record validation errors"}"#.to_owned(),
    };
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", refusal).skip(1));
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), views(&world, id)), (1, vec![STUCK.to_owned()]));
    retried(&world, id).await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    assert_eq!((resumed(&world, id), world.notes(id).len()), (0, 2), "the note takes the tag off");
    assert!(!world.stands(id, "misread_stuck").1);
}
