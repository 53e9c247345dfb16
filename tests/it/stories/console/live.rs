//! An open page asks anew: what it gets, what is recorded, and how it ends.

use std::time::Duration;

use misread::app::open_ledger;
use misread::config::Deployment;
use misread::domain::person::Role;
use misread::ports::Act;
use reqwest::{Method, StatusCode};

use super::{Answer, Browser, HERE, PASSWORD, Place, gives_up_soon, name, with_users};

/// The hashes of a page's parts, as an open page sends them.
fn seen_in(page: &str) -> String {
    let hashes = page.split("data-seen=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    hashes.collect::<Vec<_>>().join(" ")
}

/// The numbers of the parts that an answer replaces.
fn replaced(answer: &str) -> Vec<&str> {
    answer
        .split("<hx-partial hx-target=\"#live-")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect()
}

impl Browser {
    /// Asks as an open page that shows these parts.
    async fn ask(&mut self, path: &str, seen: &str) -> Answer {
        self.send(Method::GET, path, &[("x-live", seen)], String::new()).await
    }

    /// Opens a page; the hashes of its parts.
    async fn opened(&mut self, path: &str) -> String {
        seen_in(&self.page(path).await)
    }
}

fn is_own(answer: &Answer) -> bool {
    answer.headers.contains_key("x-live")
}

#[tokio::test]
async fn an_open_page_gets_nothing_until_something_changes_and_then_that_alone() {
    let place = Place::with(with_users, gives_up_soon).await;
    let mut browser = place.signed_in(Role::Operate).await;
    let (today, stuck) = (browser.opened("/").await, browser.opened("/stuck").await);
    for (path, seen) in [("/", &today), ("/stuck", &stuck)] {
        let answer = browser.ask(path, seen).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""), "{path}");
        assert!(is_own(&answer), "{path}");
    }
    let id = place.stuck().await;
    let answer = browser.ask("/stuck", &stuck).await;
    assert_eq!((answer.status, is_own(&answer)), (StatusCode::OK, true));
    assert_eq!(replaced(&answer.text), ["0"]);
    assert!(answer.text.contains(&format!("/tickets/{id}\"")), "{}", answer.text);
    for frame in ["<html", "<nav", "<form", "<h1"] {
        assert!(!answer.text.contains(frame), "{frame}: {}", answer.text);
    }
    let answer = browser.ask("/", &today).await;
    assert!(answer.text.contains("<strong>1</strong> <span>막힘</span>"), "{}", answer.text);
    let parts = replaced(&answer.text);
    assert!(parts.contains(&"0") && !parts.contains(&"1"), "nothing has ended: {parts:?}");

    // What the answer shows is what a page that is opened now shows.
    assert_eq!(seen_in(&browser.ask("/stuck", &stuck).await.text), browser.opened("/stuck").await);
    let now = browser.opened("/").await;
    place.world.pass(Duration::from_mins(1));
    assert_eq!(replaced(&browser.ask("/", &now).await.text), ["2"], "the time that it was made at");
}

#[tokio::test]
async fn every_page_of_what_goes_on_is_live_and_its_forms_are_not() {
    let place = Place::with_practice().await;
    let id = place.world.open(&place.world.story("답이 없는 고객"));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let ledger = open_ledger(&place.world.ledger()).await.unwrap();
    // Other programs write to the disk meanwhile. A page tells its room in tenths of a gigabyte at the finest, unless
    // there is less than one.
    let free = || (ledger.disk().unwrap().free * 10) >> 30;
    for path in [
        "/",
        "/stuck",
        "/waiting",
        "/system",
        "/practice",
        &format!("/tickets/{id}"),
        &format!("/practice/{id}"),
    ] {
        let (page, seen, answer) = loop {
            let before = free();
            let page = browser.page(path).await;
            let seen = seen_in(&page);
            let answer = browser.ask(path, &seen).await;
            if free() == before {
                break (page, seen, answer);
            }
        };
        assert!(!seen.is_empty() && page.contains(&format!("hx-get=\"{path}\"")), "{path}: {page}");
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}: {}", answer.text);
        // In megabytes it would change at every look.
        assert_eq!(page.contains("GB 남음"), path == "/system" && free() >= 10, "{path}: {page}");
        let other = seen.split(' ').map(|_| "x").collect::<Vec<_>>().join(" ");
        let all = browser.ask(path, &other).await;
        assert_eq!(replaced(&all.text).len(), seen.split(' ').count(), "{path}");
        for form in ["<form", "<input", "<textarea"] {
            assert!(!all.text.contains(form), "{path}: {form}");
        }
    }
    for path in ["/tickets", "/policy", "/limits"] {
        let page = browser.page(path).await;
        assert!(!page.contains("hx-get") && !page.contains("htmx"), "{path}: {page}");
        assert_eq!(browser.ask(path, "").await.status, StatusCode::CONFLICT, "{path}");
    }
    // A page of another version has other parts.
    let answer = browser.ask("/stuck", "a b c d").await;
    assert_eq!((answer.status, is_own(&answer)), (StatusCode::CONFLICT, false));
}

#[tokio::test]
async fn a_ticket_that_stays_open_is_recorded_once_and_one_that_was_never_opened_as_well() {
    let place = Place::new().await;
    let id = place.world.open(&place.world.story("답이 없는 고객"));
    place.world.until_idle().await;
    let path = format!("/tickets/{id}");
    let mut browser = place.signed_in(Role::Operate).await;
    let seen = browser.opened(&path).await;
    for _ in 0..3 {
        assert_eq!(browser.ask(&path, &seen).await.status, StatusCode::NO_CONTENT);
    }
    place.world.customer_says(id, "네, 제 차가 맞아요").await;
    assert!(browser.ask(&path, &seen).await.text.contains("제 차가 맞아요"));
    let looks =
        |log: Vec<(String, Act, Option<String>)>| log.into_iter().map(|(_, act, _)| act).collect::<Vec<_>>();
    assert_eq!(looks(place.log(id).await), [Act::Looked]);
    browser.page(&path).await;
    assert_eq!(looks(place.log(id).await).len(), 2, "a person opens it again");

    // The question alone shows the same data: nothing is seen without a line in the log.
    let mut forged = place.signed_in(Role::Admin).await;
    for _ in 0..2 {
        assert!(forged.ask(&path, "x x x x").await.text.contains("제 차가 맞아요"));
    }
    let log = place.log(id).await;
    assert_eq!(log.iter().filter(|(who, ..)| who == name(Role::Admin)).count(), 1, "{log:?}");
}

#[tokio::test]
async fn an_open_page_that_is_masked_shows_more_only_after_a_reason_was_given() {
    let place = Place::new().await;
    let story = place.world.story("답이 없는 고객");
    let id = place.world.open(&story);
    place.world.until_idle().await;
    let path = format!("/tickets/{id}");
    let mut browser = place.signed_in(Role::View).await;
    browser.page(&path).await;
    let asked = browser.ask(&path, "x x x x").await.text;
    assert!(asked.contains("가려져 있습니다.") && !asked.contains(&*story.customer.name), "{asked}");
    browser.act(&format!("{path}/open"), "고객 전화 문의").await;
    for _ in 0..2 {
        assert!(browser.ask(&path, "x x x x").await.text.contains(&*story.customer.name));
    }
    let acts: Vec<Act> = place.log(id).await.into_iter().map(|(_, act, _)| act).collect();
    assert_eq!(acts, [Act::LookedMasked, Act::Opened, Act::Looked]);
}

#[tokio::test]
async fn a_question_prolongs_no_session_and_after_its_end_gets_no_form_to_sign_in() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    let seen = browser.opened("/waiting").await;
    for _ in 0..11 {
        place.world.pass(Duration::from_hours(1));
        assert_eq!(browser.ask("/waiting", &seen).await.status, StatusCode::NO_CONTENT);
    }
    place.world.pass(Duration::from_hours(1));
    let answer = browser.ask("/waiting", &seen).await;
    assert_eq!((answer.status, is_own(&answer)), (StatusCode::UNAUTHORIZED, false));
    assert!(!answer.headers.contains_key("location") && !answer.text.contains("비밀번호"), "{}", answer.text);

    let mut signed_out = place.signed_in(Role::View).await;
    let mut other = place.browser();
    other.cookie.clone_from(&signed_out.cookie);
    let form = signed_out.get("/").await;
    signed_out.submit(&form, "/sign-out", &[]).await;
    assert_eq!(other.ask("/waiting", &seen).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn behind_a_proxy_a_question_begins_no_session() {
    let deploy = |deployment: &mut Deployment| deployment.console_proxies = vec![HERE];
    let place = Place::with(deploy, |_| {}).await;
    let mut browser = place.browser();
    browser.headers =
        vec![("x-forwarded-user", "민지".to_owned()), ("x-forwarded-groups", "misread-view".to_owned())];
    let answer = browser.ask("/waiting", "x").await;
    assert_eq!((answer.status, browser.cookie.as_deref()), (StatusCode::UNAUTHORIZED, None));
    assert_eq!(place.acts().await, []);
    let seen = browser.opened("/waiting").await;
    assert_eq!(browser.ask("/waiting", &seen).await.status, StatusCode::NO_CONTENT);
    place.world.pass(Duration::from_hours(12));
    assert_eq!(browser.ask("/waiting", &seen).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(place.acts().await, [Act::SignedIn]);
}

#[tokio::test]
async fn a_question_needs_the_role_of_its_page() {
    let place = Place::with_practice().await;
    let mut browser = place.signed_in(Role::View).await;
    for path in ["/practice", "/access", "/privacy"] {
        let answer = browser.ask(path, "x").await;
        assert_eq!((answer.status, is_own(&answer)), (StatusCode::FORBIDDEN, false), "{path}");
    }
    assert_eq!(browser.ask("/tickets/999999999", "x x x x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn browsers_keep_style_and_scripts_for_good_under_the_hash_of_their_content_alone() {
    let place = Place::new().await;
    let answer = place.browser().client.get(format!("{}/sign-in", place.url)).send().await.unwrap();
    let page = answer.text().await.unwrap().replace("&#x2f;", "/");
    let mut browser = place.browser();
    for (kind, path) in [("text/css", "/assets/console.css"), ("text/javascript", "/assets/console.js")] {
        let (_, rest) = page.split_once(path).unwrap_or_else(|| panic!("{path}: {page}"));
        let hashed = format!("{path}{}", rest.split_once('"').unwrap().0);
        let kept = browser.get(&hashed).await;
        assert_eq!(kept.headers["cache-control"], "public, max-age=31536000, immutable", "{hashed}");
        assert!(kept.headers["content-type"].to_str().unwrap().starts_with(kind), "{hashed}");
        for other in [path.to_owned(), format!("{path}?v=0000000000000000"), format!("{hashed}0")] {
            let answer = browser.get(&other).await;
            assert_eq!((answer.status, &answer.text), (StatusCode::OK, &kept.text), "{other}");
            assert_eq!(answer.headers["cache-control"], "no-store", "{other}: it may be another replica's");
        }
    }
    assert!(!page.contains("htmx"), "a page without live parts loads no library: {page}");
    assert_eq!(browser.sign_in(name(Role::View), PASSWORD).await.to(), "/");
}
