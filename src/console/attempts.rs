//! Limits how often passwords are tried, by name and by address. Each process counts by itself.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How long a failed attempt counts.
const SPAN: SignedDuration = SignedDuration::from_mins(15);
/// The failed attempts of one name within the span.
pub const OF_NAME: usize = 10;
/// The failed attempts from one address within the span; people of one office share one.
pub const OF_ADDRESS: usize = 50;
/// With more keys than this, those without a recent attempt are dropped.
const MANY: usize = 1_000;

/// The times of attempts by name and by address.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<Key, Vec<Timestamp>>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    /// An IPv4 address, or the network of an IPv6 address: a person has a whole one.
    Address(IpAddr),
}

impl Key {
    fn both(name: &str, address: IpAddr) -> [(Self, usize); 2] {
        let address = match address {
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
            v4 @ IpAddr::V4(_) => v4,
        };
        [(Self::Name(name.to_owned()), OF_NAME), (Self::Address(address), OF_ADDRESS)]
    }
}

impl Attempts {
    /// Counts an attempt before the password is looked at, so that attempts at the same time count too. `false`: there were too
    /// many, and this one is not made.
    pub fn admit(&self, name: &str, address: IpAddr, now: Timestamp) -> bool {
        let mut attempts = self.lock();
        let is_recent = |at: &Timestamp| now.duration_since(*at) < SPAN;
        if attempts.len() > MANY {
            attempts.retain(|_, times| times.iter().any(is_recent));
        }
        let keys = Key::both(name, address);
        for (key, most) in &keys {
            if let Some(times) = attempts.get_mut(key) {
                times.retain(is_recent);
                if times.len() >= *most {
                    return false;
                }
            }
        }
        for (key, _) in keys {
            attempts.entry(key).or_default().push(now);
        }
        true
    }

    /// An admitted attempt was right: the name's attempts no longer count, nor does this one of the address.
    pub fn succeeded(&self, name: &str, address: IpAddr) {
        let mut attempts = self.lock();
        let [(name, _), (address, _)] = Key::both(name, address);
        attempts.remove(&name);
        if let Some(times) = attempts.get_mut(&address) {
            times.pop();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Vec<Timestamp>>> {
        // No code panics while holding the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
