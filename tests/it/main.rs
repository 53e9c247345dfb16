//! All integration tests, in one binary.

mod clients;
mod clock;
mod door;
mod files;
mod sandbox;
mod store;
