//! The page of customers' data: retention, and erasure with a preview.

use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::person::Role;
use misread::ports::{Act, CaseState};
use misread::worker::upkeep::Maintenance;
use reqwest::StatusCode;

use super::{Answer, Browser, PAID, Place, gives_up_soon, name, with_users};

/// A settled case.
async fn settled(place: &Place) -> TicketId {
    let id = place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    assert_eq!(place.world.ending(id).await, Ending::Settled);
    id
}

async fn preview(browser: &mut Browser, field: &str, value: &str) -> Answer {
    let page = browser.get("/privacy").await;
    browser.submit(&page, "/privacy/preview", &[(field, value)]).await
}

/// The tickets that the preview's form would erase.
fn chosen(preview: &Answer) -> String {
    let (_, rest) =
        preview.text.split_once("name=\"tickets\" value=\"").unwrap_or_else(|| panic!("{}", preview.text));
    rest.split_once('"').unwrap().0.to_owned()
}

async fn confirm(browser: &mut Browser, preview: &Answer, reason: &str) -> Answer {
    let tickets = chosen(preview);
    browser.submit(preview, "/privacy/erase", &[("tickets", &tickets), ("reason", reason)]).await
}

/// Whether only the tombstone is left.
async fn is_erased(place: &Place, id: TicketId) -> Option<String> {
    match place.world.journal(id).await.as_slice() {
        [Entry::Erased { by, .. }] => by.clone(),
        _ => None,
    }
}

#[tokio::test]
async fn a_ticket_is_erased_after_a_preview_with_a_reason_in_the_persons_name() {
    let place = Place::new().await;
    let id = settled(&place).await;
    let entries = place.world.journal(id).await.len();
    let figures = place.world.service.store().figures().await.unwrap();
    let mut browser = place.signed_in(Role::Admin).await;
    let shown = preview(&mut browser, "tickets", &id.to_string()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let page = &shown.text;
    assert!(page.contains("지울 건 1건") && page.contains(&format!("{entries}개")), "{page}");
    // What stays: figures, with amounts as money.
    assert!(
        page.contains("판단: 정책 행 completed_open: 1건") && page.contains("금액: 결제취소: 8,000원"),
        "{page}"
    );
    assert_eq!(is_erased(&place, id).await, None, "a preview changes nothing");
    for reason in ["", " ", "가"] {
        assert_eq!(confirm(&mut browser, &shown, reason).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(is_erased(&place, id).await, None);

    let to = confirm(&mut browser, &shown, "고객 요청").await.to().to_owned();
    assert!(browser.page(&to).await.contains("1건을 지웠습니다"));
    let who = name(Role::Admin);
    assert_eq!(is_erased(&place, id).await.as_deref(), Some(who));
    assert_eq!(place.world.service.store().figures().await.unwrap(), figures, "figures stay");
    let log = place.accesses().await.into_iter().filter(|access| access.act != Some(Act::SignedIn));
    let log: Vec<_> =
        log.map(|access| (access.act.unwrap(), access.ticket_id, access.reason.unwrap())).collect();
    assert_eq!(
        log,
        [
            (Act::PreviewedErasure, None, format!("티켓 {id}")),
            (Act::Erased, Some(id), "고객 요청".to_owned())
        ]
    );
    // Once more there is nothing to erase.
    let again = preview(&mut browser, "tickets", &id.to_string()).await;
    assert!(
        again.text.contains("이미 지웠습니다") && !again.text.contains("/privacy/erase"),
        "{}",
        again.text
    );
}

#[tokio::test]
async fn an_accounts_tickets_are_found_and_those_under_way_stay() {
    let place = Place::with(with_users, gives_up_soon).await;
    let done = settled(&place).await;
    let stuck = place.stuck().await;
    let other = place.world.open(&place.world.story("답이 없는 고객"));
    place.world.until_idle().await;
    let account = place.world.story(PAID).account_id().unwrap().as_str().to_owned();
    let mut browser = place.signed_in(Role::Admin).await;
    let shown = preview(&mut browser, "account", &account).await;
    let page = &shown.text;
    assert!(page.contains("지울 건 1건") && page.contains("아직 끝나지 않은 건입니다"), "{page}");
    assert!(!page.contains(&format!("/tickets/{other}\"")), "{page}");
    assert_eq!(chosen(&shown), done.to_string());
    // A form that names the others as well changes nothing about them.
    let all = format!("{done} {stuck} {other} 999999999");
    let answer =
        browser.submit(&shown, "/privacy/erase", &[("tickets", &all), ("reason", "고객 요청")]).await;
    assert_eq!(answer.to(), format!("/privacy?erased=1&refused={stuck}-{other}-999999999"));
    let page = browser.page(answer.to()).await;
    assert!(page.contains("1건을 지웠습니다") && page.contains(&format!("/tickets/{stuck}\"")), "{page}");
    assert!(is_erased(&place, done).await.is_some());
    assert_eq!(place.world.state(stuck).await, CaseState::Stuck);
    assert_eq!(place.world.state(other).await, CaseState::Waiting);
    let erased: Vec<_> = place.accesses().await;
    let erased = erased.iter().filter(|access| access.act == Some(Act::Erased));
    assert_eq!(erased.map(|access| access.ticket_id).collect::<Vec<_>>(), [Some(done)]);

    let nothing = preview(&mut browser, "account", "acct-9999").await;
    assert!(nothing.text.contains("이 계정이 있는 티켓이 없습니다"), "{}", nothing.text);
    assert_eq!(preview(&mut browser, "tickets", "없음").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_case_that_wakes_between_preview_and_confirmation_stays() {
    let place = Place::new().await;
    let id = settled(&place).await;
    let mut browser = place.signed_in(Role::Admin).await;
    let shown = preview(&mut browser, "tickets", &id.to_string()).await;
    place.world.wake(id, "customer").await;
    let answer = confirm(&mut browser, &shown, "고객 요청").await;
    assert_eq!(answer.to(), format!("/privacy?erased=0&refused={id}"));
    assert_eq!(is_erased(&place, id).await, None);
}

#[tokio::test]
async fn the_page_tells_how_long_data_are_kept_and_when_they_were_last_erased() {
    let place = Place::with(with_users, |settings| settings.retention.days = 400).await;
    let mut browser = place.signed_in(Role::Admin).await;
    let page = browser.page("/privacy").await;
    assert!(
        page.contains("400일") && page.contains("아직 없음") && page.contains("href=\"/access\""),
        "{page}"
    );
    let service = &place.world.service;
    let (ledger, clock) = (service.store().clone(), place.world.clock.clone());
    let (late, retention) = (jiff::SignedDuration::from_mins(10), jiff::SignedDuration::from_hours(24 * 400));
    Maintenance::new(ledger, service.allowance().clone(), clock, late, retention)
        .reported_to(service.status().clone())
        .look()
        .await;
    // 2026-11-20, 14:00 in Seoul.
    let page = browser.page("/privacy").await;
    assert!(page.contains("2026-11-20 14:00") && page.contains("2026-11-20 15:00"), "{page}");
}

#[tokio::test]
async fn nothing_of_it_is_for_other_roles() {
    let place = Place::new().await;
    let id = settled(&place).await;
    for role in [Role::View, Role::Operate, Role::Policy] {
        let mut browser = place.signed_in(role).await;
        let token = browser.get("/").await.form_token();
        for path in ["/privacy/preview", "/privacy/erase"] {
            let fields =
                [("form_token", token.as_str()), ("tickets", &id.to_string()), ("reason", "까닭이 있음")];
            assert_eq!(browser.post(path, &fields).await.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
        assert_eq!(browser.get("/privacy").await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(is_erased(&place, id).await, None);
    assert!(place.acts().await.iter().all(|act| *act == Act::SignedIn));
}
