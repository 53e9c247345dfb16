//! The macros and views for agents: made, mended, never taken from others, and what the account refuses is told.

use misread::domain::case::{AgentMacro, Ending};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::zendesk::{Profile, Role, User};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::check::good_ground;
use crate::world::World;
use crate::world::ground::{Ground, into_settings, shown};

const AGENT: i64 = 89;

async fn change(ground: &Ground, kind: &str, title: &str, part: Value) {
    let (path, key) = (format!("{kind}s/{}", ground.one(&format!("{kind}s"), title).await["id"]), kind);
    ground.admin(Method::PUT, &path, json!({ key: part })).await;
}

#[tokio::test]
async fn what_was_changed_of_them_is_shown_and_mended_and_people_may_name_and_confine_them() {
    let ground = Ground::set_up().await;
    let group = ground.one("groups", "공항 담당").await["id"].clone();
    let (called, release) = (AgentMacro::AirportCalled.title(), AgentMacro::Release.title());
    // Names, groups and columns are the centre's business.
    change(
        &ground,
        "macro",
        called,
        json!({ "restriction": { "type": "Group", "ids": [group], "id": group } }),
    )
    .await;
    change(
        &ground,
        "view",
        "[misread] 공항 통화 대기",
        json!({ "title": "공항", "output": { "columns": ["status"] } }),
    )
    .await;
    assert_eq!(ground.drift().await, Vec::<String>::new());

    change(
        &ground,
        "macro",
        release,
        json!({ "actions": [{ "field": "current_tags", "value": "misread_relese" }] }),
    )
    .await;
    change(&ground, "view", "[misread] 막힘", json!({ "active": false })).await;
    let narrower = json!([{ "field": "status", "operator": "is", "value": "open" }]);
    change(&ground, "view", "공항", json!({ "all": narrower })).await;
    let drift = ground.drift().await;
    let [of_macro, of_stuck, of_airport] = &drift[..] else { panic!("{drift:#?}") };
    assert_eq!(
        of_macro,
        "~ macro [misread] 준비된 답변 보내기: do: current_tags misread_relese → current_tags misread_release"
    );
    assert_eq!(of_stuck, "~ view [misread] 막힘: active: false → true");
    assert!(
        of_airport.starts_with("~ view [misread] 공항 통화 대기: all: status is open → "),
        "{of_airport}"
    );
    ground.apply().await.unwrap();
    assert_eq!(ground.drift().await, Vec::<String>::new());
    assert_eq!(ground.one("views", "공항").await["conditions"]["all"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_macro_or_view_of_the_account_that_has_the_name_is_told_and_left_alone() {
    let ground = Ground::empty().await;
    let title = AgentMacro::Release.title();
    let theirs =
        json!({ "macro": { "title": title, "actions": [{ "field": "status", "value": "solved" }] } });
    let theirs = ground.admin(Method::POST, "macros", theirs).await["macro"].clone();
    let view = json!({ "view": { "title": "[misread] 막힘", "all": [
        { "field": "status", "operator": "less_than", "value": "solved" }] } });
    let view = ground.admin(Method::POST, "views", view).await["view"].clone();
    let same = json!({ "view": { "title": "[misread] 승인 대기", "all": [
        { "field": "current_tags", "operator": "includes", "value": "misread_prepared" },
        { "field": "status", "operator": "less_than", "value": "solved" }] } });
    ground.admin(Method::POST, "views", same).await;
    ground.apply().await.unwrap();
    let left = ground.drift().await;
    let [of_macro, of_view] = &left[..] else { panic!("{left:#?}") };
    assert!(of_macro.starts_with(&format!("! macro {title}: #")), "{of_macro}");
    assert!(of_macro.contains("has this title, was made by hand and differs: do: "), "{of_macro}");
    assert!(of_view.contains("differs: all: nothing → current_tags includes misread_stuck"), "{of_view}");
    assert_eq!(ground.one("macros", title).await, theirs);
    assert_eq!(ground.one("views", "[misread] 막힘").await, view);
    // With the mark in its description it is ours to mend.
    change(&ground, "macro", title, json!({ "description": "[misread:macro:release]" })).await;
    ground.apply().await.unwrap();
    assert_eq!(ground.one("macros", title).await["actions"][0]["value"], "misread_release");
    assert_eq!(ground.drift().await.len(), 1);
}

#[tokio::test]
async fn what_the_account_refuses_is_told_with_the_object_and_the_rest_is_made_the_next_time() {
    for (status, body, told) in [
        (
            403,
            r#"{"error":"Forbidden","description":"You do not have access to this page."}"#,
            "Zendesk does not allow it",
        ),
        (
            403,
            r#"{"error":"ProductLimitExceeded","description":"Your plan has no more shared views"}"#,
            "Zendesk refuses it: ",
        ),
        (
            422,
            r#"{"error":"RecordInvalid","description":"Record validation errors","details":{"base":[{"description":"Invalid condition 'current_tags'"}]}}"#,
            "Invalid condition 'current_tags'",
        ),
    ] {
        let ground = Ground::empty().await;
        let answer = Fault::Status { status, retry_after: None, body: body.to_owned() };
        ground.sandbox.zendesk.faults().inject(FaultRule::once("POST", "/api/v2/views", answer));
        let error = format!("{:#}", ground.apply().await.err().unwrap());
        assert!(error.starts_with("view [misread] 막힘: ") && error.contains(told), "{error}");
        assert_eq!(ground.all("macros").await.len(), 3, "what came before is there");
        ground.apply().await.unwrap();
        assert_eq!(ground.drift().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_check_tells_what_is_gone_and_an_agent_cannot_tell_what_it_may_not_see() {
    let mut ground = good_ground().await;
    let check = async |ground: &Ground| {
        misread::setup::check(&ground.settings, &ground.deployment, ground.clock.clone()).await.unwrap()
    };
    let agents = ground.one("groups", "공항 담당").await["id"].clone();
    let elsewhere = json!({ "group": { "name": "다른 팀" } });
    let elsewhere = ground.admin(Method::POST, "groups", elsewhere).await["group"]["id"].clone();
    assert_ne!(agents, elsewhere);
    let title = AgentMacro::GiveBack.title();
    change(
        &ground,
        "macro",
        title,
        json!({ "restriction": { "type": "Group", "ids": [elsewhere], "id": elsewhere } }),
    )
    .await;
    change(
        &ground,
        "view",
        "[misread] 승인 대기",
        json!({ "description": "누가 표시를 지움", "title": "다른 이름" }),
    )
    .await;
    let wrong = shown(&check(&ground).await);
    assert_eq!(wrong, ["! view [misread] 승인 대기: it is not there"], "an admin sees all macros");
    ground.deployment.admin = None;
    let items = check(&ground).await;
    assert_eq!(shown(&items), [""; 0]);
    for what in ["macro [misread] 서비스로 돌려주기", "view [misread] 승인 대기"] {
        let item = items.iter().find(|item| item.what == what).unwrap();
        assert!(format!("{item:?}").contains("the service's user does not see it"), "{item:?}");
    }
}

#[tokio::test]
async fn with_the_accounts_own_macros_an_agent_carries_a_ticket_of_the_airport_through() {
    let mut ground = Ground::empty().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ground.deployment.public_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    let (setup, account) = ground.apply().await.unwrap();
    let (numbers, secret) = (setup.numbers(&account), setup.signing_secret(&account).await.unwrap().unwrap());
    ground.sandbox.zendesk.add_user(User {
        id: AGENT,
        name: "상담사 한지민".to_owned(),
        email: "agent@sandbox.example".to_owned(),
        role: Role::Agent,
        external_id: None,
        verified: true,
        group_ids: numbers.groups.iter().map(|(_, id)| *id).collect(),
        profile: Profile::default(),
    });
    let world = World::in_account(
        &ground,
        listener,
        |deployment| deployment.webhook_secrets = vec![secret],
        |settings| into_settings(&numbers, settings),
    )
    .await;
    let mut ticket = world.story("인천공항 결제 완료").ticket();
    ticket.custom_fields = [].into();
    let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
    world.until_idle().await;
    let zendesk = &world.sandbox.zendesk;
    assert_eq!(zendesk.views_of(id, AGENT).unwrap(), ["[misread] 공항 통화 대기"]);
    world.pass(std::time::Duration::from_mins(10));
    let called = ground.one("macros", AgentMacro::AirportCalled.title()).await["id"].as_i64().unwrap();
    zendesk.agent_uses_macro(id, AGENT, called).unwrap();
    world.until_idle().await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert_eq!(world.macros_used(id), [called]);
    assert_eq!(zendesk.views_of(id, AGENT).unwrap(), [""; 0]);
}
