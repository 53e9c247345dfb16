//! Records by id.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// The account's records of one kind by id. The file of each kind says what can be done with its table alone.
#[derive(Clone, Debug)]
pub(super) struct Table<T>(BTreeMap<i64, T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> FromIterator<(i64, T)> for Table<T> {
    fn from_iter<I: IntoIterator<Item = (i64, T)>>(records: I) -> Self {
        Self(records.into_iter().collect())
    }
}

impl<T> Deref for Table<T> {
    type Target = BTreeMap<i64, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Table<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
