//! Recognises words that a person writes but no signature contains. A line with such words is never cut as a signature.

use super::page::fold;

/// The subjects of the tickets.
const MATTERS: &[&str] =
    &["취소", "환불", "결제", "주차", "이용", "계정", "차량", "쿠폰", "가입", "명의", "도용", "소유"];

/// Answers, denials and mentions of other people.
const CLAIMS: &[&str] = &[
    "본인",
    "맞",
    "아니",
    "아닌",
    "아닙",
    "아님",
    "아녜",
    "아뇨",
    "않",
    "없",
    "몰라",
    "모르",
    "틀",
    "제차",
    "내차",
    "거절",
    "동의",
    "남편",
    "아내",
    "와이프",
    "부인",
    "집사람",
    "배우자",
    "신랑",
    "신부",
    "엄마",
    "어머니",
    "아빠",
    "아버지",
    "부모",
    "모친",
    "부친",
    "아들",
    "딸",
    "자녀",
    "누나",
    "오빠",
    "언니",
    "동생",
    "삼촌",
    "이모",
    "고모",
    "할아버지",
    "할머니",
    "장인",
    "장모",
    "며느리",
    "사위",
    "조카",
    "손자",
    "손녀",
    "친구",
    "남친",
    "여친",
    "지인",
    "동료",
    "비서",
    "가족",
    "보호자",
    "대리",
    "대신",
    "대필",
    "타인",
    "다른",
    "남의",
];

/// The beginnings of answers.
const ANSWERS: &[&str] = &[
    "네", "넵", "넹", "넴", "예", "옙", "응", "ㅇㅇ", "ㅇㅋ", "ㄴㄴ", "아니", "아뇨", "아녀", "노", "맞",
    "본인", "안", "못", "둘다", "모두",
];

/// English words that answer.
const ENGLISH: &[&str] = &[
    "yes", "no", "not", "nope", "yeah", "yep", "ok", "okay", "sure", "right", "correct", "wrong", "never",
    "nah", "none", "negative", "i", "me", "my", "mine", "husband", "wife", "son", "daughter", "mother",
    "father", "mom", "dad", "brother", "sister", "friend", "family", "behalf", "proxy", "cancel", "refund",
];

/// Whether a text without spaces contains a possible answer.
pub(super) fn speaks(squeezed: &str) -> bool {
    claims(squeezed)
        || MATTERS.iter().any(|word| squeezed.contains(word))
        || begins_with_answer(squeezed)
        || has_plate(squeezed)
}

/// Whether a text without spaces answers, denies or names another person.
pub(super) fn claims(squeezed: &str) -> bool {
    CLAIMS.iter().any(|word| squeezed.contains(word))
}

/// Whether a text without spaces begins like an answer.
pub(super) fn begins_with_answer(squeezed: &str) -> bool {
    ANSWERS.iter().any(|word| squeezed.starts_with(word))
}

/// Whether one of the words is an English answer.
pub(super) fn answers_in_english(line: &str) -> bool {
    line.split(|sign: char| !sign.is_alphanumeric())
        .any(|word| ENGLISH.contains(&fold(word).collect::<String>().as_str()))
}

/// "12가3456"
pub(super) fn has_plate(squeezed: &str) -> bool {
    let signs: Vec<char> = squeezed.chars().collect();
    signs.windows(7).any(|seven| {
        let digits = |range: std::ops::Range<usize>| seven[range].iter().all(char::is_ascii_digit);
        digits(0..2) && ('가'..='힣').contains(&seven[2]) && digits(3..7)
    })
}

/// Whether a line ends like a Korean sentence.
pub(super) fn ends_sentence(squeezed: &str) -> bool {
    let last = squeezed.trim_end_matches(|sign: char| !sign.is_alphanumeric()).chars().next_back();
    last.is_some_and(|sign| "요다까죠오네음임함됨봄줌께게지라야냐용여염삼어해셈".contains(sign))
        || squeezed.ends_with(['?', '!', '？', '！'])
}
