//! The commands as people run them: the real binary, with an empty environment and a folder of its own.

mod alone;
mod case;
mod check;
mod clocks;
mod console;
mod delivery;
mod demo;
mod drill;
mod held_up;
mod help;
mod limits;
mod listings;
mod macros;
mod macros_sync;
mod marker;
mod observed;
mod policy;
pub(crate) mod process;
mod proxy;
mod reload;
mod replicas;
mod serve;
pub(crate) mod service;
mod zendesk;
