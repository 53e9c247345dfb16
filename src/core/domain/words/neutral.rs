//! Replaces days, times and telephone numbers by words: they answer no question, and lists of phrases cannot contain
//! them.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::used_at;

/// Replaces a day or a time.
const THAT_DAY: &str = "그날";
/// Replaces a telephone number.
const TELEPHONE: &str = " 연락처 ";
/// The day of the message for [`used_at::mentioned`]; only the ranges are used here, which do not depend on it.
const ANY_DAY: Date = Date::constant(2026, 1, 1);
/// The number of digits of a Korean mobile number.
const MOBILE_DIGITS: std::ops::RangeInclusive<usize> = 10..=11;

/// The text with each day, time and telephone number replaced by a word. Particles after them stay: "그날에는". The caller
/// compares days and times with the use ([`mentioned`](used_at::mentioned)).
pub fn without_numbers(text: &str) -> String {
    // NFC, since NFKC would turn the letters of "ㅇㅇ" and "ㅋㅋ" into parts of syllables.
    let text = without_telephone_numbers(&text.nfc().map(narrow).collect::<String>());
    let mut rest = text.as_str();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for time in used_at::mentioned(&text, ANY_DAY) {
        // "월요일" and "밤에는" are too vague to compare with the use; the lists of phrases decide on them.
        if !text[time.range.clone()].contains(|sign: char| sign.is_ascii_digit()) {
            continue;
        }
        let (before, _) = rest.split_at(time.range.start - at);
        kept.push_str(before);
        kept.push_str(THAT_DAY);
        rest = &text[time.range.end..];
        at = time.range.end;
    }
    kept.push_str(rest);
    kept
}

fn narrow(sign: char) -> char {
    match sign {
        '！'..='～' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        other => other,
    }
}

fn without_telephone_numbers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("01") {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let begins = !kept.ends_with(|sign: char| sign.is_ascii_digit() || sign == '-');
        if let Some(length) = mobile_number(from).filter(|_| begins) {
            kept.push_str(TELEPHONE);
            rest = &from[length..];
        } else {
            kept.push_str("01");
            rest = &from[2..];
        }
    }
    kept + rest
}

/// The length in bytes of a mobile number at the beginning of a text: "010-1234-5678", "01012345678".
fn mobile_number(text: &str) -> Option<usize> {
    let is_part = |sign: &char| sign.is_ascii_digit() || matches!(sign, '-' | ' ' | '.');
    let run: String = text.chars().take_while(is_part).collect();
    let run = run.trim_end_matches([' ', '-', '.']);
    let digits = run.chars().filter(char::is_ascii_digit).count();
    (MOBILE_DIGITS.contains(&digits) && !run.contains("  ")).then_some(run.len())
}
