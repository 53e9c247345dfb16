//! One ticket's life: the journal's entries, the fold to a state, and what to do next.

mod entry;

pub use entry::{Action, Effect, Ending, Entry, Write, WriteKind};
