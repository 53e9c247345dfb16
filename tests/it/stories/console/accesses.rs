//! Who looked at one ticket, and what one person looked at.

use misread::domain::ids::TicketId;
use misread::domain::person::Role;

use super::{PAID, Place, connected, escaped, name};

/// Names and acts of the log's lines.
fn lines(page: &str) -> Vec<(String, String)> {
    let rows = page.split("<tr><td>").skip(1).map(|row| {
        let cells: Vec<&str> = row.split("</td>").collect();
        let name = cells[1].rsplit_once("\">").unwrap().1.trim_end_matches("</a>");
        (name.to_owned(), cells[2].trim_start_matches("<td>").to_owned())
    });
    rows.collect()
}

async fn two(place: &Place) -> [TicketId; 2] {
    let ids = [PAID, "답이 없는 고객"].map(|title| place.world.open(&place.world.story(title)));
    place.world.until_idle().await;
    ids
}

#[tokio::test]
async fn a_ticket_leads_who_may_read_the_log_to_who_looked_at_it() {
    for place in Place::on_each(|_| {}).await {
        let [id, other] = two(&place).await;
        let mut viewer = place.signed_in(Role::View).await;
        viewer.page(&format!("/tickets/{id}")).await;
        viewer.act(&format!("/tickets/{id}/open"), "고객 전화 문의").await;
        let mut operator = place.signed_in(Role::Operate).await;
        operator.page(&format!("/tickets/{other}")).await;
        let mut admin = place.signed_in(Role::Admin).await;
        let page = admin.page(&format!("/tickets/{id}")).await;
        let (before, _) = page.split_once("\">이 티켓을 누가 보았는지</a>").unwrap();
        let address = before.rsplit_once("href=\"").unwrap().1;
        assert_eq!(address, format!("/access?ticket={id}"));
        let page = admin.page(address).await;
        let line = |role, act: &str| (name(role).to_owned(), act.to_owned());
        assert_eq!(
            lines(&page),
            [
                line(Role::Admin, "티켓을 봄"),
                line(Role::View, "고객 정보를 엶"),
                line(Role::View, "티켓을 봄(고객 정보 가림)")
            ]
        );
        assert!(
            page.contains("고객 전화 문의") && page.contains(&format!("name=\"ticket\" value=\"{id}\"")),
            "{page}"
        );
        let one = admin.page(&format!("/access?ticket={other}&name={}", name(Role::Operate))).await;
        assert_eq!(lines(&one), [line(Role::Operate, "티켓을 봄")]);
        assert!(!page.contains("더 오래된 기록"), "{page}");
        let person = admin.page(&format!("/access?name={}", name(Role::Operate))).await;
        assert_eq!(lines(&person), [line(Role::Operate, "티켓을 봄"), line(Role::Operate, "로그인")]);
        let none = admin.page(&format!("/access?ticket={id}&name={}", name(Role::Operate))).await;
        assert!(lines(&none).is_empty() && none.contains("조건에 맞는 기록이 없습니다"), "{none}");
        for role in [Role::View, Role::Operate, Role::Policy] {
            let page = place.signed_in(role).await.page(&format!("/tickets/{id}")).await;
            assert!(!page.contains("/access") && !page.contains("누가 보았는지"), "{role:?}: {page}");
        }
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_shows_nothing_and_says_why() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::Admin).await;
    let long = "가".repeat(101);
    for (query, told) in [
        ("ticket=x".to_owned(), "숫자로만"),
        ("ticket=-1".to_owned(), "숫자로만"),
        ("ticket=0".to_owned(), "숫자로만"),
        (format!("ticket=1&name={long}"), "100자 이하"),
        ("ticket=%3Cscript%3E".to_owned(), "숫자로만"),
    ] {
        let page = browser.page(&format!("/access?{query}")).await;
        assert!(lines(&page).is_empty() && page.contains("role=\"alert\""), "{query}: {page}");
        assert!(page.contains(told), "{query}: {page}");
    }
    let kept = browser.page("/access?ticket=%3Cscript%3E").await;
    assert!(kept.contains(&format!("name=\"ticket\" value=\"{}\"", escaped("<script>"))), "{kept}");
    assert_eq!(
        lines(&browser.page("/access?ticket=&name=").await).len(),
        1,
        "empty fields leave nothing out"
    );
}

#[tokio::test]
async fn a_look_into_a_long_log_is_bounded_and_says_where_it_ended() {
    let place = Place::new().await;
    let [id, _] = two(&place).await;
    place.signed_in(Role::View).await.page(&format!("/tickets/{id}")).await;
    let mut ledger = connected(&place).await;
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT INTO console_accesses (at, name, act, ticket_id, session)
        SELECT 0, '옛사람', 'looked', 7, 'x' FROM n";
    sqlx::raw_sql(many).execute(&mut ledger).await.unwrap();
    let mut browser = place.signed_in(Role::Admin).await;
    let page = browser.page(&format!("/access?ticket={id}")).await;
    assert!(lines(&page).is_empty() && page.contains("한 번에 기록 100,000건까지 살펴봅니다"), "{page}");
    let (before, _) = page.split_once("\" rel=\"next\">더 오래된 기록에서 이어서 찾기").unwrap();
    let next = before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&");
    let older = browser.page(&next).await;
    assert_eq!(lines(&older).len(), 1, "{older}");
    assert!(!older.contains("살펴봅니다") && !older.contains("rel=\"next\""), "{older}");
    // Without a filter, and where many fit, a page is full at once.
    for query in ["", "?ticket=7", "?name=%EC%98%9B%EC%82%AC%EB%9E%8C"] {
        let page = browser.page(&format!("/access{query}")).await;
        assert!(lines(&page).len() == 100 && page.contains("더 오래된 기록 보기"), "{query}");
    }
}
