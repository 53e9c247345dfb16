//! The sandbox over real HTTP: the mock parking API keeps the contract, the fake Zendesk behaves as the real one is known to.

mod control;
mod faults;
mod locking;
mod parking;
mod seed;
mod stage;
mod triggers;
mod webhooks;
mod zendesk;
