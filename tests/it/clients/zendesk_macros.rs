//! Reading the account's macros.

use misread::ports::MacroShelf as _;
use serde_json::{Value, json};

use super::desk;
use super::stub::{self, Seen, Stub};

fn known(id: i64) -> Value {
    json!({"id": id, "title": "misread::reminder", "active": true, "updated_at": "2026-03-02T09:00:00Z", "description": null,
        "actions": [{"field": "status", "value": "pending"}], "restriction": null, "position": 10000})
}

#[tokio::test]
async fn shared_macros_are_read_page_by_page_and_an_odd_one_spoils_none() {
    let odd = json!({"id": "seven", "title": null});
    let stub = Stub::start(move |seen: &Seen| {
        let (macros, more) = if seen.target.contains("after") {
            (json!([known(2)]), false)
        } else {
            (json!([known(1), odd]), true)
        };
        stub::json(200, json!({"macros": macros, "meta": {"has_more": more, "after_cursor": "x"}}))
    })
    .await;
    let read = desk(&stub.url).macros().await.unwrap();
    assert_eq!(read.iter().map(|one| one.id).collect::<Vec<_>>(), [1, 2]);
    let targets = stub.targets();
    assert!(targets.iter().all(|target| target.contains("access=shared")), "{targets:?}");
    assert_eq!(targets.len(), 2);
}

#[tokio::test]
async fn pages_without_an_end_are_a_contradiction_and_no_audit_log_is_no_name() {
    let stub = Stub::start(|seen: &Seen| {
        if seen.target.contains("audit_logs") {
            return stub::json(403, json!({"error": "Forbidden"}));
        }
        stub::json(200, json!({"macros": [], "meta": {"has_more": true, "after_cursor": "x"}}))
    })
    .await;
    let error = desk(&stub.url).macros().await.unwrap_err();
    assert!(error.to_string().contains("it promises more and does not say where"), "{error}");
    assert_eq!(desk(&stub.url).last_change(7).await, None);
}
