//! A power cut at every relevant moment of a recorded run: each acknowledged delivery is there, and none is incomplete.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use misread::config::{Environment as _, ProcessEnvironment};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::disk_image::{Fate, after_cut};
use super::order::answer;
use super::scene::Scene;
use super::sender::{Delivery, Sent, send_together};
use super::trace::{Call, Operation, Trace};
use crate::simulation::rng::Rng;

const SEED: u64 = 20_261_122;
/// Large enough that a few dozen deliveries fill the write-ahead log up to SQLite's checkpoint.
const BALLAST: usize = 100_000;
/// The numbers of deliveries sent at the same time, one batch after another.
const GROUPS: [usize; 14] = [1, 2, 16, 1, 3, 8, 1, 1, 8, 2, 4, 8, 4, 1];

/// The number of states tried at the same time.
const AT_ONCE: usize = 4;

/// A recorded service that accepted deliveries and was killed.
struct Run {
    trace: Trace,
    folder: String,
    /// When each answer began, with its delivery.
    acknowledged: Vec<(usize, String)>,
    /// The period in which nothing could be saved: its beginning and end.
    gap: Option<(usize, usize)>,
}

/// Records a run with these faults.
fn record(faults: &[&str]) -> Run {
    let mut scene = Scene::new();
    let service = scene.serve();
    scene.shim.faults(faults);
    let (mut sent, mut number): (Vec<Sent>, usize) = (Vec::new(), 0);
    for count in GROUPS {
        let deliveries: Vec<_> = (number..number + count)
            .map(|number| Delivery { ballast: BALLAST, ..Delivery::new(number + 1) })
            .collect();
        sent.extend(send_together(&service.address, &deliveries));
        number += count;
    }
    drop(service);
    Run::of(&scene, &sent)
}

impl Run {
    fn of(scene: &Scene, sent: &[Sent]) -> Self {
        let (trace, folder) = (scene.shim.seen(), scene.shim.watched().to_owned());
        let acknowledged = sent.iter().filter(|sent| sent.is_acknowledged());
        let acknowledged = acknowledged.map(|sent| (answer(&trace, sent).begin, sent.key.clone())).collect();
        Self { trace, folder, acknowledged, gap: None }
    }

    /// Just before each sync ends, when most data is unsynced, and just after.
    fn boundaries(&self) -> Vec<usize> {
        let ends = self.trace.of(Operation::Sync).filter_map(|sync| sync.end);
        let is_fair = |at: &usize| self.gap.is_none_or(|(from, to)| *at < from || *at > to);
        ends.chain([self.trace.end]).filter(is_fair).collect()
    }

    async fn cut(&self, moment: usize, mut fate: Fate) -> Result<(), String> {
        // Memory is enough: only the files' content matters here, not the disk below it.
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        for (name, content) in after_cut(&self.trace, &self.folder, moment, &mut fate) {
            // Shared memory is lost with the machine.
            if !name.ends_with("-shm") {
                fs::write(folder.path().join(name), content).unwrap();
            }
        }
        let there = recovered(&folder.path().join("misread.db")).await?;
        let promised = self.acknowledged.iter().filter(|(at, _)| *at < moment).map(|(_, key)| key);
        let missing: Vec<_> = promised.filter(|key| !there.contains(*key)).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("lost: {missing:?}")) }
    }
}

/// Opens a ledger as the service does; returns its deliveries, or the problem.
pub(super) async fn recovered(path: &Path) -> Result<BTreeSet<String>, String> {
    let address = format!("sqlite://{}", path.display());
    let store = misread::store::open(&address, Arc::default()).await.map_err(|error| error.to_string())?;
    store.check().await.map_err(|error| error.to_string())?;
    let mut connection = SqliteConnection::connect(&address).await.unwrap();
    for check in
        ["PRAGMA integrity_check", "SELECT 'ok' WHERE NOT EXISTS (SELECT * FROM pragma_foreign_key_check)"]
    {
        let told: Option<String> = sqlx::query_scalar(check)
            .fetch_optional(&mut connection)
            .await
            .map_err(|error| error.to_string())?;
        if told.as_deref() != Some("ok") {
            return Err(format!("{check}: {told:?}"));
        }
    }
    let keys: Vec<String> =
        sqlx::query_scalar("SELECT dedup_key FROM deliveries").fetch_all(&mut connection).await.unwrap();
    Ok(keys.into_iter().collect())
}

/// With `MISREAD_TEST_POWER_CUTS=all` every fate is tried at every moment, otherwise one fate in turn.
fn fates(number: usize) -> Vec<Fate> {
    let torn = |number: usize| Fate::Torn(Rng::new(SEED + number as u64));
    let chosen = [Fate::Kept, Fate::Later, torn(2 * number), torn(2 * number + 1)];
    let all = ProcessEnvironment.variable("MISREAD_TEST_POWER_CUTS").is_some_and(|value| value == "all");
    let others = chosen.iter().skip(if all { 0 } else { number % chosen.len() });
    [Fate::Lost].iter().chain(others.take(if all { chosen.len() } else { 1 })).cloned().collect()
}

/// Tries every moment with its fates; returns the failures.
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
async fn cut_everywhere(run: Run) -> Vec<String> {
    let started = Instant::now();
    let (run, turns) = (Arc::new(run), Arc::new(Semaphore::new(AT_ONCE)));
    let (boundaries, mut states) = (run.boundaries(), JoinSet::new());
    for (number, at) in boundaries.iter().enumerate() {
        let moments = fates(number).into_iter().map(|fate| (*at, fate)).chain([(at + 1, Fate::Lost)]);
        for (moment, fate) in moments {
            let (run, turns) = (run.clone(), turns.clone());
            states.spawn(async move {
                let _turn = turns.acquire_owned().await.unwrap();
                let told = format!("seed {SEED}, cut at {moment} of {}, {fate:?}", run.trace.end);
                Some(format!("{told}: {}", run.cut(moment, fate).await.err()?))
            });
        }
    }
    let count = states.len();
    let problems = states.join_all().await.into_iter().flatten().collect();
    println!(
        "{} boundaries, {count} states, {} deliveries acknowledged, {:.1} s",
        boundaries.len(),
        run.acknowledged.len(),
        started.elapsed().as_secs_f64()
    );
    problems
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_power_cut_at_any_sync_every_acknowledged_delivery_is_there() {
    let run = record(&[]);
    assert_eq!(run.acknowledged.len(), GROUPS.iter().sum::<usize>());
    let is_emptying = |sync: &&Call| sync.is_on("misread.db") && sync.begin > run.acknowledged[0].0;
    assert!(run.trace.of(Operation::Sync).any(|sync| is_emptying(&sync)), "the log was never emptied");
    assert_eq!(cut_everywhere(run).await, Vec::<String>::new());
}

/// Data before a failed sync may be lost even if a later sync succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_after_a_failed_sync_does_not_rest_on_it() {
    let run = record(&["sync -wal EIO 3", "sync misread.db EIO 2"]);
    let failed = run.trace.of(Operation::Sync).filter(|sync| sync.result < 0).count();
    let all: usize = GROUPS.iter().sum();
    assert!(failed > 3 && (all / 4..all).contains(&run.acknowledged.len()), "{failed} failed");
    assert_eq!(cut_everywhere(run).await, Vec::<String>::new());
}

/// The next start reads data of a failed sync as if it were on disk; no new data may depend on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_after_a_failed_sync_and_a_restart_does_not_rest_on_it() {
    let mut scene = Scene::new();
    let [first, second, third] = [1, 2, 3].map(Delivery::new);
    let service = scene.serve();
    let mut sent = vec![first.send(&service.address)];
    scene.shim.faults(&["sync -wal EIO"]);
    assert!(second.send(&service.address).is_put_off());
    drop(service);
    scene.shim.faults(&[]);
    let service = scene.serve();
    sent.extend([second, third].map(|delivery| delivery.send(&service.address)));
    drop(service);
    let run = Run::of(&scene, &sent);
    assert_eq!(run.acknowledged.len(), 3);
    assert_eq!(cut_everywhere(run).await, Vec::<String>::new());
}

/// A deleted ledger is restored from the open file; a cut meanwhile leaves either the ledger or its whole copy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_the_ledger_was_deleted_is_there_once_it_was_rescued() {
    let mut scene = Scene::new();
    let mut service = scene.serve();
    let mut sent = vec![Delivery::new(1).send(&service.address)];
    let ledger = scene.place.path("data/misread.db").canonicalize().unwrap();
    // The copying program is also recorded.
    let removed = Command::new("rm").arg(&ledger).envs(scene.shim.variables()).status().unwrap();
    assert!(removed.success());
    service.await_readiness("200");
    sent.push(Delivery::new(2).send(&service.address));
    drop(service);
    let mut run = Run::of(&scene, &sent);
    assert_eq!(run.acknowledged.len(), 2);
    let time = |operation, ending| {
        let mut calls = run.trace.of(operation).filter(|call| call.is_on(ending));
        calls.next_back().unwrap_or_else(|| panic!("{operation:?} of {ending}")).begin
    };
    let (deleted, whole) = (time(Operation::Remove, "/misread.db"), time(Operation::Rename, "-half"));
    let synced = run.trace.of(Operation::Sync).find(|sync| sync.begin > whole && sync.path == run.folder);
    run.gap = Some((deleted, synced.unwrap().end.unwrap()));
    assert_eq!(cut_everywhere(run).await, Vec::<String>::new());
}
