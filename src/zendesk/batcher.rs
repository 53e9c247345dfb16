//! Gathers what is asked for within a moment into groups.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::retry::later;
use crate::ports::Clock;

/// Requests that wait to be sent in one call.
#[derive(Debug)]
pub(super) struct Batcher<T> {
    most: usize,
    moment: Duration,
    queue: Mutex<Queue<T>>,
    full: Notify,
}

#[derive(Debug)]
struct Queue<T> {
    waiting: Vec<T>,
    /// Whether somebody takes groups out of it.
    served: bool,
}

impl<T> Batcher<T> {
    /// Groups of at most `most`, gathered for `moment` where there are fewer.
    pub(super) fn new(most: usize, moment: Duration) -> Self {
        let queue = Mutex::new(Queue { waiting: Vec::new(), served: false });
        Self { most, moment, queue, full: Notify::new() }
    }

    /// Adds one. Says whether nobody takes groups out: then the caller must see to it that [`Self::group`] is asked until
    /// nothing is left.
    #[must_use]
    pub(super) fn add(&self, item: T) -> bool {
        let mut queue = self.lock();
        queue.waiting.push(item);
        if queue.waiting.len() >= self.most {
            self.full.notify_one();
        }
        !std::mem::replace(&mut queue.served, true)
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// The next group, first come first served; `None` when nothing is left and the next to come must begin anew.
    pub(super) async fn group(&self, clock: &dyn Clock) -> Option<Vec<T>> {
        if self.waiting() < self.most {
            tokio::select! {
                () = self.full.notified() => {}
                () = clock.sleep_until(later(clock.now(), self.moment)) => {}
            }
        }
        let mut queue = self.lock();
        if queue.waiting.is_empty() {
            queue.served = false;
            return None;
        }
        let size = queue.waiting.len().min(self.most);
        Some(queue.waiting.drain(..size).collect())
    }

    fn lock(&self) -> MutexGuard<'_, Queue<T>> {
        // Nothing panics under it.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
