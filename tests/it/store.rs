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
#[cfg(feature = "sandbox")]
mod opening_postgres;
mod outlines;
#[cfg(feature = "sandbox")]
mod pooler;
#[cfg(feature = "sandbox")]
mod postgres;
mod races;
#[cfg(feature = "sandbox")]
pub(crate) mod server;
mod sqlite;
mod upkeep;
#[cfg(feature = "sandbox")]
mod versions;
