//! Reads days as people name them in messages.

use jiff::civil::Date;

use super::{begins_with, days_before};
use crate::domain::used_at::scan::{Number, Scanner};
use crate::domain::used_at::{YEARS, latest, weekday, year};
use crate::domain::written::is_syllable;

/// The words for days with the number of days ago; `None` if uncertain. The longer first.
const WORDS: &[(&str, Option<i64>)] = &[
    ("그끄저께", None),
    ("엊그저께", None),
    ("엊그제", None),
    ("그저께", Some(2)),
    ("그제", Some(2)),
    ("어저께", Some(1)),
    ("어제", Some(1)),
    ("작일", Some(1)),
    ("오늘", Some(0)),
    ("금일", Some(0)),
    ("내일", None),
    ("모레", None),
];
/// Longer words that contain such a word.
const OTHER_WORDS: &[&str] = &["오늘날", "그제야", "그제서야", "금일봉", "모레아", "내일배움"];
/// The words that may be the end of another word: 단어제출, 요금일부, 과제모레.
const ALONE: &[&str] = &["그제", "어제", "작일", "금일", "내일", "모레"];
const WEEKS: &[&str] =
    &["지난주", "저번주", "전주", "이번주", "금주", "지난 주", "저번 주", "이번 주", "지난", "저번", "이번"];
const MONTHS: &[&str] = &["지난달", "저번달", "이번달", "이달", "지난 달", "저번 달", "이번 달"];
/// Expressions for a past day that name no date.
const VAGUE: &[&str] = &[
    "지난주말",
    "지난 주말",
    "저번주말",
    "지난주",
    "저번주",
    "지난 주",
    "저번 주",
    "지난달",
    "저번달",
    "지난 달",
    "저번 달",
];
/// Words after a number of days that make it a duration.
const LASTING: &[&str] = &[
    "동안",
    "이내",
    "내에",
    "내로",
    "안에",
    "안으로",
    "후",
    "뒤",
    "만에",
    "주차권",
    "이용권",
    "무료",
    "이상",
    "정도 걸",
    "정도걸",
    "정도 소요",
    "정도소요",
    "쯤 걸",
    "소요",
    "걸",
    "1회",
    "한도",
    "최대",
];
/// The syllables that may directly follow 일 if it is a day.
const BEHIND_DAY: &str = "에날자부까이입은는의경쯤밤낮오새아저점도과와인엔즈무전토금월화수목일임요로";
/// Units after two numbers with a slash: "9/10점".
const COUNTED: &[&str] = &["점", "원", "%", "개", "명", "회", "건", "대", "층"];

/// A named day, and whether its date is certain.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub(super) date: Option<Date>,
    /// Two numbers with a slash are a day only if a time or a weekday follows.
    pub(super) needs_more: bool,
}

const UNCERTAIN: Day = Day { date: None, needs_more: false };

/// Reads a day with its weekday; reads nothing if there is none.
pub(super) fn day(scanner: &mut Scanner, before: Option<char>, today: Date) -> Option<Day> {
    let mut ahead = scanner.clone();
    let is_number = ahead.clone().number(1..=4).is_some();
    let mut read = if is_number {
        numbers(&mut ahead, today)?
    } else {
        words(&mut ahead, before.is_some_and(is_syllable), today)?
    };
    if let Some(weekday) = weekday::behind(&mut ahead) {
        read.needs_more = false;
        read.date = read.date.filter(|date| date.weekday() == weekday);
    }
    *scanner = ahead;
    Some(read)
}

fn certain(date: Option<Date>) -> Day {
    Day { date: date.filter(|date| YEARS.contains(&date.year())), needs_more: false }
}

fn numbers(scanner: &mut Scanner, today: Date) -> Option<Day> {
    let first = scanner.number(1..=4)?;
    if scanner.word("년") {
        let year = year(first)?;
        return month(scanner.number(1..=2)?, scanner, |month, day| Date::new(year, month, day).ok());
    }
    if scanner.clone().word("월") {
        return month(first, scanner, |month, day| latest(month, day, today));
    }
    if scanner.clone().word("일") {
        return of_month(first, scanner).map(|_| UNCERTAIN);
    }
    separated(first, scanner, today)
}

/// `월` and usually a day after it.
fn month(number: Number, scanner: &mut Scanner, date: impl Fn(i8, i8) -> Option<Date>) -> Option<Day> {
    let month = number.small().filter(|month| (1..=12).contains(month))?;
    if !scanner.word("월") {
        return None;
    }
    let mut ahead = scanner.clone();
    let day = ahead.number(1..=2).and_then(|number| of_month(number, &mut ahead));
    Some(day.map_or(UNCERTAIN, |day| {
        *scanner = ahead;
        certain(date(month, day))
    }))
}

/// `일`, if it is a day and not a duration.
fn of_month(number: Number, scanner: &mut Scanner) -> Option<i8> {
    let day = number.small().filter(|day| (1..=31).contains(day))?;
    if !scanner.word("일") || begins_with(scanner, LASTING) {
        return None;
    }
    let is_about = scanner.rest().starts_with("정도");
    if !is_about && scanner.at_once(|next| is_syllable(next) && !BEHIND_DAY.contains(next)) {
        return None;
    }
    // Reads 전 of "3일 전", but not of "3일 전화".
    let mut ago = scanner.clone();
    if ago.word("전") && !ago.at_once(is_syllable_of_a_word) {
        *scanner = ago;
    }
    Some(day)
}

fn is_syllable_of_a_word(next: char) -> bool {
    is_syllable(next) && !"에부까쯤의으인이".contains(next)
}

/// `2026-11-20`, `26.11.20`, `11/20`, `11.20(금)`
fn separated(first: Number, scanner: &mut Scanner, today: Date) -> Option<Day> {
    let sign = ["-", ".", "/"].into_iter().find(|sign| scanner.word(sign))?;
    let second = scanner.number(1..=2)?;
    let goes_on = |scanner: &Scanner| {
        let joined = scanner.rest().strip_prefix(['-', '.', '/', ':', ',']);
        joined.is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    let mut ahead = scanner.clone();
    if ahead.word(sign)
        && let Some(third) = ahead.number(1..=2)
        && !goes_on(&ahead)
    {
        let date = Date::new(year(first)?, second.small()?, third.small()?).ok()?;
        *scanner = ahead;
        return Some(certain(Some(date)));
    }
    let (month, day) = (first.small()?, second.small()?);
    let is_day = (1..=12).contains(&month) && (1..=31).contains(&day) && sign != "-";
    if !is_day || goes_on(scanner) || begins_with(scanner, COUNTED) {
        return None;
    }
    let is_long = first.digits == 2 || second.digits == 2;
    // "11.20" is a day only with a weekday or a time: it may also be a number.
    let is_dotted = sign == "." && weekday::behind(&mut scanner.clone()).is_none();
    let date = latest(month, day, today).filter(|_| !is_dotted);
    Some(Day { needs_more: is_dotted || !is_long, ..certain(date) })
}

fn words(scanner: &mut Scanner, is_glued: bool, today: Date) -> Option<Day> {
    if begins_with(scanner, OTHER_WORDS) {
        return None;
    }
    if let Some((word, days)) = WORDS.iter().find(|(word, _)| scanner.clone().word(word)) {
        let is_other = is_glued && ALONE.contains(word);
        return (!is_other && scanner.word(word))
            .then(|| certain(days.and_then(|days| days_before(today, days))));
    }
    if is_glued {
        return None;
    }
    let mut ahead = scanner.clone();
    if MONTHS.iter().any(|word| ahead.word(word))
        && let Some(number) = ahead.number(1..=2)
        && of_month(number, &mut ahead).is_some()
    {
        *scanner = ahead;
        return Some(UNCERTAIN);
    }
    let mut ahead = scanner.clone();
    let _ = WEEKS.iter().any(|word| ahead.word(word));
    let written_out = ahead.sign(weekday::of).is_some() && ahead.at_once_word("요일");
    if written_out {
        *scanner = ahead;
        return Some(UNCERTAIN);
    }
    VAGUE.iter().any(|word| scanner.word(word)).then_some(UNCERTAIN)
}
