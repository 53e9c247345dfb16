//! `misread case`: lists, stories, and the orders of operations. For a running service see `service`.

use std::time::Duration;

use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};

use super::process::Place;
use crate::world::World;

#[test]
fn a_ledger_that_does_not_exist_is_told_and_not_made() {
    let mut place = Place::new();
    for arguments in [&["case", "list"][..], &["case", "show", "1"]] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(1));
        assert_eq!(
            ended.err,
            "오류: `misread.db`에 원장이 없습니다. MISREAD_DATABASE_URL을 원장을 만드는 `misread serve`와 같게 설정해 주세요.\n"
        );
        assert!(!place.path("misread.db").exists());
    }
}

#[test]
fn an_address_that_is_no_ledger_is_underlined_like_every_other_mistake() {
    let mut place = Place::new();
    place.set("MISREAD_DATABASE_URL", "mysql://user:hush@host/misread");
    let ended = place.run(&["case", "list"]);
    assert_eq!(ended.code, Some(2));
    let told =
        "error: `MISREAD_DATABASE_URL` names neither a SQLite nor a PostgreSQL database\n--> environment";
    assert!(ended.err.contains(told), "{}", ended.err);
    assert!(!ended.err.contains("hush"), "{}", ended.err);
}

/// A world with a case that is stuck because the parking system is gone, one that waits for its customer and one that
/// is settled; and a place whose commands use its ledger.
async fn scene() -> (World, Place, [TicketId; 3]) {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    // Commands use the real time, which must not be in the world's future.
    world.pass(Duration::from_hours(20 * 365 * 24));
    let [waiting, settled] = [ASKED, PAID].map(|title| world.open(&world.story(title)));
    world.until_idle().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let stuck = world.open(&world.story("직영 주차장 미수"));
    world.until_idle().await;
    world.sandbox.parking.faults().clear();
    let mut place = Place::new();
    place.set("MISREAD_DATABASE_URL", &world.ledger());
    place.set("USER", "jiwon");
    (world, place, [stuck, waiting, settled])
}

fn said(place: &mut Place, arguments: &str, code: i32) -> String {
    let ended = place.run(&arguments.split(' ').collect::<Vec<_>>());
    assert_eq!(ended.code, Some(code), "{arguments}: {}{}", ended.out, ended.err);
    ended.out + &ended.err
}

/// The customer is asked whether they accept a coupon.
const ASKED: &str = "폐점한 주차장 결제 완료";
const PAID: &str = "결제 완료, 소유인증 완료";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuck_cases_are_listed_with_their_reason_and_go_on_when_ordered() {
    let (world, mut place, [stuck, ..]) = scene().await;
    let list = said(&mut place, "case list --state stuck", 0);
    assert!(list.contains(&stuck.to_string()) && list.contains("3번 이어서 실패해 멈췄습니다"), "{list}");
    assert_eq!(list.lines().count(), 2);
    assert_eq!(said(&mut place, "case stuck", 0), list);
    assert_eq!(said(&mut place, "case stuck --exit-code", 3), list);

    assert_eq!(said(&mut place, "case retry --stuck --because Zendesk", 0), "해당하는 막힌 건이 없습니다.\n");
    let tried = said(&mut place, "case retry --stuck --because 503 --dry-run", 0);
    assert_eq!(tried, format!("{stuck:>12}  지시할 내용: 다시 시도\n"));
    world.until_idle().await;
    assert_eq!(world.state(stuck).await, CaseState::Stuck);

    assert_eq!(said(&mut place, "case retry --stuck", 0), format!("{stuck:>12}  지시했습니다: 다시 시도\n"));
    world.until_idle().await;
    assert_eq!(world.ending(stuck).await, Ending::Settled);
    let timeline = said(&mut place, &format!("case show {stuck}"), 0);
    assert!(timeline.contains("운영 지시\n  │ jiwon: 다시 시도\n"), "{timeline}");
    assert_eq!(said(&mut place, "case stuck --exit-code", 0), "건이 없습니다.\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_would_come_to_nothing_is_refused_and_the_others_are_given() {
    let (world, mut place, [stuck, waiting, settled]) = scene().await;
    let told = said(&mut place, &format!("case retry {stuck} {waiting} {settled} 7"), 1);
    assert!(told.starts_with(&format!("{stuck:>12}  지시했습니다: 다시 시도\n")), "{told}");
    for why in ["대기 중이며", "이미 끝난 건", "건이 없습니다"] {
        assert!(told.contains(why), "{why}: {told}");
    }
    let told = said(&mut place, &format!("case hand-over {waiting} --by 민지"), 0);
    assert_eq!(told, format!("{waiting:>12}  지시했습니다: 일반 상담으로 이관\n"));
    world.until_idle().await;
    assert_eq!(world.ending(waiting).await, Ending::HandedOver);
    assert!(world.notes(waiting)[1].contains("민지"));

    place.unset("USER");
    let told = said(&mut place, &format!("case retry {stuck}"), 2);
    assert!(told.contains("--by NAME"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_of_an_order_stands_in_the_journal() {
    let (world, mut place, [stuck, waiting, _]) = scene().await;
    for wrong in ["x".to_owned(), " ".to_owned(), "가".repeat(301)] {
        let ended = place.run(&["case", "retry", &stuck.to_string(), "--reason", &wrong]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{wrong}");
        assert!(ended.err.contains("`--reason`의 까닭은 두 글자 이상, 300자 이하"), "{}", ended.err);
    }
    world.until_idle().await;
    assert_eq!(world.state(stuck).await, CaseState::Stuck);
    for (command, id) in [("retry", stuck), ("hand-over", waiting)] {
        let why = ["--by", "민지", "--reason", "주차 시스템이\n돌아왔습니다"];
        let ended = place.run(&[&["case", command, &id.to_string()][..], &why].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        world.until_idle().await;
        let orders = world.journal(id).await.into_iter().filter_map(|entry| match entry {
            Entry::Ordered { order, .. } => Some((order.by, order.reason)),
            _ => None,
        });
        let told = ("민지".to_owned(), Some("주차 시스템이 돌아왔습니다".to_owned()));
        assert_eq!(orders.collect::<Vec<_>>(), [told]);
        let timeline = said(&mut place, &format!("case show {id}"), 0);
        assert!(timeline.contains("(주차 시스템이 돌아왔습니다)\n"), "{timeline}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_record_is_erased_by_account_and_the_figures_stay() {
    let (world, mut place, [stuck, waiting, settled]) = scene().await;
    let figures = said(&mut place, "case figures", 0);
    assert!(
        figures.contains("1  끝: 자동 답변 (ended.settled)") && figures.contains("1  막힘 (stuck)"),
        "{figures}"
    );
    assert!(
        figures.ends_with("1일 안 100%\n")
            && figures.contains("\n첫 답변까지: 2건, 평균 0초, 중앙값 약 5초, 1분 안 100%"),
        "{figures}"
    );
    let account = world.story(PAID).account_id().unwrap();
    let tried = said(&mut place, &format!("case erase --account {account} --dry-run"), 0);
    assert!(
        tried.contains(&format!("{settled:>12}  삭제할 내용: 기록 ")) && tried.lines().count() == 2,
        "{tried}"
    );
    assert!(tried.contains("\n모두 1건, 기록 "), "{tried}");
    // Without a terminal the command cannot ask.
    let refused = said(&mut place, &format!("case erase --account {account}"), 1);
    assert!(refused.contains("삭제할 내용: ") && refused.contains("`--yes`를 붙여"), "{refused}");
    // At one it asks, and only a yes erases.
    let erase = ["case", "erase", "--account", account.as_str(), "--by", "jiwon"];
    for typed in ["n\n", "\n", "뭐라고요\n"] {
        let asked = place.run_at_terminal(&erase, typed);
        assert_eq!(asked.code, Some(1), "{}", asked.err);
        assert!(asked.out.ends_with("삭제할까요? [y/N] 아무것도 삭제하지 않았습니다.\n"), "{}", asked.out);
    }
    assert!(said(&mut place, &format!("case show {settled}"), 0).lines().count() > 10);
    let told = said(&mut place, &format!("case erase --account {account} --compact --yes"), 0);
    assert!(told.contains("삭제했습니다: ") && told.contains("새로 썼습니다"), "{told}");
    let none = said(&mut place, &format!("case erase --account {account}"), 0);
    assert_eq!(none, "기록에 이 계정이 있는 티켓이 없습니다.\n");
    let timeline = said(&mut place, &format!("case show {settled}"), 0);
    assert!(timeline.contains("건을 삭제했습니다(jiwon). 삭제할 때의 상태: 자동 답변\n"), "{timeline}");
    assert_eq!(timeline.lines().count(), 3, "{timeline}");

    let told = said(&mut place, &format!("case erase {stuck} {waiting}"), 1);
    assert_eq!(told.matches("아직 끝나지 않았습니다. 먼저 상담 이관").count(), 2, "{told}");
    assert_eq!(said(&mut place, "case figures", 0), figures);
    assert_eq!(said(&mut place, "case figures --since 2100-01-01", 0), "");
    assert!(
        said(&mut place, "case figures --by-day", 0)
            .contains("-11-15          1  끝: 자동 답변 (ended.settled)\n")
    );
}
