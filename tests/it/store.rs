//! The ledger: what every store keeps to, and what is SQLite's own.

mod contract;
mod opening;
mod sqlite;
