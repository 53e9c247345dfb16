//! Reproducible randomness: the same seed gives the same numbers.

use std::time::Duration;

/// A pseudo-random number generator (`SplitMix64`).
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D1CE_4E5B)
    }

    /// A separate generator, independent of what else is drawn meanwhile.
    pub(super) fn apart(&mut self) -> Self {
        Self::new(self.throw())
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `end`, which is at least 1.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.throw() % end).unwrap_or_default()
    }

    /// True with a probability of `often` per mille.
    pub(super) fn per_mille(&mut self, often: usize) -> bool {
        self.below(1000) < often
    }

    /// From `low` to `high` milliseconds, both inclusive.
    pub(super) fn milliseconds(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_millis(low + self.throw() % (high - low + 1))
    }

    /// One of these, with equal probability.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
