//! The sandbox over real HTTP: the mock parking API keeps the contract, and the fake Zendesk behaves as the real one is
//! known to.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails; clippy exempts only functions marked as tests"
)]

mod authentication;
mod control;
mod conversation;
mod creating;
mod faults;
mod fields;
mod html;
mod jobs;
mod limits;
mod listing;
mod locking;
mod macros;
mod parking;
mod placeholders;
mod rights;
mod search;
mod seed;
mod set_up;
mod stage;
mod tags;
mod triggers;
mod trust;
mod views;
mod wakes;
mod webhook_api;
mod webhooks;
mod zendesk;
