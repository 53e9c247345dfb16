//! Zendesk's rate limits on a clock that the test moves.

use misread::sandbox::zendesk::RateLimits;
use reqwest::Method;
use serde_json::json;
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
