//! All integration tests, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod architecture;
mod clients;
mod clock;
mod commands;
mod core;
mod coverage;
mod demo;
mod disk;
mod door;
mod files;
mod fuzz;
mod http_client;
mod journals;
mod long;
mod mail;
mod policy_tools;
mod sandbox;
mod simulation;
mod store;
mod stories;
mod words;
mod world;
