use std::collections::BTreeSet;

use misread::domain::words::dictionary::Dictionary;
use proptest::prelude::*;

fn found<'a>(words: &'a Dictionary<usize>, text: &'a str) -> Vec<(&'a str, usize)> {
    words.beginnings(text).map(|(length, value)| (&text[..length], *value)).collect()
}

#[test]
fn every_word_that_a_text_begins_with_is_found_the_shortest_first() {
    let words = ["제차", "제", "제차는", "제차가", "네", "a", "제차는"];
    let words: Dictionary<usize> =
        words.iter().enumerate().map(|(place, word)| ((*word).to_owned(), place)).collect();
    assert_eq!(found(&words, "제차는맞아요"), [("제", 1), ("제차", 0), ("제차는", 2)]);
    assert_eq!(found(&words, "제차"), [("제", 1), ("제차", 0)]);
    assert_eq!(found(&words, "차제"), []);
    assert_eq!(found(&words, ""), []);
    assert_eq!((words.get("제차는"), words.get("제차는요"), words.get("")), (Some(&2), None, None));
    assert_eq!(words.longest(), "제차는".len());
}

proptest! {
    #[test]
    fn a_dictionary_finds_what_trying_every_beginning_finds(
        words in prop::collection::vec("[가나a1🙂]{1,4}", 0..40),
        text in "[가나a1🙂]{0,8}",
    ) {
        let listed: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        let beginnings = text.char_indices().map(|(at, sign)| &text[..at + sign.len_utf8()]);
        let expected: Vec<&str> = beginnings.filter(|start| listed.contains(start)).collect();
        let dictionary: Dictionary<()> = words.iter().cloned().collect();
        let found: Vec<&str> = dictionary.beginnings(&text).map(|(length, ())| &text[..length]).collect();
        prop_assert_eq!(found, expected);
    }
}
