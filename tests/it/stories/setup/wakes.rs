//! The planned triggers in Zendesk's order, run again after each change: every spelling starts a case once, without a
//! loop.

use misread::domain::case::Ending;
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::zendesk::{
    AccountSwitches, AgentUpdate, Profile, Role, TagSpelling, TicketSwitches, User,
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::world::World;
use crate::world::ground::{Ground, into_settings};

const STORY: &str = "결제 완료, 소유인증 완료";
const AGENT: i64 = 88;

/// An account set up for these start tags, and a service in it.
async fn world(start_tags: &[&str], spelling: TagSpelling) -> (Ground, World) {
    settled_in(Ground::empty().await, start_tags, spelling).await
}

async fn settled_in(mut ground: Ground, start_tags: &[&str], spelling: TagSpelling) -> (Ground, World) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ground.deployment.public_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    ground.settings.zendesk.start_tags = start_tags.iter().map(|&tag| tag.to_owned()).collect();
    let (setup, account) = ground.apply().await.unwrap();
    let (numbers, secret) = (setup.numbers(&account), setup.signing_secret(&account).await.unwrap().unwrap());
    let zendesk = &ground.sandbox.zendesk;
    zendesk.set_ticket_switches(TicketSwitches { tag_spelling: spelling, ..zendesk.ticket_switches() });
    zendesk.add_user(User {
        id: AGENT,
        name: "상담사 한지민".to_owned(),
        email: "agent@sandbox.example".to_owned(),
        role: Role::Agent,
        external_id: None,
        verified: true,
        group_ids: numbers.groups.iter().map(|(_, id)| *id).collect(),
        profile: Profile::default(),
    });
    let start_tags = ground.settings.zendesk.start_tags.clone();
    let world = World::in_account(
        &ground,
        listener,
        |deployment| deployment.webhook_secrets = vec![secret],
        |settings| {
            into_settings(&numbers, settings);
            settings.zendesk.start_tags = start_tags;
        },
    )
    .await;
    (ground, world)
}

/// The kinds of the deliveries about a ticket, in order.
fn kinds(world: &World) -> Vec<String> {
    let kind = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["kind"].as_str().unwrap().to_owned()
    };
    world.sandbox.zendesk.invocations().iter().map(|sent| kind(&sent.body)).collect()
}

/// The story's customer writes without a tag.
fn untagged(world: &World, title: &str) -> TicketId {
    let mut ticket = world.story(title).ticket();
    (ticket.tags, ticket.custom_fields) = (Vec::new(), [].into());
    world.sandbox.zendesk.open_ticket(ticket).unwrap()
}

#[tokio::test]
async fn every_start_spelling_starts_a_case_once() {
    let all = ["no_self_use", "본인_미사용", "본인 미사용"];
    for (spelling, tag) in [
        (TagSpelling::Split, "no_self_use"),
        (TagSpelling::Split, "본인_미사용"),
        (TagSpelling::Split, "본인 미사용"),
        (TagSpelling::Underscore, "본인 미사용"),
        (TagSpelling::Split, "no_self_use_unlinked"),
    ] {
        let (_ground, world) = world(&all, spelling).await;
        let id = untagged(&world, STORY);
        world.until_idle().await;
        assert_eq!(kinds(&world), Vec::<String>::new(), "nothing tells that it is ours");
        world.sandbox.zendesk.agent_changes(id, AGENT, AgentUpdate::tags(&[tag])).unwrap();
        world.until_idle().await;
        assert_eq!(world.ending(id).await, Ending::Settled, "{tag} in {spelling:?}");
        assert_eq!(kinds(&world), ["start"], "{tag} in {spelling:?}: neither twice nor by our own writes");
    }
}

#[tokio::test]
async fn one_word_of_a_tag_with_a_blank_starts_nothing() {
    let (_ground, world) = world(&["no_self_use", "본인 미사용"], TagSpelling::Split).await;
    let id = untagged(&world, STORY);
    world.sandbox.zendesk.agent_changes(id, AGENT, AgentUpdate::tags(&["본인"])).unwrap();
    world.until_idle().await;
    assert_eq!(kinds(&world), Vec::<String>::new());
}

#[tokio::test]
async fn through_hand_over_give_back_and_thanks_each_person_wakes_the_service_once() {
    let (_ground, world) = world(&["no_self_use"], TagSpelling::Split).await;
    assert_eq!(through_all(&world).await, ["start", "given_back", "customer_answered"]);
}

#[tokio::test]
async fn where_conditions_take_no_user_nothing_goes_round_either() {
    let ground = Ground::empty().await;
    let switches = AccountSwitches { role_takes_user_ids: false, ..AccountSwitches::default() };
    ground.sandbox.zendesk.set_account_switches(switches);
    let (ground, world) = settled_in(ground, &["no_self_use"], TagSpelling::Split).await;
    assert_eq!(through_all(&world).await, ["start", "given_back", "customer_answered"]);
    assert_eq!(ground.drift().await, Vec::<String>::new(), "it is as well as it can be");
    let given_back = ground.one("triggers", "[misread] 상담사가 돌려줌").await;
    assert_eq!(
        given_back["conditions"]["all"][2],
        json!({ "field": "role", "operator": "is", "value": "agent" })
    );
}

/// A ticket of the airport, from the customer's question to their thanks; returns the wake-ups of the service.
async fn through_all(world: &World) -> Vec<String> {
    let mut ticket = world.story("인천공항 결제 완료").ticket();
    ticket.custom_fields = [].into();
    let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
    world.until_idle().await;
    assert_eq!(kinds(world), ["start"]);
    let called = AgentUpdate {
        comment: Some("통화 완료".to_owned()),
        ..AgentUpdate::tags(&["misread_airport_called"])
    };
    world.pass(std::time::Duration::from_mins(10));
    world.sandbox.zendesk.agent_changes(id, AGENT, called).unwrap();
    world.until_idle().await;
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    let chosen = &world.ticket(id).fields.custom_fields;
    assert_eq!(chosen.values().next(), Some(&json!("no_self_use_linked")));
    world.customer_says(id, "감사합니다").await;
    let tags = world.ticket(id).fields.tags;
    assert!(!tags.contains("misread_airport_called") && !tags.contains("misread_waiting"), "{tags:?}");
    kinds(world)
}
