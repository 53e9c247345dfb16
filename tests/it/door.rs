//! The webhook endpoint, through real HTTP and a real SQLite ledger.

#[cfg(feature = "sandbox")]
mod accepting;
mod attack;
mod failing;
mod forms;
mod raw;
mod refusing;
mod scene;
mod stopping;
