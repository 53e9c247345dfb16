//! Unexpected responses are retried for some minutes, and foreign characters in a text do not affect the rest.

use std::time::Duration;

use misread::domain::case::{Ending, Entry};
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;

use crate::world::World;
use crate::world::log::Log;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const PAID: &str = "결제 완료, 소유인증 완료";

fn odd(status: u16) -> Fault {
    Fault::Status { status, retry_after: None, body: String::new() }
}

#[tokio::test]
async fn an_unexpected_status_is_tried_again_wherever_it_comes() {
    for (status, method, path) in [
        (418, "GET", "/tickets/"),
        (405, "GET", "/audits"),
        (400, "PUT", "/tickets/"),
        (451, "GET", "/uses"),
        (405, "POST", "/refund"),
        (402, "POST", "/inspections"),
    ] {
        let world = World::new().await;
        let log = Log::collected();
        let faults = match path {
            "/uses" | "/refund" | "/inspections" => world.sandbox.parking.faults(),
            _ => world.sandbox.zendesk.faults(),
        };
        faults.inject(FaultRule::once(method, path, odd(status)).times(3));
        let id = world.open(&world.story(PAID));
        world.until_idle().await;
        let how = format!("{status} to {method} {path}");
        assert_eq!(world.actions(id), [Refund, Inspection], "{how}");
        assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1), "{how}");
        assert_eq!(world.state(id).await, CaseState::Ended, "{how}");
        let told = log.lines("trying again later");
        assert!(told.iter().any(|line| line.to_string().contains(&status.to_string())), "{how}: {told:?}");
    }
}

#[tokio::test]
async fn what_goes_on_being_odd_is_stuck_after_some_minutes_and_told() {
    let world = World::new().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", odd(418)));
    let began = world.now();
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    let took = Duration::try_from(world.now().duration_since(began)).unwrap();
    assert!(took > Duration::from_mins(3) && took < Duration::from_mins(10), "{took:?}");
    let fields = world.ticket(id).fields;
    assert_eq!(fields.group_id, Some(ACCOUNT.agents_group));
    assert!(world.notes(id)[0].contains("자동 처리 멈춤"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn an_action_that_goes_on_being_refused_oddly_is_left_to_a_person_after_some_minutes() {
    let world = World::new().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/refund", odd(405)));
    let began = world.now();
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let took = Duration::try_from(world.now().duration_since(began)).unwrap();
    assert!(took > Duration::from_mins(3) && took < Duration::from_mins(10), "{took:?}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert_eq!((world.actions(id), world.replies(id)), (vec![], vec![]));
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
    let note = &world.notes(id)[0];
    assert!(note.contains("결제취소 요청을 거절했습니다") && note.contains("405"), "{note}");
}

#[tokio::test]
async fn a_ticket_that_cannot_be_read_yet_is_not_gone() {
    let world = World::new().await;
    let body = r#"{"error":"RecordNotFound","description":"Not found"}"#.to_owned();
    let lag = Fault::Status { status: 404, retry_after: None, body };
    world.sandbox.zendesk.faults().inject(FaultRule::once("GET", "/api/v2/tickets/", lag).times(3));
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn an_endless_stream_of_wakes_costs_few_looks_and_few_entries_and_hides_no_answer() {
    let world = World::new().await;
    let waits = world.open(&world.story(STRANGER));
    let ended = world.open(&world.story("이용 건을 찾지 못함"));
    world.until_idle().await;
    let cost = async |id| {
        let journal = world.journal(id).await;
        let looks = journal.iter().filter(|entry| matches!(entry, Entry::TicketRead { .. })).count();
        (looks, journal.len())
    };
    let before = [cost(waits).await, cost(ended).await];
    for _ in 0..200 {
        world.pass(Duration::from_secs(20));
        world.wake(waits, "loop").await;
        world.wake(ended, "loop").await;
        world.step().await;
    }
    let after = [cost(waits).await, cost(ended).await];
    let [(looks, entries), (no_looks, few)] =
        [0, 1].map(|at: usize| (after[at].0 - before[at].0, after[at].1 - before[at].1));
    assert!(looks <= 20 && entries <= 80, "{looks} looks, {entries} entries");
    assert!(no_looks == 0 && few <= 20, "{no_looks} looks, {few} entries");
    assert_eq!(world.state(ended).await, CaseState::Ended);
    world.customer_says(waits, "네, 본인 맞습니다").await;
    assert_eq!(world.actions(waits), [Refund, Inspection]);
    assert_eq!(world.ending(waits).await, Ending::Settled);
}
