//! The service and the sandbox as separate processes: from the signed webhook to the timeline, and a clean stop.

use std::mem;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed::{self, ACCOUNT, Story};
use serde_json::{Value, json};

use super::process::{PATIENCE, Place, Running};
use crate::http_client;

const OPENED: &str = "misread_sent";

pub(super) struct Scene {
    pub(super) place: Place,
    pub(super) service: Running,
    _sandbox: Running,
    zendesk: String,
    http: reqwest::Client,
}

impl Scene {
    /// Starts the sandbox, and a service with the settings that the sandbox prints, and gives the sandbox the service's
    /// address.
    pub(super) async fn set() -> Self {
        Self::on("sqlite://misread.db").await
    }

    /// The same on another ledger.
    pub(super) async fn on(ledger: &str) -> Self {
        let mut place = Place::new();
        let mut sandbox = place.start(&["sandbox", "--parking", "127.0.0.1:0", "--zendesk", "127.0.0.1:0"]);
        let told = sandbox.said(|sandbox| Some(sandbox.out()).filter(|out| out.contains("misread serve\n")));
        let settings: Vec<&str> = told
            .lines()
            .map(str::trim)
            .skip_while(|line| *line != "[zendesk.fields]")
            .take_while(|line| !line.is_empty())
            .collect();
        place.copy_config(&settings.join("\n"));
        for (name, value) in told.split_whitespace().filter_map(|word| word.split_once('=')) {
            if name.starts_with("MISREAD_") {
                place.set(name, value);
            }
        }
        place.set("MISREAD_CONFIG", "config");
        place.set("MISREAD_LISTEN", "127.0.0.1:0");
        place.set("MISREAD_DATABASE_URL", ledger);
        place.set("MISREAD_LOG", "trace");
        // One of the secrets comes from a file, as service managers provide them.
        place.unset("MISREAD_WEBHOOK_SECRET");
        place.write("webhook-secret", &format!("{}\n", misread::testbed::sandbox::WEBHOOK_SECRET));
        place.set("MISREAD_WEBHOOK_SECRET_FILE", "webhook-secret");
        let zendesk = told.split_whitespace().find_map(|word| word.strip_prefix("MISREAD_ZENDESK_URL="));
        let zendesk = zendesk.unwrap().to_owned();
        let mut service = place.start(&["serve"]);
        let address = ready(&mut service);
        let http = http_client::builder().timeout(PATIENCE).build().unwrap();
        let scene = Self { place, service, _sandbox: sandbox, zendesk, http };
        scene.webhooks_to(&address).await;
        let ready = scene.http.get(format!("http://{address}/health/ready"));
        wait_for(async || {
            ready.try_clone().unwrap().send().await.ok().filter(|answer| answer.status() == 200)
        })
        .await;
        scene
    }

    /// From now on webhooks go to this address.
    pub(super) async fn webhooks_to(&self, address: &str) {
        let webhook = json!({
            "id": ACCOUNT.webhook_id,
            "endpoint": format!("http://{address}/webhooks/zendesk"),
            "secret": misread::testbed::sandbox::WEBHOOK_SECRET,
        });
        self.send(self.http.put(self.control("webhooks")).json(&webhook)).await;
    }

    fn control(&self, path: &str) -> String {
        format!("{}/sandbox/{path}", self.zendesk)
    }

    /// A response of the fake Zendesk's control API.
    pub(super) async fn told(&self, path: &str) -> Value {
        serde_json::from_str(&self.send(self.http.get(self.control(path))).await).unwrap()
    }

    /// From now on such requests to the fake Zendesk take this long.
    pub(super) async fn slowly(&self, method: &str, path: &str, latency: Duration) {
        let milliseconds = latency.as_millis().try_into().unwrap();
        let rule = FaultRule::once(method, path, Fault::Latency { milliseconds }).times(u32::MAX);
        self.send(self.http.post(self.control("faults")).json(&rule)).await;
    }

    /// The end of all faults.
    pub(super) async fn quickly(&self) {
        self.send(self.http.delete(self.control("faults"))).await;
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> String {
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        answer.text().await.unwrap()
    }

    /// The customer opens the ticket; returns its number.
    pub(super) async fn opens(&self, story: &Story) -> i64 {
        let plate = story.plate.iter().map(|plate| (ACCOUNT.plate_field.to_string(), json!(plate)));
        let ticket = json!({
            "requester_id": story.customer.id,
            "subject": story.subject,
            "description": story.message,
            "tags": ["no_self_use"],
            "group_id": null,
            "custom_fields": plate.collect::<serde_json::Map<String, Value>>(),
        });
        let opened = self.send(self.http.post(self.control("tickets")).json(&ticket)).await;
        serde_json::from_str::<Value>(&opened).unwrap()["ticket_id"].as_i64().unwrap()
    }

    /// Waits until the service has answered the ticket or handed it over, including the note; returns the ticket.
    pub(super) async fn settled(&self, id: i64) -> Value {
        self.until(id, |comments| comments.iter().any(|comment| comment["public"] == false)).await
    }

    /// Those of these tickets that hold only the customer's own words.
    pub(super) async fn unanswered(&self, tickets: Vec<i64>) -> Vec<i64> {
        let mut unanswered = Vec::new();
        for id in tickets {
            let ticket = self.told(&format!("tickets/{id}")).await;
            if ticket["comments"].as_array().unwrap().len() <= 1 {
                unanswered.push(id);
            }
        }
        unanswered
    }

    /// The times from that moment until each of these tickets has an answer, shortest first. The tickets are polled
    /// together, so that one that waits does not delay the measurement of the next ones.
    pub(super) async fn waits(&self, began: Instant, mut tickets: Vec<i64>) -> Vec<Duration> {
        let mut waits = Vec::new();
        wait_for(async || {
            let asked = tickets.len();
            tickets = self.unanswered(mem::take(&mut tickets)).await;
            waits.resize(waits.len() + asked - tickets.len(), began.elapsed());
            tickets.is_empty().then_some(())
        })
        .await;
        waits
    }

    async fn until(&self, id: i64, stands: impl Fn(&[Value]) -> bool) -> Value {
        wait_for(async || {
            let ticket = self.send(self.http.get(self.control(&format!("tickets/{id}")))).await;
            let ticket: Value = serde_json::from_str(&ticket).unwrap();
            stands(ticket["comments"].as_array().unwrap()).then_some(ticket)
        })
        .await
    }
}

/// Waits until the service listens; returns the address.
pub(crate) fn ready(service: &mut Running) -> String {
    service.said(|service| {
        let ready = service.log().into_iter().find(|line| line["message"] == "ready for webhooks")?;
        assert!(ready["policy"].as_str().is_some_and(|hash| hash.len() == 12), "{ready}");
        Some(ready["address"].as_str().unwrap().to_owned())
    })
}

async fn wait_for<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let seen = async {
        loop {
            match look().await {
                Some(seen) => return seen,
                None => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("waited in vain")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_webhook_becomes_a_settled_ticket_and_a_timeline_and_the_service_stops_softly() {
    let mut scene = Scene::set().await;
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    let paid = stories.iter().position(|story| story.row == Some(4)).unwrap();
    let mut tickets = Vec::new();
    for story in &stories {
        tickets.push(scene.opens(story).await);
    }
    for id in &tickets {
        let ticket = scene.settled(*id).await;
        assert!(ticket.to_string().contains(OPENED));
    }
    let id = tickets[paid].to_string();

    let mut place = Place::new();
    place.set("MISREAD_DATABASE_URL", &format!("sqlite://{}", scene.place.path("misread.db").display()));
    let list = scene.service.wait(|_| {
        let list = place.run(&["case", "list"]);
        assert_eq!(list.code, Some(0), "{}", list.err);
        let resting = list.out.matches("  끝남  ").count() + list.out.matches("  대기  ").count();
        (resting == tickets.len()).then_some(list)
    });
    assert!(list.out.contains(&id), "{}", list.out);
    assert_eq!(place.run(&["case", "list", "--state", "stuck"]).out, "건이 없습니다.\n");
    let limited = place.run(&["case", "list", "--limit", "3"]);
    assert_eq!(limited.out.lines().count(), 1 + 3, "{}", limited.out);

    let show = place.run(&["case", "show", &id]);
    assert_eq!(show.code, Some(0), "{}", show.err);
    for told in [
        "  고객 ",
        "조회\n  │ 이용 건 1건\n",
        "판단\n  │ 행 completed_open → 자동 처리\n  │ 결제까지 끝난 건은 결제취소한다.\n",
        "처리\n  │ 결제취소 ",
        "원 완료 · 접수번호 rcpt-",
        "공개 답변 payment_cancelled\n  │ 안녕하세요",
        "내부 메모\n  │ [misread] 본인 미사용 자동 처리 완료\n",
        "끝\n  │ 답변하고 티켓을 해결로 두었습니다.",
    ] {
        assert!(show.out.contains(told), "{told}: {}", show.out);
    }
    let unknown = place.run(&["case", "show", "7"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""));
    assert!(unknown.err.starts_with("오류: 티켓 7의 건이 없습니다. "), "{}", unknown.err);

    let ended = scene.service.terminated();
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""));
    assert!(ended.err.contains(r#""signal":"SIGTERM""#), "{}", ended.err);
    nothing_private(&ended.err, &stories, &scene.place);
    assert_eq!(place.run(&["case", "list"]).out, list.out);
}

/// The log contains no secret, and no name, plate, lot or word of a customer.
fn nothing_private(log: &str, stories: &[Story], place: &Place) {
    assert!(log.contains("delivery accepted"), "the log is not there: {log}");
    let uses = stories.iter().flat_map(|story| &story.uses);
    let private = stories
        .iter()
        .flat_map(|story| [Some(&story.customer.name), Some(&story.customer.email), story.plate.as_ref()])
        .flatten()
        .map(String::as_str)
        .chain(uses.flat_map(|own| [own.vehicle.plate.as_str(), own.lot.name.as_str()]))
        .chain(stories.iter().flat_map(|story| [story.subject, &*story.message]))
        .chain([misread::testbed::sandbox::WEBHOOK_SECRET, misread::testbed::sandbox::CLIENT_SECRET])
        .chain([misread::testbed::sandbox::PARKING_TOKEN, "access_token", "Bearer "]);
    for secret in private {
        assert!(!log.contains(secret), "the log says `{secret}`; see {}", place.path("").display());
    }
}
