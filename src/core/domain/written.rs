//! Normalised characters of fields and messages, and whether a text says that the customer does not know.

use std::iter;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A character after NFKC: full width is narrowed, Hangul is composed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) value: char,
    /// Its byte range in the original text, on character boundaries.
    pub(super) at: Range<usize>,
}

/// The NFKC characters of a text with their positions.
pub(super) fn signs(text: &str) -> impl Iterator<Item = Sign> + '_ {
    let mut rest = text.char_indices().peekable();
    iter::from_fn(move || {
        let (from, first) = rest.next()?;
        let mut to = from + first.len_utf8();
        while let Some((at, next)) = rest.next_if(|(_, next)| joins_the_last(*next)) {
            to = at + next.len_utf8();
        }
        Some((from..to, &text[from..to]))
    })
    .flat_map(|(at, written)| written.nfkc().map(move |value| Sign { value, at: at.clone() }))
}

/// Whether a character may compose with the one before it: accents, and the vowels and final consonants of NFD Hangul.
fn joins_the_last(next: char) -> bool {
    if next.is_ascii() || is_syllable(next) {
        return false;
    }
    iter::once(next).nfkd().next().is_some_and(|first| {
        canonical_combining_class(first) != 0 || ('\u{1160}'..='\u{11ff}').contains(&first)
    })
}

/// Whether a character is a whole Hangul syllable.
pub(super) fn is_syllable(sign: char) -> bool {
    ('가'..='힣').contains(&sign)
}

/// Spaces, zero-width characters, hyphens and dots, which people put between the parts of a number.
pub(super) fn is_filler(sign: char) -> bool {
    sign.is_whitespace() || is_joint(sign) || is_invisible(sign)
}

/// Hyphens and dots.
fn is_joint(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '.' | '·' | 'ㆍ')
}

/// Zero-width blanks and joiners, which keyboards and copied pages leave in a text.
pub(super) fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200d}' | '\u{feff}')
}

/// Words allowed before the words for "I do not know", without a meaning of their own.
const BEFORE_UNKNOWN: &[&str] = &[
    "차량번호는",
    "차량번호를",
    "차량번호가",
    "차량번호",
    "차번호",
    "번호판",
    "번호는",
    "번호를",
    "번호",
    "이용일시",
    "이용시간",
    "일시",
    "날짜는",
    "날짜",
    "시간은",
    "시간",
    "정확한",
    "정확하게는",
    "정확히는",
    "정확히",
    "자세히는",
    "자세히",
    "전혀",
    "잘",
    "저도",
    "저는",
    "아예",
];
/// The beginnings of words, and the endings that each may have.
type Words = (&'static [&'static str], &'static [&'static str]);
const WITHOUT: &[&str] = &["음", "어요", "습니다", "슴", "다", "네요", "어", "음요"];
/// The words for "I do not know" and "nothing".
const UNKNOWN: &[Words] = &[
    (
        &["모르"],
        &["겠음", "겠어요", "겠습니다", "겠네요", "겠는데요", "겠다", "겠어", "겠슴다", "네요", "는데요"],
    ),
    (&["모름", "모릅니다", "몰라", "몰랐음", "모름다"], &["", "요", "용", "니다"]),
    (&["없", "해당없", "해당사항없", "해당사항이없", "알수없", "알수가없"], WITHOUT),
    (&["알지못"], &["함", "해요", "합니다"]),
    (
        &["미상", "불명", "불상", "확인불가", "확인안됨", "미기재", "미입력", "생략"],
        &["", "입니다", "이에요", "임"],
    ),
    (&["na", "none", "null", "nil", "unknown", "x", "xx", "xxx", "무"], &[""]),
];
const MEMORY: &[&str] = &["기억이", "기억은", "기억을", "기억도", "기억", "생각이", "생각"];
/// Words after those for memory that negate it: "기억이 안 나요". "안 함" alone means something else.
const FORGOTTEN: &[Words] = &[
    (
        &["안", "못", "잘안", "잘못", "전혀안"],
        &[
            "남",
            "나요",
            "나네요",
            "납니다",
            "나",
            "난다",
            "나는데요",
            "나서요",
            "함",
            "해요",
            "합니다",
            "하겠어요",
            "하겠습니다",
        ],
    ),
    (
        &["나지", "하지", "나질", "하질"],
        &["않음", "않아요", "않습니다", "않네요", "못함", "못해요", "못합니다"],
    ),
    (&["없"], WITHOUT),
];

/// Whether a field's text is blank, or says that the customer does not know: `-`, `모름`, `기억 안 남`, `없음`, `n/a`.
///
/// "차 없음" (no car) and "모르는 차" (a stranger's car) carry information and are not included.
pub(super) fn is_nothing(text: &str) -> bool {
    let letters = signs(text).map(|sign| sign.value).filter(|sign| sign.is_alphanumeric());
    // No such expression is longer.
    let letters: String = letters.flat_map(char::to_lowercase).take(40).collect();
    letters.is_empty() || {
        let mut rest = letters.as_str();
        while let Some(shorter) = BEFORE_UNKNOWN.iter().find_map(|word| rest.strip_prefix(word)) {
            // "차량번호 없음" may mean that there is no car.
            if says_nothing(rest) || shorter.starts_with("없") {
                break;
            }
            rest = shorter;
        }
        says_nothing(rest)
    }
}

fn says_nothing(words: &str) -> bool {
    let remembered = MEMORY.iter().find_map(|memory| words.strip_prefix(memory));
    is_one_of(words, UNKNOWN) || remembered.is_some_and(|rest| is_one_of(rest, FORGOTTEN))
}

fn is_one_of(words: &str, known: &[Words]) -> bool {
    known.iter().any(|(stems, endings)| {
        stems.iter().filter_map(|stem| words.strip_prefix(stem)).any(|ending| endings.contains(&ending))
    })
}
