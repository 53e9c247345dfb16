//! The environment of a drill's processes: a configuration folder, a cleared environment, secrets without value.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::config::shipped_files;
use crate::testbed::sandbox::{
    CLIENT_ID, CLIENT_SECRET, PARKING_TOKEN, Sandbox, WEBHOOK_SECRET, account_ids,
};

/// A secret for this drill only. While a killed process is down, another drill's process may get its port: it must not
/// acknowledge foreign deliveries.
pub(super) fn webhook_secret() -> String {
    format!("{WEBHOOK_SECRET}-{}", std::process::id())
}

/// How far a delivery's timestamp may be from the service's clock: it must allow for jumps of the sandbox's clock.
pub(super) const FRESHNESS_SECONDS: u64 = 900;
/// The shortest lease that the settings allow.
pub(super) const LEASE_SECONDS: u64 = 10;
/// How far every other process's clock is ahead: far beyond the lease, so that a process using it would take over live
/// leases.
pub(super) const SKEW_SECONDS: u64 = 90;

/// How many movements of one account go out without a person: fewer than a household's tickets.
pub const PER_ACCOUNT: usize = 3;
/// The number of tickets that a household opens at once.
pub(super) const HOUSEHOLD: usize = 5;

/// Writes the folder for `MISREAD_CONFIG`: the built-in policy, and settings that retry as soon as possible and do not
/// sweep: a ticket with only forged deliveries must stay unknown.
///
/// # Errors
/// If it cannot be written.
pub(super) fn furnish(folder: &Path) -> anyhow::Result<PathBuf> {
    let config = folder.join("config");
    std::fs::create_dir_all(config.join("macros")).context("cannot make the drill's configuration")?;
    for (name, text) in shipped_files() {
        std::fs::write(config.join(name), text)?;
    }
    std::fs::write(config.join("misread.toml"), settings())?;
    Ok(config)
}

fn settings() -> String {
    let ids = account_ids();
    let used_at = ids.fields.used_at.map(|id| format!("used_at = {id}\n")).unwrap_or_default();
    format!(
        "\
[webhook]
freshness_seconds = {FRESHNESS_SECONDS}
[worker]
lease_seconds = {LEASE_SECONDS}
poll_seconds = 1
clocks_apart_seconds = 3600
[retry]
base_seconds = 1
max_seconds = 2
attempts = 100
unknown_settle_seconds = 1
[zendesk]
updates_per_minute = 6
sweep_minutes = 1440
updates_per_ticket_per_10_minutes = 30
request_timeout_seconds = 2
[zendesk.fields]
consultation_type = {}
plate = {}
{used_at}[zendesk.groups]
agents = {}
airport_desk = {}
lot_contact = {}
compensation = {}
[parking]
request_timeout_seconds = 2
[limits]
per_account_30_days_count = {PER_ACCOUNT}
per_lot_day_won = 1000000000
per_lot_day_count = 1000000
per_day_won = 1000000000
per_day_count = 1000000
breaker_from_won = 1000000000
breaker_from_refusals = 1000000
breaker_from_hand_overs = 1000000
",
        ids.fields.consultation_type,
        ids.fields.plate,
        ids.groups.agents,
        ids.groups.airport_desk,
        ids.groups.lot_contact,
        ids.groups.compensation,
    )
}

/// The environment of the process with this number that works against this sandbox, except its address and log settings.
pub(super) fn variables(
    sandbox: &Sandbox,
    config: &Path,
    database_url: &str,
    number: usize,
) -> Vec<(&'static str, String)> {
    let ahead = if number.is_multiple_of(2) { 0 } else { SKEW_SECONDS };
    vec![
        ("MISREAD_DEVELOPMENT", "1".to_owned()),
        // No data in a drill is real; the caller that names a database has chosen the connection to it.
        ("MISREAD_DATABASE_UNVERIFIED", "1".to_owned()),
        ("MISREAD_CLOCK_AHEAD_SECONDS", ahead.to_string()),
        ("MISREAD_CONFIG", config.display().to_string()),
        ("MISREAD_DATABASE_URL", database_url.to_owned()),
        ("MISREAD_WEBHOOK_SECRET", webhook_secret()),
        ("MISREAD_ZENDESK_URL", sandbox.zendesk_url.clone()),
        ("MISREAD_ZENDESK_CLIENT_ID", CLIENT_ID.to_owned()),
        ("MISREAD_ZENDESK_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        ("MISREAD_PARKING_URL", sandbox.parking_url.clone()),
        ("MISREAD_PARKING_TOKEN", PARKING_TOKEN.to_owned()),
    ]
}

/// Where the process with this number serves its figures: each has a port of its own. `None`: there is no such port.
pub(super) fn metrics(first: u16, number: usize) -> Option<(&'static str, String)> {
    let port = first.checked_add(u16::try_from(number).ok()?)?;
    Some(("MISREAD_METRICS_LISTEN", format!("127.0.0.1:{port}")))
}
