//! Life and death of the process: the first signal stops softly, the second at once, and soft has an end.

use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long work in hand may take after the first signal: longer than one call to an API, shorter than what orchestrators
/// grant before they kill (30 s).
const SOFT_STOP: Duration = Duration::from_secs(25);

/// How the process came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Everything was finished or given back.
    Clean,
    /// A second signal, or the time was up; nothing is lost, leases end by themselves.
    Forced,
}

/// Runs `work` until it ends by itself or signals end it. `stop` is cancelled by the first signal.
///
/// # Errors
/// When the operating system does not let us listen for signals.
pub(crate) async fn until_stopped(
    stop: CancellationToken,
    work: impl Future<Output = ()>,
) -> std::io::Result<End> {
    let mut signals = Signals::listen()?;
    tokio::pin!(work);
    tokio::select! {
        () = &mut work => return Ok(End::Clean),
        name = signals.next() => tracing::info!(signal = name, "stopping: work in hand is finished or given back"),
    }
    stop.cancel();
    tokio::select! {
        () = &mut work => Ok(End::Clean),
        name = signals.next() => {
            tracing::warn!(signal = name, "second signal: stopping at once");
            Ok(End::Forced)
        }
        () = tokio::time::sleep(SOFT_STOP) => {
            tracing::warn!(seconds = SOFT_STOP.as_secs(), "work in hand took too long: stopping at once");
            Ok(End::Forced)
        }
    }
}

/// SIGHUP, which asks a service to read its configuration anew.
#[derive(Debug)]
pub(crate) struct HangUps(Signal);

impl HangUps {
    /// From now on SIGHUP no longer ends the process; those that come before anybody waits are answered as one.
    ///
    /// # Errors
    /// When the operating system does not let us listen for signals.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// Waits for the next.
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
