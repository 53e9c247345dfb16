//! The ledger: what every store keeps to, and what is each one's own.

mod contract;
mod grants;
mod limits;
mod macros;
mod markers;
mod opening;
mod opening_postgres;
mod pooler;
mod postgres;
mod races;
pub(crate) mod server;
mod sqlite;
mod upkeep;
mod versions;
