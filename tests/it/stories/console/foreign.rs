//! What comes from elsewhere: forms of other sites and sessions, and texts of other people.

use misread::domain::person::Role;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;
use reqwest::StatusCode;

use super::{HERE, PAID, Place, gives_up_soon, with_users};

#[tokio::test]
async fn a_form_from_elsewhere_or_from_another_session_does_nothing() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let own = browser.get("/").await.form_token();
    let another = place.signed_in(Role::Admin).await.get("/").await.form_token();
    let origin = place.url.clone();
    let here = [("origin", origin.as_str())];
    for (from, token) in [
        (&[][..], own.as_str()),
        (&[("origin", "https://evil.example")], &own),
        (&[("origin", "null")], &own),
        (&[("origin", &origin), ("sec-fetch-site", "cross-site")], &own),
        (&[("origin", &origin), ("sec-fetch-site", "same-site")], &own),
        (&here, ""),
        (&here, &another),
        (&here, &own[..63]),
    ] {
        for act in ["retry", "hand-over", "open"] {
            let fields = [("form_token", token), ("reason", "까닭이 있음")];
            let answer = browser.post_from(from, &format!("/tickets/{id}/{act}"), &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{act} {from:?} {token}");
        }
        assert_eq!(
            browser.post_from(from, "/sign-out", &[("form_token", token)]).await.status,
            StatusCode::FORBIDDEN
        );
    }
    for from in [&[][..], &[("origin", "https://evil.example")]] {
        let fields = [("name", "운수"), ("password", super::PASSWORD)];
        let answer = place.browser().post_from(from, "/sign-in", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "nor is a person signed in by another site");
    }
    place.world.until_idle().await;
    assert_eq!(place.ordered_by(id).await, Vec::<String>::new());
    assert_eq!(place.log(id).await, []);
    browser.page("/").await;
}

#[tokio::test]
async fn an_act_is_no_page_that_another_site_could_link_to() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    for act in ["retry", "hand-over", "open"] {
        let answer = browser.get(&format!("/tickets/{id}/{act}")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

/// Would run in a text, in a quoted value, in an unquoted one and after a template.
const ATTACK: &str =
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}javascript:alert(3)";

/// Every page, as this person sees it.
async fn all_pages(browser: &mut super::Browser, ticket: misread::domain::ids::TicketId) -> Vec<String> {
    let search = reqwest::Url::parse_with_params("http://x/tickets", [("q", ATTACK)]).unwrap();
    let search = format!("/tickets?{}", search.query().unwrap());
    let mut pages = Vec::new();
    let lot = search.replace("?q=", "?lot=");
    for path in [
        "/",
        "/tickets",
        &search,
        &format!("/tickets/{ticket}"),
        "/stuck",
        "/waiting",
        "/system",
        "/access",
        &lot,
        &format!("{}&state=stuck&what=retry", lot.replace("/tickets", "/bulk")),
        "/figures",
    ] {
        pages.push(browser.page(path).await);
    }
    pages
}

#[tokio::test]
async fn texts_of_customers_and_colleagues_are_shown_and_never_run() {
    let place = Place::with(|deployment| deployment.console_proxies = vec![HERE], |_| {}).await;
    let mut story = place.world.story("답이 없는 고객");
    story.message = format!("{ATTACK} 저는 주차한 적이 없습니다.").into();
    story.plate = Some(ATTACK.to_owned());
    place.world.sandbox.zendesk.alter_user(story.customer.id, |user| user.name = ATTACK.to_owned()).unwrap();
    let id = place.world.open(&story);
    place.world.until_idle().await;
    place.world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["<b>x</b>"])).unwrap();
    place.world.customer_says(id, ATTACK).await;

    let mut browser = place.browser();
    browser.headers =
        vec![("x-forwarded-user", ATTACK.to_owned()), ("x-forwarded-groups", "misread-admin".to_owned())];
    browser.act(&format!("/tickets/{id}/open"), ATTACK).await;
    browser.act(&format!("/tickets/{id}/hand-over"), ATTACK).await;
    place.world.until_idle().await;
    let pages = all_pages(&mut browser, id).await;
    let story = &pages[3];
    assert!(story.matches("&lt;script&gt;alert(1)").count() > 3, "{story}");
    assert!(pages[7].contains("&lt;script&gt;alert(1)"), "{}", pages[7]);
    for page in pages {
        for running in ["<script", "<img", "<b>", "\"javascript:"] {
            assert!(!page.contains(running), "{running}: {page}");
        }
        // The person's own name stands on each page, as they wrote it, and closes no attribute.
        assert!(page.contains("{{ 7*7 }}") && !page.contains("\"'>"), "{page}");
    }
}

#[tokio::test]
async fn what_is_masked_holds_nothing_of_the_customer() {
    let place = Place::new().await;
    let stories = place.world.sandbox.stories.clone();
    let tickets: Vec<_> = stories.iter().map(|story| (story, place.world.open(story))).collect();
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::View).await;
    let mut lists = Vec::new();
    let mut next = Some("/tickets".to_owned());
    while let Some(path) = next {
        let page = browser.page(&path).await;
        let link = page.split_once("\" rel=\"next\"").map(|(before, _)| before.rsplit_once('"').unwrap().1);
        next = link.map(|link| link.replace("&amp;", "&"));
        lists.push(page);
    }
    let mut seen = 0;
    for (story, id) in tickets {
        let page = browser.page(&format!("/tickets/{id}")).await;
        let is_listed = |list: &&String| list.contains(&format!(">{id}</a>"));
        assert_eq!(lists.iter().filter(is_listed).count(), 1, "{id}");
        let plates =
            story.account.iter().flat_map(|account| account.vehicles.iter().map(|one| one.plate.clone()));
        let message: String = story.message.chars().take(12).collect();
        for private in plates.chain(story.plate.clone()).chain([
            story.customer.name.clone(),
            story.customer.email.clone(),
            message,
        ]) {
            if private.trim().is_empty() {
                continue;
            }
            seen += 1;
            for page in lists.iter().chain([&page]) {
                assert!(!page.contains(&private), "{}: {private} in {page}", story.title);
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[tokio::test]
async fn a_number_in_an_address_is_a_tickets_or_nothing() {
    let place = Place::with(with_users, gives_up_soon).await;
    place.world.open(&place.world.story(PAID));
    let mut browser = place.signed_in(Role::Admin).await;
    for path in [
        "/tickets/0",
        "/tickets/-1",
        "/tickets/999999999",
        "/tickets/%3Cscript%3E",
        "/tickets/1/x",
        "/%2e%2e/x",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text.contains("<script"), "{path}");
    }
    for query in ["after=x", "after=1", "after=9223372036854775807-1", "state=<script>", "after=1-1"] {
        let answer = browser.get(&format!("/tickets?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
    }
    browser.page("/access?before=x").await;
}
