//! The sample data covers every required case.

mod copy;
mod mail;

use std::collections::BTreeSet;

use misread::domain::parking::{Airport, Operation, ParkingUse, UseStatus};
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, Mail, Quote, ScriptStep, Story};
use misread::sandbox::zendesk::Role;

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
        let account = &story.account.as_ref().unwrap().id;
        for parking_use in &story.uses {
            assert_eq!(Some(row(parking_use)), story.row, "{}", story.title);
            assert_eq!(parking_use.account_id, *account, "{}", story.title);
        }
        // Several uses only if the ticket gives the time.
        assert!(
            !story.uses.is_empty() && (story.uses.len() == 1 || story.used_at.is_some()),
            "{}",
            story.title
        );
        assert!(story.account_id().is_none_or(|own| own == *account), "{}", story.title);
    }
    let has = |what: fn(&Story) -> bool| stories.iter().any(what);
    assert!(has(|story| story.uses.is_empty()));
    assert!(has(|story| story.uses.len() > 1));
    assert!(has(|story| story.customer.external_id.is_none() && !story.customer.verified));
    assert!(has(|story| story.plate.is_none()));
    assert!(has(|story| story.account_id().is_some() && !story.customer.verified));
    assert!(stories.iter().all(|story| story.customer.role == Role::EndUser), "nobody of the centre asks");
    for story in &stories {
        // Only the company's own systems tie an account, and only the account of a use can be meant.
        let tied = story.account_id();
        assert!(tied.is_some() || !story.customer.verified, "{}", story.title);
        assert!(
            tied.is_none() || tied == story.account.as_ref().map(|own| own.id.clone()),
            "{}",
            story.title
        );
    }
    let steps: Vec<ScriptStep> = stories.iter().flat_map(|story| story.script.clone()).collect();
    let someone = |what: fn(&ScriptStep) -> bool| steps.iter().any(what);
    assert!(someone(|step| matches!(step, ScriptStep::CustomerSays(_))));
    assert!(someone(|step| matches!(step, ScriptStep::AgentTags { tag: "misread_airport_called", .. })));
    assert!(someone(|step| matches!(step, ScriptStep::AgentTags { tag: "misread_release", .. })));
    assert!(has(|story| story.customer.verified && story.flags.contains(&0)), "a forged sender");
    for doubt in [
        |mail: &Mail| mail.quote == Quote::Around,
        |mail: &Mail| mail.quote == Quote::Below,
        |mail: &Mail| mail.words.is_empty() && !mail.attachments.is_empty(),
        |mail: &Mail| mail.flags == [0],
        |mail: &Mail| mail.flags == [2],
        |mail: &Mail| mail.flags == [4],
    ] {
        assert!(steps.iter().any(|step| matches!(step, ScriptStep::CustomerMails(mail) if doubt(mail))));
    }
    assert!(someone(|step| matches!(step, ScriptStep::HoursPass(24..))), "long enough for a reminder");
    assert!(has(|story| story.script.contains(&ScriptStep::CustomerPays) && story.row == Some(9)));
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

/// All messages of a story's customer.
fn said(story: &Story) -> Vec<&str> {
    let mut said = vec![&*story.message];
    for step in &story.script {
        said.extend(step.words());
    }
    said
}

#[tokio::test]
async fn every_story_can_be_opened_and_customers_are_told_apart() {
    let stage = Stage::set().await;
    let stories = seed::stories(stage.clock.now());
    let customers: BTreeSet<_> = stories.iter().map(|story| story.customer.id).collect();
    assert_eq!(customers.len(), stories.len());
    let titles: BTreeSet<_> = stories.iter().map(|story| story.title).collect();
    assert_eq!(titles.len(), stories.len());
    let said: Vec<&str> = stories.iter().flat_map(said).collect();
    assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len(), "nobody speaks with another's words");
    for story in &stories {
        let id = story.open(&stage.zendesk).unwrap();
        let ticket = stage.zendesk.ticket(id).unwrap();
        assert_eq!(ticket.comments[0].body, story.message);
        let plate =
            ticket.fields.custom_fields.get(&seed::ACCOUNT.plate_field).and_then(|value| value.as_str());
        assert_eq!(plate, story.plate.as_deref());
    }
    let forged = stories.iter().find(|story| !story.flags.is_empty()).unwrap();
    let ticket = stage.zendesk.ticket(forged.open(&stage.zendesk).unwrap()).unwrap();
    assert!(ticket.comments[0].flags.numbers.iter().eq(forged.flags));
    let dated = Story { used_at: Some("2월 27일 오후".to_owned()), ..stories[0].clone() };
    let ticket = stage.zendesk.ticket(dated.open(&stage.zendesk).unwrap()).unwrap();
    assert_eq!(ticket.fields.custom_fields[&seed::ACCOUNT.used_at_field], "2월 27일 오후");
}

#[tokio::test]
async fn people_do_what_their_script_says_to_the_storys_own_ticket() {
    let stage = Stage::set().await;
    let stories = seed::stories(stage.clock.now());
    let owes = stories.iter().find(|story| story.script.contains(&ScriptStep::CustomerPays)).unwrap();
    let id = owes.open(&stage.zendesk).unwrap();
    let perform = |step| owes.perform(step, id, &stage.zendesk, &stage.parking);
    perform(ScriptStep::CustomerSays("다시 문의드려요")).unwrap();
    perform(ScriptStep::AgentTags { tag: "misread_airport_called", note: "통화함" }).unwrap();
    let ticket = stage.zendesk.ticket(id).unwrap();
    let [_, said, noted] = ticket.comments.as_slice() else { panic!("{:?}", ticket.comments) };
    assert_eq!(
        (said.body.as_str(), said.public, said.author_id),
        ("다시 문의드려요", true, owes.customer.id)
    );
    assert_eq!((noted.body.as_str(), noted.public, noted.author_id), ("통화함", false, seed::ACCOUNT.agent));
    assert!(ticket.fields.tags.contains("misread_airport_called"), "{:?}", ticket.fields.tags);
    let file = Mail { flags: &[2], attachments: &["화면.png"], ..Mail::of("첨부합니다") };
    perform(ScriptStep::CustomerMails(file)).unwrap();
    let mailed = stage.zendesk.ticket(id).unwrap().comments.pop().unwrap();
    assert_eq!(
        (mailed.body.as_str(), mailed.public, mailed.author_id),
        ("첨부합니다", true, owes.customer.id)
    );
    assert_eq!(mailed.flags.numbers, BTreeSet::from([2]));
    assert_eq!(mailed.attachments[0].file_name, "화면.png");
    perform(ScriptStep::CustomerPays).unwrap();
    assert_eq!(stage.parking.parking_use(&owes.uses[0].id).unwrap().status, UseStatus::Completed);
    assert!(perform(ScriptStep::CustomerPays).is_err(), "nothing is owed any more");
}
