//! Cases, policy and texts in the customer centre's words, for the commands and for the console.

pub(crate) mod backtest;
pub(crate) mod figures;
pub(crate) mod look;
pub(crate) mod policy;
pub(crate) mod progress;
pub(crate) mod telling;
pub(crate) mod texts;
pub(crate) mod told;
pub(crate) mod words;

use jiff::Timestamp;

use crate::domain::seoul::seoul;

/// A time in Seoul, to the minute, for operations.
pub(crate) fn minute(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// How long something took, in its two largest units.
pub(crate) fn lasting(seconds: u64) -> String {
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
pub(crate) fn room(bytes: u64) -> String {
    match (bytes >> 30, bytes >> 20) {
        (0, megabytes) => format!("{megabytes}MB"),
        (gigabytes @ 1..10, _) => format!("{gigabytes}.{}GB", (bytes % (1 << 30) * 10) >> 30),
        (gigabytes, _) => format!("{gigabytes}GB"),
    }
}

/// A number of cases, with separators.
pub(crate) fn cases(count: u64) -> String {
    let digits = count.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
    format!("{}건", parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::{cases, lasting, room};

    #[test]
    fn room_is_told_the_finer_the_less_there_is() {
        for (bytes, told) in [
            (0, "0MB"),
            ((1 << 30) - 1, "1023MB"),
            (1 << 30, "1.0GB"),
            ((10 << 30) - 1, "9.9GB"),
            (10 << 30, "10GB"),
            ((48 << 30) - 1, "47GB"),
            (u64::MAX, "17179869183GB"),
        ] {
            assert_eq!(room(bytes), told, "{bytes}");
        }
    }

    #[test]
    fn a_time_is_told_in_its_two_largest_units() {
        for (seconds, told) in [
            (0, "0초"),
            (59, "59초"),
            (60, "1분"),
            (200, "3분 20초"),
            (3_600, "1시간"),
            (7_530, "2시간 5분"),
            (86_400, "1일"),
            (97_300, "1일 3시간"),
        ] {
            assert_eq!(lasting(seconds), told);
        }
    }

    #[test]
    fn a_number_of_cases_has_separators() {
        for (count, told) in [(0, "0건"), (999, "999건"), (1_000, "1,000건"), (1_234_567, "1,234,567건")]
        {
            assert_eq!(cases(count), told);
        }
    }
}
