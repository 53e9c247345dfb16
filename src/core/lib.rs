//! The core of misread: its data and decisions ([`domain`]), the rules of its Zendesk account ([`account`]), and the
//! interfaces to the outside ([`ports`]).
//!
//! The service, its adapters and the sandbox depend on it. It does no I/O: it cannot reach any of them, which the compiler
//! enforces.

// The other crates and the tests depend on what is public here; elsewhere a name that says it all needs no sentence.
#![warn(missing_docs)]

pub mod account;
pub mod domain;
pub mod ports;
