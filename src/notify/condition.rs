//! What people must look at, as it is now.

use jiff::Timestamp;

use super::{Options, Sources};
use crate::domain::limits::Trip;
use crate::ports::{Backlog, Group, MacroWarning};

/// Something that a person must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it is. There is at most one of a kind, and of a macro by name.
    pub kind: Kind,
    /// Since when.
    pub since: Timestamp,
    /// The size of a condition that can grow: it is told again when it has doubled.
    pub size: u64,
}

/// The kinds of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Cases were given up; the ticket of the oldest.
    Stuck(Option<i64>),
    /// Cases are due and not taken up; the ticket of the oldest.
    Overdue(Option<i64>),
    /// All actions are stopped because an hour was unusual.
    BreakerOpen(Trip),
    /// A new configuration was refused.
    ReloadRefused,
    /// A macro of the account cannot be used as it is.
    MacroFaulty(MacroWarning),
    /// Another system has failed repeatedly.
    UpstreamDown(&'static str),
}

impl Kind {
    /// Whether every replica sees it, so that only one tells it.
    pub(super) fn is_shared(&self) -> bool {
        match self {
            Self::Stuck(_) | Self::Overdue(_) | Self::BreakerOpen(_) | Self::MacroFaulty(_) => true,
            Self::ReloadRefused | Self::UpstreamDown(_) => false,
        }
    }

    /// The kind's name, by which two looks recognise the same condition.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Stuck(_) => "stuck".to_owned(),
            Self::Overdue(_) => "overdue".to_owned(),
            Self::BreakerOpen(_) => "breaker_open".to_owned(),
            Self::ReloadRefused => "reload_refused".to_owned(),
            Self::MacroFaulty(warning) => format!("macro_faulty.{}", warning.fault.name),
            Self::UpstreamDown(name) => format!("upstream_down.{name}"),
        }
    }
}

/// All conditions that this replica is to tell; `None`: the ledger does not answer. `leads`: also those that all replicas
/// see.
pub(super) async fn standing(
    sources: &Sources,
    options: &Options,
    leads: bool,
    now: Timestamp,
) -> Option<Vec<Condition>> {
    let mut conditions = of_this_process(sources, leads, now);
    if leads {
        let backlog = sources.ledger.backlog(now).await.ok()?;
        let is_late = |since: Timestamp| now.duration_since(since) >= options.overdue_after;
        conditions.extend(of_the_cases(&backlog, is_late));
        let latest = sources.ledger.breaker().await.ok()?;
        conditions.extend(latest.and_then(|latest| {
            let kind = Kind::BreakerOpen(latest.open()?.clone());
            Some(Condition { kind, since: latest.at, size: 1 })
        }));
    }
    Some(conditions)
}

fn of_the_cases(backlog: &Backlog, is_late: impl Fn(Timestamp) -> bool) -> Vec<Condition> {
    let condition = |group: Group, kind: fn(Option<i64>) -> Kind| {
        let (ticket, since) = group.oldest?;
        Some(Condition { kind: kind(Some(ticket.get())), since, size: group.cases })
    };
    let overdue = condition(backlog.overdue, Kind::Overdue).filter(|overdue| is_late(overdue.since));
    condition(backlog.stuck, Kind::Stuck).into_iter().chain(overdue).collect()
}

/// Each replica reloads by itself and calls other systems by itself. Macros are the same for all.
fn of_this_process(sources: &Sources, leads: bool, now: Timestamp) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some(reload) = sources.status.running().last_reload.filter(|reload| reload.problems > 0) {
        let size = u64::try_from(reload.problems).unwrap_or(u64::MAX);
        conditions.push(Condition { kind: Kind::ReloadRefused, since: reload.at, size });
    }
    for upstream in &sources.upstreams {
        if let Some(since) = upstream.failing_since() {
            conditions.push(Condition { kind: Kind::UpstreamDown(upstream.name()), since, size: 1 });
        }
    }
    if leads && let Some(macros) = &sources.macros {
        conditions.extend(macros.standing().warnings.into_iter().map(|warning| {
            let since = warning.fault.updated_at.unwrap_or(now);
            Condition { kind: Kind::MacroFaulty(warning), since, size: 1 }
        }));
    }
    conditions
}
