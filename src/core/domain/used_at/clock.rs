//! Parses times of day.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::scan::{Number, Scanner};

/// The hours of the largest UTC offset of any time zone.
const FURTHEST_OFFSET: i16 = 14;
/// Words that make a time approximate.
pub(super) const ABOUT: &[&str] = &["쯤", "경", "정도", "즈음", "무렵"];
/// Copulas at the end of a field's text, without meaning.
const COPULAS: &[&str] = &["에요", "에", "입니다", "이에요", "예요", "이요", "요", "임"];
/// The words for parts of the day.
const HALVES: &[(&str, Half)] = &[
    ("오전", Half::Morning),
    ("오후", Half::Afternoon),
    ("am", Half::Morning),
    ("pm", Half::Afternoon),
    ("새벽", Half::Within(1, 6, 0)),
    ("아침", Half::Within(5, 11, 0)),
    ("저녁", Half::Within(5, 11, 12)),
];

/// An unambiguous time of day.
pub(super) fn clock(scanner: &mut Scanner) -> Option<Time> {
    let read = any(scanner)?;
    Time::new(hour_of_day(read.hour, read.half, read.named)?, read.minute, read.second, 0).ok()
}

/// A time of day that may be in the morning or the afternoon.
pub(super) struct Clock {
    hour: Number,
    half: Option<Half>,
    /// Whether it is written with 시.
    named: bool,
    minute: i8,
    second: i8,
}

/// Reads a time of day, ambiguous or not.
pub(super) fn any(scanner: &mut Scanner) -> Option<Clock> {
    let half = HALVES.iter().find_map(|(word, half)| scanner.word(word).then_some(*half));
    let hour = scanner.number(1..=2)?;
    let named = scanner.word("시");
    let (minute, second) = if named {
        (scanner.optional_number_before("분")?, 0)
    } else {
        (scanner.sixty_after(':')?, scanner.optional_second()?)
    };
    Some(Clock { hour, half, named, minute, second })
}

/// Skips `쯤` and the like.
pub(super) fn skip_about(scanner: &mut Scanner) {
    while ABOUT.iter().any(|word| scanner.word(word)) {}
}

/// Skips `에`, `입니다` and the like.
pub(super) fn skip_copula(scanner: &mut Scanner) {
    let mut behind = scanner.clone();
    if COPULAS.iter().any(|word| behind.word(word)) {
        *scanner = behind;
    }
}

#[derive(Clone, Copy)]
pub(super) enum Half {
    Morning,
    Afternoon,
    /// The first and last hour with which the word is used, and the hours to add.
    Within(i8, i8, i8),
}

/// `None` if morning and afternoon cannot be distinguished.
fn hour_of_day(hour: Number, half: Option<Half>, named: bool) -> Option<i8> {
    let value = hour.small()?;
    match half {
        Some(Half::Morning) => (0..=12).contains(&value).then_some(value % 12),
        Some(Half::Afternoon) => {
            (0..=23).contains(&value).then_some(if value < 12 { value + 12 } else { value })
        }
        Some(Half::Within(first, last, add)) => (first..=last).contains(&value).then_some(value + add),
        // "02:05" implies a 24-hour clock; "2시" and "2:05" may be of either.
        None => (hour.digits == 2 && (!named || value > 12 || value == 0) || value == 0).then_some(value),
    }
}

/// Reads `Z`, `+09:00` or `+0900`.
pub(super) fn offset(scanner: &mut Scanner) -> Option<Offset> {
    if scanner.letter('Z') {
        return Some(Offset::UTC);
    }
    let sign = if scanner.letter('+') {
        1
    } else if scanner.letter('-') {
        -1
    } else {
        return None;
    };
    // "+09:00" or "+0900"
    let given = scanner.number(2..=4)?;
    let (hours, minutes) = match given.digits {
        2 if scanner.letter(':') => (given.value, scanner.number(2..=2)?.value),
        4 => (given.value / 100, given.value % 100),
        _ => return None,
    };
    if hours > FURTHEST_OFFSET || minutes >= 60 {
        return None;
    }
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}
