//! The domain: pure data and pure functions.
//!
//! Nothing here does I/O, reads a clock, draws a random number, logs, or awaits.

pub mod backtest;
pub mod case;
pub mod file;
pub mod ids;
pub mod limits;
pub mod mail;
pub mod marker;
pub mod moment;
pub mod openings;
pub mod parking;
pub mod person;
pub mod plate;
pub mod policy;
pub mod problem;
pub mod reply;
pub mod retry;
pub mod rule;
pub mod seoul;
pub mod signature;
pub mod surrogates;
pub mod ticket;
pub mod used_at;
pub mod words;
mod written;
