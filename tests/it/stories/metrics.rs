//! The figures that the service serves, compared with the outside world's own records.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use misread::metrics;
use misread::sandbox::faults::{Fault, FaultRule};
use reqwest::header::CONTENT_TYPE;
use tokio::net::TcpListener;

use crate::http_client;
use crate::world::World;

/// Far below what one Prometheus notices, far above what ten thousand tickets could reach if an id were a label.
const MOST_SERIES: usize = 600;

/// Served values by series, without fractions: these tests look at counts only.
type Series = BTreeMap<String, i64>;

/// Serves the figures on a listener of their own and reads them there.
async fn scrape(world: &World) -> (String, Series) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let served = tokio::spawn(metrics::serve(listener, Arc::new(world.service.metrics()), stop.clone()));
    let answer = http_client::get(format!("http://{address}/metrics")).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = answer.text().await.unwrap();
    stop.cancel();
    served.await.unwrap().unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let series = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.split('.').next().unwrap().parse().unwrap())
    });
    let read: Vec<(String, i64)> = series.collect();
    let series: Series = read.iter().cloned().collect();
    assert_eq!(series.len(), read.len(), "a series stands twice in:\n{text}");
    (text, series)
}

fn sum(series: &Series, name: &str) -> i64 {
    let of = |found: &str| found == name || found.starts_with(&format!("{name}{{"));
    series.iter().filter(|(found, _)| of(found)).map(|(_, value)| value).sum()
}

#[tokio::test]
async fn what_all_sample_customers_cause_is_counted_as_the_outside_world_records_it() {
    let world = World::new().await;
    let (_, before) = scrape(&world).await;
    assert_eq!(sum(&before, "misread_deliveries_total"), 0);
    let stories = world.sandbox.stories.clone();
    let tickets: Vec<_> = stories.iter().map(|story| world.open(story)).collect();
    world.until_idle().await;
    let (text, series) = scrape(&world).await;
    let sent = world.sandbox.zendesk.invocations();
    let sent = i64::try_from(sent.len()).unwrap();
    assert_eq!(sum(&series, "misread_deliveries_total"), sent, "{text}");
    assert_eq!(series["misread_deliveries_total{result=\"accepted\"}"], sent);
    assert_eq!(series["misread_delivery_store_duration_seconds_count"], sent);
    let replies: usize = tickets.iter().map(|id| world.replies(*id).len()).sum();
    let counted = series["misread_reply_duration_seconds_count"];
    assert_eq!(counted, i64::try_from(replies).unwrap(), "{text}");
    // The ledger counts each ticket's first one.
    let replied_to = tickets.iter().filter(|id| !world.replies(**id).is_empty()).count();
    let sums = world.service.store().figure_sums().await.unwrap();
    assert_eq!(sums["reply.first.count"], u64::try_from(replied_to).unwrap());
    for (name, value) in [
        ("misread_store_up", 1),
        ("misread_breaker_open", 0),
        ("misread_config_last_reload_successful", 1),
        ("misread_upstream_up{upstream=\"zendesk\"}", 1),
        ("misread_upstream_up{upstream=\"parking\"}", 1),
        ("misread_worker_cases_claimed", 0),
        ("misread_cases{state=\"stuck\"}", 0),
    ] {
        assert_eq!(series[name], value, "{name}");
    }
    assert!(sum(&series, "misread_client_requests_total") > 2 * sent, "{text}");
    assert_eq!(sum(&series, "misread_client_failures_total"), 0, "{text}");
    assert!(series.len() < MOST_SERIES, "{} series", series.len());
}

#[tokio::test]
async fn no_label_holds_an_id_a_plate_or_a_name() {
    let world = World::new().await;
    let stories = world.sandbox.stories.clone();
    let mut private = BTreeSet::new();
    for story in &stories {
        let id = world.open(story);
        private.insert(id.to_string());
        private.extend(story.plate.clone());
        private.insert(story.customer.id.to_string());
    }
    world.until_idle().await;
    let (text, _) = scrape(&world).await;
    let labels: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once('{')?.1.split_once('}'))
        .map(|found| found.0)
        .collect();
    assert!(labels.len() > 20, "{labels:?}");
    let values: Vec<&str> = labels.iter().flat_map(|labels| labels.split('"').skip(1).step_by(2)).collect();
    for word in &private {
        assert!(values.iter().all(|value| !value.contains(word.as_str())), "`{word}` is a label in:\n{text}");
    }
}

#[tokio::test]
async fn a_refused_delivery_and_a_refused_reload_are_seen() {
    let world = World::new().await;
    let answer = http_client::client().post(&world.webhook_url).body("{}").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    world.service.reload().refused(3);
    let (_, series) = scrape(&world).await;
    assert_eq!(series["misread_deliveries_refused_total{reason=\"signature\"}"], 1);
    assert_eq!(series["misread_config_last_reload_successful"], 0);
    let readiness = world.readiness().await;
    assert_eq!(readiness.status(), 200, "the configuration before it is in force");
    let told: serde_json::Value = readiness.json().await.unwrap();
    assert_eq!(told["program"]["last_reload"]["result"], "refused", "{told}");
    assert_eq!(told["program"]["last_reload"]["problems"], 3);
    world.reload(|_| {});
    let (_, series) = scrape(&world).await;
    assert_eq!(series["misread_config_last_reload_successful"], 1);
    let told: serde_json::Value = world.readiness().await.json().await.unwrap();
    assert_eq!(told["program"]["last_reload"]["result"], "in force", "{told}");
}

/// The list that alerts, dashboard and runbook rely on: name, type (in brackets: only with some settings), labels.
const LISTED: &str = include_str!("../../deploy/metrics.txt");

#[tokio::test]
async fn the_list_that_alerts_and_panels_rely_on_is_what_is_served() {
    let world = World::new().await;
    for story in world.sandbox.stories.clone() {
        world.open(&story);
    }
    world.until_idle().await;
    let (_, series) = scrape(&world).await;
    let served: BTreeSet<&str> = series
        .keys()
        .map(|series| series.split('{').next().unwrap())
        .map(|name| {
            ["_bucket", "_sum", "_count"]
                .iter()
                .fold(name, |name, end| name.strip_suffix(end).unwrap_or(name))
        })
        .collect();
    let lines = LISTED.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let listed: Vec<(&str, bool)> = lines
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.next().unwrap().starts_with('('))
        })
        .collect();
    let unlisted: Vec<_> =
        served.iter().filter(|name| !listed.iter().any(|(listed, _)| listed == *name)).collect();
    assert!(unlisted.is_empty(), "served and not in tests/deploy/metrics.txt: {unlisted:?}");
    let missing: Vec<_> = listed
        .iter()
        .filter(|(name, sometimes)| !sometimes && !served.contains(name))
        .map(|(name, _)| *name)
        // Without an order, an answer, an escalation, a waiting or stuck case there is none.
        .filter(|name| {
            ![
                "misread_orders_total",
                "misread_answers_total",
                "misread_escalations_total",
                "misread_cases_oldest_timestamp_seconds",
            ]
            .contains(name)
        })
        .collect();
    assert!(missing.is_empty(), "in tests/deploy/metrics.txt and not served: {missing:?}");
}

#[tokio::test]
async fn the_ledgers_counters_agree_with_the_outside_world_and_outlive_the_process() {
    let world = World::new().await;
    let tickets: Vec<_> = world.sandbox.stories.clone().iter().map(|story| world.open(story)).collect();
    world.until_idle().await;
    let (text, series) = scrape(&world).await;
    let count = |of: &dyn Fn(&World, misread::domain::ids::TicketId) -> usize| {
        i64::try_from(tickets.iter().map(|id| of(&world, *id)).sum::<usize>()).unwrap()
    };
    assert_eq!(sum(&series, "misread_actions_total"), count(&|world, id| world.actions(id).len()), "{text}");
    // A reply and its note may be one update, so the replies are compared alone.
    let public = series.iter().filter(|(name, _)| name.starts_with("misread_texts_total{"));
    let public: i64 = public.map(|(_, count)| count).sum();
    assert!(public >= count(&|world, id| world.replies(id).len()), "{text}");
    let moved = world.sandbox.parking.actions();
    let won: i64 = moved.iter().filter_map(|done| done.won).map(|won| won.0).sum();
    assert!(won > 0);
    assert_eq!(sum(&series, "misread_actions_won_total"), won, "{text}");
    let waiting = sum(&series, "misread_cases_waiting");
    assert_eq!(waiting, series["misread_cases{state=\"waiting\"}"], "{text}");
    let ended = i64::try_from(tickets.len()).unwrap() - waiting;
    assert_eq!(sum(&series, "misread_cases_ended_total"), ended, "{text}");
    // A new process counts on from the ledger.
    let (_, after) = scrape(&world.replica().await).await;
    for name in [
        "misread_actions_total",
        "misread_actions_won_total",
        "misread_texts_total",
        "misread_decisions_total",
    ] {
        assert_eq!(sum(&after, name), sum(&series, name), "{name}");
    }
    assert_eq!(sum(&after, "misread_deliveries_total"), 0, "the process's own counters begin anew");
}

#[tokio::test]
async fn a_sweep_that_fails_does_not_look_fresh() {
    let world = World::new().await;
    world.sweep().await;
    let (_, series) = scrape(&world).await;
    let swept_at = series["misread_sweep_last_success_timestamp_seconds"];
    assert_eq!(swept_at, world.now().as_second());
    world.sandbox.zendesk.faults().inject(FaultRule::always("/search", Fault::unavailable(None)));
    for _ in 0..3 {
        world.pass(Duration::from_mins(30));
        world.sweep().await;
    }
    let (_, series) = scrape(&world).await;
    assert_eq!(series["misread_sweep_last_success_timestamp_seconds"], swept_at);
}
