//! misread settles "본인 미사용" tickets: a camera misread a plate, and a customer was charged for another person's parking.
//!
//! # The path of one ticket
//!
//! A trigger posts a webhook to [`webhook`], which verifies it, stores it in the ledger ([`store`]) and responds.
//! [`worker`] claims the case under a lease, asks [`domain`] for its next step, journals the intention, lets [`zendesk`] or
//! [`parking`] carry it out, and journals the outcome. Only `domain` decides about case, policy and texts, from the journal
//! and from what was read: `domain::case::plan` says what is to be done and written, `domain::case::compose` makes the texts.
//!
//! # Rooms and their dependencies
//!
//! | room | what it is | uses |
//! | --- | --- | --- |
//! | [`cli`] | the commands | all below |
//! | [`demo`], [`drill`] | the main job on sample customers; the same under kills, partitions and faults | `app`, `testbed` |
//! | [`testbed`] | the sandbox on ports, a private database server, temporary folders | `app`, `sandbox` |
//! | [`setup`] | sets a Zendesk account up, checks it, transfers macros to and from it | `app`, `zendesk` |
//! | [`app`] | the composition root: builds every part from the loaded configuration, and runs them | the adapters, `config` |
//! | [`webhook`], [`worker`], [`store`], [`zendesk`], [`parking`] | the adapters, independent of each other | `ports`, `http` |
//! | [`console`] | pages for operations on a listener of their own | `story`, `ports` |
//! | [`story`] | cases, policy and texts in the customer centre's words, for `cli` and `console` | `ports` |
//! | [`metrics`], [`notify`] | figures for Prometheus on a listener of their own; messages to people who must look | `ports` |
//! | [`http`] | outgoing calls, for both clients | `ports` |
//! | [`trace`] | spans of turns and calls, and their way to a collector; every adapter may record one | `ports` |
//! | [`config`] | settings, policy, macros, environment | `domain` |
//! | [`sandbox`] | a crate: the mock parking API and the fake Zendesk | the core |
//! | [`ports`], [`account`], [`domain`] | the core, a crate: traits; the rules of a Zendesk account; the decisions | `domain` |
//!
//! Where is …? Macros: [`domain::reply`] (files, templates, the account's), [`setup::macros`] (push and pull),
//! `worker::upkeep::macros` (refresh). Set-up: [`account::setup`] (plan), [`account::triggers`], [`setup`] (carries it
//! out). Rate limits: [`account::sliding_window`], [`account::bulk_mode`], `zendesk::budget`. Limits on money:
//! [`domain::limits`], `store::guard`. Evidence: `domain::case::plan::situation`. Notes: `domain::case::compose::note`. Why a
//! case goes to people, pauses or is stuck: [`domain::case::EscalationCause`], [`domain::case::PauseCause`] and
//! [`domain::case::StuckCause`], with their words.
//!
//! The compiler keeps the crates apart, `tests/it/architecture.rs` the rooms. `demo`, `drill`, `testbed` and `sandbox`
//! require the feature `sandbox`, `trace::otlp` the feature `traces`; both are on by default.

pub use misread_core::{account, domain, ports};
#[cfg(feature = "sandbox")]
pub use misread_sandbox as sandbox;

pub mod app;
pub mod cli;
pub mod config;
pub mod console;
#[cfg(feature = "sandbox")]
pub mod demo;
#[cfg(feature = "sandbox")]
pub mod drill;
pub mod http;
pub(crate) mod lifecycle;
pub mod metrics;
pub mod notify;
pub mod parking;
pub mod setup;
pub mod store;
pub mod story;
pub mod telemetry;
#[cfg(feature = "sandbox")]
pub mod testbed;
pub mod trace;
pub mod webhook;
pub mod worker;
pub mod zendesk;
