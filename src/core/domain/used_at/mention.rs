//! Finds days and times of day in messages.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::scan::Scanner;
use super::{UsedAt, clock};
use crate::domain::{plate, written};

mod day;
mod hour;

/// The characters of a message that are searched.
const LONGEST_MESSAGE: usize = 65_536;
/// The characters of the longest expression.
const LONGEST: usize = 80;
/// Separators between the two ends of a time range.
const TO: &[&str] = &["~", "\u{223c}", "\u{301c}", "부터", "에서", "-", "\u{2013}"];

/// An expression of a day or a time of day in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeMentioned {
    /// Its byte range in the text, on character boundaries.
    pub range: Range<usize>,
    /// Its value, if the day is certain: with month and day, or 오늘, 어제 or 그저께. The time is set only if it is
    /// unambiguous.
    pub used_at: Option<UsedAt>,
}

/// All expressions of a day or a time of day in a message, each complete, in order: "11월 20일 오후 3시 20분쯤", "11/20(금)",
/// "20일", "어제", "지난주 금요일", "아침 9시". Of a time range, the start counts; a range of days is not certain.
///
/// Plates, phone numbers, amounts and durations ("2시간", "3일간", "3~5일") are none. Searches the first 65,536 characters.
pub fn mentioned(text: &str, today: Date) -> Vec<TimeMentioned> {
    let plates = plate::places(text);
    let signs: Vec<written::Sign> = written::signs(text)
        .take(LONGEST_MESSAGE)
        .filter(|sign| !written::is_invisible(sign.value))
        .map(|sign| written::Sign { value: sign.value.to_ascii_lowercase(), at: sign.at })
        .collect();
    let mut found: Vec<TimeMentioned> = Vec::new();
    let mut from = 0;
    while from < signs.len() {
        let start = from;
        from += 1;
        if !may_begin(signs[start].value) || goes_on(&signs, start) {
            continue;
        }
        let ahead: String = signs[start..]
            .iter()
            .take(LONGEST)
            .map(|sign| sign.value)
            .take_while(|sign| !matches!(sign, '\n' | '\r'))
            .collect();
        let before = start.checked_sub(1).map(|before| signs[before].value);
        let Some((length, used_at)) = expression(&ahead, before, today) else { continue };
        let end = start + ahead[..length].trim_end().chars().count();
        let range = signs[start].at.start..signs[end - 1].at.end;
        let next = plates.partition_point(|(_, place)| place.end <= range.start);
        let in_plate = plates.get(next).is_some_and(|(_, place)| place.start < range.end);
        // A character that normalises to several, such as ㏢, may be consumed already.
        let is_free = found.last().is_none_or(|last| last.range.end <= range.start);
        if !in_plate && is_free {
            found.push(TimeMentioned { range, used_at });
            from = end;
        }
    }
    found
}

/// The possible first characters of an expression.
fn may_begin(sign: char) -> bool {
    sign.is_ascii_digit() || "오어그엊금작내모지저이전월화수목토일아점새밤낮정자한ap".contains(sign)
}

/// Whether a number that began earlier continues here: the 5 of "3~5일", "3,500" or "010-1234".
fn goes_on(signs: &[written::Sign], start: usize) -> bool {
    if !signs[start].value.is_ascii_digit() {
        return false;
    }
    let before = |skip: usize| start.checked_sub(skip).and_then(|at| signs.get(at)).map(|sign| sign.value);
    let is_digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
    let Some(last) = before(1) else { return false };
    if last.is_ascii_digit() || last.is_ascii_alphabetic() {
        return true;
    }
    if matches!(last, '.' | ',' | ':' | '/' | '-') && is_digit(before(2)) {
        return true;
    }
    let blanks = (1..=3).take_while(|skip| before(*skip) == Some(' ')).count();
    let is_dash = before(blanks + 1)
        .is_some_and(|sign| matches!(sign, '~' | '\u{223c}' | '\u{301c}' | '-' | '\u{2010}'..='\u{2015}'));
    let further = (blanks + 2..=blanks + 4).find(|skip| before(*skip) != Some(' '));
    is_dash && further.is_some_and(|skip| is_digit(before(skip)))
}

/// The expression at the start: its length in bytes, and its value.
fn expression(ahead: &str, before: Option<char>, today: Date) -> Option<(usize, Option<UsedAt>)> {
    let mut scanner = Scanner::new(ahead);
    let (mut length, mut used_at) = point(&mut scanner, before, today)?;
    let mut until = Scanner::new(&ahead[length..]);
    if let Some(sign) = TO.iter().find(|sign| until.word(sign)) {
        let rest = &ahead[ahead.len() - until.rest().len()..];
        let rest_from = ahead.len() - rest.len();
        let second = point(&mut Scanner::new(rest.trim_start()), Some(' '), today);
        let has_day = second.is_some_and(|_| day::day(&mut Scanner::new(rest), Some(' '), today).is_some());
        // With a dash or 에서, two days are two expressions: "11월 20일 - 오늘".
        let joins = !matches!(*sign, "-" | "\u{2013}" | "에서") || !has_day;
        if let Some((more, _)) = second.filter(|_| joins) {
            let blanks = rest.len() - rest.trim_start().len();
            length = rest_from + blanks + more;
            if has_day && used_at.is_some_and(|used_at| used_at.time.is_none()) {
                used_at = None;
            }
        }
    }
    Some((length, used_at))
}

/// One day, time, or both.
fn point(scanner: &mut Scanner, before: Option<char>, today: Date) -> Option<(usize, Option<UsedAt>)> {
    let text = scanner.rest();
    let whole = text.len();
    let day = day::day(scanner, before, today);
    let mut used_at = day.and_then(|day| day.date).map(|date| UsedAt { date, time: None });
    let mut time = None;
    if let Some(day) = day {
        let mut ahead = scanner.clone();
        let is_iso = ahead.letter('T');
        // The day of "2026. 11. 20. 14:05" ends before its last dot.
        let is_numeric = text[..whole - ahead.rest().len()].ends_with(|last: char| last.is_ascii_digit());
        let _ = is_iso || ahead.word(",") || ahead.word("에") || (is_numeric && ahead.at_once_word("."));
        if let Some(hour::Hour(hour)) = hour::hour(&mut ahead, true, Some(' ')) {
            *scanner = ahead;
            time = Some(hour);
            let mut moved = scanner.clone();
            if is_iso && let Some(offset) = clock::offset(&mut moved) {
                *scanner = moved;
                used_at = used_at
                    .zip(hour)
                    .and_then(|(day, time)| UsedAt::moved(day.date.to_datetime(time), offset));
                return Some((whole - scanner.rest().len(), used_at));
            }
        } else if day.needs_more {
            return None;
        }
    } else {
        time = Some(hour::hour(scanner, false, before)?.0);
    }
    let is_about = about(scanner);
    let is_certain = time.is_some() || !is_about;
    let used_at = used_at.filter(|_| is_certain).map(|day| UsedAt { time: time.flatten(), ..day });
    Some((whole - scanner.rest().len(), used_at))
}

/// Reads `쯤` and the like.
fn about(scanner: &mut Scanner) -> bool {
    let left = scanner.rest().len();
    clock::skip_about(scanner);
    scanner.rest().len() < left
}

/// The day `days` days before.
fn days_before(today: Date, days: i64) -> Option<Date> {
    today.checked_sub(days.days()).ok()
}

/// Whether the text continues with one of these words, after optional spaces.
fn begins_with(scanner: &Scanner, words: &[&str]) -> bool {
    words.iter().any(|word| scanner.clone().word(word))
}
