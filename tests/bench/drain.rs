//! How long a backlog takes, on the sandbox's clock and with all of Zendesk's limits enforced: with updates sent together, and one
//! by one. Then, in calm and in real time, how long a customer waits for the reply.
//!
//! `cargo bench --bench drain`, or with another number of tickets than 10,000: `cargo bench --bench drain -- 2000`.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]
#![expect(clippy::cast_precision_loss, reason = "shares are shown with two digits")]

#[path = "../it/clock.rs"]
mod clock;
#[path = "drain/scene.rs"]
mod scene;
#[path = "drain/unloaded.rs"]
mod unloaded;

use std::time::{Duration, Instant};

use misread::sandbox::zendesk::{JobPace, RateLimits};
use scene::{Drained, Scene};

const TICKETS: u32 = 10_000;
/// Each ticket gets a reply and a note.
const WRITES: f64 = 2.0;

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let tickets: u32 = asked.unwrap_or(TICKETS);
    let folder =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's folder is writable");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    println!("{tickets} tickets wait since an hour; limits: {:?}", RateLimits::ZENDESK);
    let [together, alone] = [true, false].map(|together| {
        let began = Instant::now();
        let drained = runtime.block_on(async {
            let path = folder.path().join(format!("{together}.db"));
            Scene::set(&path, tickets, together).await.drain().await
        });
        tell(if together { "together" } else { "one by one" }, tickets, &drained, began.elapsed());
        drained
    });
    let ratio = alone.took.as_secs_f64() / together.took.as_secs_f64();
    println!("together : one by one = 1 : {ratio:.1}");
    let bound = f64::from(tickets) * WRITES / per_second(RateLimits::ZENDESK.jobs_at_once.unwrap_or(1));
    let own = f64::from(tickets) * WRITES / per_second(scene::JOBS_AT_ONCE);
    println!(
        "of the bound of {bound:.0} s, at which all jobs that the account allows work without a pause: {:.2}",
        bound / together.took.as_secs_f64()
    );
    println!(
        "of the bound of {own:.0} s, at which our {} jobs do: {:.2}",
        scene::JOBS_AT_ONCE,
        own / together.took.as_secs_f64()
    );
    runtime.block_on(unloaded::report(folder.path()));
}

/// How many tickets so many full jobs write to in a second.
fn per_second(jobs: usize) -> f64 {
    let JobPace { queued, per_item } = JobPace::default();
    let one = queued + 100 * per_item;
    100.0 * jobs as f64 / one.as_secs_f64()
}

fn tell(way: &str, tickets: u32, drained: &Drained, real: Duration) {
    let Drained { took, calls, settled } = drained;
    println!(
        "{way:>10}: {:>6.1} minutes | {:.3} calls of Zendesk's API a ticket, {:.3} a ticket written | settled {settled} | {:.0} s real",
        took.as_secs_f64() / 60.0,
        *calls as f64 / f64::from(tickets),
        *calls as f64 / (f64::from(tickets) * WRITES),
        real.as_secs_f64(),
    );
}
