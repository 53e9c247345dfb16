//! Signing in, sessions and signing out.

use std::time::{Duration, Instant};

use misread::domain::person::Role;
use reqwest::StatusCode;
use reqwest::header::SET_COOKIE;

use super::{Browser, HERE, PASSWORD, Place, name, with_users};

#[tokio::test]
async fn a_password_opens_the_console_until_the_person_signs_out() {
    let place = Place::new().await;
    let mut browser = place.browser();
    assert_eq!(browser.get("/tickets").await.to(), "/sign-in?next=/tickets");
    let answer = browser
        .post("/sign-in", &[("name", name(Role::View)), ("password", PASSWORD), ("next", "/tickets")])
        .await;
    assert_eq!(answer.to(), "/tickets");
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(browser.page("/").await.contains("보라 · 보기"));
    let token = browser.get("/").await.form_token();
    let cookie = browser.cookie.clone();
    assert_eq!(browser.post("/sign-out", &[("form_token", &token)]).await.to(), "/sign-in");
    assert_eq!(browser.cookie, None);
    browser.cookie = cookie;
    assert_eq!(browser.get("/").await.to(), "/sign-in", "the session itself has ended");
}

#[tokio::test]
async fn outside_development_the_cookie_goes_by_https_only() {
    let deploy = |deployment: &mut misread::config::Deployment| {
        with_users(deployment);
        deployment.development = false;
    };
    let answer = Place::with(deploy, |_| {}).await.browser().sign_in(name(Role::View), PASSWORD).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-misread=") && cookie.ends_with("; SameSite=Strict; Secure"),
        "{cookie}"
    );
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_are_answered_alike_and_take_as_long() {
    let place = Place::new().await;
    let mut browser = place.browser();
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..4 {
        let mut texts = Vec::new();
        for (who, fastest) in [name(Role::View), "없는 사람"].into_iter().zip(&mut fastest) {
            let began = Instant::now();
            let answer = browser.sign_in(who, "a wrong password").await;
            *fastest = (*fastest).min(began.elapsed());
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert!(!answer.headers.contains_key(SET_COOKIE));
            assert!(answer.text.contains(who), "what was typed is still there");
            texts.push(answer.text.replace(who, "NAME"));
        }
        assert_eq!(texts[0], texts[1]);
    }
    let [known, unknown] = fastest;
    assert!(unknown * 2 > known, "an unknown name takes {unknown:?}, a known one {known:?}");
    assert!(browser.get("/").await.to().starts_with("/sign-in"));
}

#[tokio::test]
async fn after_too_many_attempts_not_even_the_right_password_is_looked_at_for_a_while() {
    let place = Place::new().await;
    let mut browser = place.browser();
    for _ in 0..10 {
        let answer = browser.sign_in(name(Role::View), "a wrong password").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let answer = browser.sign_in(name(Role::View), PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!answer.headers.contains_key(SET_COOKIE));
    place.signed_in(Role::Operate).await;
    place.world.pass(Duration::from_mins(15));
    assert_eq!(browser.sign_in(name(Role::View), PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_that_another_person_chose_is_never_taken_over() {
    let place = Place::new().await;
    let chosen = format!("misread={}.{}", "a".repeat(64), "b".repeat(64));
    let mut browser = place.browser();
    browser.cookie = Some(chosen.clone());
    browser.sign_in(name(Role::View), PASSWORD).await;
    assert_ne!(browser.cookie.as_ref(), Some(&chosen));
    let mut attacker = place.browser();
    attacker.cookie = Some(chosen);
    assert_eq!(attacker.get("/").await.to(), "/sign-in");

    // A session that was the browser's own before ends with the new one.
    let before = browser.cookie.clone();
    browser.sign_in(name(Role::Admin), PASSWORD).await;
    assert_ne!(browser.cookie, before);
    attacker.cookie = before;
    assert_eq!(attacker.get("/").await.to(), "/sign-in");
    assert!(browser.page("/").await.contains("관우 · 관리"));
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_or_when_it_is_revoked() {
    let place = Place::new().await;
    let (mut one, mut other) = (place.signed_in(Role::View).await, place.signed_in(Role::Operate).await);
    assert_eq!(place.world.service.store().end_sessions_of(name(Role::View)).await.unwrap(), 1);
    assert_eq!(one.get("/").await.to(), "/sign-in");
    other.page("/").await;
    place.world.pass(Duration::from_secs(12 * 3_600 - 1));
    other.page("/").await;
    place.world.pass(Duration::from_secs(1));
    assert_eq!(other.get("/").await.to(), "/sign-in");
}

#[tokio::test]
async fn after_signing_in_no_link_leads_out_of_the_console() {
    let place = Place::new().await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = place.browser();
        let form = browser.page(&format!("/sign-in?next={next}")).await;
        assert!(!form.contains("evil") && !form.contains("alert"), "{form}");
        let fields = [("name", name(Role::View)), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).await.to(), "/");
        assert_eq!(browser.get(&format!("/sign-in?next={next}")).await.to(), "/");
    }
}

#[tokio::test]
async fn the_ledger_holds_neither_a_token_nor_a_password() {
    let place = Place::new().await;
    let browser = place.signed_in(Role::View).await;
    let cookie = browser.cookie.unwrap();
    let (_, token) = cookie.split_once('=').unwrap();
    for file in place.world.ledger_files() {
        for secret in [token, PASSWORD] {
            assert!(!file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
        }
    }
}

/// A browser behind a proxy that names this person and these groups.
fn behind_proxy(place: &Place, user: &str, groups: &str) -> Browser {
    let mut browser = place.browser();
    browser.headers = vec![("x-forwarded-user", user.to_owned()), ("x-forwarded-groups", groups.to_owned())];
    browser
}

#[tokio::test]
async fn a_trusted_proxy_signs_people_in_with_the_roles_of_their_groups() {
    let place = Place::with(|deployment| deployment.console_proxies = vec![HERE], |_| {}).await;
    let mut browser = behind_proxy(&place, "minji@example.com", "staff, misread-operate");
    assert!(browser.page("/").await.contains("minji@example.com · 운영"));
    assert!(browser.page("/tickets").await.contains("minji@example.com · 운영"));
    let sessions = place.world.service.store().sessions(place.world.now()).await.unwrap();
    assert_eq!(sessions.len(), 1, "one for all pages");

    // The cookie alone signs no one in, and another name gets a session of its own.
    let cookie = browser.cookie.clone();
    let mut alone = place.browser();
    alone.cookie.clone_from(&cookie);
    assert_eq!(alone.get("/").await.to(), "/sign-in");
    let mut other = behind_proxy(&place, "seojun@example.com", "misread-view");
    other.cookie.clone_from(&cookie);
    assert!(other.page("/").await.contains("seojun@example.com · 보기"));
    assert_ne!(other.cookie, cookie);

    for groups in ["", "staff", "misread-root"] {
        let answer = behind_proxy(&place, "dohyun@example.com", groups).get("/").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{groups}");
    }
    browser.headers.push(("x-forwarded-user", "admin@example.com".to_owned()));
    assert_eq!(browser.get("/").await.status, StatusCode::FORBIDDEN, "one of two is the browser's own");
}

#[tokio::test]
async fn a_header_from_any_other_address_is_ignored() {
    let deploy = |deployment: &mut misread::config::Deployment| {
        with_users(deployment);
        deployment.console_proxies = vec!["192.0.2.1".parse().unwrap()];
    };
    let place = Place::with(deploy, |_| {}).await;
    let mut forged = behind_proxy(&place, "관우", "misread-admin");
    assert_eq!(forged.get("/").await.to(), "/sign-in");
    forged.sign_in(name(Role::View), PASSWORD).await;
    assert!(forged.page("/").await.contains("보라 · 보기"));
    assert_eq!(forged.get("/access").await.status, StatusCode::FORBIDDEN);
}
