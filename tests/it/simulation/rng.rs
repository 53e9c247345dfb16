//! Reproducible random numbers: the same seed gives the same numbers.

/// A pseudo-random number generator (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D1CE_4E5B)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `low` up to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap() + 1;
        low + i64::try_from(self.throw() % width).unwrap()
    }

    /// True in this many of a thousand cases.
    pub(crate) fn per_mille(&mut self, often: i64) -> bool {
        self.between(0, 999) < often
    }

    /// True in this many of a hundred cases.
    pub(crate) fn percent(&mut self, often: i64) -> bool {
        self.between(0, 99) < often
    }

    /// One of these, all equally likely.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let last = i64::try_from(from.len()).unwrap() - 1;
        from[usize::try_from(self.between(0, last)).unwrap()]
    }

    /// One of these, as likely as its weight.
    pub(crate) fn weigh<T: Copy>(&mut self, from: &[(i64, T)]) -> T {
        let mut left = self.between(1, from.iter().map(|(weight, _)| weight).sum());
        let hit = from.iter().find(|(weight, _)| {
            left -= weight;
            left <= 0
        });
        hit.unwrap().1
    }
}
