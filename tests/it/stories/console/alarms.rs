//! The red strip of the first page: one sentence for each thing that a person must look at.

use jiff::SignedDuration;
use misread::config::{MacroSource, Settings};
use misread::domain::person::Role;
use misread::ports::AccountFindings;
use tokio::sync::watch;

use super::{Place, name, one_refund, with_users};

/// The alarms as a person with this role sees them, with where each leads.
async fn alarms(place: &Place, role: Role) -> Vec<(String, String)> {
    let page = place.signed_in(role).await.page("/").await;
    let alarms = page.split("<p class=\"notice bad\"><a href=\"").skip(1).map(|rest| {
        let (href, rest) = rest.split_once("\">").unwrap();
        (href.to_owned(), rest.split_once("</a>").unwrap().0.to_owned())
    });
    alarms.collect()
}

/// The only alarm, which every role sees alike.
async fn alarm(place: &Place) -> (String, String) {
    let [alarm] = alarms(place, Role::View).await.try_into().unwrap();
    assert_eq!(alarms(place, Role::Admin).await, std::slice::from_ref(&alarm));
    alarm
}

#[tokio::test]
async fn without_anything_to_look_at_there_is_none() {
    assert_eq!(alarms(&Place::new().await, Role::View).await, []);
}

#[tokio::test]
async fn who_may_lift_an_open_breaker_is_led_straight_to_the_form_and_others_to_the_limits() {
    let place = Place::with(with_users, one_refund).await;
    for _ in 0..2 {
        place.charged_again().await;
    }
    for role in Role::ALL {
        let [(href, what)] = alarms(&place, role).await.try_into().unwrap();
        let (page, then) = if role >= Role::Policy {
            ("/limits/lift", "원인을 확인하신 뒤 해제해 주세요")
        } else {
            ("/limits", "해제할 수 있는 분께 알려 주세요")
        };
        assert!(href == page && what.contains(then), "{role:?}: {href} {what}");
        assert!(what.contains("차단기가 열려 있습니다"), "{what}");
        let led = place.signed_in(role).await.page(&href).await;
        assert!(led.contains("부터 열려 있습니다"), "{role:?}: {led}");
    }
    place.world.service.store().lift(place.world.now(), "이하나", None).await.unwrap().unwrap();
    assert_eq!(alarms(&place, Role::View).await, []);
}

#[tokio::test]
async fn a_refused_configuration_is_told_until_one_is_taken() {
    let place = Place::new().await;
    place.world.service.reload().refused(2);
    let (href, what) = alarm(&place).await;
    assert!(href == "/system" && what.contains("새 설정을 받지 않았습니다(잘못된 곳 2곳)"), "{href} {what}");
    place.world.reload(|_| {});
    assert_eq!(alarms(&place, Role::View).await, []);
}

#[tokio::test]
async fn a_broken_macro_leads_to_what_is_wrong_with_it() {
    let from_the_account = |settings: &mut Settings| settings.macros.source = MacroSource::Zendesk;
    let place = Place::with(with_users, from_the_account).await;
    place.world.fill_macros();
    assert!(place.world.read_macros().await);
    assert_eq!(alarms(&place, Role::View).await, []);
    place.world.reword_macro("payment_cancelled", "영업일 3~5일", "며칠").await;
    assert!(place.world.read_macros().await);
    let (href, what) = alarm(&place).await;
    assert!(href == "/texts" && what.contains("‘payment_cancelled’에 고칠 곳"), "{href} {what}");
}

#[tokio::test]
async fn an_account_that_differs_is_told_until_a_check_finds_nothing() {
    let place = Place::new().await;
    let status = place.world.service.status();
    let findings = AccountFindings { wrong: vec!["trigger `misread: start`".to_owned()], unread: 0 };
    status.account_checked(findings, place.world.now());
    let (href, what) = alarm(&place).await;
    assert!(href == "/system" && what.contains("설정과 다릅니다: trigger `misread: start`"), "{href} {what}");
    // What could not be read is no difference.
    status.account_checked(AccountFindings { wrong: Vec::new(), unread: 3 }, place.world.now());
    assert_eq!(alarms(&place, Role::View).await, []);
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_told_because_nothing_is_begun() {
    let place = Place::new().await;
    let neighbours = place.world.service.door(watch::channel(true).1).options.neighbours;
    let zendesk = neighbours.iter().find(|neighbour| neighbour.name() == "zendesk").unwrap();
    let now = place.world.now();
    zendesk.clocks_apart(now, now, now + SignedDuration::from_mins(10));
    let (href, what) = alarm(&place).await;
    assert!(href == "/system" && what.contains("시계가 다른 시스템과 너무 달라"), "{href} {what}");
    zendesk.clocks_apart(now, now, now);
    assert_eq!(alarms(&place, Role::View).await, []);
}

#[tokio::test]
async fn a_limit_that_gave_a_case_to_people_is_told_for_that_day() {
    let full = |settings: &mut Settings| settings.limits.per_account_30_days_count = 1;
    let place = Place::with(with_users, full).await;
    for _ in 0..2 {
        place.charged_again().await;
    }
    let (_, what) = alarm(&place).await;
    assert!(what.contains("금액 한도 때문에 상담사에게 넘긴 건이 1건"), "{what}");
    place.world.pass(std::time::Duration::from_hours(24));
    assert_eq!(alarms(&place, Role::View).await, []);
}

#[tokio::test]
async fn what_only_the_admin_may_know_is_on_no_page_of_others() {
    let place = Place::with(with_users, one_refund).await;
    let mut admin = place.signed_in(Role::Admin).await;
    let story = place.world.story("답이 없는 고객");
    let id = place.world.open(&story);
    for _ in 0..2 {
        place.charged_again().await;
    }
    let account = place.world.story(super::PAID).account_id().unwrap().as_str().to_owned();
    admin.page(&format!("/tickets/{id}")).await;
    admin.page(&format!("/tickets?q={account}")).await;
    admin.act(&format!("/tickets/{id}/open"), "비밀로 할 까닭").await;
    let mut viewer = place.signed_in(Role::View).await;
    for path in [
        "/",
        "/tickets",
        &format!("/tickets/{id}"),
        "/stuck",
        "/waiting",
        "/system",
        "/policy",
        "/policy/map",
        "/policy/explain",
        "/texts",
        "/limits",
    ] {
        let page = viewer.page(path).await;
        for secret in [name(Role::Admin), "비밀로 할 까닭", account.as_str(), "/privacy", "/access"] {
            assert!(!page.contains(secret), "{path}: {secret} in {page}");
        }
    }
}
