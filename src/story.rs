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

/// A number of cases, with separators.
pub(crate) fn cases(count: u64) -> String {
    let digits = count.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
    format!("{}건", parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::cases;

    #[test]
    fn a_number_of_cases_has_separators() {
        for (count, told) in [(0, "0건"), (999, "999건"), (1_000, "1,000건"), (1_234_567, "1,234,567건")]
        {
            assert_eq!(cases(count), told);
        }
    }
}
