use std::sync::Arc;

use misread::domain::words::pattern::{Memo, Node, Pattern, Patterns, Set};

/// `제가[매일]<타고|몰고>다닙니다`
fn pattern() -> Pattern {
    let text = |text: &str| Node::Text(text.to_owned());
    let drive = Set::new(1, vec!["타고".to_owned(), "몰고".to_owned()], Vec::new());
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
    let yes = Node::Optional(Pattern(vec![Node::Text("네".into())]));
    let patterns =
        Patterns::new(vec![(pattern(), 'a'), (Pattern(vec![yes, Node::Text("제가".into())]), 'b')]);
    let text = "네제가타고다닙니다";
    assert_eq!(patterns.at(text, 0, &mut Memo::default()), [("네제가".len(), 'b')]);
    assert_eq!(
        patterns.at(text, "네".len(), &mut Memo::default()),
        [(text.len(), 'a'), ("네제가".len(), 'b')]
    );
    assert_eq!(patterns.at(text, text.len(), &mut Memo::default()), []);
}

/// Patterns share what they begin with; each is found as if it stood alone.
#[test]
fn patterns_that_begin_alike_are_found_as_if_each_stood_alone() {
    let text = |text: &str| Node::Text(text.to_owned());
    let set = |id, words: &[&str]| {
        Node::Set(Arc::new(Set::new(id, words.iter().map(|word| (*word).to_owned()).collect(), Vec::new())))
    };
    let nodes = [
        text("가"),
        text("가나"),
        text("나"),
        set(1, &["가", "가나"]),
        set(2, &["나", "나가"]),
        Node::Optional(Pattern(vec![text("가")])),
        Node::TwoSyllables,
        Node::Plate,
    ];
    let firm = |node: &&Node| !matches!(node, Node::Optional(_) | Node::TwoSyllables);
    let mut all = Vec::new();
    for first in nodes.iter().filter(firm) {
        all.push(Pattern(vec![first.clone()]));
        for second in &nodes {
            all.push(Pattern(vec![first.clone(), second.clone()]));
            all.extend(nodes.iter().map(|third| Pattern(vec![first.clone(), second.clone(), third.clone()])));
        }
    }
    all.extend(nodes.iter().filter(firm).map(|second| Pattern(vec![nodes[5].clone(), second.clone()])));
    let together = Patterns::new(all.iter().cloned().zip(0..).collect());
    for said in ["가", "가나", "가나가나가", "나가나", "가가나나", "12가3456가", "가12가3456나", "다가"]
    {
        for (from, _) in said.char_indices() {
            let mut found = together.at(said, from, &mut Memo::default());
            let alone = all.iter().zip(0..).flat_map(|(pattern, place)| {
                pattern.ends(said, from, &mut Memo::default()).into_iter().map(move |to| (to, place))
            });
            let mut alone: Vec<(usize, usize)> = alone.collect();
            found.sort_unstable();
            alone.sort_unstable();
            assert_eq!(found, alone, "{said} from {from}");
        }
    }
}
