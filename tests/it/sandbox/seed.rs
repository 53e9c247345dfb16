//! The sample data covers what it promises.

use std::collections::BTreeSet;

use misread::domain::parking::{Airport, Operation, ParkingUse, UseStatus};
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, Story};

use super::stage::Stage;

/// The row of the guide's table that a use belongs to.
fn row(parking_use: &ParkingUse) -> u8 {
    let lot = &parking_use.lot;
    let (direct, incheon) = (lot.operation == Operation::Direct, lot.airport == Some(Airport::Incheon));
    match (parking_use.status, lot.closed, incheon) {
        (UseStatus::CancelledByCustomer, ..) => 1,
        (UseStatus::InUse, ..) => 2 + u8::from(direct),
        (UseStatus::Completed, true, false) => 5,
        (UseStatus::Completed, false, airport) => 4 + 2 * u8::from(airport),
        (UseStatus::Unpaid, true, false) => 9,
        (UseStatus::Unpaid, false, true) => 10,
        (UseStatus::Unpaid, false, false) => 7 + u8::from(direct),
        other => panic!("not in the table: {other:?}"),
    }
}

#[tokio::test]
async fn every_row_of_the_table_has_a_story_and_every_story_s_use_is_in_its_row() {
    let stage = Stage::set().await;
    let stories = seed::stories(stage.clock.now());
    let rows: BTreeSet<u8> = stories.iter().filter_map(|story| story.row).collect();
    assert!(rows.into_iter().eq(1..=10));
    for story in stories.iter().filter(|story| story.row.is_some()) {
        assert_eq!(story.uses.len(), 1, "{}", story.title);
        assert_eq!(Some(row(&story.uses[0])), story.row, "{}", story.title);
        assert_eq!(story.account_id().as_ref(), Some(&story.uses[0].account_id), "{}", story.title);
    }
    let has = |what: fn(&Story) -> bool| stories.iter().any(what);
    assert!(has(|story| story.uses.is_empty()));
    assert!(has(|story| story.uses.len() > 1));
    assert!(has(|story| story.customer.external_id.is_none() && !story.customer.verified));
    assert!(has(|story| story.plate.is_none()));
    for verified in [true, false] {
        let settled = stories.iter().filter(|story| story.row == Some(4));
        assert!(settled.flat_map(|story| &story.uses).any(|one| one.vehicle.ownership_verified == verified));
    }
    for parking_use in stories.iter().flat_map(|story| &story.uses) {
        let running = parking_use.status == UseStatus::InUse;
        assert_eq!((parking_use.exited_at.is_none(), parking_use.amount.is_none()), (running, running));
        assert!(
            parking_use
                .exited_at
                .is_none_or(|exit| parking_use.entered_at < exit && exit < stage.clock.now())
        );
        let named =
            ["무역센터(코엑스)", "남이섬", "인천공항 제1여객터미널"].contains(&parking_use.lot.name.as_str());
        assert!(!named || !parking_use.lot.self_cancel);
    }
}

#[tokio::test]
async fn every_story_can_be_opened_and_customers_are_told_apart() {
    let stage = Stage::set().await;
    let stories = seed::stories(stage.clock.now());
    let customers: BTreeSet<_> = stories.iter().map(|story| story.customer.id).collect();
    assert_eq!(customers.len(), stories.len());
    for story in &stories {
        let id = story.open(&stage.zendesk).unwrap();
        let ticket = stage.zendesk.ticket(id).unwrap();
        assert_eq!(ticket.comments[0].body, story.message);
        let plate =
            ticket.fields.custom_fields.get(&seed::ACCOUNT.plate_field).and_then(|value| value.as_str());
        assert_eq!(plate, story.plate.as_deref());
    }
    let dated = Story { used_at: Some("2월 27일 오후".to_owned()), ..stories[0].clone() };
    let ticket = stage.zendesk.ticket(dated.open(&stage.zendesk).unwrap()).unwrap();
    assert_eq!(ticket.fields.custom_fields[&seed::ACCOUNT.used_at_field], "2월 27일 오후");
}
