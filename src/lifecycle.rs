//! The life cycle of the process: the first signal stops it gracefully, the second at once, and a graceful stop has a time
//! limit.

pub(crate) mod service_manager;

use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long current work may take after the first signal: longer than one call to an API, shorter than the 30 s that
/// orchestrators grant before they kill.
const SOFT_STOP: Duration = Duration::from_secs(25);

/// How the process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All work was finished or released.
    Clean,
    /// A second signal, or the time limit; nothing is lost, since leases expire by themselves.
    Forced,
}

/// Runs `work` until it ends by itself or by signals. The first signal cancels `stop`.
///
/// # Errors
/// If signals cannot be received.
pub(crate) async fn until_stopped(
    stop: CancellationToken,
    work: impl Future<Output = ()>,
) -> std::io::Result<End> {
    let mut signals = Signals::listen()?;
    tokio::pin!(work);
    tokio::select! {
        () = &mut work => return Ok(End::Clean),
        name = signals.next() => tracing::info!(signal = name, "stopping: work under way is finished or given back"),
    }
    stop.cancel();
    tokio::select! {
        () = &mut work => Ok(End::Clean),
        name = signals.next() => {
            tracing::warn!(signal = name, "second signal: stopping at once");
            Ok(End::Forced)
        }
        () = tokio::time::sleep(SOFT_STOP) => {
            tracing::warn!(seconds = SOFT_STOP.as_secs(), "work under way took too long: stopping at once");
            Ok(End::Forced)
        }
    }
}

/// SIGHUP, which asks a service to reload its configuration.
#[derive(Debug)]
pub(crate) struct HangUps(Signal);

impl HangUps {
    /// From now on SIGHUP no longer ends the process; signals before the next wait count as one.
    ///
    /// # Errors
    /// If signals cannot be received.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}
