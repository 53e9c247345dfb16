//! All integration tests, in one binary.

mod clients;
mod door;
mod files;
mod sandbox;
mod store;
