//! Zendesk's rate limits on a clock that the test advances.

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::RateLimits;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use super::stage::Stage;

#[tokio::test]
async fn updates_are_limited_for_each_ticket_and_for_the_account() {
    let stage = Stage::set().await;
    stage.zendesk.set_rate_limits(RateLimits {
        updates_per_minute: Some(3),
        updates_per_ticket: Some(2),
        ..RateLimits::OFF
    });
    let (first, second) = (stage.plain_ticket(), stage.plain_ticket());
    let update = async |id| {
        let response = stage.put_ticket(id, json!({ "status": "open" })).await;
        let retry_after =
            response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), retry_after)
    };
    assert_eq!(update(first).await, (200, None));
    stage.clock.advance(Duration::from_secs(20));
    assert_eq!(update(first).await, (200, None));
    assert_eq!(update(first).await, (429, Some("580".to_owned())), "two in ten minutes for a ticket");
    assert_eq!(update(second).await, (200, None));
    assert_eq!(update(second).await, (429, Some("40".to_owned())), "three in a minute for the account");
    stage.clock.advance(Duration::from_secs(40));
    assert_eq!(update(second).await, (200, None));

    stage.zendesk.set_rate_limits(RateLimits::OFF);
    assert_eq!(update(first).await, (200, None));
}

#[tokio::test]
async fn all_requests_of_the_account_are_limited() {
    let stage = Stage::set().await;
    stage.zendesk.set_rate_limits(RateLimits { requests_per_minute: Some(2), ..RateLimits::OFF });
    let ask = async || stage.ask_zendesk(Method::GET, "/api/v2/users/me").send().await.unwrap();
    assert_eq!(ask().await.headers()["ratelimit-remaining"], "1");
    assert_eq!(ask().await.headers()["x-rate-limit-remaining"], "0");
    let refused = ask().await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"60".parse().unwrap()));
    stage.clock.advance(Duration::from_mins(1));
    assert_eq!(ask().await.status(), 200);
}

#[tokio::test]
async fn endpoints_have_limits_of_their_own_and_refuse_in_their_own_words() {
    let stage = Stage::set().await;
    stage.zendesk.set_rate_limits(RateLimits {
        requests_per_minute: Some(7),
        calls_per_endpoint: Some(2),
        ..RateLimits::OFF
    });
    let options = format!("/api/v2/ticket_fields/{}/options", ACCOUNT.consultation_type_field);
    let export = "/api/v2/search/export?query=tags:a&filter[type]=ticket";
    let endpoints = [
        (export, "search-export"),
        (&options, "ticket-field-options"),
        ("/api/v2/tickets?page[size]=1", "tickets-index"),
    ];
    let ask = async |path: &str| stage.ask_zendesk(Method::GET, path).send().await.unwrap();
    for (path, name) in endpoints {
        let header = format!("zendesk-ratelimit-{name}");
        for left in [1, 0] {
            let response = ask(path).await;
            assert_eq!(response.status(), 200, "{path}");
            let expected = format!("total=2; remaining={left}; resets=60");
            assert_eq!(response.headers()[header.as_str()], expected);
        }
        let refused = ask(path).await;
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["retry-after"]),
            (429, &"60".parse().unwrap())
        );
        let body: Value = refused.json().await.unwrap();
        let description = body["description"].as_str().unwrap();
        assert!(description.starts_with("Rate limit for ") && body["error"] == "TooManyRequests", "{body}");
    }
    assert_eq!(ask("/api/v2/users/me").await.status(), 200, "what an endpoint refused does not count");
    let body: Value = ask("/api/v2/users/me").await.json().await.unwrap();
    assert_eq!(body["error"], "APIRateLimitExceeded", "the account's own words");
}

#[tokio::test]
async fn a_bulk_update_is_no_update_of_a_ticket() {
    let stage = Stage::set().await;
    stage.zendesk.set_rate_limits(RateLimits { jobs_at_once: None, ..RateLimits::ZENDESK });
    let id = stage.plain_ticket();
    // The limits of endpoints that the response to a request names.
    let of = async |method: Method, path: &str| {
        let request = stage.ask_zendesk(method.clone(), path);
        let change = json!({ "ticket": { "status": "open" }, "tags": ["vip"] });
        let request = if method == Method::GET { request } else { request.json(&change) };
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["x-rate-limit"], "700", "{path}");
        let names =
            response.headers().keys().filter_map(|name| name.as_str().strip_prefix("zendesk-ratelimit-"));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let (ticket, tags) = (format!("/api/v2/tickets/{id}"), format!("/api/v2/tickets/{id}/tags"));
    let [update_many, show_many] =
        ["update_many", "show_many"].map(|many| format!("/api/v2/tickets/{many}?ids={id}"));
    assert_eq!(of(Method::PUT, &ticket).await, ["tickets-update"]);
    assert_eq!(of(Method::POST, &tags).await, ["tickets-update"]);
    assert_eq!(of(Method::PUT, &update_many).await, [""; 0]);
    assert_eq!(of(Method::GET, &tags).await, [""; 0]);
    assert_eq!(of(Method::GET, &show_many).await, [""; 0]);
}

#[tokio::test]
async fn the_webhooks_api_has_a_budget_apart_from_the_account_s() {
    let stage = Stage::set().await;
    stage.zendesk.set_rate_limits(RateLimits {
        requests_per_minute: Some(1),
        webhook_calls_per_minute: Some(2),
        ..RateLimits::OFF
    });
    let ask = async || stage.ask_zendesk(Method::GET, "/api/v2/webhooks").send().await.unwrap();
    let first = ask().await;
    assert_eq!(
        (&first.headers()["x-rate-limit"], &first.headers()["x-rate-limit-remaining"]),
        (&"2".parse().unwrap(), &"1".parse().unwrap())
    );
    assert!(first.headers().get("ratelimit-remaining").is_none());
    assert_ne!(ask().await.status(), 429);
    assert_eq!(ask().await.status(), 429);
    assert_eq!(stage.ask_zendesk(Method::GET, "/api/v2/users/me").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn presets_are_those_of_zendesk_and_people_take_room_from_the_api() {
    assert_eq!(RateLimits::ZENDESK.updates_per_minute, Some(100));
    let high = RateLimits::HIGH_VOLUME;
    assert_eq!((high.requests_per_minute, high.updates_per_minute), (Some(2500), Some(300)));
    let stage = Stage::set().await;
    stage.zendesk.set_rate_limits(RateLimits::ZENDESK_SANDBOX);
    let ids: Vec<_> = (0..20).map(|_| stage.plain_ticket()).collect();
    for id in &ids[..19] {
        stage.zendesk.agent_comments(*id, ACCOUNT.agent, "메모", false).unwrap();
    }
    let last = stage.put_ticket(ids[0], json!({ "status": "open" })).await;
    assert_eq!(last.headers()["zendesk-ratelimit-tickets-update"], "total=20; remaining=0; resets=60");
    assert_eq!(stage.put_ticket(ids[1], json!({ "status": "open" })).await.status(), 429);
    stage.zendesk.agent_comments(ids[1], ACCOUNT.agent, "사람은 막히지 않아요", false).unwrap();
}
