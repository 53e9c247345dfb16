//! `misread case`: what there is, and what operations do to it. What it shows of a running service: see `service`.

use std::time::Duration;

use misread::domain::case::Ending;
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
            "error: there is no ledger at `misread.db`: set MISREAD_DATABASE_URL as for `misread serve`, which makes it\n"
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

/// A world with a case that is stuck because the parking system is gone, one that waits for its customer and one that is settled;
/// and a place whose commands look at its ledger.
async fn scene() -> (World, Place, [TicketId; 3]) {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    // What commands do they do at the real time, which must not be the world's future.
    world.pass(Duration::from_hours(20 * 365 * 24));
    let [waiting, settled] = [ASKED, PAID].map(|title| world.open(&world.story(title)));
    world.live().await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let stuck = world.open(&world.story("직영 주차장 미수"));
    world.live().await;
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

/// Its customer is asked whether they take a coupon.
const ASKED: &str = "폐점한 주차장 결제 완료";
const PAID: &str = "결제 완료, 소유인증 완료";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuck_cases_are_listed_with_their_reason_and_go_on_when_somebody_says_so() {
    let (world, mut place, [stuck, ..]) = scene().await;
    let list = said(&mut place, "case list --state stuck", 0);
    assert!(list.contains(&stuck.to_string()) && list.contains("gave up after 3 failures"), "{list}");
    assert_eq!(list.lines().count(), 1);

    assert_eq!(said(&mut place, "case retry --stuck --because Zendesk", 0), "no such case is stuck\n");
    let tried = said(&mut place, "case retry --stuck --because 503 --dry-run", 0);
    assert_eq!(tried, format!("{stuck:>12}  would be ordered: try again\n"));
    world.live().await;
    assert_eq!(world.state(stuck).await, CaseState::Stuck);

    assert_eq!(said(&mut place, "case retry --stuck", 0), format!("{stuck:>12}  ordered: try again\n"));
    world.live().await;
    assert_eq!(world.ending(stuck).await, Ending::Settled);
    let timeline = said(&mut place, &format!("case show {stuck}"), 0);
    assert!(timeline.contains("ordered by jiwon: try again"), "{timeline}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_would_come_to_nothing_is_refused_and_the_others_are_given() {
    let (world, mut place, [stuck, waiting, settled]) = scene().await;
    let told = said(&mut place, &format!("case retry {stuck} {waiting} {settled} 7"), 1);
    assert!(told.starts_with(&format!("{stuck:>12}  ordered: try again\n")), "{told}");
    for why in ["it waits", "has ended", "there is no case"] {
        assert!(told.contains(why), "{why}: {told}");
    }
    let told = said(&mut place, &format!("case hand-over {waiting} --by 민지"), 0);
    assert_eq!(told, format!("{waiting:>12}  ordered: hand over to general agents\n"));
    world.live().await;
    assert_eq!(world.ending(waiting).await, Ending::HandedOver);
    assert!(world.notes(waiting)[1].contains("민지"));

    place.unset("USER");
    let told = said(&mut place, &format!("case retry {stuck}"), 2);
    assert!(told.contains("--by NAME"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_record_is_erased_by_account_and_the_figures_stay() {
    let (world, mut place, [stuck, waiting, settled]) = scene().await;
    let figures = said(&mut place, "case figures", 0);
    assert!(figures.contains("1  ended.settled") && figures.contains("1  stuck"), "{figures}");
    let account = world.story(PAID).account_id().unwrap();
    let tried = said(&mut place, &format!("case erase --account {account} --dry-run"), 0);
    assert!(
        tried.contains(&format!("{settled:>12}  would be erased: ")) && tried.lines().count() == 2,
        "{tried}"
    );
    assert!(tried.contains("\n1 cases with "), "{tried}");
    // Nobody can be asked here.
    let refused = said(&mut place, &format!("case erase --account {account}"), 1);
    assert!(refused.contains("would be erased: ") && refused.contains("give `--yes`"), "{refused}");
    assert!(said(&mut place, &format!("case show {settled}"), 0).lines().count() > 10);
    let told = said(&mut place, &format!("case erase --account {account} --compact --yes"), 0);
    assert!(told.contains("erased: ") && told.contains("written anew"), "{told}");
    let none = said(&mut place, &format!("case erase --account {account}"), 0);
    assert_eq!(none, "no journal mentions this account\n");
    let timeline = said(&mut place, &format!("case show {settled}"), 0);
    assert!(timeline.contains("entries erased by jiwon; the case had ended: answered"), "{timeline}");
    assert_eq!(timeline.lines().count(), 2, "{timeline}");

    let told = said(&mut place, &format!("case erase {stuck} {waiting}"), 1);
    assert_eq!(told.matches("has not ended: hand it over first").count(), 2, "{told}");
    assert_eq!(said(&mut place, "case figures", 0), figures);
    assert_eq!(said(&mut place, "case figures --since 2100-01-01", 0), "");
    assert!(said(&mut place, "case figures --by-day", 0).contains("-11-15          1  ended.settled\n"));
}
