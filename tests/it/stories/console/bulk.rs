//! One order for all tickets of a filter.

use std::time::Duration;

use misread::domain::case::{Ending, Entry, Order, OrderKind};
use misread::domain::ids::TicketId;
use misread::domain::person::Role;
use misread::ports::{Act, CaseState};
use reqwest::StatusCode;

use super::lists::listed;
use super::{Browser, PAID, Place, connected, gives_up_soon, name};

/// The address of a link with this text.
fn link(page: &str, text: &str) -> String {
    let (before, _) = page.split_once(&format!("\">{text}")).unwrap_or_else(|| panic!("{text}: {page}"));
    before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&")
}

/// The fields of the page's form for all, filled in.
fn filled<'a>(page: &'a str, reason: &'a str) -> Vec<(&'a str, &'a str)> {
    let (_, form) = page.split_once("action=\"/bulk\"").expect("no form");
    let mut fields = vec![("reason", reason)];
    if form.contains("name=\"confirmed\"") {
        fields.push(("confirmed", "yes"));
    }
    for input in form.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = input.split_once("\" value=\"").unwrap();
        fields.push((name, rest.split_once('"').unwrap().0));
    }
    fields
}

async fn orders(place: &Place, id: TicketId) -> Vec<Order> {
    let entries = place.world.journal(id).await.into_iter();
    let orders = entries.filter_map(|entry| match entry {
        Entry::Ordered { order, .. } => Some(order),
        _ => None,
    });
    orders.collect()
}

async fn send(browser: &mut Browser, fields: &[(&str, &str)]) -> super::Answer {
    browser.post("/bulk", fields).await
}

#[tokio::test]
async fn a_group_of_stuck_tickets_is_tried_again_and_no_other() {
    for place in Place::on_each(gives_up_soon).await {
        let group = place.stuck_for(503, 3).await;
        let others = place.stuck_for(500, 2).await;
        let mut browser = place.signed_in(Role::Operate).await;
        let page = browser.page("/stuck").await;
        assert!(page.contains("모두 5건") && page.contains("3건 · 가장 오래된 건"), "{page}");
        let tickets = link(&page, "이 까닭의 티켓 보기");
        let found = listed(&browser.page(&tickets).await);
        assert_eq!(found.len(), 3, "the largest group first");
        assert!(group.iter().all(|id| found.contains(&id.to_string())), "{found:?}");

        let preview = browser.page(&link(&page, "모두 다시 시도하기")).await;
        assert!(preview.contains("<dd>3건</dd>") && preview.contains("503"), "{preview}");
        assert_eq!(listed(&preview), found);
        let fields = filled(&preview, "주차 시스템이 돌아왔습니다");
        assert!(preview.contains("<button>3건 다시 시도하기</button>"), "{preview}");
        assert!(
            !fields.iter().any(|(name, _)| *name == "confirmed"),
            "preview and button confirm: {preview}"
        );
        let answer = send(&mut browser, &fields).await;
        let to = answer.to().to_owned();
        assert!(browser.page(&to).await.contains("3건에 다시 시도하도록 지시했습니다"), "{to}");
        place.world.until_idle().await;
        let reason = Some("주차 시스템이 돌아왔습니다".to_owned());
        let order = Order { what: OrderKind::Retry, by: name(Role::Operate).to_owned(), reason };
        for id in &group {
            assert_eq!(orders(&place, *id).await, std::slice::from_ref(&order));
            assert_eq!(place.world.state(*id).await, CaseState::Ended);
        }
        for id in &others {
            assert_eq!(orders(&place, *id).await, []);
            assert_eq!(place.world.state(*id).await, CaseState::Stuck);
        }
        let log = place.accesses().await;
        let acts: Vec<_> = log.iter().filter(|access| access.act == Some(Act::RetriedAll)).collect();
        let [act] = acts[..] else { panic!("{acts:?}") };
        let reason = act.reason.as_deref().unwrap();
        assert!(
            reason.starts_with("주차 시스템이 돌아왔습니다 · 상태 막힘") && reason.ends_with("3건"),
            "{reason}"
        );
        let own = browser.page(&format!("/tickets/{}", group[0])).await;
        assert!(own.contains("다시 시도 (주차 시스템이 돌아왔습니다)"), "{own}");
        // Sent once more, it finds nothing left.
        let answer = send(&mut browser, &fields).await;
        assert!(answer.to().contains("ordered=0"), "{}", answer.to());
    }
}

#[tokio::test]
async fn all_tickets_of_a_filter_are_handed_over() {
    let place = Place::with(super::with_users, gives_up_soon).await;
    let waiting = place.world.open(&place.world.story("답이 없는 고객"));
    let settled = place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::Policy).await;
    let page = browser.page("/tickets?state=waiting").await;
    assert!(!page.contains("모두 다시 시도하기"), "what waits goes on by itself");
    let preview = browser.page(&link(&page, "모두 사람에게 넘기기")).await;
    let answer = send(&mut browser, &filled(&preview, "명절 전에 사람이 봅니다")).await;
    assert!(answer.to().contains("done=hand-over&ordered=1&left=0&more=0"), "{}", answer.to());
    place.world.until_idle().await;
    assert_eq!(place.world.ending(waiting).await, Ending::HandedOver);
    assert_eq!(place.world.ending(settled).await, Ending::Settled);
}

#[tokio::test]
async fn an_order_for_all_needs_a_reason_a_confirmation_and_a_state() {
    let place = Place::with(super::with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let preview = browser.page("/bulk?state=stuck&what=hand-over").await;
    for (field, value) in [
        ("reason", " "),
        ("confirmed", ""),
        ("as_of", ""),
        ("state", ""),
        ("state", "ended"),
        ("what", ""),
        ("form_token", ""),
    ] {
        let mut fields = filled(&preview, "사람이 봅니다");
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let answer = send(&mut browser, &fields).await;
        assert!(answer.status.is_client_error(), "{field}: {}", answer.status);
    }
    for query in
        ["what=retry", "state=ended&what=retry", "state=waiting&what=retry", "state=stuck&what=erase"]
    {
        assert!(browser.get(&format!("/bulk?{query}")).await.status.is_client_error(), "{query}");
    }
    let foreign = [("origin", "https://evil.example")];
    let fields = filled(&preview, "사람이 봅니다");
    assert_eq!(browser.post_from(&foreign, "/bulk", &fields).await.status, StatusCode::FORBIDDEN);
    place.world.until_idle().await;
    assert_eq!(orders(&place, id).await, []);
}

#[tokio::test]
async fn what_came_after_the_preview_is_left_out() {
    let place = Place::with(super::with_users, gives_up_soon).await;
    let seen = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let preview = browser.page("/bulk?state=stuck&what=hand-over").await;
    place.world.pass(Duration::from_mins(5));
    let later = place.stuck().await;
    let answer = send(&mut browser, &filled(&preview, "사람이 봅니다")).await;
    assert!(answer.to().contains("ordered=1&left=1"), "{}", answer.to());
    let page = browser.page(answer.to()).await;
    assert!(page.contains("1건은 그사이 상태가 바뀌어"), "{page}");
    place.world.until_idle().await;
    assert_eq!((orders(&place, seen).await.len(), orders(&place, later).await.len()), (1, 0));
}

#[tokio::test]
async fn one_run_is_bounded_and_says_so() {
    let place = Place::with(super::with_users, gives_up_soon).await;
    let ids = place.stuck_for(503, 103).await;
    let mut browser = place.signed_in(Role::Operate).await;
    let preview = browser.page("/bulk?state=stuck&what=hand-over").await;
    assert!(preview.contains("<dd>100건</dd>") && preview.contains("한 번에 100건까지만"), "{preview}");
    let answer = send(&mut browser, &filled(&preview, "사람이 봅니다")).await;
    let page = browser.page(answer.to()).await;
    assert!(
        page.contains("100건에 일반 상담으로 이관하도록") && page.contains("한 번에 100건까지"),
        "{page}"
    );
    let mut ordered = 0;
    for id in ids {
        ordered += place.world.service.store().load(id).await.unwrap().deliveries.len();
    }
    assert_eq!(ordered, 100);
}

#[tokio::test]
async fn a_run_that_fails_in_the_middle_says_how_many_were_ordered() {
    let place = Place::with(super::with_users, gives_up_soon).await;
    let ids = place.stuck_for(503, 50).await;
    let mut browser = place.signed_in(Role::Operate).await;
    let preview = browser.page("/bulk?state=stuck&what=hand-over").await;
    let mut ledger = connected(&place).await;
    let full = "CREATE TRIGGER full BEFORE INSERT ON deliveries
        WHEN (SELECT count(*) FROM deliveries WHERE ordered_by IS NOT NULL) >= 40
        BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::raw_sql(full).execute(&mut ledger).await.unwrap();
    let answer = send(&mut browser, &filled(&preview, "사람이 봅니다")).await;
    assert!(answer.to().contains("ordered=40&left=0&more=0&failed=10"), "{}", answer.to());
    let page = browser.page(answer.to()).await;
    assert!(page.contains("40건에 일반 상담으로 이관하도록 지시했습니다"), "{page}");
    assert!(page.contains("10건은 원장에 저장하지 못해"), "{page}");

    let log = place.accesses().await.into_iter().filter(|access| access.act == Some(Act::HandedOverAll));
    let told: Vec<String> = log.map(|access| access.reason.unwrap()).collect();
    let [asked, done] = &told[..] else { panic!("{told:?}") };
    assert!(asked.starts_with("사람이 봅니다 · 상태 막힘") && asked.ends_with("지시할 50건"), "{asked}");
    assert_eq!(*done, format!("{asked} 가운데 40건에 지시하고 멈춤"));

    sqlx::raw_sql("DROP TRIGGER full").execute(&mut ledger).await.unwrap();
    place.world.until_idle().await;
    let mut ordered = 0;
    for id in ids {
        ordered += orders(&place, id).await.len();
    }
    assert_eq!(ordered, 40);
    // Once more, for those that are left.
    let preview = browser.page("/bulk?state=stuck&what=hand-over").await;
    let answer = send(&mut browser, &filled(&preview, "사람이 봅니다")).await;
    assert!(answer.to().contains("ordered=10&left=0&more=0&failed=0"), "{}", answer.to());
}
