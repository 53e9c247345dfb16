use std::collections::HashSet;
use std::sync::Arc;

use misread::domain::words::pattern::{Memo, Node, Pattern, Patterns, Set};

/// `제가[매일]<타고|몰고>다닙니다`
fn pattern() -> Pattern {
    let text = |text: &str| Node::Text(text.to_owned());
    let drive = Set::new(1, HashSet::from(["타고".to_owned(), "몰고".to_owned()]), Vec::new());
    let optional = Node::Optional(Pattern(vec![text("매일")]));
    Pattern(vec![text("제가"), optional, Node::Set(Arc::new(drive)), text("다닙니다")])
}

#[test]
fn a_pattern_is_what_its_parts_make() {
    let is = |text: &str| pattern().ends(text, 0, &mut Memo::default()).contains(&text.len());
    for said in ["제가타고다닙니다", "제가매일몰고다닙니다"] {
        assert!(is(said), "{said}");
    }
    for other in ["제가다닙니다", "매일타고다닙니다", "제가매일매일타고다닙니다", "제가타고다닙니다만"]
    {
        assert!(!is(other), "{other}");
    }
}

#[test]
fn patterns_are_found_where_they_begin() {
    let mut patterns = Patterns::default();
    patterns.add(pattern(), 'a');
    patterns.add(
        Pattern(vec![Node::Optional(Pattern(vec![Node::Text("네".into())])), Node::Text("제가".into())]),
        'b',
    );
    let text = "네제가타고다닙니다";
    assert_eq!(patterns.at(text, 0, &mut Memo::default()), [("네제가".len(), 'b')]);
    assert_eq!(
        patterns.at(text, "네".len(), &mut Memo::default()),
        [(text.len(), 'a'), ("네제가".len(), 'b')]
    );
    assert_eq!(patterns.at(text, text.len(), &mut Memo::default()), []);
}
