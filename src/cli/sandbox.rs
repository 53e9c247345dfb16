//! `misread sandbox`: both fakes on their ports, until a signal.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::SystemClock;
use crate::app::sandbox::{
    ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, CLIENT_ID, CLIENT_SECRET, PARKING_TOKEN, Sandbox, WEBHOOK_SECRET,
    account_ids,
};
use crate::lifecycle::until_stopped;
use crate::telemetry;

pub(super) async fn run(
    parking: SocketAddr,
    zendesk: SocketAddr,
    webhook: String,
    open_tickets: bool,
) -> anyhow::Result<ExitCode> {
    telemetry::start("info");
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let sandbox = Sandbox::start([parking, zendesk], &webhook, Arc::new(SystemClock), &tasks, &stop).await?;
    sandbox.send_webhooks(&tasks, &stop);
    introduce(&sandbox, &webhook)?;
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

/// What somebody needs to point a service at this sandbox.
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
