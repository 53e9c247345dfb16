//! Limits on money that moves without a person.

use misread::config::LimitSettings;
use misread::domain::case::{Effect, Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::parking::{ParkingAction, ParkingUse, UseStatus, Won};
use misread::sandbox::parking::ActionKind::{Compensation, Inspection, ReceivableWithdrawal, Refund};
use misread::sandbox::seed::ACCOUNT;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";
const OTHER: &str = "결제 완료, 번호판을 적지 않음";
const UNPAID: &str = "직영 주차장 미수, 소유인증 완료";
/// A lot that is closed now, and what its customer answers to the offer.
const COUPON: (&str, &str) = ("폐점한 주차장 결제 완료", "네 쿠폰으로 받을게요");
const POINTS: (&str, &str) = ("폐점 주차장, 쿠폰 대신 포인트", "쿠폰 말고 포인트로 주세요");

/// Amounts of a use that no action may move without a person, and what the note says of each.
const UNFIT: [(Option<i64>, &str); 5] = [
    (None, "금액이 없거나"),
    (Some(0), "금액이 0원"),
    (Some(-8_000), "금액이 -8,000원"),
    (Some(100_001), "금액 100,001원이 한 번에"),
    (Some(9_200_000_000_000_000_000), "한 번에 자동으로 처리할 수 있는 한도 100,000원"),
];

/// Checks that it is handed over with this in its note, with nothing done and nothing intended.
async fn is_for_a_person(world: &World, id: TicketId, why: &str) {
    assert_eq!((world.actions(id), world.replies(id)), (vec![], vec![]), "{why}");
    assert_eq!(world.ending(id).await, Ending::HandedOver, "{why}");
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains(why), "{note}");
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
    let journal = world.journal(id).await;
    let acts = |entry: &Entry| matches!(entry, Entry::Intended { effect: Effect::Act(_), .. });
    assert!(!journal.iter().any(acts), "{journal:?}");
}

#[tokio::test]
async fn an_amount_that_is_absent_none_negative_or_too_much_is_for_a_person() {
    for (amount, why) in UNFIT {
        for title in [PAID, UNPAID] {
            let world = World::new().await;
            let story = world.story(title);
            let alter = |one: &mut ParkingUse| one.amount = amount.map(Won);
            world.sandbox.parking.alter_use(&story.uses[0].id, alter).unwrap();
            let id = world.open(&story);
            world.until_idle().await;
            is_for_a_person(&world, id, why).await;
        }
    }
}

#[tokio::test]
async fn a_coupon_or_points_are_given_for_no_such_amount_either() {
    for (amount, _) in UNFIT {
        for (title, wish) in [COUPON, POINTS] {
            let world = World::new().await;
            let story = world.story(title);
            let id = world.open(&story);
            world.until_idle().await;
            // The amount changes after the offer: what counts is what it is when the customer accepts.
            let alter = |one: &mut ParkingUse| one.amount = amount.map(Won);
            world.sandbox.parking.alter_use(&story.uses[0].id, alter).unwrap();
            world.customer_says(id, wish).await;
            assert_eq!(world.actions(id), [], "{wish} {amount:?}");
            assert_eq!(world.ending(id).await, Ending::HandedOver, "{wish} {amount:?}");
            let note = world.notes(id).pop().unwrap();
            assert!(
                note.contains("금액이 보상 한도를 넘거나 확인되지 않습니다"),
                "{wish} {amount:?}: {note}"
            );
        }
    }
}

#[test]
fn every_action_that_moves_the_amount_of_a_use_is_limited_and_no_other() {
    use ParkingAction::{Cancel, Coupon, Inspection, OperatorMakeGood, Points, Refund, WithdrawReceivable};
    for action in [Refund, WithdrawReceivable, Coupon, Points] {
        assert!(action.moves_amount(), "{action:?}");
    }
    // A use in progress has no amount yet; the others move nothing of the customer's.
    for action in [Cancel, OperatorMakeGood, Inspection] {
        assert!(!action.moves_amount(), "{action:?}");
    }
}

async fn limited(limit: fn(&mut LimitSettings)) -> World {
    World::with(|settings| limit(&mut settings.limits)).await
}

/// The same use is charged once more, and its customer writes again.
async fn charged_again(world: &World) -> TicketId {
    let story = world.story(PAID);
    let charge = |paid: &mut ParkingUse| paid.status = UseStatus::Completed;
    world.sandbox.parking.alter_use(&story.uses[0].id, charge).unwrap();
    let id = world.open(&story);
    world.until_idle().await;
    id
}

#[tokio::test]
async fn an_account_that_comes_again_and_again_is_for_a_person() {
    for limit in [(|limits| limits.per_account_30_days_count = 1) as fn(&mut LimitSettings), |limits| {
        limits.per_account_30_days_won = 10_000;
    }] {
        let world = limited(limit).await;
        let story = world.story(PAID);
        let first = world.open(&story);
        world.until_idle().await;
        assert_eq!(world.actions(first), [Refund, Inspection]);
        let again = charged_again(&world).await;
        is_for_a_person(&world, again, "이 계정에서 30일 동안").await;
    }
}

#[tokio::test]
async fn a_lot_with_too_much_in_a_day_is_for_a_person_and_its_camera_is_named() {
    let world = limited(|limits| limits.per_lot_day_count = 1).await;
    let lot = world.story(PAID).uses[0].lot.clone();
    let other = world.story(OTHER);
    world.sandbox.parking.alter_use(&other.uses[0].id, |paid| paid.lot.id = lot.id.clone()).unwrap();
    let first = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.actions(first), [Refund, Inspection]);
    let second = world.open(&other);
    world.until_idle().await;
    is_for_a_person(&world, second, "인식 기기가 고장 났을 수 있습니다").await;
}

/// A customer of a lot that is closed now is offered a coupon and says what they want.
async fn is_compensated(world: &World, title: &str, wish: &str) -> TicketId {
    let id = world.open(&world.story(title));
    world.until_idle().await;
    world.customer_says(id, wish).await;
    id
}

#[tokio::test]
async fn coupons_and_points_count_like_money() {
    for [(first, wish), (second, other_wish)] in [[COUPON, POINTS], [POINTS, COUPON]] {
        let world = limited(|limits| limits.per_day_count = 1).await;
        let first = is_compensated(&world, first, wish).await;
        assert_eq!(world.actions(first), [Compensation], "{wish}");
        let second = is_compensated(&world, second, other_wish).await;
        assert_eq!(world.actions(second), [], "{other_wish}");
        assert_eq!(world.ending(second).await, Ending::HandedOver, "{other_wish}");
        let note = world.notes(second).pop().unwrap();
        assert!(note.contains("하루 동안 자동으로 처리할 수 있는 전체"), "{note}");
    }
}

#[tokio::test]
async fn a_receivable_that_is_withdrawn_counts_like_money() {
    for (first, second, actions) in
        [(UNPAID, PAID, [ReceivableWithdrawal, Inspection]), (PAID, UNPAID, [Refund, Inspection])]
    {
        let world = limited(|limits| limits.per_day_count = 1).await;
        let [first, second] = [first, second].map(|title| world.story(title));
        let id = world.open(&first);
        world.until_idle().await;
        assert_eq!(world.actions(id), actions);
        let id = world.open(&second);
        world.until_idle().await;
        is_for_a_person(&world, id, "하루 동안 자동으로 처리할 수 있는 전체").await;
    }
}

#[tokio::test]
async fn what_a_person_releases_counts_and_has_the_same_limits() {
    let world = limited(|limits| {
        limits.per_day_count = 1;
        // Everything that moves money is only prepared.
        limits.breaker_from_won = 1;
    })
    .await;
    let [first, second] = [PAID, OTHER].map(|title| world.open(&world.story(title)));
    world.until_idle().await;
    assert_eq!((world.actions(first), world.actions(second)), (vec![], vec![]));
    world.agent_tags(first, "misread_release").await;
    assert_eq!(world.actions(first), [Refund, Inspection]);
    world.agent_tags(second, "misread_release").await;
    is_for_a_person(&world, second, "하루 동안 자동으로 처리할 수 있는 전체").await;
}

/// Two services on one ledger, with a limit of one movement a day.
async fn a_days_limit(world: &World) {
    let replica = world.replica_with(|settings| settings.limits.per_day_count = 1).await;
    let first = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.actions(first), [Refund, Inspection]);
    let second = replica.open(&replica.story(OTHER));
    replica.until_idle().await;
    is_for_a_person(&replica, second, "하루 동안 자동으로 처리할 수 있는 전체").await;
    for _ in 0..5 {
        world.hours_later(5).await;
    }
    let next_day = charged_again(world).await;
    assert_eq!(world.actions(next_day), [Refund, Inspection]);
}

#[tokio::test]
async fn what_replicas_move_in_a_day_counts_together() {
    a_days_limit(&limited(|limits| limits.per_day_count = 1).await).await;
}

#[tokio::test]
async fn what_replicas_move_in_a_day_counts_together_on_postgres() {
    if let Some(world) = World::on_postgres_with(|settings| settings.limits.per_day_count = 1).await {
        a_days_limit(&world).await;
    }
}
