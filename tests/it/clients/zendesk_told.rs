//! The limits that the account reports are believed: less is sent where it allows less, and people keep their share.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use misread::account::sliding_window::Lane::{Backlog, Fresh};
use misread::ports::{CallError, Helpdesk, Left, RateLimits, SendMode};
use misread::zendesk::ZendeskClient;
use serde_json::json;

use super::stub::{self, Seen, Stub};
use super::{clock, desk_with, key, note, send, ticket_id};

type Headers = Vec<(&'static str, String)>;

/// A Zendesk that sends these headers with every response; the test may change them.
async fn telling(headers: &Arc<Mutex<Headers>>) -> Stub {
    let headers = Arc::clone(headers);
    Stub::start(move |seen: &Seen| {
        let reply = if seen.method == "PUT" {
            let body = json!({"ticket": {"id": 1, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1, "events": []}});
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
    assert_eq!(desk.admit(ticket_id(2), Fresh).await, Ok(SendMode::Single));
    tell(&headers, &[("zendesk-ratelimit-tickets-update", "total=100; remaining=20; resets=40")]);
    write(&desk).await;
    assert_eq!(desk.admit(ticket_id(3), Fresh).await, Err(Duration::from_secs(40)));
    clock.advance(Duration::from_secs(39));
    assert_eq!(desk.admit(ticket_id(3), Fresh).await, Err(Duration::from_secs(1)));
    clock.advance(Duration::from_secs(1));
    assert_eq!(desk.admit(ticket_id(3), Fresh).await, Ok(SendMode::Single));
}

#[tokio::test]
async fn requests_are_left_to_people_and_the_backlog_waits_before_who_has_just_written() {
    let (headers, clock) = (Arc::default(), clock());
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, |_| {}, Arc::clone(&clock));
    let not_yet = |seconds| Err(CallError::NotYet { wait: Duration::from_secs(seconds) });
    let told = |remaining: &'static str| {
        [("ratelimit-limit", "400"), ("ratelimit-remaining", remaining), ("ratelimit-reset", "25")]
    };
    tell(&headers, &told("110"));
    assert_eq!(desk.ticket(ticket_id(1), Backlog).await, Ok(None), "nothing was told yet");
    let before = stub.seen().len();
    assert_eq!(desk.ticket(ticket_id(1), Backlog).await, not_yet(25));
    assert_eq!(stub.seen().len(), before);
    tell(&headers, &told("90"));
    assert_eq!(desk.ticket(ticket_id(2), Fresh).await, Ok(None));
    assert_eq!(desk.ticket(ticket_id(3), Fresh).await, not_yet(25));
    assert_eq!(desk.admit(ticket_id(1), Fresh).await, Ok(SendMode::Single), "what was begun goes on");
    tell(&headers, &told("80"));
    write(&desk).await;
    assert_eq!(desk.admit(ticket_id(1), Fresh).await, Err(Duration::from_secs(25)), "the rest is people's");
    let before = stub.seen().len();
    clock.advance(Duration::from_secs(25));
    tell(&headers, &told("399"));
    let reads = tokio::join!(
        desk.ticket(ticket_id(1), Backlog),
        desk.ticket(ticket_id(2), Backlog),
        desk.ticket(ticket_id(3), Backlog)
    );
    assert_eq!(reads, (Ok(None), Ok(None), Ok(None)), "one finds out, the others follow");
    assert_eq!(stub.seen().len(), before + 3);
    assert_eq!(desk.standing().requests, Some(Left { remaining: 399, total: 400 }));
}

#[tokio::test]
async fn a_crowd_is_sent_together_before_its_requests_are_used_up() {
    // Of 400 requests 80 are people's: 239 left are less than half of ours.
    for (updates, left, mode) in
        [(41, "239", SendMode::Bulk), (40, "239", SendMode::Single), (41, "240", SendMode::Single)]
    {
        let (headers, clock) = (Arc::default(), clock());
        let stub = telling(&headers).await;
        let desk = desk_with(&stub.url, |_| {}, Arc::clone(&clock));
        for number in 1..=updates {
            assert_eq!(desk.admit(ticket_id(number), Backlog).await, Ok(SendMode::Single));
        }
        clock.advance(Duration::from_secs(20));
        let told = [("ratelimit-limit", "400"), ("ratelimit-remaining", left), ("ratelimit-reset", "25")];
        tell(&headers, &told);
        write(&desk).await;
        // Where tickets are read together, this Zendesk does not know how.
        let read = desk.ticket(ticket_id(100), Backlog).await;
        assert_eq!(read.is_ok(), mode == SendMode::Single);
        assert_eq!(desk.admit(ticket_id(100), Backlog).await, Ok(mode), "{updates} updates, {left} left");
    }
}

#[tokio::test]
async fn where_only_the_peoples_updates_are_left_a_ticket_is_sent_together_with_others() {
    let headers = Arc::default();
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, |_| {}, clock());
    tell(&headers, &[("zendesk-ratelimit-tickets-update", "total=100; remaining=20; resets=40")]);
    write(&desk).await;
    assert_eq!(desk.admit(ticket_id(1), Backlog).await, Ok(SendMode::Bulk));
}

#[tokio::test]
async fn a_minute_whose_end_is_not_told_ends_when_it_has_lasted_for_one() {
    let (headers, clock) = (Arc::default(), clock());
    let stub = telling(&headers).await;
    let desk = desk_with(&stub.url, |_| {}, Arc::clone(&clock));
    let not_yet = |seconds| Err(CallError::NotYet { wait: Duration::from_secs(seconds) });
    let left = |remaining| tell(&headers, &[("x-rate-limit", "400"), ("x-rate-limit-remaining", remaining)]);
    left("399");
    write(&desk).await;
    clock.advance(Duration::from_secs(20));
    left("80");
    write(&desk).await;
    assert_eq!(desk.ticket(ticket_id(1), Fresh).await, not_yet(40));
    clock.advance(Duration::from_secs(40));
    left("398");
    assert_eq!(desk.ticket(ticket_id(1), Fresh).await, Ok(None));
    clock.advance(Duration::from_secs(10));
    left("80");
    write(&desk).await;
    assert_eq!(desk.ticket(ticket_id(1), Fresh).await, not_yet(50), "a new minute was seen to begin");
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
    assert!(ways.iter().take(8).all(|way| *way == Some(SendMode::Single)), "{ways:?}");
    assert_eq!(ways.last(), Some(&Some(SendMode::Bulk)));
    assert!(desk.writes_together() && desk.standing().together);
    clock.advance(Duration::from_secs(50));
    assert_eq!(desk.admit(ticket_id(98), Fresh).await, Ok(SendMode::Bulk), "there is no room for it alone");
    clock.advance(Duration::from_secs(10));
    assert_eq!(desk.admit(ticket_id(99), Fresh).await, Ok(SendMode::Single));
    assert!(!desk.writes_together(), "a minute went by with hardly anybody");
}
