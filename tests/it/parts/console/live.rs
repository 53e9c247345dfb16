use axum::body::to_bytes;
use axum::http::{HeaderValue, StatusCode};
use misread::console::live::{SEEN, changed, whole};

const PAGE: &str =
    "<h2>a</h2>\n<!--live-->\n<p>1</p>\n<!--/live-->\n<form></form><!--live--><p>2</p><!--/live-->";

fn seen_in(whole: &str) -> String {
    let hashes = whole.split("data-seen=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hashes.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_holds_its_parts_and_all_between_them() {
    let whole = whole(PAGE);
    assert!(whole.starts_with("<h2>a</h2>\n<div id=\"live-0\" data-seen=\""), "{whole}");
    assert!(whole.contains("\n<p>1</p>\n</div>\n<form></form><div id=\"live-1\""), "{whole}");
    assert!(whole.ends_with("<p>2</p></div>"), "{whole}");
}

#[tokio::test]
async fn only_changed_parts_are_sent_and_nothing_if_there_is_none() {
    let seen = seen_in(&whole(PAGE));
    assert_eq!(changed(PAGE, &seen).status(), StatusCode::NO_CONTENT);
    let later = changed(&PAGE.replace('2', "3"), &seen);
    assert_eq!(
        (later.status(), &later.headers()[SEEN]),
        (StatusCode::OK, &HeaderValue::from_static("parts"))
    );
    let sent = to_bytes(later.into_body(), 10_000).await.unwrap();
    let sent = str::from_utf8(&sent).unwrap();
    assert!(sent.contains("hx-target=\"#live-1\"") && sent.contains("<p>3</p>"), "{sent}");
    assert!(!sent.contains("live-0") && !sent.contains("<p>1</p>"), "{sent}");
}

#[test]
fn a_page_with_other_parts_is_opened_again() {
    for seen in ["", "a", "a b c"] {
        let answer = changed(PAGE, seen);
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{seen}");
        assert!(!answer.headers().contains_key(SEEN));
    }
    assert_eq!(changed("<p>no part</p>", "").status(), StatusCode::CONFLICT);
}
