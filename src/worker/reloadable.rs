//! What holds at the moment and may be replaced as a whole while others use it.

use std::sync::{Arc, PoisonError, RwLock};

/// A value that is replaced whole, never changed. Whoever took it keeps what they took, so that no work sees two.
#[derive(Debug)]
pub struct Reloadable<T>(RwLock<Arc<T>>);

impl<T> Reloadable<T> {
    /// Holds `value` until it is replaced.
    pub fn new(value: T) -> Self {
        Self(RwLock::new(Arc::new(value)))
    }

    /// What holds now.
    pub fn get(&self) -> Arc<T> {
        // A lock that somebody panicked under still holds one whole value or the other: nothing is changed in place.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on `value` holds; returns what held until now.
    pub fn replace(&self, value: T) -> Arc<T> {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, Arc::new(value))
    }
}
