//! HTML comments and the plain text that Zendesk stores beside them.

use serde_json::{Value, json};

use super::stage::Stage;

/// The plain text and the HTML that are stored of a comment.
async fn stored(stage: &Stage, comment: Value) -> (String, String) {
    let id = stage.plain_ticket();
    let response = stage.put_ticket(id, json!({ "comment": comment })).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    let event = &body["audit"]["events"][0];
    let text = |key: &str| event[key].as_str().unwrap().to_owned();
    (text("plain_body"), text("html_body"))
}

async fn plain_text(stage: &Stage, html: &str) -> String {
    stored(stage, json!({ "html_body": html })).await.0
}

#[tokio::test]
async fn tags_go_and_blocks_end_their_lines() {
    let stage = Stage::set().await;
    let html = "<p>안녕하세요, <b>고객님</b>.</p><p>1 &lt; 2 &amp;lt;<br/>끝</p>";
    assert_eq!(plain_text(&stage, html).await, "안녕하세요, 고객님.\n1 < 2 &lt;\n끝");
    assert_eq!(plain_text(&stage, "1 < 2").await, "1 < 2");
}

#[tokio::test]
async fn what_was_escaped_reads_as_it_was() {
    let stage = Stage::set().await;
    for text in ["1 < 2 & 3 > 2\n\"끝\"", "&lt;", "a<b>c"] {
        let (plain, escaped) = stored(&stage, json!({ "body": text })).await;
        assert_eq!(plain, text);
        assert_eq!(plain_text(&stage, &escaped).await, text);
    }
}
