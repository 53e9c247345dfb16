//! What the door does under attack: the released binary as a process of its own, attacked at full speed on loopback, while honest
//! deliveries come at a steady rate.
//!
//! `cargo bench --bench flood`, or `… -- slow` for the attacks whose name contains `slow`; a few minutes. Attackers come from an address of
//! their own; with `… -- --behind-a-proxy` they come from the honest senders', and nothing tells them apart. Attackers, honest senders and the
//! service share this machine's processors, so the honest times are those of a service that gets half a machine at best. Exits
//! with 1 when an honest delivery was not taken, something forged was stored, or memory went beyond its bound.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]
#![expect(clippy::cast_precision_loss, reason = "rates are shown with few digits")]

#[path = "flood/attack.rs"]
mod attack;
#[path = "flood/honest.rs"]
mod honest;
#[path = "flood/service.rs"]
mod service;
#[path = "flood/wire.rs"]
mod wire;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use misread::webhook::{BODY_LIMIT, LARGE_BODIES, Limits, SMALL_BODY};
use tokio::runtime::{Builder, Runtime};

use attack::Attack;
use honest::Honest;
use service::Service;

const CALM: Duration = Duration::from_secs(5);
const ATTACKED: Duration = Duration::from_secs(5);
/// Where attacks come from, unless they are hidden behind honest senders' address.
const ATTACKERS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Between two attacks, so that one does not meet what another left behind.
const REST: Duration = Duration::from_secs(1);
/// What the process takes without any connection: code, ledger, clients. Measured 20 to 30 MB; the rest is reserve.
const AT_REST_MB: f64 = 64.0;
/// One connection: the head's buffer, which may double while it grows, the answer's, the task.
const CONNECTION_KB: f64 = 64.0;
/// A body is there as it came, once more as text, and once more while it grows.
const COPIES: f64 = 3.0;

fn main() -> ExitCode {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    // Apart, as in the world: an honest sender does not queue behind attackers' tasks.
    let (attackers, senders) = (threads(), threads());
    let service = Service::start();
    let address = service.address();
    println!(
        "honest: {} deliveries/s, half on connections of their own; each attack {} s; memory may reach {:.0} MB\n",
        honest::RATE,
        ATTACKED.as_secs(),
        bound_mb()
    );
    println!(
        "{:<34} {:>10} {:>9} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6}",
        "attack", "attacks/s", "honest", "p50 ms", "p99 ms", "p99:calm", "MB", "peak", "after"
    );
    let mut run = Run { service, address, attackers, senders, unloaded: None, bad: Vec::new(), taken: 0 };
    run.under(None);
    // One proxy before the door hides where anybody comes from.
    let hidden = std::env::args().any(|argument| argument == "--behind-a-proxy");
    let from = if hidden { honest::ZENDESK } else { ATTACKERS };
    for attack in attack::all(from) {
        if wanted.is_empty() || wanted.iter().any(|part| attack.name.contains(part.as_str())) {
            run.under(Some(attack));
        }
    }
    run.end()
}

/// The bound of the service's memory in MB that its limits add up to; deploy/README.md says it in words.
fn bound_mb() -> f64 {
    let connections = Limits::default().connections as f64;
    let small = connections * (CONNECTION_KB + COPIES * SMALL_BODY as f64 / 1024.0) / 1024.0;
    let large = (LARGE_BODIES * BODY_LIMIT) as f64 * COPIES / 1024.0 / 1024.0;
    AT_REST_MB + small + large
}

fn threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime starts")
}

/// All phases against one process: what one leaves behind, the next would show.
struct Run {
    service: Service,
    address: SocketAddr,
    attackers: Runtime,
    senders: Runtime,
    unloaded: Option<Duration>,
    bad: Vec<String>,
    /// Authentic deliveries that were answered 200.
    taken: usize,
}

impl Run {
    /// One phase, with or without an attack.
    fn under(&mut self, attack: Option<Attack>) {
        let name = attack.as_ref().map_or("none (calm)", |attack| attack.name);
        let (before, lasts) = (self.service.memory_mb(), if attack.is_some() { ATTACKED } else { CALM });
        let attack = attack.map(|attack| {
            let attack = Arc::new(attack);
            (self.attackers.spawn(Arc::clone(&attack).run(self.address, lasts)), attack)
        });
        let honest = self.senders.spawn(honest::send(self.address, lasts));
        let mut peak = before;
        while !honest.is_finished() {
            std::thread::sleep(Duration::from_millis(10));
            peak = peak.max(self.service.memory_mb());
        }
        let honest = self.senders.block_on(honest).expect("no sender panics");
        let attacks = attack.map_or(0, |(running, attack)| {
            self.attackers.block_on(running).expect("no attacker panics");
            self.taken += attack.taken();
            attack.count()
        });
        std::thread::sleep(REST);
        self.tell(
            name,
            attacks as f64 / lasts.as_secs_f64(),
            &honest,
            [before, peak, self.service.memory_mb()],
        );
    }

    fn tell(&mut self, name: &str, attacks: f64, honest: &Honest, memory: [f64; 3]) {
        let [before, peak, after] = memory;
        let unloaded = *self.unloaded.get_or_insert(honest.at(99));
        let ratio = honest.at(99).as_secs_f64() / unloaded.as_secs_f64();
        println!(
            "{name:<34} {attacks:>10.0} {:>8.2}% {:>8.2} {:>8.2} {ratio:>8.1} {before:>6.1} {peak:>6.1} {after:>6.1}",
            100.0 * honest.taken as f64 / honest.sent as f64,
            milliseconds(honest.at(50)),
            milliseconds(honest.at(99)),
        );
        if honest.taken < honest.sent {
            self.bad.push(format!(
                "{name}: {} of {} honest deliveries not taken: {:?}",
                honest.sent - honest.taken,
                honest.sent,
                honest.problems
            ));
        }
        if peak > bound_mb() {
            self.bad.push(format!("{name}: memory reached {peak:.1} MB"));
        }
        self.taken += honest.taken;
    }

    fn end(mut self) -> ExitCode {
        let stored = self.senders.block_on(self.service.stored());
        println!("\nanswered 200: {}, in the ledger: {stored}", self.taken);
        // What was not answered in time may be stored all the same.
        if self.bad.is_empty() && stored != self.taken {
            self.bad.push("the ledger does not hold exactly what was answered 200".to_owned());
        }
        println!(
            "memory at its highest: {:.1} MB; log: {:.0} KB",
            self.service.highest_mb(),
            self.service.log_kb()
        );
        for problem in &self.bad {
            println!("NOT GOOD: {problem}");
        }
        if self.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
