//! Limits how often one signed text is accepted.
//!
//! The invocation id, by which the store recognises a repeat, is not signed (facts §1.2): an attacker who has captured one
//! delivery could fill the ledger with copies under new ids while its timestamp is in the window. Honest deliveries of one
//! text within one second are few; Zendesk retries those rejected here with a new signature, and they are accepted then.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The most signatures remembered at once; beyond it the older half is forgotten early.
const REMEMBERED: usize = 100_000;

/// Counts how often each valid signature came, while its timestamp can be in the window.
#[derive(Debug)]
pub(super) struct ReplayGuard {
    allowed: u32,
    /// How long a signature's timestamp can be in the window.
    life: SignedDuration,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    young: HashMap<[u8; 32], u32>,
    old: HashMap<[u8; 32], u32>,
    turned: Timestamp,
}

impl ReplayGuard {
    /// Accepts each signature `allowed` times. `window` is how far its timestamp may be from now, before or after.
    pub(super) fn new(allowed: u32, window: Duration) -> Self {
        let life =
            SignedDuration::try_from(window).map_or(SignedDuration::MAX, |window| window.saturating_mul(2));
        Self { allowed, life, counts: Mutex::default() }
    }

    /// Counts a valid signature; false if it was accepted often enough.
    pub(super) fn admits(&self, signature: [u8; 32], now: Timestamp) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let age = now.duration_since(counts.turned).abs();
        if age >= self.life.saturating_mul(2) {
            counts.young.clear();
        }
        if age >= self.life || counts.young.len() >= REMEMBERED / 2 {
            counts.old = mem::take(&mut counts.young);
            counts.turned = now;
        }
        let before = counts.old.get(&signature).copied().unwrap_or_default();
        let count = counts.young.entry(signature).or_insert(before);
        *count = count.saturating_add(1);
        *count <= self.allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_767_323_045 + second).unwrap()
    }

    #[test]
    fn a_signature_is_taken_so_often_and_no_more_while_its_timestamp_is_in_the_window() {
        let repeats = ReplayGuard::new(2, Duration::from_secs(10));
        let taken: Vec<bool> =
            [0, 1, 2, 19, 20].into_iter().map(|second| repeats.admits([1; 32], at(second))).collect();
        assert_eq!(taken, [true, true, false, false, false]);
        assert!(repeats.admits([2; 32], at(20)));
        assert!(repeats.admits([1; 32], at(60)), "forgotten when it cannot come again");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let repeats = ReplayGuard::new(1, Duration::from_secs(10));
        for number in 0..200_000_u32 {
            let mut signature = [0; 32];
            signature[..4].copy_from_slice(&number.to_be_bytes());
            repeats.admits(signature, at(0));
        }
        let counts = repeats.counts.lock().unwrap();
        assert!(counts.young.len() + counts.old.len() <= REMEMBERED);
    }
}
