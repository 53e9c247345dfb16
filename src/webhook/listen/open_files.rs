//! Derives the number of connections from the system's limit of open files.

use rustix::process::{Resource, getrlimit};

/// Files other than the endpoint's connections: the ledger, calls to Zendesk and the parking system, the log, and a
/// reserve.
const OTHERS: usize = 160;
/// The minimum that is always tried.
pub const LEAST: usize = 16;

/// `wanted` connections, or as many as the process may open beside its other files; without a limit, `wanted`.
pub fn allow(wanted: usize) -> usize {
    let Some(limit) = getrlimit(Resource::Nofile).current.and_then(|limit| usize::try_from(limit).ok())
    else {
        return wanted;
    };
    let allowed = limit.saturating_sub(OTHERS).max(LEAST);
    if allowed < wanted {
        tracing::warn!(
            wanted,
            allowed,
            open_files = limit,
            "fewer connections than wanted: allow the process more open files"
        );
    }
    wanted.clamp(1, allowed)
}
