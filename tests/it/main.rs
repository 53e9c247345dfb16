//! All integration tests, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod clients;
mod clock;
mod door;
mod files;
mod sandbox;
mod store;
mod stories;
mod words;
mod world;
