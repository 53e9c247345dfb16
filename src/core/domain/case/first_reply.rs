//! How long customers wait for the first public text of a ticket, as figures: counted when it is written, read as shares, mean
//! and median.

use jiff::SignedDuration;

/// The figures `reply.first.within_*`, each with its bound in seconds: each counts the first texts that took at most so long.
const BOUNDS: [(&str, u64); 8] = [
    ("reply.first.within_10s", 10),
    ("reply.first.within_30s", 30),
    ("reply.first.within_1m", 60),
    ("reply.first.within_5m", 300),
    ("reply.first.within_15m", 900),
    ("reply.first.within_1h", 3_600),
    ("reply.first.within_4h", 14_400),
    ("reply.first.within_1d", 86_400),
];
const COUNT: &str = "reply.first.count";
const SECONDS: &str = "reply.first.seconds";

/// The figures that the first public text of a ticket adds, after this time; none is earlier than its cause, whatever two
/// machines' clocks say.
pub(super) fn counted(waited: SignedDuration) -> impl Iterator<Item = (&'static str, u64)> {
    let rounded = waited.saturating_add(SignedDuration::from_millis(500)).as_secs();
    let seconds = u64::try_from(rounded).unwrap_or_default();
    let within = BOUNDS.into_iter().filter(move |(_, bound)| seconds <= *bound).map(|(name, _)| (name, 1));
    [(COUNT, 1), (SECONDS, seconds)].into_iter().chain(within)
}

/// The first public texts of some days, read from figures. Those of days before figures of them were kept are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstReplies {
    /// The number of tickets that got one.
    pub count: u64,
    seconds: u64,
    within: [u64; BOUNDS.len()],
}

/// The time that half of the texts took at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Median {
    /// About so many seconds: texts between two bounds count as spread evenly.
    Seconds(u64),
    /// More than a day.
    OverADay,
}

impl FirstReplies {
    /// By the sum of each figure.
    pub fn of(sum: impl Fn(&str) -> u64) -> Self {
        Self { count: sum(COUNT), seconds: sum(SECONDS), within: BOUNDS.map(|(name, _)| sum(name)) }
    }

    /// How many took at most so many seconds, one of the bounds: 10, 30, 60, 300, 900, 3,600, 14,400, 86,400. 0 for any other.
    pub fn within(&self, seconds: u64) -> u64 {
        let bounds = BOUNDS.iter().zip(self.within);
        bounds.filter(|((_, bound), _)| *bound == seconds).map(|(_, count)| count).sum()
    }

    /// In seconds; `None` of nothing.
    pub fn mean(&self) -> Option<u64> {
        self.seconds.saturating_add(self.count / 2).checked_div(self.count)
    }

    /// `None`: there was no reply.
    pub fn median(&self) -> Option<Median> {
        if self.count == 0 {
            return None;
        }
        let (mut bound_below, mut below) = (0, 0);
        for ((_, bound), within) in BOUNDS.into_iter().zip(self.within) {
            let twice_left = u128::from(self.count).saturating_sub(2 * u128::from(below));
            let twice_inside = 2 * u128::from(within.saturating_sub(below));
            if twice_inside >= twice_left {
                let width = u128::from(bound - bound_below);
                let above =
                    (width * twice_left + twice_inside / 2).checked_div(twice_inside).unwrap_or_default();
                let above = u64::try_from(above).unwrap_or(bound);
                return Some(Median::Seconds(bound_below.saturating_add(above)));
            }
            (bound_below, below) = (bound, within);
        }
        Some(Median::OverADay)
    }
}
