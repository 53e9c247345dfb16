//! The author of a change: the service is its Zendesk user over the API, a person uses the agents' interface, and a
//! marker counts only with its seal.

use std::time::Duration;

use jiff::Timestamp;
use misread::account::sliding_window::Lane;
use misread::domain::case::{Effect, EffectState, Ending, Entry, Occasion, WriteKind};
use misread::domain::ids::{EffectKey, Position, TicketId};
use misread::domain::marker;
use misread::domain::ticket::{Seen, TicketStatus, TicketUpdate};
use misread::ports::{CaseState, Lease, SendMode, TicketWrite, UpdateOutcome};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, OperatorMakeGood, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, SERVICE_USER};
use misread::testbed::sandbox::{CLIENT_ID, CLIENT_SECRET};
use reqwest::Method;
use serde_json::{Value, json};

use crate::http_client;
use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";
const AIRPORT: &str = "인천공항 결제 완료";

/// A write by a program that is signed in as the service's own user.
async fn as_the_service(world: &World, id: TicketId, ticket: Value) {
    let http = http_client::client();
    let grant = json!({ "grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "scope": "tickets:write read" });
    let url = &world.sandbox.zendesk_url;
    let answer = http.post(format!("{url}/oauth/tokens")).json(&grant).send().await.unwrap();
    let token = answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
    let request = http.put(format!("{url}/api/v2/tickets/{id}")).bearer_auth(token);
    assert_eq!(request.json(&json!({ "ticket": ticket })).send().await.unwrap().status(), 200);
}

/// A write by the admin's program.
pub(super) async fn over_the_api(world: &World, id: TicketId, ticket: Value) {
    let body = json!({ "ticket": ticket });
    world.admin(Method::PUT, &format!("/api/v2/tickets/{id}"), body).await;
}

/// The key of the reply that may be on its way to the ticket.
async fn key_of_the_reply(world: &World, id: TicketId) -> String {
    let case = world.case(id).await;
    let mut writes = case.writes();
    let (_, reply) = writes.find(|(write, _)| write.kind == WriteKind::Reply).unwrap();
    assert_eq!(reply.state, EffectState::Unknown);
    case.key(reply.position).to_string()
}

/// A world whose reply was lost on the way to Zendesk, without a response.
async fn reply_lost_on_the_way() -> (World, TicketId) {
    let world = World::new().await;
    let id = loses_its_reply(&world).await;
    (world, id)
}

async fn loses_its_reply(world: &World) -> TicketId {
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::Reset));
    let id = world.open(&world.story(PAID));
    world.step().await;
    world.pass(Duration::from_secs(5));
    id
}

#[tokio::test]
async fn a_writer_of_our_metadata_is_not_taken_for_the_service() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(60)));
    world.step().await;
    world.pass(Duration::from_secs(5));
    let comment = json!({ "body": "다른 시스템이 남긴 글입니다.", "public": false });
    over_the_api(&world, id, json!({ "comment": comment, "metadata": { "misread": "misread-1-1" } })).await;
    world.until_idle().await;
    assert_eq!(world.replies(id), [""; 0]);
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn a_forged_marker_is_not_the_reply_that_was_lost() {
    let (world, id) = reply_lost_on_the_way().await;
    let key = key_of_the_reply(&world, id).await;
    let comment = json!({ "body": "답장처럼 보이는 글", "public": true });
    over_the_api(&world, id, json!({ "comment": comment, "metadata": { "misread": key } })).await;
    world.until_idle().await;
    let found = |entry: &Entry| matches!(entry, Entry::Written { found_by_marker: true, .. });
    assert!(!world.journal(id).await.iter().any(found));
    assert_eq!(world.ending(id).await, Ending::SteppedBack, "somebody else wrote to the customer");
}

/// Each of these was written by the service's own user: by another program with its credentials, or with a ledger
/// that was restored.
#[tokio::test]
async fn a_marker_without_the_seal_of_this_very_write_is_not_the_reply_that_was_lost() {
    for copied in ["no seal", "another ticket's", "another key's", "nonsense"] {
        let (world, elsewhere) = World::opened("직영 주차장 미수").await;
        let id = loses_its_reply(&world).await;
        let key = key_of_the_reply(&world, id).await;
        let of_elsewhere = world.ticket(elsewhere);
        let written =
            of_elsewhere.audits.iter().find(|audit| audit.custom.contains_key("misread_seal")).unwrap();
        let seal = match copied {
            "no seal" => Value::Null,
            "nonsense" => json!("1.a.b"),
            _ => written.custom["misread_seal"].clone(),
        };
        let key = if copied == "another ticket's" { written.custom["misread"].clone() } else { json!(key) };
        let comment = json!({ "body": "답장처럼 보이는 글", "public": true });
        let metadata = json!({ "misread": key, "misread_seal": seal });
        as_the_service(&world, id, json!({ "comment": comment, "metadata": metadata })).await;
        world.until_idle().await;
        let replies = world.replies(id);
        assert!(
            replies.len() == 2 && replies[1].contains("결제"),
            "{copied}: the reply itself is sent: {replies:?}"
        );
        assert_eq!(world.actions(id), [Refund, Inspection], "{copied}");
    }
}

#[tokio::test]
async fn the_reply_itself_is_found_by_its_seal() {
    let world = World::new().await;
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::AnswerLost));
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    let intended =
        |entry: &Entry| matches!(entry, Entry::Intended { effect: Effect::Write(_), sealed: true, .. });
    assert_eq!(world.journal(id).await.iter().filter(|entry| intended(entry)).count(), 2);
}

#[tokio::test]
async fn a_program_with_an_agents_rights_gives_nothing_back_and_a_person_in_the_interface_does() {
    let (world, id) = World::opened(AIRPORT).await;
    let mut tags = world.ticket(id).fields.tags;
    tags.insert("misread_airport_called".to_owned());
    world.pass(Duration::from_mins(10));
    over_the_api(&world, id, json!({ "tags": tags })).await;
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.state(id).await, CaseState::Waiting);
    let untag = AgentUpdate { remove_tags: vec!["misread_airport_called".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    world.agent_tags(id, "misread_airport_called").await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
}

#[tokio::test]
async fn a_program_with_an_agents_rights_releases_nothing() {
    let world = World::with_policy(super::trust::all("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let mut tags = world.ticket(id).fields.tags;
    tags.insert("misread_release".to_owned());
    world.pass(Duration::from_mins(10));
    over_the_api(&world, id, json!({ "tags": tags })).await;
    world.until_idle().await;
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![], 0));
    assert_eq!(world.state(id).await, CaseState::Waiting);
}

#[tokio::test]
async fn neither_the_customer_nor_the_services_own_user_releases_anything_in_the_interface() {
    let world = World::with_policy(super::trust::all("assist")).await;
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    let release = ["misread_release"];
    let untag = AgentUpdate { remove_tags: vec![release[0].into()], ..AgentUpdate::default() };
    for who in [world.ticket(id).fields.requester_id, SERVICE_USER] {
        world.pass(Duration::from_mins(10));
        world.sandbox.zendesk.agent_changes(id, who, AgentUpdate::tags(&release)).unwrap();
        world.wake(id, "given_back").await;
        world.until_idle().await;
        assert_eq!((world.actions(id), world.replies(id).len()), (vec![], 0), "user {who}");
        assert_eq!(world.state(id).await, CaseState::Waiting, "user {who}");
        world.sandbox.zendesk.agent_changes(id, who, untag.clone()).unwrap();
    }
    world.agent_tags(id, "misread_release").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn what_a_replica_seals_with_a_new_key_is_known_by_those_who_have_not_read_it_yet() {
    let (world, id) = World::opened(PAID).await;
    let replica = world.replica().await;
    assert!(world.service.store().rotate_marker_key(world.now(), world.now()).await.unwrap());
    let [desk, other] = [&world, &replica].map(|world| world.service.worker().parts().desk.clone());
    let ticket = desk.ticket(id, Lane::Fresh).await.unwrap().unwrap();
    let update = TicketUpdate::note("새 열쇠로 봉한 메모".to_owned());
    let (key, lease) = (EffectKey::new(id, Position(99)), Lease::until(Timestamp::MAX));
    let seen = Seen { updated_at: ticket.updated_at, comments: ticket.comments };
    let sending =
        TicketWrite { ticket_id: id, key: &key, update: &update, seen, way: SendMode::Single, lease: &lease };
    assert!(matches!(other.update(sending).await, Ok(UpdateOutcome::Written { .. })));
    let seal = world.ticket(id).audits.pop().unwrap().custom["misread_seal"].to_string();
    assert!(seal.starts_with("\"2."), "{seal}");
    let change = desk.changes(id, ticket.requester.id).await.unwrap().pop().unwrap();
    assert_eq!(change.sealed, Some(marker::digest(&update)));
}

#[tokio::test]
async fn what_an_integration_posts_in_the_customers_name_is_the_customers_turn_alone() {
    let (world, id) = World::opened("본인 확인이 안 된 문의자").await;
    assert_eq!(world.state(id).await, CaseState::Waiting);
    world.pass(Duration::from_mins(10));
    let comment =
        json!({ "body": "네, 맞아요", "public": true, "author_id": world.ticket(id).fields.requester_id });
    over_the_api(&world, id, json!({ "comment": comment })).await;
    world.until_idle().await;
    let began = |entry: &Entry| matches!(entry, Entry::TurnBegan { occasion: Occasion::Customer, .. });
    assert!(world.journal(id).await.iter().any(began), "the trigger tells of it");
    assert_eq!(
        world.state(id).await,
        CaseState::Waiting,
        "a program's words answer nothing: it is asked again"
    );
    assert_eq!((world.replies(id).len(), world.actions(id)), (2, vec![]));
    let note = world.notes(id).pop().unwrap();
    assert!(!note.contains("자동 처리 중단"), "{note}");
}
