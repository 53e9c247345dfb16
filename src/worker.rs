//! The worker: claim, perform, append.
