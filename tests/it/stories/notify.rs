//! People are told what they must look at: once, again while it lasts, and when it is over.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::SignedDuration;
use misread::domain::signature::verify;
use misread::notify::{BodyTemplate, Notifier, Options, Sources};
use misread::ports::{AccountFindings, Ledger};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::setup::AccountChecker;
use misread::worker::upkeep::AccountWatch;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::stories::setup::check::good_ground;
use crate::world::World;

const SECRET: &str = "notify-secret-of-these-tests";

/// A chat's incoming webhook.
#[derive(Clone, Default)]
struct Chat(Arc<Mutex<Received>>);

#[derive(Default)]
struct Received {
    messages: Vec<(HeaderMap, Bytes)>,
    /// The status of the next answers.
    fails: bool,
}

impl Chat {
    async fn open(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/T0/B0?token=in-the-address", listener.local_addr().unwrap());
        let router = Router::new().route("/hooks/T0/B0", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn fails(&self, fails: bool) {
        self.0.lock().unwrap().fails = fails;
    }

    /// The messages since the last look.
    fn messages(&self, world: &World) -> Vec<Value> {
        let received = std::mem::take(&mut self.0.lock().unwrap().messages);
        let read = received.iter().map(|(headers, body)| {
            let header = |name: &str| headers[name].to_str().unwrap();
            let (timestamp, signature) =
                (header("x-misread-signature-timestamp"), header("x-misread-signature"));
            verify(&[SECRET], timestamp, body, signature, world.now(), Duration::from_mins(1)).unwrap();
            serde_json::from_slice(body).unwrap()
        });
        read.collect()
    }
}

async fn take(State(chat): State<Chat>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut received = chat.0.lock().unwrap();
    if received.fails {
        return StatusCode::BAD_GATEWAY;
    }
    received.messages.push((headers, body));
    StatusCode::OK
}

fn notifier(world: &World, url: &str) -> Notifier {
    notifier_by(world, url, None)
}

fn notifier_by(world: &World, url: &str, template: Option<&str>) -> Notifier {
    let options = Options {
        url: url.into(),
        secret: Some(SECRET.into()),
        template: template.map(|text| Arc::new(BodyTemplate::parse(text).unwrap())),
        zendesk_url: "https://acme.zendesk.com".to_owned(),
        proxy: false,
        overdue_after: SignedDuration::from_mins(10),
    };
    let metrics = world.service.metrics();
    let sources = Sources {
        ledger: Arc::clone(world.service.store()) as Arc<dyn Ledger>,
        clock: world.clock.clone(),
        status: Arc::clone(world.service.status()),
        upstreams: metrics.upstreams,
        macros: metrics.macros,
    };
    Notifier::new(options, sources).unwrap()
}

/// A world with one stuck ticket.
async fn with_a_stuck_ticket() -> (World, i64) {
    let world = World::with(|settings| settings.retry.attempts = 5).await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    (world, id.get())
}

#[tokio::test]
async fn a_stuck_ticket_is_told_by_one_replica_once_a_day_and_when_it_is_over() {
    let chat = Chat::default();
    let url = chat.open().await;
    let (world, id) = with_a_stuck_ticket().await;
    let (mut one, mut other) = (notifier(&world, &url), notifier(&world, &url));
    assert!(one.look().await);
    let [told] = chat.messages(&world).try_into().unwrap();
    let text = told["text"].as_str().unwrap();
    assert!(text.contains("막힌 건이 1건") && text.contains(&format!("/agent/tickets/{id}")), "{text}");
    // Each process calls the parking system by itself, so each tells that it does not answer.
    assert!(told["items"].as_array().unwrap().iter().any(|item| item["kind"] == "upstream_down.parking"));
    other.look().await;
    for message in chat.messages(&world) {
        assert!(!message.to_string().contains("stuck"), "told twice: {message}");
    }
    for _ in 0..(23 * 60) {
        world.pass(Duration::from_mins(1));
        assert!(!one.look().await, "told again although it is known");
    }
    world.pass(Duration::from_hours(1));
    assert!(one.look().await);
    let [told] = chat.messages(&world).try_into().unwrap();
    assert!(told["text"].as_str().unwrap().contains("아직 그대로입니다: 막힌 건이 1건"), "{told}");
    world.sandbox.parking.faults().clear();
    world.wake(id.try_into().unwrap(), "comment_added").await;
    world.until_idle().await;
    assert!(one.look().await);
    let [told] = chat.messages(&world).try_into().unwrap();
    assert!(told["text"].as_str().unwrap().contains("해결되었습니다: 막힌 건"), "{told}");
    assert!(!one.look().await);
}

#[tokio::test]
async fn another_replica_tells_when_the_first_is_gone_and_nothing_is_lost_while_the_chat_is_away() {
    let chat = Chat::default();
    let url = chat.open().await;
    let (world, _) = with_a_stuck_ticket().await;
    let (mut one, mut other) = (notifier(&world, &url), notifier(&world, &url));
    chat.fails(true);
    assert!(!one.look().await);
    assert!(!one.look().await);
    drop(one);
    chat.fails(false);
    world.pass(Duration::from_mins(4));
    assert!(other.look().await);
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(told.contains("막힌 건이 1건"), "{told}");
}

#[tokio::test]
async fn a_refused_reload_is_told_and_no_message_holds_a_customers_data() {
    let chat = Chat::default();
    let url = chat.open().await;
    let (world, _) = with_a_stuck_ticket().await;
    let story = world.story("결제 완료, 소유인증 완료");
    world.service.reload().refused(2);
    let mut one = notifier(&world, &url);
    assert!(!format!("{one:?}").contains("in-the-address"), "the address is a secret");
    assert!(one.look().await);
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(told.contains("새 설정에 잘못된 곳이 2곳"), "{told}");
    for private in [story.plate.unwrap(), story.message.to_string(), story.customer.name.clone()] {
        assert!(!told.contains(&private), "{told}");
    }
    world.reload(|_| {});
    assert!(one.look().await);
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(told.contains("해결되었습니다: 새 설정 적용"), "{told}");
}

#[tokio::test]
async fn a_replica_that_lost_its_turn_does_not_tell_that_a_condition_is_over() {
    let chat = Chat::default();
    let url = chat.open().await;
    let (world, _) = with_a_stuck_ticket().await;
    let (mut one, mut other) = (notifier(&world, &url), notifier(&world, &url));
    assert!(one.look().await);
    assert_eq!(chat.messages(&world).len(), 1);
    // The first one is frozen for longer than its turn, and the other takes over.
    world.pass(Duration::from_mins(4));
    other.look().await;
    chat.messages(&world);
    one.look().await;
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(!told.contains("해결되었습니다"), "{told}");
}

#[tokio::test]
async fn a_limit_that_gives_actions_to_people_is_told_once_and_its_day_ends_in_silence() {
    let chat = Chat::default();
    let url = chat.open().await;
    let world = World::with(|settings| settings.limits.per_day_count = 1).await;
    let mut one = notifier(&world, &url);
    for title in ["결제 완료, 소유인증 완료", "결제 완료, 번호판을 적지 않음"] {
        world.open(&world.story(title));
        world.until_idle().await;
    }
    assert!(one.look().await);
    let [told] = chat.messages(&world).try_into().unwrap();
    assert!(told["text"].as_str().unwrap().contains("금액 한도에 걸린 1건"), "{told}");
    assert!(!one.look().await, "it is known");
    world.pass(Duration::from_hours(24));
    assert!(!one.look().await, "that a day is over is no news: {:?}", chat.messages(&world));
}

#[tokio::test]
async fn an_account_that_someone_changed_is_told_with_what_differs_until_it_is_right_again() {
    let chat = Chat::default();
    let url = chat.open().await;
    let ground = good_ground().await;
    let world = World::new().await;
    let mut one = notifier(&world, &url);
    let checker =
        AccountChecker::new(ground.settings.clone(), ground.deployment.clone(), ground.clock.clone());
    let status = Arc::clone(world.service.status());
    let watch = AccountWatch::new(Arc::new(checker), world.clock.clone(), status);
    assert!(watch.look().await, "everything can be read");
    assert_eq!(world.service.status().account().unwrap().findings, AccountFindings::default());

    // An admin switches a trigger off.
    let trigger = ground.one("triggers", "[misread] 고객 답변").await;
    let switch = async |active: bool| {
        let path = format!("triggers/{}", trigger["id"].to_string().trim_matches('"'));
        ground
            .admin(reqwest::Method::PUT, &path, serde_json::json!({ "trigger": { "active": active } }))
            .await;
        watch.look().await
    };
    assert!(switch(false).await);
    let found = world.service.status().account().unwrap().findings;
    assert_eq!(found.wrong, ["trigger [misread] 고객 답변"]);
    one.look().await;
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(told.contains("account_differs") && told.contains("고객 답변"), "{told}");
    let series = world.readiness().await.json::<Value>().await.unwrap();
    assert!(series["account_check"]["wrong"].to_string().contains("고객 답변"), "{series}");

    assert!(switch(true).await);
    one.look().await;
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(told.contains("해결되었습니다: Zendesk 설정"), "{told}");

    // A Zendesk that does not answer says nothing of the account.
    ground.sandbox.zendesk.faults().inject(FaultRule::always("/api", Fault::unavailable(None)));
    assert!(!watch.look().await);
    one.look().await;
    assert_eq!(chat.messages(&world), [Value::Null; 0]);
}

#[tokio::test]
async fn while_the_ledger_is_away_nothing_is_told_to_be_over() {
    let chat = Chat::default();
    let url = chat.open().await;
    let (world, _) = with_a_stuck_ticket().await;
    let mut one = notifier(&world, &url);
    assert!(one.look().await);
    chat.messages(&world);
    let path = std::path::PathBuf::from(world.ledger().trim_start_matches("sqlite://").to_owned());
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).unwrap();
    for _ in 0..3 {
        world.pass(Duration::from_mins(5));
        one.look().await;
    }
    let told: String = chat.messages(&world).iter().map(Value::to_string).collect();
    assert!(!told.contains("stuck"), "{told}");
    std::fs::rename(&aside, &path).unwrap();
}

#[tokio::test]
async fn a_template_gives_a_message_the_form_that_its_receiver_wants() {
    for (template, place) in [
        (include_str!("../../../deploy/notify/discord.json"), "/content"),
        (include_str!("../../../deploy/notify/teams.json"), "/attachments/0/content/body/1/text"),
        (include_str!("../../../deploy/notify/mail.json"), "/text"),
    ] {
        let chat = Chat::default();
        let url = chat.open().await;
        let (world, _) = with_a_stuck_ticket().await;
        assert!(notifier_by(&world, &url, Some(template)).look().await);
        let [told] = chat.messages(&world).try_into().unwrap();
        let text = told.pointer(place).and_then(Value::as_str).unwrap_or_else(|| panic!("{told}"));
        assert!(text.contains("막힌 건이 1건"), "{told}");
    }
}

#[test]
fn a_template_that_does_not_fit_is_refused_at_the_start_with_its_place() {
    for (template, why) in [
        ("{\"text\": {{ text }", "syntax error"),
        ("{\"text\": {{ txt }}}", "undefined"),
        ("{\"text\": \"{{ text }}\"}", "makes no JSON"),
        ("{\"link\": {{ items[0].link }}, {}", "makes no JSON"),
        ("{\"second\": {{ items[1].text }}}", "undefined"),
    ] {
        let error = BodyTemplate::parse(template).unwrap_err().to_string();
        assert!(error.starts_with("MISREAD_NOTIFY_TEMPLATE") && error.contains(why), "{template}: {error}");
    }
}
