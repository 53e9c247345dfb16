//! Finds the four digits by which people name a car.

use std::collections::BTreeSet;

use super::places;
use crate::domain::written::{self, is_syllable};

/// The characters of a message that are searched.
const LONGEST_MESSAGE: usize = 65_536;
/// The characters examined before and after a number, within its line.
const NEAR: usize = 30;
/// Words before the digits that name a car or its plate.
const OF_CARS: &[&str] = &[
    "차량번호",
    "차번호",
    "자동차번호",
    "등록번호",
    "번호판",
    "차넘버",
    "차량넘버",
    "넘버",
    "남바",
    "차량",
    "제차",
    "내차",
    "우리차",
    "저희차",
    "본인차",
    "자동차",
];
/// Words before the digits that name the end of any number.
const OF_ENDS: &[&str] = &[
    "뒷번호",
    "뒤번호",
    "뒷자리",
    "뒤자리",
    "끝번호",
    "끝자리",
    "뒤네자리",
    "뒷네자리",
    "뒤4자리",
    "뒷4자리",
    "뒷자리4자리",
    "뒷자리네자리",
    "뒷번호4자리",
    "뒷번호네자리",
    "끝네자리",
    "끝4자리",
    "마지막네자리",
    "마지막4자리",
    "뒤숫자",
    "뒷숫자",
    "뒤에숫자",
    "뒤에네자리",
    "뒤에4자리",
];
/// Words before the end of a number that is not a plate's.
const OF_OTHERS: &[&str] = &[
    "전화",
    "핸드폰",
    "휴대폰",
    "휴대전화",
    "폰",
    "연락처",
    "카드",
    "계좌",
    "통장",
    "승인",
    "주문",
    "예약",
    "주민",
    "회원",
    "인증",
    "비밀",
    "사업자",
    "영수증",
    "결제",
    "거래",
    "문의",
    "접수",
    "생년월일",
];
/// Words allowed between such a word and the digits, or another such word.
const BETWEEN: &[&str] = &[
    "번호",
    "숫자",
    "네자리",
    "4자리",
    "이",
    "가",
    "은",
    "는",
    "의",
    "도",
    "를",
    "을",
    "로",
    "에",
    ":",
    "=",
    "(",
    "[",
    "\"",
    "'",
    "“",
    "‘",
    "*",
    "#",
    ">",
    "끝",
    "뒤",
    "맨",
];
/// Words after the digits that name a car.
const CARS_BEHIND: &[&str] = &["차량", "자동차", "번호판", "차주", "차번호"];
/// Characters that may follow 차 after the digits: not those of 차감, 차액, 차례.
const AFTER_CAR: &[char] = &[
    '는', '가', '를', '은', '이', '로', '도', '만', '의', '입', '예', '인', '요', '라', '였', '에', '고',
    '임',
];
/// Units after a number, which make it an amount, a count or a time.
const UNITS: &[&str] = &[
    "원",
    "만원",
    "천원",
    "년",
    "월",
    "일자",
    "시",
    "분",
    "호",
    "층",
    "동",
    "번지",
    "명",
    "점",
    "%",
    "포인트",
    "대",
    "km",
    "개",
    "건",
    "회",
];
/// Numbers that may be a year. They count only with a word before them, or with 번 after them.
const YEARS: std::ops::RangeInclusive<u16> = 1980..=2039;

/// The four digits that a message names as the end of a plate, each once, in order: "뒷번호 5678", "차량번호는 5678", "5678번
/// 차".
///
/// Never digits of a whole plate, a phone number, a card, an amount, a year or a time. Searches the first 65,536
/// characters.
pub fn last_digits_mentioned(text: &str) -> Vec<String> {
    let plates = places(text);
    let signs: Vec<written::Sign> = written::signs(text)
        .take(LONGEST_MESSAGE)
        .filter(|sign| !written::is_invisible(sign.value))
        .map(|sign| written::Sign { value: sign.value.to_ascii_lowercase(), at: sign.at })
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut from = 0;
    for run in signs.chunk_by(|left, right| left.value.is_ascii_digit() == right.value.is_ascii_digit()) {
        let (start, end) = (from, from + run.len());
        from = end;
        let place = run[0].at.start..run[run.len() - 1].at.end;
        let in_plate = || {
            let next = plates.partition_point(|(_, plate)| plate.end <= place.start);
            plates.get(next).is_some_and(|(_, plate)| plate.start < place.end)
        };
        if run.len() != 4 || !run[0].value.is_ascii_digit() || in_plate() {
            continue;
        }
        let digits: String = run.iter().map(|sign| sign.value).collect();
        if is_named(&signs[..start], &digits, &signs[end..]) && seen.insert(digits.clone()) {
            found.push(digits);
        }
    }
    found
}

fn is_named(before: &[written::Sign], digits: &str, behind: &[written::Sign]) -> bool {
    let is_line_end = |sign: &&written::Sign| sign.value == '\n' || sign.value == '\r';
    let line: Vec<char> =
        before.iter().rev().take(NEAR).take_while(|sign| !is_line_end(sign)).map(|sign| sign.value).collect();
    let before: String = line.into_iter().rev().collect();
    let behind: String =
        behind.iter().take(NEAR).take_while(|sign| !is_line_end(sign)).map(|sign| sign.value).collect();
    if is_joined(before.chars().rev()) || is_joined(behind.chars()) {
        return false;
    }
    let squeeze = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
    let (before, behind) = (squeeze(&before), behind.trim_start());
    if UNITS.iter().any(|unit| behind.starts_with(unit)) {
        return false;
    }
    let may_be_year = digits.parse().is_ok_and(|number| YEARS.contains(&number));
    is_named_before(&before) || is_named_behind(behind, may_be_year)
}

/// Whether the number continues on this side, after a hyphen, a comma or the like; `signs` run away from the number.
fn is_joined(mut signs: impl Iterator<Item = char>) -> bool {
    let Some(first) = signs.next() else { return false };
    match first {
        ',' | '.' | ':' | '/' | '-' | '~' | '∼' | '〜' | '\u{2010}'..='\u{2015}' => {
            signs.find(|sign| !sign.is_whitespace()).is_some_and(|sign| sign.is_ascii_digit())
        }
        ' ' => {
            // "2026 - 11", "010 1234 5678"
            let rest: Vec<char> = signs.skip_while(|sign| sign.is_whitespace()).take(4).collect();
            let is_dash = rest.first().is_some_and(|sign| matches!(sign, '-' | '~' | '∼' | '〜'));
            let dashed = is_dash && rest[1..].iter().any(char::is_ascii_digit);
            dashed || (rest.len() >= 3 && rest.iter().take(3).all(char::is_ascii_digit))
        }
        _ => first.is_ascii_alphabetic(),
    }
}

fn is_named_before(before: &str) -> bool {
    let ends = |text: &str, words: &[&str]| words.iter().any(|word| text.ends_with(word));
    let mut rest = before;
    loop {
        if ends(rest, OF_CARS) {
            return true;
        }
        if let Some(owner) =
            OF_ENDS.iter().filter_map(|word| rest.strip_suffix(word)).min_by_key(|rest| rest.len())
        {
            return !ends(without_between(owner), OF_OTHERS);
        }
        let Some(shorter) = BETWEEN.iter().find_map(|word| rest.strip_suffix(word)) else { return false };
        rest = shorter;
    }
}

fn without_between(text: &str) -> &str {
    let mut rest = text;
    while let Some(shorter) = BETWEEN.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = shorter;
    }
    rest
}

fn is_named_behind(behind: &str, may_be_year: bool) -> bool {
    let numbered = ["번호", "번"].iter().find_map(|word| behind.strip_prefix(word));
    let rest = numbered.unwrap_or(behind).trim_start_matches(['의', '인', ')', '"', '\'', ']', ' ']);
    if may_be_year && numbered.is_none() {
        return false;
    }
    let is_car = |rest: &str| {
        let after = rest.strip_prefix('차').map(|rest| rest.chars().next());
        after.is_some_and(|next| next.is_none_or(|next| !is_syllable(next) || AFTER_CAR.contains(&next)))
    };
    CARS_BEHIND.iter().any(|word| rest.starts_with(word)) || is_car(rest)
}
