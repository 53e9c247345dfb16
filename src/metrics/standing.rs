//! What this process knows without asking: its version and policy, the other systems, Zendesk's limits, the macros.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::{Sources, registry};
use crate::ports::{AccountChecked, Availability, MacroStanding, RateLimitStatus, ServiceStatus};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct UpstreamLabel {
    upstream: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct VerdictLabel {
    verdict: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct LimitLabel {
    limit: &'static str,
}

/// The figures as they are now.
pub(super) fn of(sources: &Sources) -> Registry {
    let mut registry = registry();
    let build = sources.status.build();
    let build = vec![("version", build.version), ("commit", build.commit)];
    registry.register("build", "The program that runs", Info::new(build));
    configuration(&mut registry, &sources.status);
    account(&mut registry, sources.status.account());
    upstreams(&mut registry, &sources.upstreams);
    rate_limits(&mut registry, sources.rate_limits.standing());
    if let Some(macros) = &sources.macros {
        texts(&mut registry, &macros.standing());
    }
    registry
}

fn configuration(registry: &mut Registry, status: &ServiceStatus) {
    let running = status.running();
    registry.register("policy", "The policy in force", Info::new(vec![("hash", running.policy)]));
    let successful = running.last_reload.is_none_or(|reload| reload.problems == 0);
    gauge(
        registry,
        "config_last_reload_successful",
        "1: the configuration that was read last is in force; 0: it was refused, the one before it is in force",
        i64::from(successful),
    );
    time(
        registry,
        "config_last_reload_success_timestamp",
        "Since when the configuration is in force",
        running.since,
    );
}

fn account(registry: &mut Registry, checked: Option<AccountChecked>) {
    let findings = Family::<VerdictLabel, Gauge>::default();
    let found = checked.as_ref().map(|checked| (checked.findings.wrong.len(), checked.findings.unread));
    let (wrong, unread) = found.unwrap_or_default();
    for (verdict, number) in [("wrong", wrong), ("unread", unread)] {
        findings.get_or_create(&VerdictLabel { verdict }).set(i64::try_from(number).unwrap_or(i64::MAX));
    }
    registry.register(
        "account_findings",
        "What the last check of the Zendesk account found: objects that are missing or differ, and unreadable ones",
        findings,
    );
    time(
        registry,
        "account_last_check_timestamp",
        "When the Zendesk account was last checked; 0: not yet",
        checked.map_or(Timestamp::UNIX_EPOCH, |checked| checked.at),
    );
}

fn upstreams(registry: &mut Registry, upstreams: &[Arc<Availability>]) {
    let up = Family::<UpstreamLabel, Gauge>::default();
    let skew = Family::<UpstreamLabel, Gauge<f64, AtomicU64>>::default();
    for contact in upstreams {
        let label = UpstreamLabel { upstream: contact.name() };
        up.get_or_create(&label).set(i64::from(contact.failing_since().is_none()));
        if let Some((ahead, _)) = contact.clock() {
            skew.get_or_create(&label).set(ahead.as_secs_f64());
        }
    }
    registry.register("upstream_up", "0: another system has failed repeatedly; cases wait for it", up);
    registry.register_with_unit(
        "upstream_clock_skew",
        "How far another system's clock is ahead of ours, at least; negative: behind",
        Unit::Seconds,
        skew,
    );
}

fn rate_limits(registry: &mut Registry, status: RateLimitStatus) {
    let (total, remaining) = (Family::<LimitLabel, Gauge>::default(), Family::<LimitLabel, Gauge>::default());
    for (limit, left) in [("updates", status.updates), ("requests", status.requests), ("jobs", status.jobs)] {
        if let Some(left) = left {
            total.get_or_create(&LimitLabel { limit }).set(left.total.into());
            remaining.get_or_create(&LimitLabel { limit }).set(left.remaining.into());
        }
    }
    registry.register(
        "zendesk_rate_limit",
        "A limit of the Zendesk account, for all its clients together, as it last reported: requests and updates a \
         minute, jobs at once",
        total,
    );
    registry.register(
        "zendesk_rate_limit_remaining",
        "What it last reported as left of that limit",
        remaining,
    );
    let waiting = i64::try_from(status.waiting).unwrap_or(i64::MAX);
    gauge(
        registry,
        "zendesk_waiting_for_room",
        "Cases of this process that wait for room in Zendesk's limits",
        waiting,
    );
    let blocked = status.blocked_until.unwrap_or(Timestamp::UNIX_EPOCH);
    time(
        registry,
        "zendesk_blocked_until_timestamp",
        "Until when Zendesk asked us to wait; 0: it did not",
        blocked,
    );
}

fn texts(registry: &mut Registry, standing: &MacroStanding) {
    let faulty = i64::try_from(standing.warnings.len()).unwrap_or(i64::MAX);
    gauge(
        registry,
        "macros_faulty",
        "Macros of the account that cannot be used as they are; another text serves instead",
        faulty,
    );
    time(
        registry,
        "macros_last_read_timestamp",
        "When the account's macros were last read; 0: not yet",
        standing.read_at.unwrap_or(Timestamp::UNIX_EPOCH),
    );
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn time(registry: &mut Registry, name: &str, help: &str, at: Timestamp) {
    let gauge: Gauge = Gauge::default();
    gauge.set(at.as_second());
    registry.register_with_unit(name, help, Unit::Seconds, gauge);
}
