//! The ledger: the contract of every store, and the behaviour of each single one.

mod breaker;
mod console;
mod contract;
mod figures;
mod grants;
mod limits;
mod macros;
mod markers;
mod opening;
mod opening_postgres;
mod outlines;
mod pooler;
mod postgres;
mod races;
pub(crate) mod server;
mod sqlite;
mod upkeep;
mod versions;
