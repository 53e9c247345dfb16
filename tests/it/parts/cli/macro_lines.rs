use misread::cli::macros::lines::difference;
use misread::domain::rule::RuleAction;

#[test]
fn only_what_differs_is_shown_in_its_order() {
    let of = |status: &str, text: &str| {
        vec![RuleAction::new("status", status), RuleAction::new("comment_value", text)]
    };
    let found = difference(&of("solved", "가\n나\n다"), &of("pending", "가\n라\n다\n마"));
    assert_eq!(found, ["- status = solved", "+ status = pending", "- 나", "+ 라", "+ 마"]);
    assert_eq!(difference(&of("solved", "가"), &of("solved", "가")), [""; 0]);
}
