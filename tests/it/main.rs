//! All tests, in one binary. Without the feature `sandbox` it has those of the service alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod architecture;
mod clients;
mod clock;
#[cfg(feature = "sandbox")]
mod commands;
mod core;
#[cfg(feature = "sandbox")]
mod coverage;
#[cfg(feature = "sandbox")]
mod demo;
#[cfg(feature = "sandbox")]
mod disk;
mod door;
mod files;
mod fuzz;
mod http_client;
mod journals;
mod long;
mod mail;
mod parts;
mod policy_tools;
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(feature = "sandbox")]
mod simulation;
mod store;
#[cfg(feature = "sandbox")]
mod stories;
mod words;
#[cfg(feature = "sandbox")]
mod world;
