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

fn line(running: &Running, backlog: Option<&Backlog>) -> String {
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::ports::{Group, LastReload};

    #[test]
    fn the_line_says_policy_cases_and_a_refused_reload() {
        let mut running = Running {
            policy: "0123456789abcdef".to_owned(),
            since: Timestamp::UNIX_EPOCH,
            last_reload: None,
        };
        let backlog = Backlog { stuck: Group { cases: 2, oldest: None }, ..Backlog::default() };
        let cases = "cases: 0 active, 0 overdue, 0 waiting, 2 stuck";
        let policy = "policy 0123456789ab since 1970-01-01T00:00:00Z";
        assert_eq!(line(&running, Some(&backlog)), format!("{policy}; {cases}"));
        running.last_reload = Some(LastReload { at: Timestamp::UNIX_EPOCH, problems: 3 });
        let refused = "RELOAD REFUSED at 1970-01-01T00:00:00Z (3 problems), this one stays in force";
        assert_eq!(line(&running, None), format!("{policy}; {refused}; the ledger does not answer"));
    }
}
