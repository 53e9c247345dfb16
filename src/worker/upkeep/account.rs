//! Checks once a day whether the Zendesk account is still set up as the service needs it: an admin may switch a trigger off or
//! rename a field, and then tickets no longer arrive or are no longer read.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ports::{AccountCheck, Clock, ServiceStatus};

/// The first check is not part of the start, which other processes may do at the same time.
const FIRST_AFTER: Duration = Duration::from_mins(1);
const EVERY: Duration = Duration::from_hours(24);
/// After a check that could not read everything.
const AGAIN_AFTER: Duration = Duration::from_hours(1);

/// Checks the account and keeps the result. Each process checks by itself, with about twenty requests.
#[derive(Debug)]
pub struct AccountWatch {
    check: Arc<dyn AccountCheck>,
    clock: Arc<dyn Clock>,
    status: Arc<ServiceStatus>,
}

impl AccountWatch {
    /// A watch before its first check.
    pub fn new(check: Arc<dyn AccountCheck>, clock: Arc<dyn Clock>, status: Arc<ServiceStatus>) -> Self {
        Self { check, clock, status }
    }

    /// Checks once a day until `stop`; again after an hour if not everything could be read.
    pub async fn run(&self, stop: CancellationToken) {
        let mut pause = FIRST_AFTER;
        loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return,
            }
            tokio::select! {
                complete = self.look() => pause = if complete { EVERY } else { AGAIN_AFTER },
                () = stop.cancelled() => return,
            }
        }
    }

    /// Checks once, and logs what is wrong; returns whether everything could be read.
    pub async fn look(&self) -> bool {
        let findings = match self.check.check().await {
            Ok(findings) => findings,
            Err(reason) => {
                tracing::warn!(reason, "the Zendesk account could not be checked; trying again in an hour");
                return false;
            }
        };
        if !findings.wrong.is_empty() {
            let wrong = findings.wrong.join(", ");
            tracing::error!(
                wrong,
                "the Zendesk account is no longer as the settings want it: `misread zendesk check` says what to do"
            );
        }
        let complete = findings.unread == 0;
        self.status.account_checked(findings, self.clock.now());
        complete
    }
}
