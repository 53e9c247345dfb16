//! All integration tests, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod architecture;
mod clients;
mod clock;
mod commands;
mod door;
//mod files;
//mod policy_tools;
mod journals;
mod sandbox;
mod store;
mod stories;
mod words;
mod world;
