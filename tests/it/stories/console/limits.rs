//! The limits' pages, and the breaker that a person lifts.

use misread::domain::limits::Event;
use misread::domain::person::Role;
use misread::ports::Act;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use reqwest::StatusCode;

use super::{Answer, Browser, PAID, Place, name, one_refund, with_users};

/// A console whose breaker is open: one refund went out, and the next one was only prepared.
async fn tripped() -> Place {
    let place = Place::with(with_users, one_refund).await;
    for _ in 0..2 {
        place.charged_again().await;
    }
    assert!(place.world.service.store().breaker().await.unwrap().unwrap().open().is_some());
    place
}

/// The moment by which the form names the opening.
fn mark(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"mark\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn lift(browser: &mut Browser, reason: &str) -> Answer {
    let form = browser.get("/limits/lift").await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    let mark = mark(&form);
    browser.submit(&form, "/limits/lift", &[("mark", &mark), ("reason", reason)]).await
}

#[tokio::test]
async fn each_limit_stands_with_its_setting_and_what_its_window_holds() {
    let place = Place::with(with_users, |settings| {
        settings.limits.per_lot_day_won = 1_000_000;
        settings.limits.per_lot_day_count = 5_000;
        settings.limits.breaker_from_won = 2_000_000;
        settings.limits.breaker_from_hand_overs = 1_000;
    })
    .await;
    let mut browser = place.signed_in(Role::Operate).await;
    let empty = browser.page("/limits").await;
    assert!(empty.contains("한도에 든 금액이 아직 없습니다") && empty.contains("닫혀 있습니다"), "{empty}");
    assert!(empty.contains("차단기가 열린 적이 없습니다"), "{empty}");
    place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let page = browser.page("/limits").await;
    for setting in
        ["limits.per_action_won", "limits.per_day", "limits.per_lot_day", "limits.per_account_30_days"]
    {
        assert!(page.contains(setting), "{setting}: {page}");
    }
    // 8,000 of 10,000,000 won of the day, of 1,000,000 of the lot, of 300,000 of the account.
    for free in ["9,992,000원", "992,000원", "292,000원", "999건", "4,999건", "4건"] {
        assert!(page.contains(&format!("<td class=\"figure\">{free}</td>")), "{free}: {page}");
    }
    assert_eq!(page.matches("<td class=\"figure\">8,000원</td>").count(), 4, "{page}");
    // No amount and no count is a bare number.
    for digits in ["8000", "300000", "1000000", "2000000", "10000000", "5000", "4999", "1000건"] {
        assert!(!page.contains(digits), "{digits}: {page}");
    }
}

#[tokio::test]
async fn a_full_limit_is_told_in_words() {
    let full = |settings: &mut misread::config::Settings| settings.limits.per_account_30_days_count = 1;
    let place = Place::with(with_users, full).await;
    place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let page = place.signed_in(Role::View).await.page("/limits").await;
    assert_eq!(page.matches("(가득 참)").count(), 1, "{page}");
}

#[tokio::test]
async fn accounts_are_masked_for_who_only_looks_and_a_look_at_them_is_recorded() {
    let place = Place::new().await;
    let story = place.world.story(PAID);
    place.world.open(&story);
    place.world.until_idle().await;
    let account = story.account_id().unwrap().as_str().to_owned();
    let masked = place.signed_in(Role::View).await.page("/limits").await;
    assert!(!masked.contains(&account) && masked.contains("가려진 계정"), "{masked}");
    assert!(!place.acts().await.contains(&Act::LookedAtLimits));
    let open = place.signed_in(Role::Operate).await.page("/limits").await;
    assert!(open.contains(&account), "{open}");
    assert!(place.acts().await.contains(&Act::LookedAtLimits));
}

#[tokio::test]
async fn a_person_of_policy_lifts_the_breaker_with_a_reason_and_it_works_again() {
    let place = tripped().await;
    let mut browser = place.signed_in(Role::Policy).await;
    let page = browser.page("/limits").await;
    assert!(page.contains("부터 열려 있습니다") && page.contains("href=\"/limits/lift\""), "{page}");
    let form = browser.page("/limits/lift").await;
    assert!(form.contains("승인을 기다리는 1건은 그대로") && form.contains("되돌릴 수 없습니다"), "{form}");
    assert_eq!(lift(&mut browser, "금액을 확인했습니다").await.to(), "/limits?done=lift");
    let page = browser.page("/limits?done=lift").await;
    assert!(page.contains("차단기를 해제했습니다") && page.contains("닫혀 있습니다"), "{page}");
    let who = name(Role::Policy);
    assert!(page.contains(&format!("· {who}")) && page.contains("금액을 확인했습니다"), "{page}");
    let latest = place.world.service.store().breaker().await.unwrap().unwrap();
    let Event::Lifted { by, because } = latest.event else { panic!("{latest:?}") };
    assert_eq!((by.as_str(), because.as_deref()), (who, Some("금액을 확인했습니다")));
    let log = place.accesses().await;
    let lifted = log.iter().find(|access| access.act == Some(Act::Lifted)).unwrap();
    assert_eq!((lifted.name.as_str(), lifted.reason.as_deref()), (who, Some("금액을 확인했습니다")));
    let free = place.charged_again().await;
    assert_eq!(place.world.actions(free), [Refund, Inspection]);
}

#[tokio::test]
async fn who_may_not_decide_on_policy_sees_the_breaker_and_does_not_lift_it() {
    let place = tripped().await;
    for role in [Role::View, Role::Operate] {
        let mut browser = place.signed_in(role).await;
        let page = browser.page("/limits").await;
        assert!(page.contains("부터 열려 있습니다") && !page.contains("/limits/lift"), "{page}");
        assert_eq!(browser.get("/limits/lift").await.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.act("/limits/lift", "까닭이 있음").await.status, StatusCode::FORBIDDEN);
    }
    assert!(place.world.service.store().breaker().await.unwrap().unwrap().open().is_some());
    assert!(!place.acts().await.contains(&Act::Lifted));
}

#[tokio::test]
async fn lifting_needs_a_reason_an_open_breaker_and_the_one_that_was_looked_at() {
    let place = tripped().await;
    let mut browser = place.signed_in(Role::Policy).await;
    assert_eq!(lift(&mut browser, " ").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let seen = browser.get("/limits/lift").await;
    lift(&mut browser, "확인했습니다").await.to();
    let closed = browser.get("/limits/lift").await;
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(closed.text.contains("열려 있지 않습니다"), "{}", closed.text);
    // It opened again for another reason than the one that the person has before them.
    place.world.pass(std::time::Duration::from_secs(1));
    for _ in 0..2 {
        place.charged_again().await;
    }
    let fields = [("mark", mark(&seen)), ("reason", "확인했습니다".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let late = browser.submit(&seen, "/limits/lift", &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("다시 열렸습니다"), "{}", late.text);
    assert!(place.world.service.store().breaker().await.unwrap().unwrap().open().is_some());
    assert_eq!(place.acts().await.iter().filter(|act| **act == Act::Lifted).count(), 1);
    let page = browser.page("/limits").await;
    assert_eq!(page.matches("<strong>열림</strong>").count(), 2, "the history: {page}");
    assert_eq!(page.matches("<strong>해제</strong>").count(), 1, "{page}");
}
