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
pub const REMEMBERED: usize = 100_000;

/// Counts how often each valid signature came, while its timestamp can be in the window.
#[derive(Debug)]
pub struct ReplayGuard {
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
    pub fn new(allowed: u32, window: Duration) -> Self {
        let life =
            SignedDuration::try_from(window).map_or(SignedDuration::MAX, |window| window.saturating_mul(2));
        Self { allowed, life, counts: Mutex::default() }
    }

    /// Counts a valid signature; false if it was accepted often enough.
    pub fn admits(&self, signature: [u8; 32], now: Timestamp) -> bool {
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
