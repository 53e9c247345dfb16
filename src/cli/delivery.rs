//! `misread delivery`: lists and shows webhook deliveries, above all those that could not be understood.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;

use super::case::{open, time};
use crate::ports::StoredDelivery;

#[derive(Debug, Subcommand)]
pub(super) enum DeliveryCommand {
    /// List deliveries that are kept, the latest first.
    List {
        /// Only those that made no sense, with what is wrong with them. Nothing follows from them by itself.
        #[arg(long)]
        poison: bool,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Show one delivery as it came. An event's body may hold a customer's words.
    Show {
        /// Its number in the list, or its id: Zendesk's invocation id, which the log names.
        id: String,
    },
}

pub(super) async fn run(command: DeliveryCommand) -> anyhow::Result<ExitCode> {
    match command {
        DeliveryCommand::List { poison, limit } => list(poison, limit).await,
        DeliveryCommand::Show { id } => show(&id).await,
    }
}

async fn list(poison: bool, limit: usize) -> anyhow::Result<ExitCode> {
    let deliveries = open().await?.deliveries(poison, limit).await?;
    let mut out = io::stdout().lock();
    if deliveries.is_empty() {
        writeln!(out, "no deliveries")?;
    }
    for delivery in deliveries {
        let (at, what, key) = (time(delivery.received_at), what(&delivery), plain(&delivery.key));
        writeln!(out, "{:>12}  {at}  {what}  {key}", delivery.id)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(id: &str) -> anyhow::Result<ExitCode> {
    let Some(delivery) = open().await?.delivery(id).await? else {
        bail!("there is no delivery `{id}`: `misread delivery list` shows those that are kept");
    };
    let mut out = io::stdout().lock();
    writeln!(out, "delivery {}, id {}", delivery.id, plain(&delivery.key))?;
    writeln!(out, "arrived {}, Asia/Seoul", time(delivery.received_at))?;
    writeln!(out, "{}", what(&delivery))?;
    writeln!(out, "body, {} bytes:", delivery.body.len())?;
    writeln!(out, "{}", plain(&delivery.body))?;
    Ok(ExitCode::SUCCESS)
}

/// The ticket of a delivery, or the reason why it was not understood.
fn what(delivery: &StoredDelivery) -> String {
    match (delivery.ticket_id, &delivery.kind, &delivery.problem) {
        (Some(ticket_id), kind, _) => {
            format!("ticket {ticket_id} ({})", plain(kind.as_deref().unwrap_or_default()))
        }
        (None, _, problem) => format!("POISON: {}", plain(problem.as_deref().unwrap_or_default())),
    }
}

/// The text with control characters escaped: a delivery comes from outside and must not control the terminal.
fn plain(text: &str) -> String {
    let shown = |sign: char| {
        let harmless = !sign.is_control() || matches!(sign, '\n' | '\t');
        if harmless { sign.to_string() } else { sign.escape_default().to_string() }
    };
    text.chars().map(shown).collect()
}
