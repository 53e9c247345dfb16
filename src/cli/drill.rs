//! `misread drill`: kills processes of this program repeatedly while they work, then prints a table of their work and
//! of every violation.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use clap::{Args, ValueEnum};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::wrong::Mistyped;
use crate::drill::{self, Ledger, Measure, Options, Report};
use crate::lifecycle::{End, until_stopped};
use crate::telemetry;

/// The most violations and stuck tickets that are printed; the folder of the drill contains all violations.
const SHOWN: usize = 5;

/// What kind of ledger to drill on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StoreArgument {
    /// One process on a file.
    Sqlite,
    /// Two processes on one database.
    Postgres,
    /// One after the other.
    Both,
}

#[derive(Debug, Args)]
pub(super) struct DrillArguments {
    /// What kind of ledger to drill on. PostgreSQL: a private server from the installed binaries, which is restarted too.
    #[arg(long, value_enum, default_value = "both")]
    store: StoreArgument,
    /// An empty database to drill on instead of a private server's; it is not restarted.
    #[arg(long)]
    database_url: Option<String>,
    /// How many cycles. Each takes about a second and ends with a SIGKILL.
    #[arg(long, default_value_t = 25)]
    cycles: u32,
    /// What all chance comes from; another one every time when it is not given. The same seed makes the same plan of faults; when
    /// exactly each strikes is up to the machine.
    #[arg(long)]
    seed: Option<u64>,
    /// Stop killing after so many seconds, whether all cycles are carried out or not. Unset: 30 seconds and 3 for each cycle.
    #[arg(long)]
    at_most: Option<u64>,
    /// Let the processes serve their figures on this port of the machine, and the next one, for a Prometheus that looks on.
    #[arg(long, value_name = "PORT")]
    metrics: Option<u16>,
}

pub(super) async fn run(arguments: DrillArguments) -> anyhow::Result<ExitCode> {
    telemetry::start("off", None);
    let stop = CancellationToken::new();
    let outcome = Arc::new(Mutex::new(None));
    let (cell, stopped) = (Arc::clone(&outcome), stop.clone());
    let work = async move {
        let drilled = stopped.run_until_cancelled(Box::pin(all(&arguments))).await;
        *cell.lock().await = drilled;
    };
    let end = until_stopped(stop, work).await?;
    let drilled = outcome.lock().await.take();
    match drilled {
        Some(good) if end == End::Clean => Ok(if good? { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        _ => bail!("stopped before the end: nothing was judged"),
    }
}

async fn all(arguments: &DrillArguments) -> anyhow::Result<bool> {
    let seed = arguments.seed.unwrap_or_else(drill::any_seed);
    let usual = 30 + 3 * u64::from(arguments.cycles);
    let at_most = Duration::from_secs(arguments.at_most.unwrap_or(usual));
    let options = Options { cycles: arguments.cycles, seed, at_most, metrics: arguments.metrics };
    let ledgers = ledgers(arguments)?;
    let mut server = None;
    if ledgers.contains(&Ledger::Postgres) {
        server = drill::private_server().await?;
        if server.is_none() {
            bail!(
                "PostgreSQL's programs (initdb, postgres) are not installed: install them, name an empty database with \
                 --database-url, or drill with --store sqlite"
            );
        }
    }
    let measure = Measure::take().await?;
    let mut good = true;
    for ledger in ledgers {
        let server = if ledger == Ledger::Postgres { server.take() } else { None };
        let report = drill::run(&ledger, server, &measure, &options).await?;
        io::stdout().write_all(table(&report)?.as_bytes())?;
        good &= report.is_good();
    }
    Ok(good)
}

fn ledgers(arguments: &DrillArguments) -> anyhow::Result<Vec<Ledger>> {
    let postgres = arguments.database_url.clone().map_or(Ledger::Postgres, Ledger::PostgresAt);
    Ok(match arguments.store {
        StoreArgument::Sqlite if arguments.database_url.is_some() => {
            return Err(
                Mistyped("--database-url is for PostgreSQL, not for --store sqlite".to_owned()).into()
            );
        }
        StoreArgument::Sqlite => vec![Ledger::Sqlite],
        StoreArgument::Postgres => vec![postgres],
        StoreArgument::Both => vec![Ledger::Sqlite, postgres],
    })
}

fn table(report: &Report) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let Report { tickets, saved, jobs, .. } = report;
    let mut row = |name: &str, value: String| writeln!(out, "  {name:<38} {value}");
    row("store", report.store.to_owned())?;
    row("seed", report.seed.to_string())?;
    row("cycles", report.cycles.to_string())?;
    row("kills (SIGKILL)", report.kills.to_string())?;
    row("freezes (SIGSTOP, past the lease)", report.freezes.to_string())?;
    row("cut off from the database", report.partitions.to_string())?;
    row("clocks of the processes apart", format!("{} s", report.skew.as_secs()))?;
    row("database restarts", report.database_restarts.to_string())?;
    row("clock jumps, revoked tokens", format!("{}, {}", report.clock_jumps, report.revoked_tokens))?;
    row("updates sent together, in jobs", format!("{}, {}", jobs.updates, jobs.all))?;
    row("  jobs killed, updates that failed", format!("{}, {}", jobs.killed, jobs.failed))?;
    for (name, times) in &report.faults {
        row(&format!("fault: {name}"), times.to_string())?;
    }
    row("attempts to deliver", report.attempts.to_string())?;
    row("deliveries acknowledged", report.acknowledged.to_string())?;
    row("  sent again all the same", report.repeated.to_string())?;
    row("attempts refused, unanswered", format!("{}, {}", report.refused, report.unanswered))?;
    row("attempts beside a dead process", report.beside_one_that_is_down.to_string())?;
    row("deliveries dropped for ever", report.dropped.to_string())?;
    row("forged, stale, nonsense", report.bad.to_string())?;
    row("tickets", tickets.opened.to_string())?;
    row(
        "  done, handed over, waiting",
        format!("{}, {}, {}", tickets.done, tickets.handed_over, tickets.waiting),
    )?;
    row("  never told of, only by forgers", format!("{}, {}", tickets.untold, tickets.forged))?;
    row("  follow-ups, left to people by limits", format!("{}, {}", tickets.follow_ups, tickets.limited))?;
    row("  stuck, with a reason", tickets.stuck.to_string())?;
    for (reason, times) in &report.stuck {
        row("", format!("{times} × {reason}"))?;
    }
    let failures = format!("{}, {}", saved.failures, saved.conflicts);
    row("failures waited out, conflicts", failures)?;
    row("writes looked up: there, not there", format!("{}, {}", saved.found_by_marker, saved.not_found))?;
    row("actions repeated under their key", saved.replayed.to_string())?;
    row("lost", tickets.lost.to_string())?;
    row("twice", tickets.twice.to_string())?;
    row("ready again after a kill", spread(&report.ready_after))?;
    row("acknowledging again after a kill", spread(&report.acknowledging_after))?;
    row("logs searched for private data", format!("{} kB", report.log_bytes / 1000))?;
    row("elapsed", format!("{:.1} s", report.elapsed.as_secs_f64()))?;
    row("violations", report.violations.len().to_string())?;
    for text in report.violations.iter().take(SHOWN).chain(report.stuck_tickets.iter().take(SHOWN)) {
        writeln!(out, "\n{text}")?;
    }
    if let Some(folder) = &report.folder {
        writeln!(out, "\nlogs and all violations: {}", folder.display())?;
    }
    writeln!(out)?;
    Ok(out)
}

/// Median and maximum of sorted times.
fn spread(times: &[Duration]) -> String {
    match (times.get(times.len() / 2), times.last()) {
        (Some(median), Some(worst)) => {
            format!("median {} ms, worst {} ms, of {}", median.as_millis(), worst.as_millis(), times.len())
        }
        _ => "never".to_owned(),
    }
}
