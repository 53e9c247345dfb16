//! The practice room: a person plays a customer and colleagues, and the service answers them.

use misread::domain::case::Ending;
use misread::domain::ids::TicketId;
use misread::domain::person::Role;
use misread::sandbox::parking::ActionKind::{self, Inspection, OperatorMakeGood, Refund};
use misread::testbed::visitors;
use reqwest::StatusCode;

use super::{Answer, Browser, Place};

/// The customer in the list whose entry ends so.
fn customer(page: &str, title: &str) -> String {
    let (before, _) = page.split_once(&format!("{title}</option>")).expect("no such customer");
    before.rsplit_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
}

/// Sends a form of the room with its token.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.get("/practice").await.form_token();
    browser.post(path, &[fields, &[("form_token", &token)]].concat()).await
}

/// A customer of this story writes; the ticket.
async fn opened(place: &Place, browser: &mut Browser, title: &str, words: &str) -> TicketId {
    let customer = customer(&browser.page("/practice").await, place.world.story(title).title);
    let answer = send(browser, "/practice", &[("customer", &customer), ("words", words)]).await;
    let id = answer.to().strip_prefix("/practice/").unwrap().parse().unwrap();
    place.world.until_idle().await;
    id
}

/// What the parking system did for it.
fn actions(place: &Place, id: TicketId) -> Vec<ActionKind> {
    place.world.actions(id)
}

#[tokio::test]
async fn a_person_plays_customer_and_airport_desk_and_reads_what_zendesk_shows() {
    let place = Place::with_practice().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let id = opened(&place, &mut browser, "인천공항 결제 완료", "").await;
    let address = format!("/practice/{id}");
    let page = browser.page(&address).await;
    for part in ["여권 도장 보여드릴 수 있어요", "misread의 답변", "misread의 메모", "공항 담당"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains(&format!("<a href=\"/tickets/{id}\">")), "{page}");
    assert_eq!(actions(&place, id), []);

    let fields = [("act", "note"), ("words", "공항에 전화했습니다."), ("tag", "give-back")];
    assert_eq!(send(&mut browser, &address, &fields).await.to(), address);
    place.world.until_idle().await;
    assert_eq!(actions(&place, id), [Refund, OperatorMakeGood, Inspection]);
    let page = browser.page(&address).await;
    assert!(page.contains("공항에 전화했습니다.") && page.contains("해결됨"), "{page}");
}

#[tokio::test]
async fn a_customer_of_the_room_pays_what_they_owe_and_thanks() {
    let place = Place::with_practice().await;
    let mut browser = place.signed_in(Role::Admin).await;
    let id = opened(&place, &mut browser, "폐점한 주차장 미수", "").await;
    let address = format!("/practice/{id}");
    assert!(browser.page(&address).await.contains("결제하기"));
    assert_eq!(send(&mut browser, &address, &[("act", "pay")]).await.to(), address);
    assert!(!browser.page(&address).await.contains("결제하기"), "nothing is owed any more");
    assert_eq!(
        send(&mut browser, &address, &[("act", "customer"), ("words", "결제했어요")]).await.to(),
        address
    );
    place.world.until_idle().await;
    assert!(browser.page(&address).await.contains("결제했어요"));
}

#[tokio::test]
async fn each_ticket_of_the_room_is_of_another_customer_and_says_what_was_typed() {
    let place = Place::with_practice().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let first = opened(&place, &mut browser, "결제 완료, 소유인증 완료", "").await;
    let second = opened(&place, &mut browser, "결제 완료, 소유인증 완료", "").await;
    for id in [first, second] {
        assert_eq!(actions(&place, id), [Refund, Inspection], "a use of its own");
    }
    let words = "저는 주차한 적이 없습니다. <b>취소</b> 부탁드립니다.";
    let third = opened(&place, &mut browser, "결제 완료, 소유인증 완료", words).await;
    let page = browser.page(&format!("/practice/{third}")).await;
    assert!(page.contains("&lt;b&gt;취소&lt;/b&gt; 부탁드립니다."), "{page}");
}

#[tokio::test]
async fn an_agent_who_answers_has_the_ticket() {
    let place = Place::with_practice().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let id = opened(&place, &mut browser, "답이 없는 고객", "").await;
    let address = format!("/practice/{id}");
    send(&mut browser, &address, &[("act", "reply"), ("words", "제가 확인하겠습니다.")]).await;
    send(&mut browser, &address, &[("act", "customer"), ("words", "네, 본인입니다.")]).await;
    place.world.until_idle().await;
    assert_eq!(place.world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn what_the_room_cannot_do_is_refused_in_words() {
    let place = Place::with_practice().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let id = opened(&place, &mut browser, "결제 완료, 소유인증 완료", "").await;
    let address = format!("/practice/{id}");
    for (path, fields, status) in [
        ("/practice", vec![("customer", "99999")], StatusCode::UNPROCESSABLE_ENTITY),
        ("/practice", vec![("customer", "x")], StatusCode::NOT_FOUND),
        (&address, vec![("act", "customer"), ("words", " ")], StatusCode::UNPROCESSABLE_ENTITY),
        (&address, vec![("act", "fly")], StatusCode::NOT_FOUND),
        ("/practice/999999999", vec![("act", "pay")], StatusCode::NOT_FOUND),
    ] {
        let answer = send(&mut browser, path, &fields).await;
        assert_eq!(answer.status, status, "{path} {fields:?}: {}", answer.text);
    }
    assert_eq!(browser.get("/practice/999999999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_service_for_real_customers_has_no_practice_room() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::Admin).await;
    let id = place.world.open(&place.world.story("답이 없는 고객"));
    place.world.until_idle().await;
    assert!(!browser.page("/").await.contains("/practice"));
    for path in ["/practice".to_owned(), format!("/practice/{id}")] {
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        let token = browser.get("/").await.form_token();
        let fields = [("form_token", token.as_str()), ("customer", "0"), ("act", "pay")];
        let answer = browser.post(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_visitor_of_a_demo_signs_in_with_the_published_password() {
    let users = visitors::users().unwrap();
    assert_eq!(users.iter().map(|user| user.role).collect::<Vec<_>>(), Role::ALL);
    let place = Place::with(|deployment| deployment.console_users = visitors::users().unwrap(), |_| {}).await;
    for user in users {
        let mut browser = place.browser();
        assert_eq!(browser.sign_in(&user.name, visitors::PASSWORD).await.to(), "/");
        assert!(browser.page("/").await.contains(&format!("{} · {}", user.name, user.role.korean())));
    }
}
