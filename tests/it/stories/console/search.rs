//! The field that finds a ticket, on every page.

use misread::domain::person::Role;
use misread::ports::Act;
use reqwest::StatusCode;

use super::lists::listed;
use super::{PAID, Place, connected};

/// The form of the frame.
fn field(page: &str) -> Option<&str> {
    let (_, form) =
        page.split_once("<form class=\"search\" method=\"get\" action=\"/tickets\" role=\"search\">")?;
    form.split_once("</form>").map(|(form, _)| form)
}

#[tokio::test]
async fn every_page_of_a_signed_in_person_has_the_field_once() {
    let place = Place::with_practice().await;
    let id = place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::Admin).await;
    let empty = "name=\"q\" value=\"\"";
    for path in [
        "/",
        "/tickets",
        &format!("/tickets/{id}"),
        "/bulk?state=stuck&what=retry",
        "/stuck",
        "/waiting",
        "/figures",
        "/system",
        "/access",
        "/policy",
        "/policy/map",
        "/policy/explain",
        "/policy/trial",
        "/texts",
        "/limits",
        "/privacy",
        "/practice",
        // Refusals as well.
        "/tickets/999999999",
        "/limits/lift",
    ] {
        let page = browser.get(path).await.text;
        let form = field(&page).unwrap_or_else(|| panic!("{path}: {page}"));
        assert!(
            form.contains("<label for=\"q\">티켓 번호 · 계정 · 차량번호</label>") && form.contains(empty),
            "{path}"
        );
        assert_eq!(
            (page.matches("role=\"search\"").count(), page.matches("id=\"q\"").count()),
            (1, 1),
            "{path}"
        );
    }
    let viewer = place.signed_in(Role::View).await.get("/access").await;
    assert!(viewer.status == StatusCode::FORBIDDEN && field(&viewer.text).is_some(), "{}", viewer.text);
    let stranger = place.browser().get("/sign-in").await;
    assert!(field(&stranger.text).is_none(), "{}", stranger.text);
}

#[tokio::test]
async fn the_number_of_one_ticket_leads_straight_to_it_and_both_are_recorded() {
    for place in Place::on_each(|_| {}).await {
        let id = place.world.open(&place.world.story(PAID));
        place.world.until_idle().await;
        let mut browser = place.signed_in(Role::View).await;
        let to = browser.get(&format!("/tickets?q=%20{id}%20")).await.to().to_owned();
        assert_eq!(to, format!("/tickets/{id}"));
        let masked = browser.page(&to).await;
        assert!(masked.contains("고객 정보 열기"), "finding opens nothing: {masked}");
        let log = place.accesses().await;
        let log: Vec<_> = log.into_iter().map(|one| (one.act.unwrap(), one.ticket_id, one.reason)).collect();
        assert_eq!(
            log[1..],
            [(Act::Searched, None, Some(id.to_string())), (Act::LookedMasked, Some(id), None)]
        );
    }
}

#[tokio::test]
async fn anything_else_is_listed_even_if_it_is_one_ticket() {
    let place = Place::new().await;
    let story = place.world.story(PAID);
    let id = place.world.open(&story);
    place.world.until_idle().await;
    let number_plate = place.world.case(id).await.outline().plate.unwrap();
    let mut browser = place.signed_in(Role::View).await;
    for search in [story.account_id().unwrap().as_str(), &number_plate] {
        let page = browser.page(&format!("/tickets?q={search}")).await;
        assert_eq!(listed(&page), [id.to_string()], "{search}");
        assert!(field(&page).unwrap().contains(&format!("value=\"{search}\"")), "to be corrected: {page}");
    }
    for search in ["999999999".to_owned(), format!("{id}x"), format!("{id}{id}{id}")] {
        let page = browser.page(&format!("/tickets?q={search}")).await;
        assert!(listed(&page).is_empty() && page.contains("티켓이 없습니다"), "{search}: {page}");
        assert!(field(&page).unwrap().contains(&search), "{page}");
    }
    let last: String = number_plate.chars().skip(number_plate.chars().count() - 4).collect();
    let searched = place.accesses().await.into_iter().filter(|one| one.act == Some(Act::Searched));
    let told: Vec<String> = searched.filter_map(|one| one.reason).collect();
    assert_eq!(told.len(), 5);
    assert_eq!(told[1], format!("차량번호 끝자리 {last}"), "no plate outlives its erasure");
}

#[tokio::test]
async fn a_number_that_is_also_an_account_lists_both() {
    let place = Place::new().await;
    let (story, other) = (place.world.story(PAID), place.world.story("답이 없는 고객"));
    let [of_account, id] = [&story, &other].map(|story| place.world.open(story));
    place.world.until_idle().await;
    let mut ledger = connected(&place).await;
    let named = format!("INSERT INTO mentions (ticket_id, account) VALUES ({of_account}, '{id}')");
    sqlx::raw_sql(sqlx::AssertSqlSafe(named)).execute(&mut ledger).await.unwrap();
    let answer = place.signed_in(Role::View).await.get(&format!("/tickets?q={id}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut found = listed(&answer.text);
    found.sort_unstable();
    let mut both = [of_account.to_string(), id.to_string()];
    both.sort_unstable();
    assert_eq!(found, both);
}
