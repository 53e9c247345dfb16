use misread::domain::words::{Against, Asked, Words};
use toml::{Table, Value};

/// The shipped lists, but with these phrases for a matter that is settled.
fn words(says: &str, unless: &str) -> Words {
    let mut file: Table = include_str!("../../../../config/words.toml").parse().unwrap();
    let solved = file["against"]["solved"].as_table_mut().unwrap();
    for (key, phrase) in [("says", says), ("unless", unless)] {
        solved.insert(key.to_owned(), Value::Array(vec![phrase.into()]));
    }
    Words::parse(&file.to_string()).unwrap()
}

fn is_solved(words: &Words, sentence: &str) -> bool {
    words.read(&Asked::default(), sentence).against.contains(&Against::Solved)
}

#[test]
fn what_stands_over_a_phrase_takes_back_that_place_alone() {
    let words = words("해결", "해결해주");
    let solved = |sentence| is_solved(&words, sentence);
    assert!(solved("해결됐어요"));
    assert!(!solved("해결해주세요"));
    assert!(solved("해결해주신다더니이미해결됐네요"));
}

#[test]
fn parts_stand_in_order_and_near_each_other() {
    let words = words("이미…환불", "이런말은없다");
    let solved = |sentence: &str| is_solved(&words, sentence);
    assert!(solved("이미다환불"));
    assert!(!solved("환불이미"));
    assert!(!solved(&format!("이미{}환불", "가나".repeat(8))));
}
