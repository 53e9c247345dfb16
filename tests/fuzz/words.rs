//! What customers write, read with the shipped words.

use std::sync::LazyLock;

use misread::domain::plate::Plate;
use misread::domain::words::{Answer, Question, Words};

use super::input::Input;

pub(super) const SHIPPED: &str = include_str!("../../config/words.toml");
static WORDS: LazyLock<Words> = LazyLock::new(|| Words::parse(SHIPPED).expect("the shipped words are right"));

const ASKED: &[&[Question]] = &[
    &[Question::Identity],
    &[Question::Vehicle],
    &[Question::Identity, Question::Vehicle],
    &[Question::Coupon],
    &[Question::Identity, Question::Vehicle, Question::Coupon],
    &[],
];
/// Mail that an answer was written above.
const HISTORY: &str = "-----Original Message-----\n네 본인이고 제 차 맞아요. 쿠폰 주세요. 34나5678";

pub(super) fn words(data: &[u8]) {
    let mut input = Input::new(data);
    let asked = input.pick(ASKED);
    let text = String::from_utf8_lossy(input.rest());
    check(&WORDS, asked, &text);
    let reading = WORDS.read(asked, &text);
    assert_eq!(WORDS.read(asked, &format!("{text}\n{HISTORY}")), reading, "old mail was read");
    if Plate::mentioned(&text).len() < 2 {
        let two_cars = WORDS.read(asked, &format!("12가3456 98나7654\n{text}"));
        assert_ne!(two_cars.answers.get(&Question::Vehicle), Some(&Answer::Yes), "which of the two cars?");
    }
    let signs: String = text.chars().filter(char::is_ascii_punctuation).collect();
    let silent = WORDS.read(asked, &signs);
    assert!(silent.answers.values().all(|answer| *answer == Answer::Unclear), "signs say nothing");
}

/// What holds with any words.
pub(super) fn check(words: &Words, asked: &[Question], text: &str) {
    let reading = words.read(asked, text);
    assert!(reading.answers.len() == asked.len());
    assert!(asked.iter().all(|question| reading.answers.contains_key(question)));
    assert!(reading.nothing_else || !reading.only_thanks);
    assert!(!reading.only_thanks || reading.wishes.is_empty());
    let too_long = text.chars().count() > 70_000 && !text.contains('\n');
    assert!(!too_long || (reading.wishes.is_empty() && !reading.nothing_else), "it is for a person");
}
