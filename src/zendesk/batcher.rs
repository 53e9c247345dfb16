//! Gathers requests made within a short time into batches.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::moment::later;
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
    /// Whether a task is taking batches.
    served: bool,
}

impl<T> Batcher<T> {
    /// Batches of at most `most`, gathered for `moment` unless full.
    pub(super) fn new(most: usize, moment: Duration) -> Self {
        let queue = Mutex::new(Queue { waiting: Vec::new(), served: false });
        Self { most, moment, queue, full: Notify::new() }
    }

    /// Adds an item. Returns whether no task is taking batches: the caller must then ensure that [`Self::group`] is called
    /// until nothing is left.
    #[must_use]
    pub(super) fn add(&self, item: T) -> bool {
        let mut queue = self.lock();
        queue.waiting.push(item);
        if queue.waiting.len() >= self.most {
            self.full.notify_one();
        }
        !std::mem::replace(&mut queue.served, true)
    }

    /// The number of waiting items.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// The next batch, in first-come, first-served order; `None` if nothing is left and the next caller of `add` must start
    /// again.
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
        // No code panics while holding the lock.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
