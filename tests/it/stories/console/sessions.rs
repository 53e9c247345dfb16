//! Sessions and what they were opened under, and attempts to sign in through a proxy.

use misread::config::{ConsoleUser, Deployment};
use misread::console;
use misread::domain::person::Role;
use reqwest::StatusCode;

use super::{Browser, HERE, PASSWORD, Place, hash, name, with_users};

/// The users in another state: what `change` makes of each.
fn changed(change: impl Fn(&mut Vec<ConsoleUser>)) -> impl FnOnce(&mut Deployment) {
    move |deployment| {
        with_users(deployment);
        change(&mut deployment.console_users);
    }
}

/// Another console on the same ledger, as after a restart with these users.
async fn restarted(place: &Place, change: impl Fn(&mut Vec<ConsoleUser>)) -> Place {
    Place::of(place.world.replica_deployed(changed(change), |_| {}).await).await
}

/// Where a session of the first console leads in the other one.
async fn goes_on(browser: &Browser, other: &Place) -> StatusCode {
    let mut there = other.browser();
    there.cookie.clone_from(&browser.cookie);
    there.get("/tickets").await.status
}

fn user(users: &mut [ConsoleUser], role: Role) -> &mut ConsoleUser {
    users.iter_mut().find(|user| user.name == name(role)).unwrap()
}

async fn sessions(place: &Place) -> usize {
    place.world.service.store().sessions(place.world.now()).await.unwrap().len()
}

#[tokio::test]
async fn a_session_goes_on_after_a_restart_that_changes_nothing_about_its_person() {
    let place = Place::new().await;
    let browser = place.signed_in(Role::View).await;
    let other = restarted(&place, |users| users.retain(|user| user.name != name(Role::Admin))).await;
    assert_eq!(goes_on(&browser, &other).await, StatusCode::OK);
    assert_eq!(sessions(&place).await, 1);
}

#[tokio::test]
async fn a_session_ends_when_the_persons_role_changes() {
    let place = Place::new().await;
    let browser = place.signed_in(Role::View).await;
    for role in [Role::Admin, Role::Operate] {
        let other = restarted(&place, |users| user(users, Role::View).role = role).await;
        assert_eq!(goes_on(&browser, &other).await, StatusCode::SEE_OTHER, "{role:?}");
    }
    assert_eq!(sessions(&place).await, 0, "it has ended for every replica");
    let mut before = place.browser();
    before.cookie.clone_from(&browser.cookie);
    assert_eq!(before.get("/tickets").await.to(), "/sign-in?next=/tickets");
}

#[tokio::test]
async fn a_session_ends_when_the_persons_password_changes() {
    let place = Place::new().await;
    let browser = place.signed_in(Role::Admin).await;
    let another = console::hash(&"another password of this person".into()).unwrap();
    let other = restarted(&place, |users| user(users, Role::Admin).password = another.clone().into()).await;
    assert_eq!(goes_on(&browser, &other).await, StatusCode::SEE_OTHER);
    assert_eq!(sessions(&place).await, 0);
    // The same password with another salt was set anew: that is a change as well.
    let browser = place.signed_in(Role::Admin).await;
    let again = console::hash(&PASSWORD.into()).unwrap();
    assert_ne!(again, hash());
    let other = restarted(&place, |users| user(users, Role::Admin).password = again.clone().into()).await;
    assert_eq!(goes_on(&browser, &other).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_when_the_person_is_no_longer_a_user() {
    let place = Place::new().await;
    let browser = place.signed_in(Role::Policy).await;
    let other = restarted(&place, |users| users.retain(|user| user.name != name(Role::Policy))).await;
    assert_eq!(goes_on(&browser, &other).await, StatusCode::SEE_OTHER);
    assert_eq!(sessions(&place).await, 0);
}

#[tokio::test]
async fn a_seal_of_one_session_is_of_no_use_to_another() {
    let place = Place::new().await;
    let (viewer, admin) = (place.signed_in(Role::View).await, place.signed_in(Role::Admin).await);
    let parts = |browser: &Browser| {
        let (secret, seal) = browser.cookie.as_deref().unwrap().split_once('.').unwrap();
        (secret.to_owned(), seal.to_owned())
    };
    let ((own, _), (_, seal)) = (parts(&viewer), parts(&admin));
    let mut forged = place.browser();
    forged.cookie = Some(format!("{own}.{seal}"));
    assert_eq!(forged.get("/tickets").await.status, StatusCode::SEE_OTHER);
}

/// A browser at this address, as a proxy passes its requests on.
fn at(place: &Place, address: &str) -> Browser {
    let mut browser = place.browser();
    browser.headers = vec![("x-forwarded-for", address.to_owned())];
    browser
}

/// Tries as often as one address may, each time with another name.
async fn try_often(browser: &mut Browser) {
    for number in 0..50 {
        let answer = browser.sign_in(&format!("없는 사람 {number}"), "a wrong password").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{number}");
    }
}

#[tokio::test]
async fn behind_a_listed_proxy_attempts_count_for_the_address_that_it_names() {
    let deploy = |deployment: &mut Deployment| {
        with_users(deployment);
        deployment.console_proxies = vec![HERE];
    };
    let place = Place::with(deploy, |_| {}).await;
    let mut attacker = at(&place, "198.51.100.7");
    try_often(&mut attacker).await;
    let refused = attacker.sign_in(name(Role::View), PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    // What the attacker's own browser puts before the proxy's word changes nothing.
    let mut pretending = at(&place, "203.0.113.5, 198.51.100.7");
    assert_eq!(pretending.sign_in(name(Role::View), PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut other = at(&place, "198.51.100.8");
    assert_eq!(other.sign_in(name(Role::View), PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_forwarded_address_from_anywhere_else_counts_for_nothing() {
    let place = Place::new().await;
    let mut attacker = place.browser();
    for number in 0..50 {
        attacker.headers = vec![("x-forwarded-for", format!("198.51.100.{number}"))];
        attacker.sign_in(&format!("없는 사람 {number}"), "a wrong password").await;
    }
    let mut elsewhere = at(&place, "203.0.113.5");
    assert_eq!(elsewhere.sign_in(name(Role::View), PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}
