//! Tells systemd of readiness, reloads and status (man page `sd_notify(3)`). Without systemd nothing is sent.

use sd_notify::NotifyState;

/// What systemd is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told<'a> {
    /// The service takes webhooks, after the start or a reload.
    Ready {
        /// One line for `systemctl status`.
        status: &'a str,
    },
    /// The configuration is being read anew.
    Reloading,
    /// A new line for `systemctl status`.
    Status(&'a str),
    /// The service ends its work.
    Stopping,
}

/// Sends it. A failure is logged only: the service works without its manager's knowledge.
pub(crate) fn tell(told: Told<'_>) {
    let sent = match told {
        Told::Ready { status } => sd_notify::notify(&[NotifyState::Ready, NotifyState::Status(status)]),
        // Type=notify-reload asks for the time of the reload's start.
        Told::Reloading => NotifyState::monotonic_usec_now()
            .and_then(|now| sd_notify::notify(&[NotifyState::Reloading, now])),
        Told::Status(status) => sd_notify::notify(&[NotifyState::Status(status)]),
        Told::Stopping => sd_notify::notify(&[NotifyState::Stopping]),
    };
    if let Err(error) = sent {
        tracing::warn!(%error, "systemd could not be told how the service is");
    }
}
