//! `misread demo`: plays the main job on sample customers, and prints each customer's story, then a table of all.

mod coverage;
mod overview;
mod story;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use crate::app;
use crate::config::{self, ProcessEnvironment};
use crate::demo::Demo;
use crate::telemetry;

/// A rule of 80 terminal cells.
const RULE: &str = "────────────────────────────────────────────────────────────────────────────────";

pub(super) async fn run(stay: bool) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    // That the disk is slow is no news of a ledger that is deleted at the end.
    telemetry::start(&format!("warn,{}=error", app::LEDGER_LOG_TARGET), None);
    let files = config::load_files(&ProcessEnvironment)?;
    let policy = files.policy.clone();
    let demo = Demo::play(files).await?;
    let differences = demo.differences();
    let mut text = String::new();
    for (place, tale) in demo.tales.iter().enumerate() {
        story::tell(&mut text, place + 1, demo.tales.len(), tale, &policy)?;
    }
    overview::write(&mut text, &demo.tales, &differences)?;
    coverage::write(&mut text, &demo, &policy, start.elapsed())?;
    io::stdout().write_all(text.as_bytes())?;
    if stay {
        introduce(&demo)?;
        demo.stay().await?;
    }
    demo.end().await;
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the addresses of what is left running.
fn introduce(demo: &Demo) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "\nstill running; Ctrl-C ends it")?;
    writeln!(out, "  service           {}", demo.service_url)?;
    writeln!(out, "  mock parking API  {}", demo.sandbox.parking_url)?;
    writeln!(out, "  fake Zendesk      {} (control: {0}/sandbox/)", demo.sandbox.zendesk_url)
}
