//! Who may open what: every role against every address.

use misread::console::{Address, Need};
use misread::domain::person::Role;
use reqwest::StatusCode;

use super::{PAID, Place};

/// What each address needs; `None`: no person. A new address is not in it until its role was decided.
const NEEDS: [(&str, &str, Option<Role>); 40] = [
    ("GET", "/assets/console.css", None),
    ("GET", "/assets/htmx.js", None),
    ("GET", "/assets/console.js", None),
    ("GET", "/sign-in", None),
    ("POST", "/sign-in", None),
    ("POST", "/sign-out", Some(Role::View)),
    ("GET", "/", Some(Role::View)),
    ("GET", "/tickets", Some(Role::View)),
    ("GET", "/tickets/{id}", Some(Role::View)),
    ("POST", "/tickets/{id}/open", Some(Role::View)),
    ("POST", "/tickets/{id}/retry", Some(Role::Operate)),
    ("POST", "/tickets/{id}/hand-over", Some(Role::Operate)),
    ("GET", "/tickets.csv", Some(Role::Operate)),
    ("GET", "/bulk", Some(Role::Operate)),
    ("POST", "/bulk", Some(Role::Operate)),
    ("GET", "/stuck", Some(Role::View)),
    ("GET", "/waiting", Some(Role::View)),
    ("GET", "/figures", Some(Role::View)),
    ("GET", "/figures.csv", Some(Role::View)),
    ("GET", "/system", Some(Role::View)),
    ("GET", "/access", Some(Role::Admin)),
    ("GET", "/policy", Some(Role::View)),
    ("GET", "/policy/map", Some(Role::View)),
    ("GET", "/policy/rows/{id}", Some(Role::View)),
    ("GET", "/policy/explain", Some(Role::View)),
    ("GET", "/policy/trial", Some(Role::Operate)),
    ("POST", "/policy/trial", Some(Role::Operate)),
    ("POST", "/policy/trial/file", Some(Role::Operate)),
    ("GET", "/texts", Some(Role::View)),
    ("GET", "/texts/{id}", Some(Role::View)),
    ("GET", "/limits", Some(Role::View)),
    ("GET", "/limits/lift", Some(Role::Policy)),
    ("POST", "/limits/lift", Some(Role::Policy)),
    ("GET", "/privacy", Some(Role::Admin)),
    ("POST", "/privacy/preview", Some(Role::Admin)),
    ("POST", "/privacy/erase", Some(Role::Admin)),
    ("GET", "/practice", Some(Role::Operate)),
    ("POST", "/practice", Some(Role::Operate)),
    ("GET", "/practice/{id}", Some(Role::Operate)),
    ("POST", "/practice/{id}", Some(Role::Operate)),
];

#[test]
fn every_address_has_the_role_that_was_decided_for_it() {
    let all: Vec<_> = Address::ALL
        .into_iter()
        .map(|address| {
            let role = match address.need() {
                Need::Nothing => None,
                Need::Role(role) => Some(role),
            };
            (if address.takes_form() { "POST" } else { "GET" }, address.path(), role)
        })
        .collect();
    assert_eq!(all, NEEDS);
}

#[tokio::test]
async fn each_role_opens_what_it_may_and_nothing_else() {
    let place = Place::with_practice().await;
    let id = place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    for role in Role::ALL {
        for (method, path, need) in NEEDS {
            // Each from a session of its own: signing out is one of them.
            let mut browser = place.signed_in(role).await;
            let path = path.replace("{id}", &id.to_string());
            let answer = if method == "GET" {
                browser.get(&path).await
            } else {
                browser.act(&path, "역할 시험").await
            };
            let is_refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(
                is_refused,
                need.is_some_and(|need| need > role),
                "{role:?} {method} {path}: {}",
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn a_person_who_is_not_signed_in_sees_nothing_and_does_nothing() {
    let place = Place::with_practice().await;
    let id = place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    for (method, path, need) in NEEDS {
        let path = path.replace("{id}", &id.to_string());
        let mut browser = place.browser();
        let answer = if method == "GET" {
            browser.get(&path).await
        } else {
            browser.post(&path, &[("reason", "까닭")]).await
        };
        if need.is_some() {
            assert!(answer.to().starts_with("/sign-in"), "{method} {path}");
            assert_eq!(answer.text, "");
        }
    }
    assert_eq!(place.accesses().await, []);
}

#[tokio::test]
async fn the_menu_names_only_what_the_role_may_open() {
    let place = Place::new().await;
    for role in Role::ALL {
        let page = place.signed_in(role).await.page("/").await;
        for own in ["/access", "/privacy"] {
            assert_eq!(page.contains(&format!("href=\"{own}\"")), role == Role::Admin, "{role:?} {own}");
        }
    }
}
