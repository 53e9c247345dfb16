//! The choice of the use: by plate, by day and time in the ticket's field, and by what is not settled yet.

use jiff::{SignedDuration, ToSpan};
use misread::domain::ids::{TicketId, UseId};
use misread::domain::parking::{ParkingUse, UseStatus};
use misread::domain::seoul::seoul;
use misread::sandbox::parking::ActionKind::Refund;
use misread::sandbox::seed::Story;

use crate::world::World;

const SEVERAL: &str = "맞는 이용 건이 여럿";

fn on_the_day_of(parking_use: &ParkingUse, format: &str) -> String {
    seoul(parking_use.entered_at).strftime(format).to_string()
}

/// The uses for which money moved.
fn settled(world: &World, id: TicketId) -> Vec<UseId> {
    let done = world.sandbox.parking.actions().into_iter();
    let refunds = done.filter(|done| done.ticket_id == id.to_string() && done.kind == Refund);
    refunds.map(|done| done.use_id).collect()
}

async fn lived(world: &World, story: &Story) -> TicketId {
    let id = world.open(story);
    world.until_idle().await;
    id
}

#[tokio::test]
async fn the_day_in_the_tickets_field_tells_two_uses_apart() {
    for format in ["%Y-%m-%d", "%Y.%m.%d", "%-m월 %-d일", "%Y-%m-%d %H:%M"] {
        let world = World::new().await;
        let mut story = world.story(SEVERAL);
        story.used_at = Some(on_the_day_of(&story.uses[1], format));
        let id = lived(&world, &story).await;
        assert_eq!(settled(&world, id), [story.uses[1].id.clone()], "{format}");
        assert!(world.notes(id)[0].contains("이용 일시로 좁힘"), "{:?}", world.notes(id));
    }
}

#[tokio::test]
async fn the_time_tells_two_uses_of_one_day_apart() {
    let world = World::new().await;
    let story = world.story(SEVERAL);
    let second = story.uses[1].clone();
    let later = SignedDuration::from_hours(5);
    world
        .sandbox
        .parking
        .alter_use(&story.uses[0].id, |first| {
            first.entered_at = second.entered_at - later;
            first.exited_at = Some(first.entered_at + 1.hour());
        })
        .unwrap();
    let day = Story { used_at: Some(on_the_day_of(&second, "%Y-%m-%d")), ..story.clone() };
    let id = lived(&world, &day).await;
    assert_eq!(settled(&world, id), [], "the day alone fits both");
    assert!(world.notes(id)[0].contains("후보 이용 건"));
    let time = Story { used_at: Some(on_the_day_of(&second, "%Y-%m-%d %H:%M")), ..story };
    let id = lived(&world, &time).await;
    assert_eq!(settled(&world, id), [second.id]);
}

#[tokio::test]
async fn a_day_on_which_nothing_was_recorded_finds_nothing() {
    let world = World::new().await;
    let story =
        Story { used_at: Some("2026-01-03".into()), ..world.story("결제 완료, 소유인증 완료") };
    let id = lived(&world, &story).await;
    assert_eq!(world.actions(id), []);
    assert!(world.notes(id)[0].contains("use_not_found"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn a_field_that_cannot_be_read_narrows_nothing_and_is_read_by_a_person() {
    let world = World::new().await;
    let paid = Story {
        used_at: Some("지난주쯤이요".into()), ..world.story("결제 완료, 소유인증 완료")
    };
    let id = lived(&world, &paid).await;
    assert_eq!(world.actions(id), [], "it may tell of another use");
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("use_unread") && note.contains("“지난주쯤이요”"), "{note}");
    let several = Story { used_at: Some("지난주쯤이요".into()), ..world.story(SEVERAL) };
    let id = lived(&world, &several).await;
    assert_eq!(settled(&world, id), []);
    assert!(world.notes(id)[0].contains("several_uses"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn what_was_settled_before_is_not_meant_again_while_another_use_fits() {
    let world = World::new().await;
    let story = world.story(SEVERAL);
    let refunded = story.uses[0].id.clone();
    world
        .sandbox
        .parking
        .alter_use(&refunded, |parking_use| parking_use.status = UseStatus::Refunded)
        .unwrap();
    let id = lived(&world, &story).await;
    assert_eq!(settled(&world, id), [story.uses[1].id.clone()]);
}

#[tokio::test]
async fn a_use_that_was_compensated_before_is_for_an_agent() {
    let world = World::new().await;
    let story = world.story("폐점한 주차장 결제 완료");
    let granted = misread::domain::parking::Compensation {
        kind: misread::domain::parking::CompensationKind::Coupon,
        amount: misread::domain::parking::Won(5_000),
    };
    world
        .sandbox
        .parking
        .alter_use(&story.uses[0].id, |parking_use| parking_use.compensation = Some(granted))
        .unwrap();
    let id = lived(&world, &story).await;
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("already_settled") && note.contains("이미 지급된 보상"), "{note}");
}

#[tokio::test]
async fn a_day_finds_one_use_among_more_than_the_parking_system_lists() {
    let world = World::new().await;
    let story = world.story("결제 완료, 소유인증 완료");
    let meant = story.uses[0].clone();
    for number in 0..150_i64 {
        let entered_at = meant.entered_at - SignedDuration::from_hours(24 * (60 + number));
        world.sandbox.parking.add_use(ParkingUse {
            id: UseId::new(format!("old-{number}")),
            entered_at,
            exited_at: Some(entered_at + 1.hour()),
            ..meant.clone()
        });
    }
    let id = lived(&world, &story).await;
    assert_eq!(settled(&world, id), [], "without a day it is not certain");
    let story = Story { used_at: Some(on_the_day_of(&meant, "%Y-%m-%d")), ..story };
    let id = lived(&world, &story).await;
    assert_eq!(settled(&world, id), [meant.id]);
}
