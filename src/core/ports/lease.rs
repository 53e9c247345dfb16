//! Until when a case is somebody's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// The end of a lease, which moves when the lease is renewed. Clones tell of the same lease.
#[derive(Clone, Debug)]
pub struct Lease(Arc<AtomicI64>);

impl Lease {
    /// One that ends then.
    pub fn until(end: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(end.as_millisecond())))
    }

    /// It was renewed until then.
    pub fn renew(&self, end: Timestamp) {
        self.0.store(end.as_millisecond(), Ordering::SeqCst);
    }

    /// Whether it has ended: somebody else may have the case by now.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.as_millisecond() >= self.0.load(Ordering::SeqCst)
    }
}
