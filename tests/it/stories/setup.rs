//! The account's set-up, from nothing to a settled ticket.

use misread::sandbox::zendesk::SERVICE_USER;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn the_running_service_asks_for_no_right_to_the_set_up() {
    let (world, _) = World::opened("인천공항 결제 완료").await;
    let (http, url) = (reqwest::Client::builder().build().unwrap(), &world.sandbox.zendesk_url);
    let call = |method, path: &str, token: &str| {
        http.request(method, format!("{url}/api/v2/{path}")).bearer_auth(token).json(&json!({}))
    };
    let tokens = world.sandbox.zendesk.access_tokens();
    assert!(!tokens.is_empty());
    for token in tokens {
        let shown = call(Method::GET, "oauth/tokens/current", &token).send().await.unwrap();
        let shown = &shown.json::<Value>().await.unwrap()["token"];
        assert_eq!(
            (&shown["scopes"], &shown["user_id"]),
            (&json!(["tickets:write", "read"]), &json!(SERVICE_USER))
        );
        for (method, path) in [
            (Method::POST, "triggers"),
            (Method::POST, "webhooks"),
            (Method::GET, "webhooks"),
            (Method::POST, "macros"),
        ] {
            assert_eq!(
                call(method.clone(), path, &token).send().await.unwrap().status(),
                403,
                "{method} {path}"
            );
        }
    }
}
