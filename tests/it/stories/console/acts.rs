//! What a person does on a page, and what the access log says of it.

use std::time::Duration;

use jiff::SignedDuration;
use misread::domain::case::{Ending, Order, OrderKind};
use misread::domain::ids::TicketId;
use misread::domain::person::Role;
use misread::ports::{Act, CaseState};
use misread::sandbox::parking::ActionKind::{self, Inspection, Refund};
use misread::worker::upkeep::{order, purge};
use reqwest::StatusCode;

use super::{PAID, Place, gives_up_soon, name, with_users};

/// What the outside world sees of a ticket.
type Outside = (Vec<ActionKind>, Vec<String>, usize, Ending);

async fn outside(place: &Place, id: TicketId) -> Outside {
    place.world.until_idle().await;
    let world = &place.world;
    (world.actions(id), world.replies(id), world.notes(id).len(), world.ending(id).await)
}

#[tokio::test]
async fn another_try_from_the_page_does_what_the_command_does() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let by_command = {
        let other = Place::with(with_users, gives_up_soon).await;
        let id = other.stuck().await;
        let ordered = Order { what: OrderKind::Retry, by: name(Role::Operate).to_owned(), reason: None };
        order(other.world.service.store().as_ref(), id, ordered, other.world.now()).await.unwrap();
        outside(&other, id).await
    };
    let mut browser = place.signed_in(Role::Operate).await;
    assert!(browser.page(&format!("/tickets/{id}")).await.contains("다시 시도하기"));
    let answer = browser.act(&format!("/tickets/{id}/retry"), "주차 시스템이 돌아왔습니다").await;
    assert_eq!(answer.to(), format!("/tickets/{id}?done=retry"));
    assert!(
        browser.page(&format!("/tickets/{id}?done=retry")).await.contains("다시 시도하도록 지시했습니다")
    );
    assert_eq!(outside(&place, id).await, by_command);
    assert_eq!(by_command.0, [Refund, Inspection]);
    assert_eq!(place.ordered_by(id).await, [name(Role::Operate)], "the journal names the signed-in person");
    let page = browser.page(&format!("/tickets/{id}")).await;
    assert!(!page.contains("다시 시도하기") && !page.contains("사람에게 넘기기"), "it has ended: {page}");
}

#[tokio::test]
async fn a_hand_over_from_the_page_gives_the_ticket_to_people() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Policy).await;
    let answer = browser.act(&format!("/tickets/{id}/hand-over"), "고객이 전화를 원하십니다").await;
    assert_eq!(answer.to(), format!("/tickets/{id}?done=hand-over"));
    assert_eq!(outside(&place, id).await.3, Ending::HandedOver);
    let log = place.log(id).await;
    let handed_over =
        (name(Role::Policy).to_owned(), Act::HandedOver, Some("고객이 전화를 원하십니다".to_owned()));
    assert!(log.contains(&handed_over), "{log:?}");
}

#[tokio::test]
async fn an_act_without_a_reason_or_without_an_effect_is_refused() {
    let place = Place::with(with_users, gives_up_soon).await;
    let stuck = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    for reason in ["", " ", "가", &"가".repeat(301)] {
        let answer = browser.act(&format!("/tickets/{stuck}/retry"), reason).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("까닭을"), "{}", answer.text);
    }
    assert_eq!(place.world.state(stuck).await, CaseState::Stuck);
    assert_eq!(browser.act("/tickets/999999999/retry", "까닭이 있음").await.status, StatusCode::NOT_FOUND);
    browser.act(&format!("/tickets/{stuck}/hand-over"), "사람이 봅니다").await;
    place.world.until_idle().await;
    for act in ["retry", "hand-over"] {
        let answer = browser.act(&format!("/tickets/{stuck}/{act}"), "한 번 더").await;
        assert!(answer.text.contains("이미 끝난 건입니다"), "{}", answer.text);
    }
    assert_eq!(place.ordered_by(stuck).await.len(), 1);
}

#[tokio::test]
async fn a_customers_data_are_masked_until_opened_with_a_reason_that_the_log_keeps() {
    let place = Place::new().await;
    let story = place.world.story(PAID);
    let id = place.world.open(&story);
    place.world.until_idle().await;
    let address = format!("/tickets/{id}");
    let private =
        [story.message.to_string(), story.customer.name.clone(), "개발자를 위한 기록 원문".to_owned()];
    let mut browser = place.signed_in(Role::View).await;
    let shows = |page: &str| private.iter().filter(|text| page.contains(text.as_str())).count();
    let masked = browser.page(&address).await;
    assert_eq!(shows(&masked), 0, "{masked}");
    assert!(masked.contains("고객 정보 열기") && masked.contains("결제취소"), "{masked}");
    assert_eq!(browser.act(&format!("{address}/open"), " ").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(shows(&browser.page(&address).await), 0);

    assert_eq!(browser.act(&format!("{address}/open"), "고객 전화 문의").await.to(), address);
    let open = browser.page(&address).await;
    assert_eq!(shows(&open), private.len(), "{open}");
    let again = place.signed_in(Role::View).await.page(&address).await;
    assert_eq!(shows(&again), 0, "it was opened for that session");

    let (who, reason) = (name(Role::View).to_owned(), Some("고객 전화 문의".to_owned()));
    let looked = |act| (who.clone(), act, None);
    assert_eq!(
        place.log(id).await,
        [
            looked(Act::LookedMasked),
            looked(Act::LookedMasked),
            (who.clone(), Act::Opened, reason),
            looked(Act::Looked),
            looked(Act::LookedMasked),
        ]
    );
    assert_eq!(shows(&place.signed_in(Role::Operate).await.page(&address).await), private.len());
    let page = place.signed_in(Role::Admin).await.page("/access").await;
    assert!(page.contains("고객 전화 문의") && page.contains("고객 정보를 엶"), "{page}");
}

#[tokio::test]
async fn one_ticket_opened_is_not_another_one() {
    let place = Place::new().await;
    let [one, other] = [PAID, "답이 없는 고객"].map(|title| place.world.story(title));
    let [first, second] = [&one, &other].map(|story| place.world.open(story));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::View).await;
    browser.act(&format!("/tickets/{first}/open"), "고객 전화 문의").await;
    assert!(browser.page(&format!("/tickets/{first}")).await.contains(&*one.customer.name));
    assert!(!browser.page(&format!("/tickets/{second}")).await.contains(&*other.customer.name));
}

#[tokio::test]
async fn the_access_log_is_kept_as_long_as_journals_and_no_longer() {
    let place = Place::new().await;
    let ledger = place.world.service.store().as_ref();
    let retention = SignedDuration::from_hours(24 * 400);
    place.signed_in(Role::View).await;
    purge(ledger, place.world.now(), retention).await.unwrap();
    assert_eq!(place.accesses().await.len(), 1);
    assert_eq!(ledger.sessions(place.world.now()).await.unwrap().len(), 1);
    place.world.pass(Duration::from_hours(24 * 400));
    purge(ledger, place.world.now(), retention).await.unwrap();
    assert_eq!(place.accesses().await.len(), 1, "to the moment");
    place.world.pass(Duration::from_secs(1));
    purge(ledger, place.world.now(), retention).await.unwrap();
    assert_eq!(place.accesses().await, []);
}
