//! Korean formats of time and money.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::parking::Won;

/// The moment in Asia/Seoul, the zone of all lots and customers.
pub fn seoul(at: Timestamp) -> Zoned {
    at.to_zoned(time_zone())
}

/// The date and time in Asia/Seoul, to the minute: an agent who needs seconds has to look at the parking system anyway.
pub fn to_the_minute(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The start of a day in Asia/Seoul; `Err` for a day outside the range of timestamps.
pub fn start_of_day(day: Date) -> Result<Timestamp, jiff::Error> {
    Ok(day.to_zoned(time_zone())?.timestamp())
}

/// A local time in Seoul, clamped to the range of timestamps.
pub(super) fn in_seoul(at: DateTime) -> Timestamp {
    let beyond = if at.year() < 1970 { Timestamp::MIN } else { Timestamp::MAX };
    time_zone().to_timestamp(at).unwrap_or(beyond)
}

fn time_zone() -> TimeZone {
    TimeZone::get("Asia/Seoul").expect("jiff's time zones are compiled in")
}

/// `12,000원`
impl fmt::Display for Won {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(formatter, "{}{grouped}원", if self.0 < 0 { "-" } else { "" })
    }
}
