//! Health probes: whether the process lives, and whether it can work now.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Ingress;
use crate::domain::limits::Happened;
use crate::domain::moment::earlier;
use crate::domain::reply::{Fault, Serves};
use crate::ports::{
    AccountChecked, ClockStanding, Left, MacroStanding, MacroWarning, RateLimitStatus, Replica, ServiceStatus,
};

/// The time limit for the store's write check.
const CHECK_WITHIN: Duration = Duration::from_secs(2);

/// A replica that has not reported itself for this long is gone.
const REPLICAS_SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(1);

/// `GET /health/live`: 200 as long as the process responds at all.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: 200 if the store can be written to, the worker runs and the clocks agree, otherwise 503 with the
/// problem. The availability of other systems is reported but changes nothing: deliveries are accepted during their
/// outages.
pub(super) async fn ready(State(door): State<Arc<Ingress>>) -> (StatusCode, Json<Value>) {
    let parts = &door.parts;
    let store = match tokio::time::timeout(CHECK_WITHIN, parts.store.check()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready: the store cannot be written to");
            false
        }
        Err(_) => {
            tracing::error!(after = ?CHECK_WITHIN, "not ready: the store does not answer");
            false
        }
    };
    // A closed channel keeps its last value, but its sender can no longer revoke it.
    let worker = parts.worker_ready.has_changed().is_ok() && *parts.worker_ready.borrow();
    let clocks = parts.options.clocks.as_ref().map(|clocks| clocks.standing());
    let agree = clocks.is_none_or(|clocks| clocks.beyond().is_none());
    let (status, word) = if store && worker && agree {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let part = |good: bool| if good { "ok" } else { "failing" };
    let mut told = json!({ "status": word, "store": part(store), "worker": part(worker) });
    if let Some(status) = &parts.options.status {
        told["program"] = program(status);
        told["account_check"] = account_check(status.account());
    }
    if let Some(bytes) = parts.store.log_bytes() {
        told["store_log_bytes"] = json!(bytes);
    }
    for neighbour in &parts.options.neighbours {
        told[neighbour.name()] = match neighbour.failing_since() {
            None => json!("ok"),
            Some(since) => json!(format!("failing since {since}")),
        };
    }
    if let Some(standing) = clocks {
        told["clocks"] = hours(standing);
    }
    if store && let Ok(Ok(latest)) = tokio::time::timeout(CHECK_WITHIN, parts.store.breaker()).await {
        told["breaker"] = breaker(latest.as_ref());
    }
    let since = earlier(parts.clock.now(), REPLICAS_SEEN_WITHIN);
    if store
        && let Some(replicas) = &parts.options.replicas
        && let Ok(Ok(replicas)) = tokio::time::timeout(CHECK_WITHIN, replicas.replicas(since)).await
    {
        told["replicas"] = seen(replicas);
    }
    if let Some(allowance) = &parts.options.allowance {
        told["zendesk_limits"] = limits(allowance.standing());
    }
    if let Some(macros) = &parts.options.macros {
        told["macros"] = texts(macros.standing());
    }
    (status, Json(told))
}

/// What runs. A refused reload does not affect readiness: the configuration before it is in force.
fn program(status: &ServiceStatus) -> Value {
    let (build, running) = (status.build(), status.running());
    let reload = running.last_reload.map(|reload| match reload.problems {
        0 => json!({ "at": reload.at.to_string(), "result": "in force" }),
        problems => json!({ "at": reload.at.to_string(), "result": "refused", "problems": problems }),
    });
    json!({
        "version": build.version,
        "commit": build.commit,
        "started_at": status.started_at().to_string(),
        "policy": running.policy,
        "in_force_since": running.since.to_string(),
        "last_reload": reload,
    })
}

/// What differs from the settings. It does not affect readiness: deliveries that still arrive are accepted.
fn account_check(checked: Option<AccountChecked>) -> Value {
    checked.map_or(Value::Null, |checked| {
        json!({
            "at": checked.at.to_string(),
            "wrong": checked.findings.wrong,
            "unread": checked.findings.unread,
        })
    })
}

/// The processes on this ledger that reported themselves within the last minute.
fn seen(replicas: Vec<Replica>) -> Value {
    let replica = |Replica { name, program, policy, started_at, seen_at }| {
        json!({
            "name": name,
            "program": program,
            "policy": policy,
            "started_at": started_at.to_string(),
            "seen_at": seen_at.to_string(),
        })
    };
    replicas.into_iter().map(replica).collect()
}

/// How far other clocks are ahead of ours (negative: behind), and whether that is too far.
fn hours(standing: ClockStanding) -> Value {
    let ahead = |ahead: Option<SignedDuration>| ahead.map(|ahead| ahead.as_secs_f64());
    json!({
        "standing": if standing.beyond().is_none() { "ok" } else { "apart: no work is taken" },
        "database_ahead_seconds": ahead(standing.database_ahead),
        "zendesk_ahead_seconds": ahead(standing.desk_ahead),
        "at_most_seconds": standing.at_most.as_secs(),
    })
}

/// Warnings only: the service is ready, since a text that passed every check is used instead. The editor of a macro appears
/// only in the log.
fn texts(standing: MacroStanding) -> Value {
    let warning = |MacroWarning { fault, .. }: MacroWarning| {
        let Fault { name, macro_id, updated_at, problems, serves } = fault;
        let serves = match serves {
            Serves::LastGood { updated_at } => format!("the account's last good version, of {updated_at}"),
            Serves::File => "the file".to_owned(),
        };
        let changed_at = updated_at.map(|at| at.to_string());
        json!({ "macro": name, "zendesk_macro": macro_id, "changed_at": changed_at, "problems": problems, "serves": serves })
    };
    json!({
        "read_at": standing.read_at.map(|at| at.to_string()),
        "warnings": standing.warnings.into_iter().map(warning).collect::<Vec<_>>(),
    })
}

/// An open breaker does not affect readiness: deliveries are accepted, and tickets prepared.
fn breaker(latest: Option<&Happened>) -> Value {
    match latest.and_then(|latest| Some((latest.at, latest.open()?))) {
        None => json!("closed"),
        Some((since, trip)) => json!({
            "open_since": since.to_string(),
            "measure": trip.measure.code(),
            "in_hour": trip.in_hour,
            "usual": trip.usual,
            "passes": trip.most,
        }),
    }
}

fn limits(standing: RateLimitStatus) -> Value {
    let left =
        |left: Option<Left>| left.map(|Left { remaining, total }| json!({ "left": remaining, "of": total }));
    json!({
        "sent": if standing.together { "together" } else { "one by one" },
        "own_updates_per_minute": standing.updates_a_minute,
        "waiting_for_room": standing.waiting,
        "updates_per_minute": left(standing.updates),
        "requests_per_minute": left(standing.requests),
        "jobs_at_once": left(standing.jobs),
        "told_to_wait_until": standing.blocked_until.map(|until| until.to_string()),
    })
}
