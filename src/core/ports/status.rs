//! What runs: version, policy and the last reload, for readiness, metrics and the service manager.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::AccountFindings;

/// The status of one process of the service.
#[derive(Debug)]
pub struct ServiceStatus {
    build: Build,
    started_at: Timestamp,
    running: Mutex<Running>,
    account: Mutex<Option<AccountChecked>>,
    purged_at: Mutex<Option<Timestamp>>,
}

/// The running program, as health checks, metrics and the console name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Build {
    /// The version in `Cargo.toml`.
    pub version: &'static str,
    /// The commit that it was built from; `unknown` if the build was not told.
    pub commit: &'static str,
}

/// The configuration in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The hash of the policy.
    pub policy: String,
    /// Since when this configuration is in force.
    pub since: Timestamp,
    /// The last reload; `None`: there was none since the start.
    pub last_reload: Option<LastReload>,
}

/// A reload of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastReload {
    /// When it was tried.
    pub at: Timestamp,
    /// The number of problems for which the new configuration was refused; 0: it is in force.
    pub problems: usize,
}

/// The last check of the help desk's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChecked {
    /// When it was made.
    pub at: Timestamp,
    /// Since when checks have found something wrong; `None`: nothing is.
    pub wrong_since: Option<Timestamp>,
    /// What the account lacks or has otherwise.
    pub findings: AccountFindings,
}

impl ServiceStatus {
    /// The status of a process that starts at `now` with this policy.
    pub fn new(build: Build, policy: String, now: Timestamp) -> Self {
        Self {
            build,
            started_at: now,
            running: Mutex::new(Running { policy, since: now, last_reload: None }),
            account: Mutex::default(),
            purged_at: Mutex::default(),
        }
    }

    /// Fixed when the program was compiled.
    pub fn build(&self) -> Build {
        self.build
    }

    /// When the process started.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// The configuration in force.
    pub fn running(&self) -> Running {
        self.lock().clone()
    }

    /// A new configuration is in force.
    pub fn reloaded(&self, policy: &str, now: Timestamp) {
        let last_reload = Some(LastReload { at: now, problems: 0 });
        *self.lock() = Running { policy: policy.to_owned(), since: now, last_reload };
    }

    /// A new configuration was refused for this many problems, at least one; the old one stays in force.
    pub fn reload_refused(&self, problems: usize, now: Timestamp) {
        self.lock().last_reload = Some(LastReload { at: now, problems: problems.max(1) });
    }

    /// What is older than the retention time was erased.
    pub fn purged(&self, now: Timestamp) {
        *self.purged_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// When this process last erased what is older than the retention time; `None`: not since its start.
    pub fn purged_at(&self) -> Option<Timestamp> {
        *self.purged_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account was checked.
    pub fn account_checked(&self, findings: AccountFindings, now: Timestamp) {
        // No code panics while holding the lock.
        let mut account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        let before = account.as_ref().and_then(|checked| checked.wrong_since);
        let wrong_since = (!findings.wrong.is_empty()).then(|| before.unwrap_or(now));
        *account = Some(AccountChecked { at: now, wrong_since, findings });
    }

    /// The last check of the account; `None`: there was none since the start.
    pub fn account(&self) -> Option<AccountChecked> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        // No code panics while holding the lock.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
