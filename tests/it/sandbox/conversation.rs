//! The service's clients in a conversation with both fakes: both sides agree on the contract.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use jiff::ToSpan as _;
use misread::account::sliding_window::Lane;
use misread::domain::ids::{EffectKey, LotId, Position, UseId};
use misread::domain::parking::{Compensation, CompensationKind, ParkingAction, Won};
use misread::domain::ticket::{ChangeAuthor, TicketChange};
use misread::http::CallMetrics;
use misread::parking::ParkingClient;
use misread::ports::{
    ActionOutcome, ActionRequest, Clock as _, Helpdesk as _, Parking as _, UseQuery, UsesOf,
};
use misread::sandbox::seed::{self, ACCOUNT, Story};
use misread::sandbox::zendesk::AgentUpdate;
use misread::zendesk::{Budgets, Credentials, Fields, ZendeskClient};
use misread::{parking, zendesk};

use crate::clients::shared;

use super::stage::{API_TOKEN, PARKING_TOKEN, Stage};

pub(super) fn desk(stage: &Stage) -> ZendeskClient {
    let (email, token) = ("misread@sandbox.example".to_owned(), API_TOKEN.into());
    let options = zendesk::Options {
        calls: CallMetrics::default(),
        base_url: stage.zendesk_url.clone(),
        credentials: Credentials::ApiToken { email, token },
        fields: Fields {
            consultation_type: ACCOUNT.consultation_type_field,
            plate: Some(ACCOUNT.plate_field),
            used_at: Some(ACCOUNT.used_at_field),
        },
        statuses: BTreeMap::new(),
        budgets: Budgets { updates_per_minute: NonZeroU32::MAX, ..Budgets::default() },
        at_once: 16,
        proxy: false,
        timeout: Duration::from_secs(5),
    };
    ZendeskClient::new(options, stage.clock.clone(), shared()).unwrap()
}

fn parking_system(stage: &Stage) -> ParkingClient {
    let base_url = format!("{}/v1", stage.parking_url);
    let options = parking::Options {
        calls: CallMetrics::default(),
        base_url,
        token: PARKING_TOKEN.into(),
        at_once: 16,
        proxy: false,
        timeout: Duration::from_secs(5),
    };
    ParkingClient::new(&options, stage.clock.clone()).unwrap()
}

#[tokio::test]
async fn a_ticket_tells_when_its_customer_says_that_they_parked() {
    let stage = Stage::set().await;
    let story = seed::stories(stage.clock.now()).remove(0);
    let silent = story.open(&stage.zendesk).unwrap();
    let dated = Story { used_at: Some("2026-02-27".to_owned()), ..story }.open(&stage.zendesk).unwrap();
    for (id, expected) in [(silent, None), (dated, Some("2026-02-27"))] {
        let seen = desk(&stage).ticket(id, Lane::Fresh).await.unwrap().unwrap();
        assert_eq!(seen.used_at.as_deref(), expected);
    }
}

#[tokio::test]
async fn the_history_tells_what_the_customer_said_and_which_tags_a_person_added() {
    let stage = Stage::set().await;
    let id = stage.open(&["vip"]);
    stage.zendesk.customer_comments(id, "네, 취소해 주세요").unwrap();
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "확인하겠습니다", true).unwrap();
    // The start trigger's change is part of this audit, and adds a tag.
    let tags = AgentUpdate::tags(&["no_self_use", "misread_release"]);
    stage.zendesk.agent_changes(id, ACCOUNT.agent, tags).unwrap();
    stage.zendesk.automation_changes(id, "…", AgentUpdate::tags(&["misread_airport_called"])).unwrap();
    let ticket = stage.zendesk.ticket(id).unwrap().fields;
    assert!(ticket.tags.contains("misread_sent") && ticket.tags.contains("misread_airport_called"));

    let changes = desk(&stage).changes(id, ticket.requester_id).await.unwrap();
    let said: Vec<_> = changes.iter().map(|change| change.said.as_deref()).collect();
    assert_eq!(said, [Some("저 주차한 적 없어요"), Some("네, 취소해 주세요"), None, None, None]);
    let added = |change: &TicketChange| change.added_tags.join(" ");
    let added: Vec<String> = changes.iter().map(added).collect();
    assert_eq!(added, ["vip", "", "", "misread_release no_self_use", ""]);
    assert_eq!(changes[3].author, ChangeAuthor::Other { user_id: ACCOUNT.agent });
    assert_eq!(changes[4].author, ChangeAuthor::Rule);
}

#[tokio::test]
async fn uses_are_found_by_their_day() {
    let stage = Stage::set().await;
    let first = stage.parking.parking_use(&UseId::new("use-0015")).unwrap();
    let day = (first.entered_at - 12.hours(), first.entered_at + 12.hours());
    let of = UsesOf::Account(first.account_id.clone());
    let found = async |entered| {
        let page = parking_system(&stage).uses(&UseQuery { of: of.clone(), entered }).await.unwrap();
        page.uses.into_iter().map(|parking_use| parking_use.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found(None).await, ["use-0015b", "use-0015"]);
    assert_eq!(found(Some(day)).await, ["use-0015"]);
}

#[tokio::test]
async fn a_payment_that_cannot_be_cancelled_is_compensated_once() {
    let stage = Stage::set().await;
    let parking_use = UseId::new("use-0009");
    let ticket_id = stage.plain_ticket();
    let grant = async |position: u32, action: ParkingAction| {
        let (use_id, lot_id) = (parking_use.clone(), LotId::new("lot-3001"));
        let request = ActionRequest { ticket_id, action, use_id, lot_id, amount: Some(Won(5_000)) };
        let key = EffectKey::new(ticket_id, Position(position));
        parking_system(&stage).act(&key, &request).await.unwrap()
    };
    for replayed in [false, true] {
        let outcome = grant(7, ParkingAction::Coupon).await;
        let ActionOutcome::Done(receipt) = outcome else { panic!("{outcome:?}") };
        assert_eq!(receipt.replayed, replayed);
    }
    let coupon = Compensation { kind: CompensationKind::Coupon, amount: Won(5_000) };
    assert_eq!(stage.parking.parking_use(&parking_use).unwrap().compensation, Some(coupon));
    let second = grant(8, ParkingAction::Points).await;
    let ActionOutcome::Conflict { error, .. } = second else { panic!("{second:?}") };
    assert_eq!(error, "already_compensated");
    assert_eq!(stage.parking.actions().len(), 1);
}
