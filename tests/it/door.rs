//! The door, through real HTTP and a real SQLite ledger.

mod accepting;
mod failing;
mod refusing;
mod scene;
