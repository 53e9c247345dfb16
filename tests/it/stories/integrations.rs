//! Integrations on the same ticket: changes that the settings call harmless do not stop the service, all others do.

use std::time::Duration;

use misread::config::{HarmlessFrom, Integrations};
use misread::domain::case::Ending;
use misread::domain::ids::TicketId;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{ADMIN_USER, AgentUpdate};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::World;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const PAID: &str = "결제 완료, 소유인증 완료";
const ALL: HarmlessFrom = HarmlessFrom::Kind(Integrations::All);
const NONE: HarmlessFrom = HarmlessFrom::Kind(Integrations::None);

async fn world_with(from: HarmlessFrom) -> World {
    World::with(|settings| settings.people.harmless_from = from).await
}

/// An integration, signed in as the account's admin, changes the ticket over the API.
async fn changes(world: &World, id: TicketId, ticket: Value) {
    world.admin(Method::PUT, &format!("/api/v2/tickets/{id}"), json!({ "ticket": ticket })).await;
}

fn tags(world: &World, id: TicketId, add: &str, remove: &str) -> Value {
    let mut tags = world.ticket(id).fields.tags;
    tags.insert(add.to_owned());
    tags.remove(remove);
    json!({ "tags": tags })
}

/// A field that the service does not know.
async fn field_of_another(world: &World) -> i64 {
    let field = json!({ "ticket_field": { "type": "text", "title": "동기화 번호" } });
    let made = world.admin(Method::POST, "/api/v2/ticket_fields", field).await;
    made["ticket_field"]["id"].as_i64().unwrap()
}

/// The service has asked, an integration changes something, and the customer answers the question.
async fn answered_after(world: &World, change: impl AsyncFnOnce(&World, TicketId)) -> TicketId {
    let id = world.open(&world.story(STRANGER));
    world.until_idle().await;
    world.pass(Duration::from_mins(5));
    change(world, id).await;
    world.until_idle().await;
    world.customer_says(id, "네, 본인 맞습니다").await;
    id
}

/// The end of a case in which an integration has made every harmless change.
async fn ends_after_what_is_harmless(from: HarmlessFrom) -> Vec<(&'static str, Ending)> {
    let mut endings = Vec::new();
    for what in ["tag", "priority", "field", "note"] {
        let world = world_with(from.clone()).await;
        let harmless = async |world: &World, id: TicketId| {
            let ticket = match what {
                "tag" => tags(world, id, "triage_1", ""),
                "priority" => json!({ "priority": "high" }),
                "field" => {
                    let id = field_of_another(world).await;
                    json!({ "custom_fields": [{ "id": id, "value": "A-1" }] })
                }
                _ => json!({ "comment": { "body": "동기화했습니다.", "public": false } }),
            };
            changes(world, id, ticket).await;
        };
        let id = answered_after(&world, harmless).await;
        let ending = world.ending(id).await;
        let settled: &[_] = if ending == Ending::Settled { &[Refund, Inspection] } else { &[] };
        assert_eq!(world.actions(id), settled, "{what}");
        endings.push((what, ending));
    }
    endings
}

fn all(ending: Ending) -> Vec<(&'static str, Ending)> {
    ["tag", "priority", "field", "note"].map(|what| (what, ending)).to_vec()
}

#[tokio::test]
async fn unless_it_is_set_otherwise_all_that_an_integration_does_counts_as_a_persons_hand() {
    assert_eq!(ends_after_what_is_harmless(NONE).await, all(Ending::SteppedBack));
}

#[tokio::test]
async fn what_is_harmless_stops_no_case_where_all_integrations_are_trusted_so_far() {
    assert_eq!(ends_after_what_is_harmless(ALL).await, all(Ending::Settled));
}

#[tokio::test]
async fn of_named_integrations_only_those_are_trusted_so_far() {
    let named = |user| HarmlessFrom::Users(vec![user]);
    assert_eq!(ends_after_what_is_harmless(named(ADMIN_USER)).await, all(Ending::Settled));
    assert_eq!(ends_after_what_is_harmless(named(ACCOUNT.agent)).await, all(Ending::SteppedBack));
}

#[tokio::test]
async fn what_is_not_harmless_stops_the_case_even_from_a_harmless_integration() {
    for what in
        ["public", "status", "group", "assignee", "requester", "own tag", "own tag gone", "plate", "subject"]
    {
        let world = world_with(ALL).await;
        let another = world.story(PAID).customer.id;
        let harmful = async |world: &World, id: TicketId| {
            let ticket = match what {
                "public" => json!({ "comment": { "body": "안내드립니다.", "public": true } }),
                "status" => json!({ "status": "hold" }),
                "group" => json!({ "group_id": ACCOUNT.lot_contact_group }),
                "assignee" => json!({ "assignee_id": ACCOUNT.agent }),
                "requester" => json!({ "requester_id": another }),
                "own tag" => tags(world, id, "misread_release", ""),
                "own tag gone" => tags(world, id, "no_self_use", "misread_waiting"),
                "plate" => {
                    json!({ "custom_fields": [{ "id": ACCOUNT.plate_field, "value": "12가3456" }] })
                }
                _ => json!({ "subject": "다른 제목" }),
            };
            changes(world, id, ticket).await;
        };
        let id = answered_after(&world, harmful).await;
        world.wake(id, "customer_answered").await;
        world.until_idle().await;
        assert_eq!(world.actions(id), [], "{what}");
        assert_eq!(world.replies(id).len(), 1, "{what}");
    }
}

#[tokio::test]
async fn what_a_person_does_in_the_interface_counts_however_harmless_and_as_whichever_user() {
    for from in [ALL, HarmlessFrom::Users(vec![ACCOUNT.agent])] {
        let world = world_with(from).await;
        let id = answered_after(&world, async |world: &World, id| {
            let tag = AgentUpdate::tags(&["triage_1"]);
            world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, tag).unwrap();
        })
        .await;
        assert_eq!(world.actions(id), []);
        assert_eq!(world.ending(id).await, Ending::SteppedBack);
    }
}

#[tokio::test]
async fn a_harmless_change_between_the_refund_and_the_reply_survives_and_stops_nothing() {
    let world = world_with(ALL).await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(60)));
    world.step().await;
    world.pass(Duration::from_secs(5));
    changes(&world, id, tags(&world, id, "triage_1", "")).await;
    world.until_idle().await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert!(world.ticket(id).fields.tags.contains("triage_1"));
}
