//! How fast cases are worked, whether that depends on how many are stored, and what the service costs when idle.
//!
//! `cargo bench --bench work`. Sandbox and service share this machine's processors; every call is real HTTP on loopback.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]
#![expect(clippy::cast_precision_loss, reason = "rates are shown with three digits")]

#[path = "work/idle.rs"]
mod idle;
#[path = "work/ledger.rs"]
mod ledger;
#[path = "work/scene.rs"]
mod scene;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use scene::{CASES, Journal, Scene};

/// Cases stored before each measurement.
const STORED: [usize; 2] = [1_000, 100_000];
const ROUNDS: usize = 5;

fn main() {
    let folder =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's folder is writable");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(working(folder.path()));
    runtime.block_on(idle::report(folder.path()));
}

async fn working(folder: &Path) {
    let first = folder.join("first.db");
    let worked = pipeline(&first).await;
    let templates = STORED.map(|stored| (stored, folder.join(format!("{stored}.db"))));
    for (stored, template) in &templates {
        ledger::fill(template, &first, *stored).await;
    }
    let mut rates = [const { Vec::new() }; STORED.len()];
    let mut bare_rates = Vec::new();
    let journals = Arc::new(worked.journals);
    for _ in 0..ROUNDS {
        for ((_, template), rates) in templates.iter().zip(&mut rates) {
            let path = folder.join("round.db");
            ledger::copy(template, &path);
            rates.push(rate(pipeline(&path).await.took));
            ledger::remove(&path);
        }
        bare_rates.push(rate(bare(&folder.join("unused.db"), &journals).await));
    }
    let calls: usize = journals.iter().map(|journal| 1 + scene::calls(journal)).sum();
    println!("working: {CASES} tickets a measurement, rows 1 to 4, 7 and 8 in turn; median of {ROUNDS}");
    let medians = rates.map(median);
    for ((stored, template), rate) in templates.iter().zip(medians) {
        let megabytes = ledger::bytes(template) as f64 / 1e6;
        println!("{stored:>8} cases stored ({megabytes:>6.1} MB) | {rate:>6.0} cases/s");
    }
    let [few, many] = medians;
    println!("throughput with {} stored : with {} stored = {:.2}", STORED[1], STORED[0], many / few);
    let bare = median(bare_rates);
    println!("the same HTTP calls without store and engine | {bare:>6.0} cases/s");
    println!("pipeline : bare calls = {:.2}", few / bare);
    println!("HTTP calls a case, its webhook included: {:.2}", calls as f64 / CASES as f64);
    println!("journal commits a case: {:.2}", worked.appends as f64 / CASES as f64);
}

/// What one run over all tickets came to.
struct Worked {
    took: Duration,
    appends: usize,
    journals: Vec<Journal>,
}

/// From the first ticket opened to the last case ended, with the ledger at `path`.
async fn pipeline(path: &Path) -> Worked {
    let scene = Scene::set(path).await;
    let counted = scene.start_service();
    let started = Instant::now();
    let tickets = scene.open_tickets();
    counted.all_ended().await;
    let took = started.elapsed();
    let mut journals = Vec::with_capacity(CASES);
    for ticket_id in tickets {
        journals.push(scene.journal(ticket_id).await);
    }
    scene.strike().await;
    Worked { took, appends: counted.appends(), journals }
}

/// The calls that `journals` tell of, by the same clients, as many cases at once: what HTTP and the sandbox alone cost.
async fn bare(path: &Path, journals: &Arc<Vec<Journal>>) -> Duration {
    let scene = Scene::set(path).await;
    scene.start_door_without_service();
    let started = Instant::now();
    let tickets = scene.open_tickets();
    scene.replay(tickets, journals).await;
    let took = started.elapsed();
    scene.strike().await;
    took
}

fn rate(took: Duration) -> f64 {
    CASES as f64 / took.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
