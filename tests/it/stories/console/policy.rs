//! The policy's pages: the rows with the last month's figures, the map, one row, and why a row decides.

use std::time::Duration;

use misread::domain::person::Role;
use misread::domain::policy::{Policy, TableName};
use misread::ports::Act;
use reqwest::StatusCode;

use super::{PAID, Place, escaped};

fn shipped() -> Policy {
    Policy::parse(include_str!("../../../../config/policy.toml")).unwrap()
}

/// The table's line of this row, from its id to the next line.
fn line<'a>(page: &'a str, row: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("href=\"/policy/rows/{row}\"")).unwrap_or_else(|| panic!("{row}: {page}"));
    rest.split_once("</tr>").unwrap().0
}

#[tokio::test]
async fn every_row_stands_with_its_sentence_its_trust_its_question_and_how_often_it_decided() {
    let place = Place::new().await;
    for title in [PAID, "답이 없는 고객"] {
        place.world.open(&place.world.story(title));
    }
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::View).await;
    let page = browser.page("/policy").await;
    let policy = shipped();
    assert!(page.contains(policy.hash()));
    for row in policy.rows() {
        let line = line(&page, &row.id);
        assert!(line.contains(&escaped(&row.sentence)), "{}", row.id);
        assert!(row.question.iter().all(|question| line.contains(&escaped(question))), "{}", row.id);
    }
    let paid = line(&page, "completed_open");
    assert!(paid.contains("1건") && paid.contains("자동"), "{paid}");
    assert!(line(&page, "closed_above_cap").contains("0건"));
    let own_word = line(&page, "own_word");
    assert!(own_word.contains("보조") && own_word.contains("결정표에서 셉니다"), "{own_word}");

    // The figures stay for thirty days of Seoul.
    place.world.pass(Duration::from_hours(29 * 24));
    let mut browser = place.signed_in(Role::View).await;
    assert!(line(&browser.page("/policy").await, "completed_open").contains("1건"));
    place.world.pass(Duration::from_hours(24));
    let mut browser = place.signed_in(Role::View).await;
    assert!(line(&browser.page("/policy").await, "completed_open").contains("0건"));
}

#[tokio::test]
async fn money_is_told_of_a_row_that_shares_its_action_with_no_other_row() {
    let place = Place::new().await;
    place.world.open(&place.world.story(PAID));
    let id = place.world.open(&place.world.story("폐점한 주차장 결제 완료"));
    place.world.until_idle().await;
    place.world.customer_says(id, "네").await;
    let policy = shipped();
    let of_coupon = policy.rows().filter(|row| row.then.to_string().contains("쿠폰 지급"));
    assert_eq!(of_coupon.map(|row| row.id.as_str()).collect::<Vec<_>>(), ["completed_closed_coupon"]);
    let page = place.signed_in(Role::View).await.page("/policy").await;
    let coupon = line(&page, "completed_closed_coupon");
    assert!(coupon.contains("1건") && coupon.contains("원</td>"), "{coupon}");
    // A refund belongs to several rows.
    assert!(!line(&page, "completed_open").contains("원</td>"), "{page}");
}

#[tokio::test]
async fn a_row_that_decided_and_is_no_longer_in_the_policy_is_told() {
    let place = Place::new().await;
    place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let text = include_str!("../../../../config/policy.toml").replace("\"completed_open\"", "\"paid_open\"");
    place.world.reload(|files| files.policy = Policy::parse(&text).unwrap());
    let page = place.signed_in(Role::View).await.page("/policy").await;
    assert!(page.contains("지금은 없는 행") && page.contains("/tickets?row=completed_open"), "{page}");
    assert!(line(&page, "paid_open").contains("0건"));
}

#[tokio::test]
async fn the_rows_are_filtered_by_the_values_in_the_address() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    let rows = |page: &str| page.matches("<th scope=\"row\"><a href=\"/policy/rows/").count();
    let all = shipped().rows().count();
    assert_eq!(rows(&browser.page("/policy").await), all);
    let unpaid = browser.page("/policy?status=unpaid&lot=closed").await;
    assert!(
        unpaid.contains("unpaid_closed") && !unpaid.contains("/policy/rows/completed_open\""),
        "{unpaid}"
    );
    assert!(unpaid.contains("<option value=\"unpaid\" selected>") && unpaid.contains("모든 행 보기"));
    assert!(rows(&unpaid) < all);
    // The consultation does not pass on for such a writer.
    let denied = browser.page("/policy?identity=denied").await;
    assert!(!denied.contains("/policy/rows/completed_open\""), "{denied}");
    assert!(denied.contains("해당할 수 있는 행이 없습니다"), "{denied}");
    for ignored in ["/policy?status=paid", "/policy?colour=red", "/policy?status=<script>"] {
        assert_eq!(rows(&browser.page(ignored).await), all, "{ignored}");
    }
}

#[tokio::test]
async fn the_map_names_the_row_of_every_situation() {
    let place = Place::new().await;
    let page = place.signed_in(Role::View).await.page("/policy/map").await;
    assert!(page.contains("상황 450가지") && page.contains("상황 1350가지"), "{page}");
    for row in shipped().rows() {
        assert!(page.contains(&format!("/policy/rows/{}\"", row.id)), "{}", row.id);
    }
    // Each cell says in words what its colour says.
    for (kind, word) in [("settle", "처리"), ("ask", "질문"), ("hand-over", "이관"), ("decide", "결정표로")]
    {
        let cells: Vec<&str> = page.split(&format!("<td class=\"cell {kind}\">")).skip(1).collect();
        assert!(!cells.is_empty(), "{kind}");
        for cell in cells {
            assert!(cell.starts_with(&format!("<strong>{word}</strong>")), "{kind}: {}", &cell[..60]);
        }
    }
}

#[tokio::test]
async fn a_row_has_a_page_with_its_conditions_its_tickets_and_an_example() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    for row in shipped().rows() {
        let page = browser.page(&format!("/policy/rows/{}", row.id)).await;
        assert!(page.contains(&escaped(&row.sentence)) && page.contains(&escaped(&row.source)), "{page}");
        assert!(page.contains(&format!("/tickets?row={}\"", row.id)), "{page}");
        // The example is a situation that this row decides.
        let (_, rest) = page.split_once("href=\"/policy/explain?").unwrap();
        let query = rest.split_once('"').unwrap().0.replace("&amp;", "&");
        let explained = browser.page(&format!("/policy/explain?{query}")).await;
        let (_, decided) = explained.split_once("판단하는 행").unwrap();
        let (decided, _) = decided.split_once("<dl").unwrap();
        assert!(decided.contains(&format!("<code>{}</code>", row.id)), "{}: {decided}", row.id);
    }
    for nothing in ["/policy/rows/nothing", "/policy/rows/%3Cscript%3E", "/policy/rows/"] {
        assert_eq!(browser.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn a_chosen_situation_is_explained_with_the_nearest_other_rows() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    let empty = browser.page("/policy/explain").await;
    assert!(!empty.contains("왜 다른 행이 아닌가"), "{empty}");
    let policy = shipped();
    for table in TableName::ALL {
        for input in policy.inputs(*table) {
            assert!(empty.contains(&format!("<select id=\"of-{0}\" name=\"{0}\">", input.code)), "{input}");
        }
    }
    let page = browser.page("/policy/explain?status=completed&lot=open&operation=partner").await;
    let (_, why) = page.split_once("판단하는 행").unwrap();
    let (fired, near) = why.split_once("왜 다른 행이 아닌가").unwrap();
    let row = policy.row("completed_open").unwrap();
    assert!(fired.contains("completed_open") && fired.contains(&escaped(&row.sentence)), "{fired}");
    assert!(fired.contains("established"), "the row that passed on: {fired}");
    // One input away: the same use, not paid yet.
    assert!(near.contains("픽 상태: 이 행은 미수, 지금은 이용완료(결제완료)"), "{near}");
    assert!(!near.contains("/policy/rows/completed_open\""), "{near}");

    let stopped = browser.page("/policy/explain?use=several&identity=unknown").await;
    let (_, why) = stopped.split_once("판단하는 행").unwrap();
    assert!(!why.contains("픽 상태:"), "the decision table was not asked: {why}");
    let wrong = browser.page("/policy/explain?status=paid").await;
    assert!(wrong.contains("role=\"alert\"") && wrong.contains("값이 아닙니다"), "{wrong}");
    let ambiguous = browser.page("/policy/explain?status=%3Cscript%3E").await;
    assert!(!ambiguous.contains("<script"), "{ambiguous}");
}

#[tokio::test]
async fn every_row_is_explained_as_the_command_explains_it() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    let policy = shipped();
    let pairs =
        [("status", "unpaid"), ("lot", "closed"), ("operation", "direct"), ("progress", "payment_requested")];
    let given = pairs.map(|(input, value)| (input.to_owned(), value.to_owned()));
    let inputs = policy.complete(&given).unwrap();
    let explanation = policy.explain(&inputs).unwrap();
    let query: Vec<String> = pairs.iter().map(|(input, value)| format!("{input}={value}")).collect();
    let page = browser.page(&format!("/policy/explain?{}", query.join("&"))).await;
    assert!(
        page.contains(&escaped(&explanation.row.sentence))
            && page.contains(&escaped(&explanation.decision.reason)),
        "{page}"
    );
    let nearest = explanation.nearest(8);
    assert_eq!(nearest.len(), 8);
    for near in &nearest {
        assert!(page.contains(&escaped(&near.row.sentence)), "{}", near.row.id);
    }
    assert!(nearest.is_sorted_by_key(|near| near.differs.len()));
    assert!(nearest.iter().all(|near| !near.differs.is_empty()));
    assert_eq!(nearest[0].row.table, explanation.row.table, "the same table first");
}

#[tokio::test]
async fn a_ticket_tells_why_its_last_decision_was_made_and_masks_the_evidence() {
    let place = Place::new().await;
    let story = place.world.story(PAID);
    let id = place.world.open(&story);
    place.world.until_idle().await;
    let address = format!("/tickets/{id}");
    let masked = place.signed_in(Role::View).await.page(&address).await;
    let (_, why) = masked.split_once("왜 이 행인가").unwrap();
    assert!(why.contains("completed_open") && why.contains("왜 다른 행이 아닌가"), "{why}");
    assert!(why.contains("픽 상태") && why.contains("이용완료(결제완료)"), "{why}");
    let plates =
        story.account.iter().flat_map(|account| account.vehicles.iter().map(|one| one.plate.clone()));
    for plate in plates {
        assert!(!masked.contains(&plate), "{masked}");
    }
    let open = place.signed_in(Role::Operate).await.page(&address).await;
    let source = |page: &str| page.split_once("왜 이 행인가").unwrap().1.matches("class=\"quiet\"").count();
    assert!(source(&open) > source(&masked), "the evidence stands beside each input");
    assert!(!open.contains("그때와 지금의 정책이 다릅니다"));
    assert_eq!(place.acts().await.iter().filter(|act| **act == Act::Looked).count(), 1);

    // Another policy is in force now, which decides such a case by another row.
    let text = include_str!("../../../../config/policy.toml").replace("\"completed_open\"", "\"paid_open\"");
    place.world.reload(|files| files.policy = Policy::parse(&text).unwrap());
    let later = place.signed_in(Role::View).await.page(&address).await;
    assert!(
        later.contains("그때와 지금의 정책이 다릅니다") && later.contains("다른 행이 판단합니다"),
        "{later}"
    );
}
