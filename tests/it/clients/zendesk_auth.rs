//! The access token: requested once, shared, renewed in time, and dropped when it is refused.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use misread::ports::CallError;
use misread::zendesk::{Credentials, ZendeskClient};
use serde_json::{Value, json};

use super::stub::{self, Reply, Seen, Stub, failure, html};
use super::{clock, desk_with, key, note, read, send};
use crate::clock::ManualClock;

/// A Zendesk that issues numbered tokens and accepts only the latest one.
#[derive(Default)]
struct Tokens {
    issued: AtomicU32,
    answer: Mutex<Option<Reply>>,
    extra: Mutex<Option<Value>>,
    revoked: AtomicU32,
}

impl Tokens {
    fn reply(&self, seen: &Seen) -> Reply {
        if seen.target == "/oauth/tokens" {
            if let Some(reply) = self.answer.lock().unwrap().clone() {
                return reply;
            }
            let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
            let mut token =
                json!({"access_token": format!("token-{number}"), "token_type": "bearer", "scope": "read"});
            if let Some(expires_in) = &*self.extra.lock().unwrap() {
                token["expires_in"] = expires_in.clone();
            }
            return stub::json(201, token);
        }
        let latest = self.issued.load(Ordering::SeqCst);
        let valid = latest > self.revoked.load(Ordering::SeqCst);
        if valid && seen.header("authorization") == format!("Bearer token-{latest}") {
            stub::json(404, json!({"error": "RecordNotFound", "description": "Not found"}))
        } else {
            stub::json(401, json!({"error": "invalid_token", "error_description": "expired, revoked"}))
        }
    }

    fn revoke(&self) {
        self.revoked.store(self.issued.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

struct Account {
    tokens: Arc<Tokens>,
    clock: Arc<ManualClock>,
    stub: Stub,
    desk: ZendeskClient,
}

async fn account() -> Account {
    let tokens = Arc::new(Tokens::default());
    let shared = Arc::clone(&tokens);
    let stub = Stub::start(move |seen| shared.reply(seen)).await;
    let clock = clock();
    let credentials = Credentials::OAuth {
        client_id: "misread".to_owned(),
        client_secret: "s3cret".into(),
        scope: "tickets:write read".to_owned(),
        expires_in: Duration::from_mins(30),
    };
    let desk = desk_with(&stub.url, |options| options.credentials = credentials, Arc::clone(&clock));
    Account { tokens, clock, stub, desk }
}

impl Account {
    /// Sends any authorised request; the ticket does not exist.
    async fn call(&self) -> Result<(), CallError> {
        read(&self.desk, 5).await.map(|ticket| assert!(ticket.is_none()))
    }

    fn token_requests(&self) -> usize {
        self.stub.seen().iter().filter(|seen| seen.target == "/oauth/tokens").count()
    }
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_used_until_it_nears_its_end() {
    let account = account().await;
    account.call().await.unwrap();
    account.clock.advance(Duration::from_mins(23));
    account.call().await.unwrap();
    assert_eq!(account.token_requests(), 1);
    let request = &account.stub.seen()[0];
    assert_eq!(
        request.body,
        json!({"grant_type": "client_credentials", "client_id": "misread", "client_secret": "s3cret",
            "scope": "tickets:write read", "expires_in": 1800})
    );
    assert_eq!(request.header("authorization"), "");
    account.clock.advance(Duration::from_mins(1));
    account.call().await.unwrap();
    assert_eq!(account.token_requests(), 2);
    assert_eq!(account.stub.seen().last().unwrap().header("authorization"), "Bearer token-2");
}

#[tokio::test]
async fn the_life_that_zendesk_names_counts_more_than_the_one_asked_for() {
    for (named, requests) in [(json!(600), 2), (json!(null), 1), (json!(7200), 1)] {
        let account = account().await;
        *account.tokens.extra.lock().unwrap() = Some(named.clone());
        account.call().await.unwrap();
        account.clock.advance(Duration::from_mins(8));
        account.call().await.unwrap();
        assert_eq!(account.token_requests(), requests, "{named}");
    }
}

#[tokio::test]
async fn many_callers_at_once_share_one_request_for_a_token() {
    let account = account().await;
    let calls = [(); 4].map(|()| account.call());
    let [a, b, c, d] = calls;
    assert_eq!(tokio::join!(a, b, c, d), (Ok(()), Ok(()), Ok(()), Ok(())));
    assert_eq!(account.token_requests(), 1);
    account.tokens.revoke();
    let [a, b, c, d] = [(); 4].map(|()| account.call());
    assert_eq!(tokio::join!(a, b, c, d), (Ok(()), Ok(()), Ok(()), Ok(())));
    assert_eq!(account.token_requests(), 2, "refused to all, renewed once");
}

#[tokio::test]
async fn callers_who_waited_for_a_failed_request_do_not_repeat_it() {
    let account = account().await;
    *account.tokens.answer.lock().unwrap() = Some(html(503));
    let [a, b, c, d] = [(); 4].map(|()| account.call());
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    for result in [a, b, c, d] {
        assert_eq!(failure(result), ("retry", "no access token: POST /oauth/tokens: 503".to_owned()));
    }
    assert_eq!(account.token_requests(), 1);
    *account.tokens.answer.lock().unwrap() = None;
    account.call().await.unwrap();
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_call_repeated_once() {
    let account = account().await;
    account.call().await.unwrap();
    account.tokens.revoke();
    account.call().await.unwrap();
    let expected = ["token-1", "token-1", "token-2"].map(|token| format!("Bearer {token}"));
    let used: Vec<_> =
        account.stub.seen().iter().map(|seen| seen.header("authorization").to_owned()).collect();
    assert_eq!(used.iter().filter(|header| !header.is_empty()).cloned().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn an_account_that_refuses_every_token_is_asked_twice_and_the_write_can_be_tried_again() {
    let account = account().await;
    account.tokens.revoked.store(u32::MAX, Ordering::SeqCst);
    let update = note("확인");
    let written = send(&account.desk, &key(5, 1), &update, "2026-03-02T09:00:00Z").await;
    assert_eq!(failure(written), ("retry", "PUT /api/v2/tickets/{id}: 401 invalid_token".to_owned()));
    assert_eq!(account.stub.seen().len(), 4, "token, PUT, token, PUT");
}

#[tokio::test]
async fn refused_client_credentials_are_an_operators_to_mend_and_lose_no_ticket() {
    for (reply, reason) in [
        (
            stub::json(401, json!({"error": "invalid_client"})),
            "no access token: POST /oauth/tokens: 401 invalid_client",
        ),
        (
            stub::json(400, json!({"error": "invalid_scope"})),
            "no access token: POST /oauth/tokens: 400 invalid_scope",
        ),
    ] {
        let account = account().await;
        *account.tokens.answer.lock().unwrap() = Some(reply);
        assert_eq!(failure(account.call().await), ("retry", reason.to_owned()));
    }
    for body in ["{}", r#"{"access_token":"line\nbreak"}"#, r#"{"access_token":7}"#, "<html>"] {
        let account = account().await;
        *account.tokens.answer.lock().unwrap() = Some(stub::json(201, body));
        assert_eq!(failure(account.call().await).0, "retry", "{body}");
    }
}

#[tokio::test]
async fn a_failed_early_renewal_leaves_the_good_token_in_use() {
    let account = account().await;
    account.call().await.unwrap();
    *account.tokens.answer.lock().unwrap() = Some(html(503));
    account.clock.advance(Duration::from_mins(25));
    account.call().await.unwrap();
    account.call().await.unwrap();
    assert_eq!(account.token_requests(), 2, "the next attempt waits a little");
    account.clock.advance(Duration::from_secs(30));
    account.call().await.unwrap();
    assert_eq!(account.token_requests(), 3);
    account.clock.advance(Duration::from_mins(5));
    assert_eq!(failure(account.call().await).0, "retry");
}

#[tokio::test]
async fn a_refused_api_token_is_not_repeated() {
    let stub = Stub::always(stub::json(401, json!({"error": "Couldn't authenticate you"}))).await;
    let result = read(&super::desk(&stub.url), 5).await;
    assert_eq!(failure(result), ("retry", "GET /api/v2/tickets/{id}: 401".to_owned()));
    assert_eq!(stub.seen().len(), 1);
}

#[tokio::test]
async fn secrets_do_not_show_in_debug_output() {
    let account = account().await;
    account.call().await.unwrap();
    let fixed = super::desk(&account.stub.url);
    let parking = super::parking_client(&account.stub.url);
    let shown = format!("{:?} {fixed:?} {parking:?}", account.desk);
    for secret in ["s3cret", "token-1", "t0ken", "Ym90"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
