//! Parses the time of parking in the ticket field 이용 일시, as forms and customers write it.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::moment::{earlier, later};
use super::seoul;

mod clock;
mod given;
mod mention;
mod scan;
mod weekday;

pub use given::GivenTime;
pub use mention::{TimeMentioned, mentioned};

use clock::clock;
use scan::Scanner;

/// The most bytes of a text that is parsed as a date. NFD Hangul needs nine for a syllable.
const LONGEST_TEXT: usize = 200;
/// The years accepted.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;
/// How far a remembered time may differ from the stay.
const SLACK: SignedDuration = SignedDuration::from_mins(30);
/// The longest stay considered.
const LONGEST_STAY: SignedDuration = SignedDuration::from_hours(24 * 31);
/// The years searched for a day without a year: 29 February recurs after eight years at the latest.
const YEARS_BACK: i16 = 8;

/// A day in Asia/Seoul, with an optional time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedAt {
    /// The day.
    pub date: Date,
    /// The time of that day, if one was given.
    pub time: Option<Time>,
}

impl UsedAt {
    /// Parses `2026-11-20`, `2026. 11. 20.`, `26/11/20`, `2026년 11월 20일`, `11월 20일` or `11/20`, alone or with `14:05`,
    /// `오후 2시 5분`, `오후 2:05`, `14시`, or ISO 8601 with an offset, which is converted to Asia/Seoul. Full-width
    /// characters and NFD Hangul are normalised. The weekday may follow the day, and must be right. Of a time range
    /// (`14:05 ~ 16:20`, `14시~16시`), the start counts. The text may end with `에`, `입니다` and the like; `쯤` may only
    /// follow a time of day.
    ///
    /// A day without a year is in the latest year in which it is not after `today`. Years are 2000 to 2099. `None` for
    /// a text that is not understood completely, also for a time that may be in the morning or the afternoon (`2시`,
    /// `2:05`).
    pub fn parse(text: &str, today: Date) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let folded: String = text.nfkc().collect();
        let mut scanner = Scanner::new(folded.trim());
        let date = date(&mut scanner, today)?;
        if weekday::behind(&mut scanner).is_some_and(|weekday| weekday != date.weekday()) {
            return None;
        }
        clock::skip_copula(&mut scanner);
        let read = if scanner.is_at_end() {
            Self { date, time: None }
        } else {
            // An offset is read only after a T: "14:05-15:00" is a time range.
            let is_iso = scanner.letter('T');
            scanner.word(",");
            let clock = clock(&mut scanner)?;
            if is_iso && !scanner.is_at_end() {
                Self::moved(date.to_datetime(clock), clock::offset(&mut scanner)?)?
            } else {
                until(&mut scanner, today)?;
                clock::skip_about(&mut scanner);
                clock::skip_copula(&mut scanner);
                Self { date, time: Some(clock) }
            }
        };
        scanner.is_at_end().then_some(read)
    }

    /// Whether the time can belong to this stay. A day without a time must be between the days of entry and exit; a
    /// time must be between 30 minutes before entry and 30 minutes after exit. For a car that is still inside
    /// (`exited_at` is `None`) there is no upper bound.
    pub fn fits(&self, entered_at: Timestamp, exited_at: Option<Timestamp>) -> bool {
        match self.time {
            None => {
                let day = |at| seoul::seoul(at).date();
                day(entered_at) <= self.date && exited_at.is_none_or(|exit| self.date <= day(exit))
            }
            Some(time) => {
                let at = seoul::in_seoul(self.date.to_datetime(time));
                later(at, SLACK) >= entered_at && exited_at.is_none_or(|exit| at <= later(exit, SLACK))
            }
        }
    }

    /// The first and last possible time of entry, inclusive: 31 days before the day begins, and 30 minutes after it
    /// ends.
    pub fn entry_window(&self) -> (Timestamp, Timestamp) {
        let start = seoul::in_seoul(self.date.to_datetime(Time::midnight()));
        let end = seoul::in_seoul(self.date.saturating_add(1.day()).to_datetime(Time::midnight()));
        (earlier(start, LONGEST_STAY), later(end, SLACK))
    }

    /// A moment with an offset, converted to Asia/Seoul.
    fn moved(at: DateTime, offset: Offset) -> Option<Self> {
        let seoul = seoul::seoul(offset.to_timestamp(at).ok()?);
        Some(Self { date: seoul.date(), time: Some(seoul.time()) })
    }
}

fn date(scanner: &mut Scanner, today: Date) -> Option<Date> {
    let first = scanner.number(1..=4)?;
    let day = if scanner.word("년") {
        let month = scanner.number_before("월")?;
        Date::new(year(first)?, month.small()?, scanner.number_before("일")?.small()?).ok()?
    } else if scanner.word("월") {
        latest(first.small()?, scanner.number_before("일")?.small()?, today)?
    } else {
        separated(scanner, first, today)?
    };
    YEARS.contains(&day.year()).then_some(day)
}

/// Reads `2026-11-20`, `26.11.20` or `11/20`, with the same separator throughout.
fn separated(scanner: &mut Scanner, first: scan::Number, today: Date) -> Option<Date> {
    let sign = ["-", ".", "/"].into_iter().find(|sign| scanner.word(sign))?;
    let second = scanner.number(1..=2)?.small()?;
    if !scanner.word(sign) {
        // "11-20" and "11.20" are ambiguous.
        return (sign == "/" && first.digits <= 2).then(|| latest(first.small()?, second, today))?;
    }
    // "2026. 11. 20." also ends with the separator, but so does a date without a day.
    let third = scanner.number(1..=2)?.small()?;
    if sign == "." {
        scanner.word(sign);
    }
    Date::new(year(first)?, second, third).ok()
}

fn year(number: scan::Number) -> Option<i16> {
    match number.digits {
        2 => Some(2000 + number.value),
        4 => Some(number.value),
        _ => None,
    }
}

/// The latest such day that is not after `today`.
fn latest(month: i8, day: i8, today: Date) -> Option<Date> {
    let years = (0..=YEARS_BACK).map(|back| today.year().saturating_sub(back));
    years.filter_map(|year| Date::new(year, month, day).ok()).find(|date| *date <= today)
}

/// Reads `~ 16:20` or nothing; `None` if something else follows the sign.
fn until(scanner: &mut Scanner, today: Date) -> Option<()> {
    clock::skip_about(scanner);
    if !["~", "-", "\u{2013}", "\u{223c}", "\u{301c}", "부터", "에서"]
        .into_iter()
        .any(|sign| scanner.word(sign))
    {
        return Some(());
    }
    // "14시부터" has no end.
    if scanner.is_at_end() {
        return Some(());
    }
    let mut with_day = scanner.clone();
    if date(&mut with_day, today).is_some() {
        *scanner = with_day;
    }
    clock::any(scanner)?;
    clock::skip_about(scanner);
    scanner.word("까지");
    Some(())
}
