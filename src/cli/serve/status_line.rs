//! The line that `systemctl status` shows: the policy, the last reload, and the cases that have not ended.

use std::sync::Arc;
use std::time::Duration;

use crate::app::Service;
use crate::lifecycle::service_manager::{self, Told};
use crate::ports::{Backlog, Clock, Ledger, Running, ServiceStatus};

/// The interval of updates.
const EVERY: Duration = Duration::from_secs(30);

/// What the line is made of.
#[derive(Debug)]
pub(super) struct StatusLine {
    status: Arc<ServiceStatus>,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
}

impl StatusLine {
    pub(super) fn of(service: &Service) -> Self {
        Self {
            status: Arc::clone(service.status()),
            ledger: Arc::clone(service.store()),
            clock: Arc::clone(&service.worker().parts().clock),
        }
    }

    /// Tells systemd that the service is ready, and the line again and again; never ends.
    pub(super) async fn keep_told(&self) {
        service_manager::tell(Told::Ready { status: &self.line().await });
        loop {
            tokio::time::sleep(EVERY).await;
            service_manager::tell(Told::Status(&self.line().await));
        }
    }

    pub(super) async fn line(&self) -> String {
        let backlog = self.ledger.backlog(self.clock.now()).await.ok();
        line(&self.status.running(), backlog.as_ref())
    }
}

pub fn line(running: &Running, backlog: Option<&Backlog>) -> String {
    let policy: String = running.policy.chars().take(12).collect();
    let reload = match running.last_reload {
        Some(reload) if reload.problems > 0 => {
            format!(
                "; RELOAD REFUSED at {} ({} problems), this one stays in force",
                reload.at, reload.problems
            )
        }
        _ => String::new(),
    };
    let cases = backlog.map_or_else(
        || "the ledger does not answer".to_owned(),
        |Backlog { active, overdue, waiting, stuck, .. }| {
            let (active, overdue) = (active.cases, overdue.cases);
            format!(
                "cases: {active} active, {overdue} overdue, {} waiting, {} stuck",
                waiting.cases, stuck.cases
            )
        },
    );
    format!("policy {policy} since {}{reload}; {cases}", running.since)
}
