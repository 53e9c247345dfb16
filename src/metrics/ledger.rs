//! What the ledger knows: the cases that have not ended, and how often what has happened.

use std::collections::BTreeMap;
use std::future::Future;

use jiff::{SignedDuration, Timestamp};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::{LEDGER_WITHIN, registry};
use crate::domain::moment::earlier;
use crate::ports::{Awaiting, Backlog, Ledger, StoreError};

/// A process that has not reported itself for this long is gone.
const REPLICAS_SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(1);

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StateLabel {
    state: &'static str,
}

/// A figure's labels, from the parts of its name.
type Labels = Vec<(&'static str, String)>;

/// Reads the ledger. One that does not answer is down, and its other figures are absent.
pub(super) async fn of(ledger: &dyn Ledger, now: Timestamp) -> Registry {
    let mut registry = registry();
    let up = within(ledger.check()).await.is_some();
    flag(&mut registry, "store_up", "1: the ledger can be written to", up);
    if let Some(size) = ledger.log_bytes() {
        bytes(&mut registry, "store_log", "The size of the SQLite ledger's write-ahead log", size);
    }
    if let Some(disk) = ledger.disk() {
        bytes(
            &mut registry,
            "store_size",
            "The size of the SQLite ledger's file, without its log",
            disk.ledger,
        );
        bytes(&mut registry, "store_disk_free", "What is free on the disk of the SQLite ledger", disk.free);
    }
    let since = earlier(now, REPLICAS_SEEN_WITHIN);
    if let Some(replicas) = within(ledger.replicas(since)).await {
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(replicas.len()).unwrap_or(i64::MAX));
        registry.register(
            "replicas",
            "Processes on this ledger that reported themselves within a minute",
            gauge,
        );
    }
    if let Some(backlog) = within(ledger.backlog(now)).await {
        unfinished(&mut registry, &backlog);
    }
    if let Some(sums) = within(ledger.figure_sums()).await {
        counted(&mut registry, &sums);
    }
    if let Some(latest) = within(ledger.breaker()).await {
        let open = latest.is_some_and(|latest| latest.open().is_some());
        flag(
            &mut registry,
            "breaker_open",
            "1: unusual numbers have stopped all actions until a person looks",
            open,
        );
    }
    registry
}

async fn within<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
    tokio::time::timeout(LEDGER_WITHIN, asked).await.ok()?.ok()
}

fn flag(registry: &mut Registry, name: &str, help: &str, value: bool) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value.into());
    registry.register(name, help, gauge);
}

fn bytes(registry: &mut Registry, name: &str, help: &str, size: u64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(i64::try_from(size).unwrap_or(i64::MAX));
    registry.register_with_unit(name, help, Unit::Bytes, gauge);
}

fn unfinished(registry: &mut Registry, backlog: &Backlog) {
    let (cases, oldest) = (Family::<StateLabel, Gauge>::default(), Family::<StateLabel, Gauge>::default());
    for (state, group) in [
        ("active", backlog.active),
        ("overdue", backlog.overdue),
        ("waiting", backlog.waiting),
        ("stuck", backlog.stuck),
    ] {
        cases.get_or_create(&StateLabel { state }).set(i64::try_from(group.cases).unwrap_or(i64::MAX));
        if let Some((_, since)) = group.oldest {
            oldest.get_or_create(&StateLabel { state }).set(since.as_second());
        }
    }
    let waiting = Family::<Labels, Gauge>::default();
    let Awaiting { answer, payment, colleague, release } = backlog.awaiting;
    for (awaits, count) in
        [("answer", answer), ("payment", payment), ("colleague", colleague), ("release", release)]
    {
        let labels = vec![("awaits", awaits.to_owned())];
        waiting.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    registry.register("cases_waiting", "Waiting cases by what they wait for", waiting);
    registry.register("cases", "Cases that have not ended, of the whole ledger", cases);
    registry.register_with_unit(
        "cases_oldest_timestamp",
        "Since when the case has been in this state that has been in it for longest; absent without any",
        Unit::Seconds,
        oldest,
    );
}

/// The ledger's counters: name, help, the labels that the parts of a figure's name after the first one become.
const COUNTERS: [(&str, &str, &str, &[&str]); 11] = [
    ("deliveries", "case_deliveries", "Deliveries that were taken into cases", &[]),
    ("ended", "cases_ended", "Cases that ended, by how", &["ending"]),
    ("stuck", "cases_stuck", "Cases that were given up for a person to look at", &[]),
    ("decided", "decisions", "Decisions by the policy's row", &["row"]),
    (
        "escalated",
        "escalations",
        "Cases that went to people for a cause, beside the policy's own rows",
        &["cause"],
    ),
    ("acted", "actions", "Actions in the parking system with a receipt", &["action"]),
    ("won", "actions_won", "The won that receipts of actions name", &["action"]),
    ("written", "texts", "Updates written to tickets, by what they are", &["kind"]),
    ("answered", "answers", "Answers of customers to our questions", &["question", "answer"]),
    ("heard", "messages", "Messages of customers: understood, or not_understood", &["result"]),
    ("ordered", "orders", "Orders of operators", &["order"]),
];

/// The ledger counts in the transaction in which a thing is recorded, so no crash loses a count.
fn counted(registry: &mut Registry, sums: &BTreeMap<String, u64>) {
    for (figure, name, help, labels) in COUNTERS {
        let family = Family::<Labels, Counter>::default();
        if labels.is_empty() {
            // From zero, so that the first event already is an increase.
            drop(family.get_or_create(&Labels::new()));
        }
        for (found, count) in sums {
            let mut parts = found.split('.');
            if parts.next() != Some(figure) {
                continue;
            }
            let values: Labels = labels.iter().copied().zip(parts.map(str::to_owned)).collect();
            if values.len() == labels.len() {
                family.get_or_create(&values).inc_by(*count);
            }
        }
        registry.register(name, help, family);
    }
}
