//! Reports this process to the other replicas, with its program and policy.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ports::{Clock, Ledger, Replica, ServiceStatus};

/// Three reports fit into the minute for which a replica counts as present.
const EVERY: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Presence {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    status: Arc<ServiceStatus>,
    name: String,
}

impl Presence {
    /// The presence of the process with this name, which no other has.
    pub fn new(
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
        status: Arc<ServiceStatus>,
        name: String,
    ) -> Self {
        Self { ledger, clock, status, name }
    }

    /// Reports every 20 seconds until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = self.report() => {}
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Reports once. A failure is only logged.
    pub async fn report(&self) {
        let build = self.status.build();
        let replica = Replica {
            name: self.name.clone(),
            program: format!("{} {}", build.version, build.commit),
            policy: self.status.running().policy,
            started_at: self.status.started_at(),
            seen_at: self.clock.now(),
        };
        if let Err(error) = self.ledger.report_replica(&replica).await {
            // An unreachable ledger is reported by the code that needs more of it.
            tracing::debug!(%error, "this process could not report itself");
        }
    }
}
