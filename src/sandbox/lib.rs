//! The sandbox: a mock parking API and a fake Zendesk with state, each on its own port, driven by an injected clock.
//!
//! It is part of the product (`misread sandbox`, `misread demo`), and the service's own tests use it. It is independent of
//! the service's clients: it implements the parking contract and Zendesk's API, so that a mistake in a client is detected.

use misread_core::{account, domain, ports};

mod error;
pub mod faults;
pub mod parking;
pub mod seed;
mod wire;
pub mod zendesk;

pub use error::SandboxError;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use parking::MockParking;
use zendesk::FakeZendesk;

/// Serves both APIs with their control routes until `shutdown` is cancelled.
///
/// This does not send webhooks: call [`FakeZendesk::deliver_webhooks`] or run [`FakeZendesk::run_webhook_sender`].
///
/// # Errors
/// If a listener has no address any more.
pub async fn serve(
    parking_listener: TcpListener,
    parking: MockParking,
    zendesk_listener: TcpListener,
    zendesk: FakeZendesk,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    tokio::try_join!(
        parking.serve(parking_listener, shutdown.clone()),
        zendesk.serve(zendesk_listener, shutdown.clone()),
    )?;
    Ok(())
}
