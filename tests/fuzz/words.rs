//! What customers write, read with the shipped words.

use std::sync::LazyLock;

use misread::domain::mail::own_words;
use misread::domain::plate::Plate;
use misread::domain::words::{Answer, Asked, Question, Words};

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
/// What we have sent; one of its sentences speaks of a yes.
const OURS: &str = "개인정보 보호를 위해 먼저 본인 확인을 부탁드립니다. 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요? \
                    이 문의에 \"네\" 또는 \"아니요\"로 답해 주시면 확인하는 대로 이어서 도와드리겠습니다.";

pub(super) fn words(data: &[u8]) {
    let mut input = Input::new(data);
    let asked = input.pick(ASKED);
    let text = String::from_utf8_lossy(input.rest());
    check(&WORDS, asked, &text);
    let own = |message: &str| WORDS.read(&Asked::of(asked), &own_words(message, &[OURS]).text);
    let (reading, above) = (
        own(&text),
        own(&format!("{text}\n\n2026년 11월 29일 오전 7:03, 고객센터 <a@b.example>님이 작성:\n\n> {OURS}")),
    );
    let unclear = |answer: &Answer| *answer == Answer::Unclear;
    assert!(
        above
            .answers
            .iter()
            .all(|(question, answer)| unclear(answer) || reading.answers.get(question) == Some(answer)),
        "our own mail answered: {above:?}"
    );
    assert!(above.wishes.is_subset(&reading.wishes), "our own mail wished: {above:?}");
    if Plate::mentioned(&text).len() < 2 {
        let two_cars = WORDS.read(&Asked::of(asked), &format!("12가3456 98나7654\n{text}"));
        assert_ne!(two_cars.answers.get(&Question::Vehicle), Some(&Answer::Yes), "which of the two cars?");
    }
    let signs: String = text.chars().filter(char::is_ascii_punctuation).collect();
    let silent = WORDS.read(&Asked::of(asked), &signs);
    assert!(silent.answers.values().all(|answer| *answer == Answer::Unclear), "signs say nothing");
}

/// What holds with any words.
pub(super) fn check(words: &Words, asked: &[Question], text: &str) {
    let reading = words.read(&Asked::of(asked), text);
    assert!(reading.answers.len() == asked.len());
    assert!(asked.iter().all(|question| reading.answers.contains_key(question)));
    assert!(reading.nothing_else || !reading.only_thanks);
    assert!(!reading.only_thanks || reading.wishes.is_empty());
    let too_long = text.chars().count() > 70_000 && !text.contains('\n');
    assert!(!too_long || (reading.wishes.is_empty() && !reading.nothing_else), "it is for a person");
}
