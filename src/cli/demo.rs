//! `misread demo`: plays the main job on sample customers, and prints each customer's story, then a table of all.

mod coverage;
pub mod overview;
mod story;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Instant;

use crate::app;
use crate::config::{self, ProcessEnvironment};
use crate::demo::Demo;
use crate::lifecycle::until_stopped;
use crate::telemetry;
use crate::testbed::visitors;

/// A rule of 80 terminal cells.
const RULE: &str = "────────────────────────────────────────────────────────────────────────────────";

/// `console` is where visitors find the console afterwards; `None`: the demo ends.
pub(super) async fn run(console: Option<SocketAddr>) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    // That the disk is slow is no news of a ledger that is deleted at the end.
    let mut levels = format!("warn,{}=error", app::LEDGER_LOG_TARGET);
    if console.is_some() {
        // Nor is it why the visitors' cases are stuck: the console says it.
        levels.extend(app::REFUSAL_LOG_TARGETS.map(|target| format!(",{target}=off")));
    }
    telemetry::start(&levels, None);
    let files = config::load_files(&ProcessEnvironment)?;
    let policy = files.policy.clone();
    let demo = match console {
        None => Demo::play(files).await?,
        Some(address) => Demo::play_for_visitors(files, address).await?,
    };
    let differences = demo.differences();
    let mut text = String::new();
    for (place, tale) in demo.tales.iter().enumerate() {
        story::tell(&mut text, place + 1, demo.tales.len(), tale, &policy)?;
    }
    overview::write(&mut text, &demo.tales, &differences)?;
    coverage::write(&mut text, &demo, &policy, start.elapsed())?;
    io::stdout().write_all(text.as_bytes())?;
    if let Some(url) = &demo.console_url {
        demo.leave_work().await?;
        introduce(&demo, url)?;
        until_stopped(demo.stopper(), demo.receive()).await?;
    }
    demo.end().await;
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the addresses of what is left running, and who may sign in.
fn introduce(demo: &Demo, console: &str) -> anyhow::Result<()> {
    let users = visitors::users()?.into_iter();
    let users: Vec<String> = users.map(|user| format!("{} ({})", user.name, user.role.korean())).collect();
    let mut out = io::stdout().lock();
    writeln!(out, "\nstill running; Ctrl-C ends it")?;
    writeln!(out, "  console           {console}")?;
    writeln!(out, "                    sign in as {}; password {}", users.join(", "), visitors::PASSWORD)?;
    writeln!(out, "  service           {}", demo.service_url)?;
    writeln!(out, "  mock parking API  {}", demo.sandbox.parking_url)?;
    writeln!(out, "  fake Zendesk      {} (control: {0}/sandbox/)", demo.sandbox.zendesk_url)?;
    Ok(())
}
