//! Writes logs to standard error, one line per event, as JSON for machines, with a limit on the lines per minute and
//! failure.

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt};

pub mod sparing;

pub(crate) use sparing::Sparing;

/// Starts logging. `filter` is a `tracing` filter, for example `info` or `misread=debug`; an invalid filter counts as
/// `info`. Returns the counter of suppressed lines.
///
/// `json`: one JSON object a line; `None`: text on a terminal, JSON elsewhere.
pub(crate) fn start(filter: &str, json: Option<bool>) -> Sparing {
    let sparing = Sparing::default();
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let (registry, lines) =
        (Registry::default().with(filter).with(sparing.clone()), fmt::layer().with_writer(std::io::stderr));
    // A second start (in tests) keeps the first.
    let _ = if json.unwrap_or_else(|| !std::io::stderr().is_terminal()) {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines.with_target(false)).try_init()
    };
    sparing
}
