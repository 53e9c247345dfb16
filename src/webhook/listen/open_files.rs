//! Derives the number of connections from the system's limit of open files.

use std::fs;

/// Files other than the endpoint's connections: the ledger, calls to Zendesk and the parking system, the log, and a
/// reserve.
const OTHERS: usize = 160;
/// The minimum that is always tried.
const LEAST: usize = 16;

/// `wanted` connections, or as many as the process may open beside its other files. If the limit cannot be read, `accept`
/// reports it by itself.
pub(super) fn allow(wanted: usize) -> usize {
    let Some(limit) = fs::read_to_string("/proc/self/limits").ok().as_deref().and_then(soft_limit) else {
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

/// The soft limit of open files in `/proc/self/limits`.
fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read() {
        let told = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max processes             1000                 2000                 processes \n\
                    Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(told), Some(1024));
        assert_eq!(
            soft_limit("Max open files            unlimited            unlimited            files"),
            None
        );
        assert_eq!(soft_limit(""), None);
    }

    #[test]
    fn a_process_is_never_left_without_a_connection() {
        assert_eq!(allow(1), 1);
        assert_eq!(allow(0), 1);
        assert!((LEAST..=usize::MAX).contains(&allow(usize::MAX)));
    }
}
