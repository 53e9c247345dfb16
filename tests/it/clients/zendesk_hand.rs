//! What the service's own hand writes no longer, and what is not its own though its user posted it.

use std::time::Duration;

use misread::domain::ticket::{ChangeAuthor, Seen};
use misread::ports::{Clock as _, Helpdesk, Lease, SendMode, TicketWrite};
use serde_json::json;

use super::stub::{self, SERVICE, Stub, failure};
use super::zendesk_ticket::audit;
use super::{clock, desk, desk_with, key, note, ticket_id};

#[tokio::test]
async fn a_write_whose_lease_is_over_is_not_sent() {
    let answer =
        json!({"ticket": {"id": 5, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1, "events": []}});
    let stub = Stub::always(stub::json(200, answer)).await;
    let clock = clock();
    let desk = desk_with(&stub.url, |_| {}, clock.clone());
    let (key, update) = (key(5, 7), note("확인했습니다"));
    let seen = Seen { updated_at: clock.now(), comments: None };
    let lease = Lease::until(clock.now() + Duration::from_mins(1));
    let send = async |way: SendMode| {
        let ticket_id = ticket_id(5);
        desk.update(TicketWrite { ticket_id, key: &key, update: &update, seen, way, lease: &lease }).await
    };
    clock.advance(Duration::from_mins(1));
    for way in [SendMode::Single, SendMode::Bulk] {
        let (kind, text) = failure(send(way).await);
        assert!(kind == "retry" && text.contains("the lease was over"), "{kind}: {text}");
    }
    assert!(stub.seen().is_empty());
    lease.renew(clock.now() + Duration::from_secs(1));
    send(SendMode::Single).await.unwrap();
    assert_eq!(stub.seen().len(), 1);
}

#[tokio::test]
async fn what_another_program_posts_for_the_customer_as_our_user_is_the_customers() {
    const REQUESTER: i64 = 9;
    let words = json!({"type": "Comment", "author_id": REQUESTER, "public": true, "body": "네"});
    let tagged =
        json!({"type": "Change", "field_name": "tags", "previous_value": [], "value": ["misread_done"]});
    for (events, author) in
        [(json!([words]), ChangeAuthor::Requester), (json!([words, tagged]), ChangeAuthor::Service)]
    {
        let audit = audit(1, SERVICE, "api", &json!({}), &events);
        let history = json!({"audits": [audit], "meta": {"has_more": false}});
        let stub = Stub::always(stub::json(200, history)).await;
        let [change] = desk(&stub.url).changes(ticket_id(5), REQUESTER).await.unwrap().try_into().unwrap();
        assert_eq!((change.author, change.said.as_deref()), (author, Some("네")), "{events}");
    }
}

#[tokio::test]
async fn an_update_whose_lease_ends_while_it_waits_for_others_is_in_no_job() {
    let stub = Stub::always(stub::json(200, json!({"job_status": {"id": "a", "status": "queued"}}))).await;
    let clock = clock();
    let desk = desk_with(&stub.url, |_| {}, clock.clone());
    let (ticket_id, key, update) = (ticket_id(5), key(5, 7), note("확인했습니다"));
    let seen = Seen { updated_at: clock.now(), comments: None };
    // A job waits for half a second for more tickets.
    let lease = Lease::until(clock.now() + Duration::from_millis(100));
    let way = SendMode::Bulk;
    let sending = TicketWrite { ticket_id, key: &key, update: &update, seen, way, lease: &lease };
    let (kind, text) = failure(desk.update(sending).await);
    assert!(kind == "retry" && text.contains("the lease was over"), "{kind}: {text}");
    assert_eq!(stub.seen().len(), 0);
}
