//! The lease of a case.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// The end of a lease, which moves when the lease is renewed. Clones share the same lease.
#[derive(Clone, Debug)]
pub struct Lease(Arc<AtomicI64>);

impl Lease {
    /// A lease that ends at `end`.
    pub fn until(end: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(end.as_millisecond())))
    }

    /// Moves the end to `end`.
    pub fn renew(&self, end: Timestamp) {
        self.0.store(end.as_millisecond(), Ordering::SeqCst);
    }

    /// Whether it has expired: another worker may hold the case by now.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.as_millisecond() >= self.0.load(Ordering::SeqCst)
    }
}
