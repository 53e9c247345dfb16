//! The core of misread: what the service knows and decides ([`domain`]), the rules of its Zendesk account ([`account`]), and what it
//! needs from the world ([`ports`]).
//!
//! The service, its adapters and the sandbox all stand on it. It does no I/O: that it cannot reach any of them, the compiler sees to.

pub mod account;
pub mod domain;
pub mod ports;
