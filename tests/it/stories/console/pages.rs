//! What the pages show.

use std::time::Duration;

use misread::domain::person::Role;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::testbed::sandbox::{CLIENT_SECRET, PARKING_TOKEN, WEBHOOK_SECRET};
use reqwest::{Method, StatusCode};

use super::{PAID, PASSWORD, Place, gives_up_soon, hash, with_users};

#[tokio::test]
async fn every_answer_forbids_foreign_scripts_frames_copies_and_referrers() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::Admin).await;
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/access"),
        (Method::GET, "/tickets.csv"),
        (Method::GET, "/bulk?state=stuck&what=retry"),
        (Method::GET, "/figures"),
        (Method::GET, "/sign-in"),
        (Method::GET, "/assets/console.css"),
        (Method::GET, "/assets/htmx.js"),
        (Method::GET, "/assets/console.js"),
        (Method::GET, "/nowhere"),
        (Method::GET, "/tickets/999999999"),
        (Method::DELETE, "/"),
        (Method::POST, "/sign-in"),
    ] {
        let answer = browser.send(method.clone(), path, &[], String::new()).await;
        let header =
            |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "{method} {path}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{method} {path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{method} {path}");
        assert_eq!(header("cache-control"), "no-store", "{method} {path}");
        if header("content-type").starts_with("text/javascript") {
            continue;
        }
        for inline in ["<script", "style=", " onclick", "javascript:"] {
            assert!(!answer.text.contains(inline), "{method} {path}: {inline}");
        }
    }
}

#[tokio::test]
async fn the_first_page_counts_what_waits_for_whom_and_what_was_done() {
    let place = Place::with(with_users, gives_up_soon).await;
    let mut browser = place.signed_in(Role::View).await;
    let empty = browser.page("/").await;
    assert!(empty.contains("<strong>0</strong> <span>막힘</span>"), "{empty}");
    assert!(empty.contains("끝난 건이 아직 없습니다"), "{empty}");
    for title in [PAID, "답이 없는 고객"] {
        place.world.open(&place.world.story(title));
    }
    place.world.until_idle().await;
    place.stuck().await;
    let page = browser.page("/").await;
    assert!(page.contains("<strong>1</strong> <span>막힘</span>"), "{page}");
    assert!(page.contains("<strong>1</strong> <span>고객을 기다림</span>"), "{page}");
    assert!(page.contains("자동 답변</th><td class=\"figure\">1건</td><td class=\"figure\">0건"), "{page}");
    assert!(page.contains("결제취소</th><td class=\"figure\">8,000원</td>"), "{page}");

    browser = {
        place.world.pass(Duration::from_hours(7 * 24));
        place.signed_in(Role::View).await
    };
    let later = browser.page("/").await;
    assert!(later.contains("자동 답변</th><td class=\"figure\">0건</td><td class=\"figure\">1건"), "{later}");
}

#[tokio::test]
async fn the_first_page_tells_of_another_system_that_is_away() {
    let place = Place::new().await;
    place.world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::View).await;
    assert!(browser.page("/").await.contains("주차 시스템에서 응답이 오지 않습니다"));
    assert!(browser.page("/system").await.contains("응답 없음"));
    let stuck = browser.page("/stuck").await;
    assert!(stuck.contains("503") && stuck.contains("1건"), "{stuck}");
}

#[tokio::test]
async fn tickets_are_listed_page_by_page_each_once_and_found_by_number_and_account() {
    let place = Place::new().await;
    let stories = place.world.sandbox.stories.clone();
    let mut opened: Vec<String> = Vec::new();
    for story in stories.iter().cycle().take(60) {
        opened.push(place.world.open(story).to_string());
        place.world.step().await;
    }
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::View).await;
    let (mut listed, mut next) = (Vec::new(), Some("/tickets".to_owned()));
    while let Some(path) = next {
        let page = browser.page(&path).await;
        let links = page.split("<th scope=\"row\"><a href=\"/tickets/").skip(1);
        listed.extend(links.map(|rest| rest.split_once('"').unwrap().0.to_owned()));
        let link = page.split_once("\" rel=\"next\"").map(|(before, _)| before.rsplit_once('"').unwrap().1);
        next = link.map(|link| link.replace("&amp;", "&"));
    }
    listed.sort_unstable();
    opened.sort_unstable();
    assert_eq!(listed, opened);

    let story = place.world.story(PAID);
    let account = story.account_id().unwrap();
    let found = browser.page(&format!("/tickets?q={}", account.as_str())).await;
    assert!(found.contains("<a href=\"/tickets/"), "{found}");
    let by_number = browser.get(&format!("/tickets?q={}", opened[0])).await;
    assert_eq!(by_number.to(), format!("/tickets/{}", opened[0]));
    assert!(browser.page("/tickets?q=acct-9999").await.contains("번호의 티켓이나 계정의 티켓이 없습니다"));
    let searched = place.accesses().await.into_iter().filter_map(|access| access.reason);
    assert_eq!(searched.collect::<Vec<_>>(), [account.as_str(), &opened[0], "acct-9999"]);
}

#[tokio::test]
async fn what_waits_stands_in_the_lane_of_whom_it_waits_for() {
    let place = Place::new().await;
    let id = place.world.open(&place.world.story("답이 없는 고객"));
    place.world.until_idle().await;
    let page = place.signed_in(Role::View).await.page("/waiting").await;
    let (_, lane) = page.split_once("id=\"customers\"").unwrap();
    let (lane, _) = lane.split_once("</section>").unwrap();
    assert!(lane.contains(&format!("/tickets/{id}\"")) && lane.contains("1건"), "{lane}");
    assert_eq!(page.matches(&format!("/tickets/{id}\"")).count(), 1);
}

#[tokio::test]
async fn no_page_holds_a_secret() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Admin).await;
    let cookie = browser.cookie.clone().unwrap();
    let (token, seal) = cookie.split_once('=').unwrap().1.split_once('.').unwrap();
    let sessions = place.world.service.store().sessions(place.world.now()).await.unwrap();
    let session = sessions[0].token_hash.as_str();
    for path in [
        "/",
        "/tickets",
        &format!("/tickets/{id}"),
        "/tickets.csv",
        "/bulk?state=stuck&what=retry",
        "/stuck",
        "/waiting",
        "/figures",
        "/figures.csv",
        "/system",
        "/access",
        "/sign-in",
    ]
    .into_iter()
    .chain(["/policy", "/policy/map", "/policy/explain", "/texts", "/limits", "/privacy"])
    {
        let answer = browser.get(path).await;
        assert!([StatusCode::OK, StatusCode::SEE_OTHER].contains(&answer.status), "{path}");
        let secrets = [PASSWORD, hash(), token, seal, session, WEBHOOK_SECRET, PARKING_TOKEN, CLIENT_SECRET];
        for secret in secrets.into_iter().chain(["$argon2", "Bearer"]) {
            assert!(!answer.text.contains(secret), "{path}: {secret}");
        }
    }
}

#[tokio::test]
async fn pages_are_korean_fit_a_telephone_and_name_where_a_person_is() {
    let place = Place::new().await;
    let page = place.signed_in(Role::Admin).await.page("/tickets").await;
    for part in [
        "<html lang=\"ko\">",
        "width=device-width",
        "<a href=\"/tickets\" aria-current=\"page\">티켓</a>",
        "<h1>티켓</h1>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
