//! What people must look at, as it is now.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Options, Sources};
use crate::domain::case::Figures;
use crate::domain::limits::Trip;
use crate::domain::seoul::seoul;
use crate::ports::{Backlog, Disk, Group, MacroWarning};

/// Something that a person must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it is. There is at most one of a kind, and of a macro by name.
    pub kind: Kind,
    /// When it began; the time of the look for a limit, a full disk, and a macro whose last edit is unknown.
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
    /// Limits on money have given actions to people today, a day of Asia/Seoul.
    LimitReached(Date),
    /// A new configuration was refused.
    ReloadRefused,
    /// A macro of the account cannot be used as it is.
    MacroFaulty(MacroWarning),
    /// Another system has failed repeatedly.
    UpstreamDown(&'static str),
    /// The Zendesk account is no longer set up as the service needs it: what differs.
    AccountDiffers(Vec<String>),
    /// The ledger's disk has little room.
    DiskNearlyFull(Disk),
}

impl Kind {
    /// Whether every replica sees it, so that only one tells it.
    pub(super) fn is_shared(&self) -> bool {
        match self {
            Self::Stuck(_)
            | Self::Overdue(_)
            | Self::BreakerOpen(_)
            | Self::MacroFaulty(_)
            | Self::LimitReached(_) => true,
            Self::ReloadRefused
            | Self::UpstreamDown(_)
            | Self::AccountDiffers(_)
            | Self::DiskNearlyFull(_) => false,
        }
    }

    /// Whether its end is no news: the next day has its own count.
    pub(super) fn ends_silently(&self) -> bool {
        matches!(self, Self::LimitReached(_))
    }

    /// The kind's name, by which two looks recognise the same condition.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Stuck(_) => "stuck".to_owned(),
            Self::Overdue(_) => "overdue".to_owned(),
            Self::BreakerOpen(_) => "breaker_open".to_owned(),
            Self::LimitReached(day) => format!("limit_reached.{day}"),
            Self::ReloadRefused => "reload_refused".to_owned(),
            Self::MacroFaulty(warning) => format!("macro_faulty.{}", warning.fault.name),
            Self::UpstreamDown(name) => format!("upstream_down.{name}"),
            Self::AccountDiffers(_) => "account_differs".to_owned(),
            Self::DiskNearlyFull(_) => "disk_nearly_full".to_owned(),
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
        let today = seoul(now).date();
        let figures = sources.ledger.figures_since(today).await.ok()?;
        conditions.extend(of_limits(today, &figures, now));
    }
    Some(conditions)
}

/// What limits stopped today, by the figures.
fn of_limits(today: Date, figures: &Figures, now: Timestamp) -> Option<Condition> {
    let is_limit = |name: &str| name.starts_with("escalated.limit_") || name == "escalated.amount_unfit";
    let stopped = figures.iter().filter(|((day, name), _)| *day == today && is_limit(name));
    let size = stopped.map(|(_, count)| count).sum();
    (size > 0).then_some(Condition { kind: Kind::LimitReached(today), since: now, size })
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
    if let Some(checked) = sources.status.account()
        && let Some(since) = checked.wrong_since
    {
        let wrong = checked.findings.wrong;
        let size = u64::try_from(wrong.len()).unwrap_or(u64::MAX);
        conditions.push(Condition { kind: Kind::AccountDiffers(wrong), since, size });
    }
    if let Some(disk) = sources.ledger.disk().filter(|disk| disk.is_nearly_full()) {
        conditions.push(Condition { kind: Kind::DiskNearlyFull(disk), since: now, size: 1 });
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
