//! Output about cases: the Korean story and the list for operations, and `--json` for programs.

use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::sandbox::faults::{Fault, FaultRule};
use serde_json::{Value, json};

use super::process::Place;
use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";
/// The customer is asked whether they accept a coupon.
const ASKED: &str = "폐점한 주차장 결제 완료";
const AIRPORT: &str = "인천공항 결제 완료";

/// Cases that wait for the customer and for the airport, a settled one and a stuck one.
async fn scene() -> (World, Place, [TicketId; 4]) {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    let [asked, airport, paid] = [ASKED, AIRPORT, PAID].map(|title| world.open(&world.story(title)));
    world.until_idle().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let stuck = world.open(&world.story("직영 주차장 미수"));
    world.until_idle().await;
    world.sandbox.parking.faults().clear();
    let mut place = Place::new();
    place.set("MISREAD_DATABASE_URL", &world.ledger());
    (world, place, [asked, airport, paid, stuck])
}

fn said(place: &mut Place, arguments: &[&str], code: i32) -> String {
    let ended = place.run(arguments);
    assert_eq!((ended.code, ended.err.as_str()), (Some(code), ""), "{arguments:?}: {}", ended.out);
    ended.out
}

/// The one JSON document on standard output.
fn document(place: &mut Place, arguments: &[&str]) -> Value {
    let out = said(place, &[arguments, &["--json"]].concat(), 0);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The words of a line of a list.
fn line(list: &str, id: TicketId) -> String {
    let start = format!("{id} ");
    let line = list.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{id}: {list}"));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_says_of_each_case_for_whom_it_waits_how_it_ended_its_row_and_its_money() {
    let (_world, mut place, [asked, airport, paid, stuck]) = scene().await;
    let list = said(&mut place, &["case", "list"], 0);
    let heads = list.lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(heads, "티켓 상태 기다리는 대상 끝 정책 행 금액 언제부터");
    for (id, cells) in [
        (asked, "대기 고객(답변) - completed_closed "),
        (airport, "대기 공항 - completed_incheon "),
        (paid, "끝남 - 자동 답변 completed_open "),
        (stuck, "막힘 상담사 - - - "),
    ] {
        let line = line(&list, id);
        assert!(line.starts_with(&format!("{id} {cells}")), "{cells}: {line}");
        assert!(line.contains(" 2026-11-20 14:0"), "{line}");
        assert_eq!(line.contains("원 "), id != stuck, "{line}");
    }
    assert!(line(&list, stuck).contains("3번 이어서 실패해 멈췄습니다. 마지막 오류: "), "{list}");

    let cases = document(&mut place, &["case", "list"]);
    let of = |id: TicketId| {
        let cases = cases["cases"].as_array().unwrap();
        cases.iter().find(|case| case["ticket_id"] == json!(id.get())).unwrap().clone()
    };
    for (id, state, waits_for, awaits, ending) in [
        (asked, "waiting", json!("customer"), json!("answer"), Value::Null),
        (airport, "waiting", json!("airport"), json!("give_back"), Value::Null),
        (paid, "ended", Value::Null, Value::Null, json!("settled")),
        (stuck, "stuck", json!("agent"), Value::Null, Value::Null),
    ] {
        let case = of(id);
        assert_eq!(case["state"], state, "{case}");
        assert_eq!((&case["waits_for"], &case["awaits"], &case["ending"]), (&waits_for, &awaits, &ending));
        assert_eq!(case["won"].is_i64(), id != stuck, "{case}");
    }
    let names = "awaits changed_at due_at ending handed_to row since state stuck_reason ticket_id waits_for waits_until won";
    assert_eq!(keys(&of(paid)), names.split(' ').collect::<Vec<_>>());
    assert!(of(stuck)["stuck_reason"].as_str().unwrap().starts_with("gave up after 3 failures"));
    let stuck_ones = document(&mut place, &["case", "stuck"]);
    assert_eq!(stuck_ones["cases"], json!([of(stuck)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_is_told_in_korean_without_a_debug_word() {
    let (world, mut place, [asked, airport, paid, stuck]) = scene().await;
    let name = &world.story(PAID).customer.name;
    for (id, told) in [
        (asked, "대기\n  │ 고객님의 답변을 기다립니다(쿠폰 수락 여부). 다음 확인: 2026-11-2"),
        (asked, "기다리는 대상: 고객(답변) · 2026-11-20 14:0"),
        (airport, "대기\n  │ 담당자가 처리하고 돌려주기를 기다립니다."),
        (airport, "공개 답변 airport_interim\n  │ "),
        (paid, "판단\n  │ 행 completed_open → 자동 처리\n  │ 결제까지 끝난 건은 결제취소한다.\n"),
        (paid, &format!("  고객 {name}\n  │ ")),
        (paid, "원 완료 · 접수번호 rcpt-"),
        (paid, "조회\n  │ 이용 건 "),
        (paid, "공개 답변 payment_cancelled\n  │ 안녕하세요"),
        (paid, "끝\n  │ 답변하고 티켓을 해결로 두었습니다."),
        (stuck, "실패\n  │ "),
        (stuck, "막힘\n  │ 3번 이어서 실패해 멈췄습니다."),
    ] {
        let story = said(&mut place, &["case", "show", &id.to_string()], 0);
        assert!(story.contains(told), "{told}: {story}");
        assert!(story.starts_with(&format!("티켓 {id} · ")), "{story}");
        for debug in [
            "::", "{", "Some(", "None", "Vehicle", "Identity", "New", "UseState", "decided", "intends",
            "woken",
        ] {
            assert!(!story.contains(debug), "`{debug}`: {story}");
        }
    }
    let lot = &world.story(PAID).uses[0].lot.name;
    assert!(said(&mut place, &["case", "show", &paid.to_string()], 0).contains(lot.as_str()));

    let shown = document(&mut place, &["case", "show", &paid.to_string()]);
    assert_eq!((&shown["state"], &shown["ending"]), (&json!("ended"), &json!("settled")));
    assert_eq!(shown["pending"], json!([]));
    let journal = shown["journal"].as_array().unwrap();
    assert_eq!((&journal[0]["position"], &journal[0]["entry"]), (&json!(1), &json!("woken")));
    assert_eq!(journal.last().unwrap()["entry"], "ended");
    assert!(journal.iter().all(|entry| entry["at"].as_str().unwrap().ends_with('Z')));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_unread_words_and_limits_are_one_document_each() {
    let (world, mut place, _) = scene().await;
    let figures = document(&mut place, &["case", "figures"]);
    let settled = json!({ "day": null, "name": "ended.settled", "count": 1 });
    assert!(figures["figures"].as_array().unwrap().contains(&settled), "{figures}");
    let by_day = document(&mut place, &["case", "figures", "--by-day"]);
    assert_eq!(by_day["figures"][0]["day"], "2026-11-20", "{by_day}");
    let unread = document(&mut place, &["case", "unread"]);
    assert_eq!(keys(&unread), ["sentences", "words"]);

    let limits = document(&mut place, &["limits", "show"]);
    assert_eq!(keys(&limits), ["breaker", "hour", "limits", "moved"]);
    assert_eq!(limits["breaker"]["open"], false);
    assert_eq!(limits["hour"][0]["measure"], "won");
    let nothing = document(&mut place, &["limits", "backtest"]);
    assert_eq!((&nothing["movements"], &nothing["stopped"]), (&json!(1), &json!([])));
    assert_eq!(place.run(&["limits", "backtest", "--exit-code"]).code, Some(0));

    let mut strict = Place::new();
    strict.copy_config("[limits]\nper_action_won = 1\n");
    strict.set("MISREAD_CONFIG", "config");
    strict.set("MISREAD_DATABASE_URL", &world.ledger());
    let stopped = document(&mut strict, &["limits", "backtest"]);
    assert_eq!(stopped["stopped"][0]["limit"], "limits.per_action", "{stopped}");
    assert_eq!(stopped["stopped"][0]["count"], 1);
    assert_eq!(strict.run(&["limits", "backtest"]).code, Some(0));
    assert_eq!(strict.run(&["limits", "backtest", "--exit-code"]).code, Some(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_that_a_paused_case_waits_for_is_told() {
    let world = World::new().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let id = world.open(&world.story(PAID));
    world.step().await;
    let mut place = Place::new();
    place.set("MISREAD_DATABASE_URL", &world.ledger());
    let list = said(&mut place, &["case", "list"], 0);
    assert!(line(&list, id).starts_with(&format!("{id} 처리 중 시간(2026-11-20 14:0")), "{list}");
    let case = &document(&mut place, &["case", "list"])["cases"][0];
    assert_eq!((&case["waits_for"], &case["awaits"]), (&json!("time"), &json!("retry")));
    world.pass(Duration::from_secs(1));
}
