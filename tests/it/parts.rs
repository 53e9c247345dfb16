//! Parts of the service and of the drill one by one, where a whole ticket or a whole page would reach their edges only by a detour.

mod cli;
mod console;
#[cfg(feature = "sandbox")]
mod drill;
mod error_body;
#[cfg(feature = "sandbox")]
mod movable_clock;
mod notify;
mod sparing;
mod sqlite;
mod story;
mod watchdog;
mod webhook;
mod worker;
mod zendesk;
