//! What the account says of its limits is believed: less is sent where it allows less, and people keep their share.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use misread::domain::quota::Lane::{Backlog, Fresh};
use misread::ports::{Allowance, Desk, Left, Way};
use misread::zendesk::ZendeskClient;
use serde_json::json;

use super::stub::{self, Seen, Stub};
use super::{clock, desk_with, key, note, read, send, ticket_id};

type Headers = Vec<(&'static str, String)>;

/// Zendesk that answers everything with these headers, which the test may change.
async fn telling(headers: &Arc<Mutex<Headers>>) -> Stub {
    let headers = Arc::clone(headers);
    Stub::start(move |seen: &Seen| {
        let reply = if seen.method == "PUT" {
            let body = json!({"ticket": {"id": 1, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1}});
            stub::json(200, body)
        } else {
            stub::json(404, json!({"error": "RecordNotFound", "description": "Not found"}))
        };
        headers.lock().unwrap().iter().fold(reply, |reply, (name, value)| reply.header(name, value.as_str()))
    })
    .await
}

fn tell(headers: &Arc<Mutex<Headers>>, told: &[(&'static str, &str)]) {
    *headers.lock().unwrap() = told.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
}

async fn write(desk: &ZendeskClient) {
    send(desk, &key(1, 1), &note("확인"), "2026-03-02T09:00:00Z").await.unwrap();
}

fn one_by_one(options: &mut misread::zendesk::Options) {
    options.budgets.together = false;
}

#[tokio::test]
async fn an_account_that_allows_less_than_we_set_is_believed() {
    let headers = Arc::default();
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, one_by_one, clock());
    assert_eq!(desk.standing().updates_a_minute, 80);
    for (name, limit, ours) in [
        ("zendesk-ratelimit-tickets-update", "total=20; remaining=19; resets=60", 16),
        ("zendesk-rate-limit-tickets-update", "total=100; remaining=50; resets=60", 80),
        ("zendesk-ratelimit-tickets-update", "total=1000; remaining=900; resets=60", 80),
    ] {
        tell(&headers, &[(name, limit)]);
        write(&desk).await;
        assert_eq!(desk.standing().updates_a_minute, ours, "{limit}");
    }
    assert_eq!(desk.standing().updates, Some(Left { remaining: 900, total: 1000 }));
}

#[tokio::test]
async fn what_is_left_for_people_is_not_taken_until_the_reset() {
    let (headers, clock) = (Arc::default(), clock());
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, one_by_one, Arc::clone(&clock));
    tell(&headers, &[("zendesk-ratelimit-tickets-update", "total=100; remaining=21; resets=40")]);
    write(&desk).await;
    assert_eq!(desk.admit(ticket_id(2), Fresh).await, Ok(Way::Alone));
    tell(&headers, &[("zendesk-ratelimit-tickets-update", "total=100; remaining=20; resets=40")]);
    write(&desk).await;
    assert_eq!(desk.admit(ticket_id(3), Fresh).await, Err(Duration::from_secs(40)));
    clock.advance(Duration::from_secs(39));
    assert_eq!(desk.admit(ticket_id(3), Fresh).await, Err(Duration::from_secs(1)));
    clock.advance(Duration::from_secs(1));
    assert_eq!(desk.admit(ticket_id(3), Fresh).await, Ok(Way::Alone));
}

#[tokio::test]
async fn the_backlog_leaves_requests_to_people_and_who_has_just_written_does_not_wait() {
    let (headers, clock) = (Arc::default(), clock());
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, |_| {}, Arc::clone(&clock));
    assert_eq!(desk.may_read(Backlog), Ok(()));
    let told = [("ratelimit-limit", "400"), ("ratelimit-remaining", "80"), ("ratelimit-reset", "25")];
    tell(&headers, &told);
    read(&desk, 1).await.unwrap();
    assert_eq!(desk.may_read(Backlog), Err(Duration::from_secs(25)));
    assert_eq!(desk.may_read(Fresh), Ok(()));
    let told = [("x-rate-limit", "400"), ("x-rate-limit-remaining", "0"), ("ratelimit-reset", "25")];
    tell(&headers, &told);
    read(&desk, 1).await.unwrap();
    assert_eq!(desk.may_read(Fresh), Err(Duration::from_secs(25)));
    clock.advance(Duration::from_secs(25));
    assert_eq!((desk.may_read(Fresh), desk.may_read(Backlog)), (Ok(()), Ok(())));
    assert_eq!(desk.standing().requests, Some(Left { remaining: 0, total: 400 }));
}

#[tokio::test]
async fn limits_that_make_no_sense_change_nothing() {
    let headers = Arc::default();
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, |_| {}, clock());
    for told in ["", "total=0", "total=x; remaining=1; resets=1", "total=5; remaining=-1; resets=1"] {
        tell(&headers, &[("zendesk-ratelimit-tickets-update", told), ("ratelimit-limit", told)]);
        write(&desk).await;
        let standing = desk.standing();
        assert_eq!((standing.updates_a_minute, standing.updates), (80, None), "{told}");
        assert_eq!(standing.requests, None);
    }
}

#[tokio::test]
async fn a_crowd_is_sent_together_until_it_is_gone() {
    let headers = Arc::default();
    let stub = telling(&headers).await;
    let limit = NonZeroU32::new(8).unwrap();
    let clock = clock();
    let desk = desk_with(&stub.url, |options| options.budgets.updates_per_minute = limit, Arc::clone(&clock));
    let mut ways = Vec::new();
    for ticket in 1..=30 {
        ways.push(desk.admit(ticket_id(ticket), Backlog).await.ok());
    }
    assert!(ways.iter().take(8).all(|way| *way == Some(Way::Alone)), "{ways:?}");
    assert_eq!(ways.last(), Some(&Some(Way::Together)));
    assert!(desk.writes_together() && desk.standing().together);
    clock.advance(Duration::from_secs(50));
    assert_eq!(desk.admit(ticket_id(98), Fresh).await, Ok(Way::Together), "there is no room for it alone");
    clock.advance(Duration::from_secs(10));
    assert_eq!(desk.admit(ticket_id(99), Fresh).await, Ok(Way::Alone));
    assert!(!desk.writes_together(), "a minute went by with hardly anybody");
}
