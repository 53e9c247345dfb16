//! Cases, policy and texts in the customer centre's words, for the commands and for the console.

pub(crate) mod backtest;
pub mod figures;
pub(crate) mod look;
pub(crate) mod policy;
pub(crate) mod progress;
pub(crate) mod telling;
pub(crate) mod texts;
pub mod told;
pub mod words;

use jiff::Timestamp;

use crate::domain::seoul::seoul;

/// A time in Seoul, to the minute, for operations.
pub(crate) fn minute(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// How long something took, in its two largest units.
pub fn lasting(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let both = |large: u64, unit: &str, small: u64, of: &str| match small {
        0 => format!("{large}{unit}"),
        _ => format!("{large}{unit} {small}{of}"),
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}초"),
        (0, 0, _) => both(minutes, "분", seconds % 60, "초"),
        (0, _, _) => both(hours, "시간", minutes % 60, "분"),
        _ => both(days, "일", hours % 24, "시간"),
    }
}

/// Room on a disk of so many bytes, rounded down: to a whole gigabyte from ten on, to a tenth of one, or to a megabyte.
/// So a page of much room stays as it is while other programs write a little.
pub fn room(bytes: u64) -> String {
    match (bytes >> 30, bytes >> 20) {
        (0, megabytes) => format!("{megabytes}MB"),
        (gigabytes @ 1..10, _) => format!("{gigabytes}.{}GB", (bytes % (1 << 30) * 10) >> 30),
        (gigabytes, _) => format!("{gigabytes}GB"),
    }
}

/// A number of cases, with separators.
pub fn cases(count: u64) -> String {
    let digits = count.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
    format!("{}건", parts.join(","))
}
