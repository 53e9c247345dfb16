//! A shared value that can be replaced as a whole while others use it.

use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::case::Playbook;
use crate::ports::PlaybookInForce;

/// A value that is only replaced, never changed. Readers keep the version they took, so that no work sees two.
#[derive(Debug)]
pub struct Reloadable<T>(RwLock<Arc<T>>);

impl<T> Reloadable<T> {
    /// Holds `value` until it is replaced.
    pub fn new(value: T) -> Self {
        Self(RwLock::new(Arc::new(value)))
    }

    /// The current value. A later [`Self::replace`] does not change what was returned.
    pub fn get(&self) -> Arc<T> {
        // A poisoned lock still holds one whole value or the other: nothing is changed in place.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the value; returns the previous one.
    pub fn replace(&self, value: T) -> Arc<T> {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, Arc::new(value))
    }
}

impl PlaybookInForce for Reloadable<Playbook> {
    fn playbook(&self) -> Arc<Playbook> {
        self.get()
    }
}
