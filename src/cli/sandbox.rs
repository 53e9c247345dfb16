//! `misread sandbox`: runs the mock parking API and the fake Zendesk until a signal.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::SystemClock;
use crate::lifecycle::until_stopped;
use crate::telemetry;
use crate::testbed::sandbox::{
    ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, CLIENT_ID, CLIENT_SECRET, PARKING_TOKEN, Sandbox, WEBHOOK_SECRET,
    account_ids,
};

#[derive(Debug, Args)]
pub(super) struct SandboxArguments {
    /// Where the mock parking API listens.
    #[arg(long, default_value = "127.0.0.1:8081")]
    parking: SocketAddr,
    /// Where the fake Zendesk listens.
    #[arg(long, default_value = "127.0.0.1:8082")]
    zendesk: SocketAddr,
    /// Where the fake Zendesk sends its webhooks.
    #[arg(long, default_value = "http://127.0.0.1:8080/webhooks/zendesk")]
    webhook: String,
    /// Also open one ticket for every sample customer.
    #[arg(long)]
    open_tickets: bool,
    /// With nothing set up in the account, to rehearse `misread zendesk apply`.
    #[arg(long, conflicts_with_all = ["webhook", "open_tickets"])]
    empty: bool,
}

pub(super) async fn run(arguments: SandboxArguments) -> anyhow::Result<ExitCode> {
    telemetry::start("info", None);
    let SandboxArguments { parking, zendesk, webhook, open_tickets, empty } = arguments;
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let (at, clock) = ([parking, zendesk], Arc::new(SystemClock));
    let sandbox = if empty {
        let sandbox = Sandbox::start_empty(at, clock, &tasks, &stop).await?;
        introduce_empty(&sandbox)?;
        sandbox
    } else {
        let sandbox = Sandbox::start(at, &webhook, clock, &tasks, &stop).await?;
        introduce(&sandbox, &webhook)?;
        sandbox
    };
    sandbox.send_webhooks(&tasks, &stop);
    if open_tickets {
        for story in &sandbox.stories {
            let id = story.open(&sandbox.zendesk)?;
            writeln!(io::stdout(), "ticket {id} opened: {}", story.title)?;
        }
    }
    tasks.close();
    until_stopped(stop, async move { tasks.wait().await }).await?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the command that sets this account up.
fn introduce_empty(sandbox: &Sandbox) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "\
mock parking API  {parking}
fake Zendesk      {zendesk}, with nothing set up

To set it up for a service on this machine

  MISREAD_PUBLIC_URL=http://127.0.0.1:8080 \\
  MISREAD_ZENDESK_URL={zendesk} MISREAD_ZENDESK_CLIENT_ID={CLIENT_ID} MISREAD_ZENDESK_CLIENT_SECRET={CLIENT_SECRET} \\
  MISREAD_ZENDESK_ADMIN_CLIENT_ID={ADMIN_CLIENT_ID} MISREAD_ZENDESK_ADMIN_CLIENT_SECRET={ADMIN_CLIENT_SECRET} \\
  misread zendesk apply --secret-file webhook-secret
",
        parking = sandbox.parking_url,
        zendesk = sandbox.zendesk_url,
    )
}

/// Prints the settings and variables with which a service uses this sandbox.
fn introduce(sandbox: &Sandbox, webhook: &str) -> io::Result<()> {
    let (ids, mut out) = (account_ids(), io::stdout().lock());
    writeln!(
        out,
        "\
mock parking API  {parking}  (control: {parking_root}/sandbox/)
fake Zendesk      {zendesk}  (control: {zendesk}/sandbox/)
webhooks go to    {webhook}

To run the service against it, copy the folder config/, replace what its misread.toml says by these lines

  [zendesk.fields]
  consultation_type = {consultation_type}
  plate = {plate}{used_at}
  [zendesk.groups]
  agents = {agents}
  airport_desk = {airport_desk}
  lot_contact = {lot_contact}
  compensation = {compensation}

and start it with

  MISREAD_CONFIG=<that folder> \\
  MISREAD_WEBHOOK_SECRET={WEBHOOK_SECRET} \\
  MISREAD_ZENDESK_URL={zendesk} MISREAD_ZENDESK_CLIENT_ID={CLIENT_ID} MISREAD_ZENDESK_CLIENT_SECRET={CLIENT_SECRET} \\
  MISREAD_PARKING_URL={parking} MISREAD_PARKING_TOKEN={PARKING_TOKEN} \\
  misread serve

Who sets the account up (triggers, fields, webhooks) signs in as {ADMIN_CLIENT_ID} with {ADMIN_CLIENT_SECRET}.
",
        parking = sandbox.parking_url,
        parking_root = sandbox.parking_url.trim_end_matches("/v1"),
        zendesk = sandbox.zendesk_url,
        consultation_type = ids.fields.consultation_type,
        plate = ids.fields.plate,
        used_at = ids.fields.used_at.map(|id| format!("\n  used_at = {id}")).unwrap_or_default(),
        agents = ids.groups.agents,
        airport_desk = ids.groups.airport_desk,
        lot_contact = ids.groups.lot_contact,
        compensation = ids.groups.compensation,
    )
}
