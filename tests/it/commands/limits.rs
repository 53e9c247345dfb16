//! `misread limits`, as operations use it.

use misread::app::open_ledger;
use misread::domain::ids::TicketId;
use misread::domain::limits::Measure;

use serde_json::Value;

use super::process::Place;
use crate::world::World;

/// A ledger with two tickets of one account, for the same use, and with an open breaker if requested.
async fn ledger(breaker_from_won: u32) -> (World, [TicketId; 2]) {
    let world = World::with(|settings| settings.limits.breaker_from_won = breaker_from_won).await;
    let mut tickets = Vec::new();
    for _ in 0..2 {
        let story = world.story("결제 완료, 소유인증 완료");
        let charge = |paid: &mut misread::domain::parking::ParkingUse| {
            paid.status = misread::domain::parking::UseStatus::Completed;
        };
        world.sandbox.parking.alter_use(&story.uses[0].id, charge).unwrap();
        tickets.push(world.open(&story));
        world.until_idle().await;
    }
    (world, tickets.try_into().unwrap())
}

fn place(world: &World, settings: &str) -> Place {
    let mut place = Place::new();
    place.copy_config(settings);
    place.set("MISREAD_CONFIG", "config");
    place.set("MISREAD_DATABASE_URL", &world.ledger());
    place
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_breaker_is_shown_and_lifted_by_a_person_who_gives_a_name() {
    let (world, _) = ledger(10_000).await;
    let mut place = place(&world, "");
    let shown = place.run(&["limits", "show"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(shown.out.contains("차단기: 열림"), "{}", shown.out);
    assert!(shown.out.contains("해제: misread limits lift --by"), "{}", shown.out);

    let nameless = place.run(&["limits", "lift", "--by", " "]);
    assert_eq!(nameless.code, Some(2), "{}", nameless.err);
    let lifted = place.run(&["limits", "lift", "--by", "이하나", "--because", "금액 확인함"]);
    assert_eq!(lifted.code, Some(0), "{}", lifted.err);
    assert!(lifted.out.contains("이하나") && lifted.out.contains("자동 처리 금액"), "{}", lifted.out);
    let again = place.run(&["limits", "lift", "--by", "이하나"]);
    assert_eq!(again.code, Some(1), "{}", again.out);
    assert!(again.err.contains("차단기가 열려 있지 않습니다"), "{}", again.err);
    let shown = place.run(&["limits", "show"]);
    assert!(shown.out.contains("해제됨 (해제한 사람: 이하나, 사유: 금액 확인함)"), "{}", shown.out);
    let shown = place.run(&["limits", "show", "--json"]);
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["breaker"]["lifted_by"], "이하나");
    assert_eq!(shown["breaker"]["lifted_because"], "금액 확인함");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backtest_tells_what_each_limit_would_have_stopped() {
    let (world, [first, second]) = ledger(2_000_000).await;
    let mut own = place(&world, "");
    let nothing = own.run(&["limits", "backtest"]);
    assert_eq!(nothing.code, Some(0), "{}", nothing.err);
    assert!(nothing.out.contains("옮긴 건 2") && !nothing.out.contains("limits."), "{}", nothing.out);

    let mut strict = place(&world, "[limits]\nper_account_30_days_count = 1\nbreaker_from_won = 10000\n");
    let stopped = strict.run(&["limits", "backtest"]);
    assert!(stopped.out.contains("limits.per_account_30_days: 1건"), "{}", stopped.out);
    let named = |id: TicketId| stopped.out.contains(&format!("티켓 {id} "));
    assert_eq!((named(first), named(second)), (false, true), "{}", stopped.out);
    assert!(stopped.out.contains("차단기: 2026-11-20"), "{}", stopped.out);
    let later = strict.run(&["limits", "backtest", "--since", "2026-11-21"]);
    assert!(later.out.contains("옮긴 건 0") && !later.out.contains("limits."), "{}", later.out);

    let counted = open_ledger(&world.ledger()).await.unwrap().counted(world.now()).await.unwrap();
    assert!(counted.hour.of(Measure::Won) > 10_000, "{counted:?}");
}
