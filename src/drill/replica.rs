//! One process of the service: started, killed, frozen, thawed, stopped.

use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::zendesk::WebhookClient;

/// Longer than any start, including a migration and a restarting database.
const START_WITHIN: Duration = Duration::from_mins(1);
/// The service's own graceful stop ends before this.
const STOP_WITHIN: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(4);
/// The time limit of one readiness check.
const GLANCE: Duration = Duration::from_secs(2);

/// One process of the service, at a fixed address that it keeps over restarts.
#[derive(Debug)]
pub(super) struct Replica {
    name: String,
    address: SocketAddr,
    program: PathBuf,
    variables: Vec<(&'static str, String)>,
    log: PathBuf,
    courier: WebhookClient,
    life: Mutex<Life>,
}

#[derive(Debug, Default)]
struct Life {
    child: Option<Child>,
    /// Increases with everything that is done to the process.
    number: u64,
    serves: bool,
    killed_at: Option<Instant>,
    /// Its unexpected exits, with their statuses.
    ended: Vec<String>,
}

/// The result of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ready {
    /// From the kill, or the first start, to readiness.
    pub(super) after: Duration,
}

/// Below the range of ephemeral ports: otherwise the system could give a killed process's port to another.
pub const OWN_PORTS: std::ops::Range<u16> = 18_000..32_000;

/// An address that stays reserved for a process over kills and restarts. Two drills begin their search at different ports.
pub fn own_address() -> anyhow::Result<SocketAddr> {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let (all, id) = (OWN_PORTS.len(), usize::try_from(std::process::id()).unwrap_or(0));
    for _ in 0..all {
        let place = (id * 8 + usize::from(TAKEN.fetch_add(1, Ordering::Relaxed))) % all;
        let port = OWN_PORTS.start + u16::try_from(place).unwrap_or(0);
        if let Ok(bound) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            return Ok(bound.local_addr()?);
        }
    }
    bail!("no port between {} and {} is free", OWN_PORTS.start, OWN_PORTS.end)
}

impl Replica {
    /// A replica before its start.
    ///
    /// # Errors
    /// If no port is free, or this program cannot be found.
    pub(super) fn new(
        folder: &Path,
        name: &str,
        variables: Vec<(&'static str, String)>,
        courier: WebhookClient,
    ) -> anyhow::Result<Self> {
        let address = own_address()?;
        let program = std::env::current_exe().context("cannot find this program, to start it again")?;
        let log = folder.join(format!("{name}.log"));
        Ok(Self { name: name.to_owned(), address, program, variables, log, courier, life: Mutex::default() })
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}/webhooks/zendesk", self.address)
    }

    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    /// The number of its current life, if it accepts webhooks now and is not being disturbed.
    pub(super) fn serving(&self) -> Option<u64> {
        let life = self.lock();
        life.serves.then_some(life.number)
    }

    /// One line for each exit that the drill did not cause, with the exit status.
    pub(super) fn ended_by_itself(&self) -> Vec<String> {
        self.lock().ended.clone()
    }

    /// It has acknowledged a webhook. Returns the time since the kill, if it is the first since.
    pub(super) fn acknowledged(&self) -> Option<Duration> {
        self.lock().killed_at.take().map(|killed_at| killed_at.elapsed())
    }

    /// Starts it; `everything`: whether it logs at the most verbose level.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(super) fn start(&self, everything: bool) -> anyhow::Result<()> {
        let log: File = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let filter = if everything { "info,misread=trace" } else { "info" };
        let child = Command::new(&self.program)
            .arg("serve")
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("MISREAD_LISTEN", self.address.to_string())
            .env("MISREAD_LOG", filter)
            .current_dir(self.log.parent().unwrap_or(Path::new("/")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let mut life = self.lock();
        life.number += 1;
        life.child = Some(child);
        Ok(())
    }

    /// Waits until it is ready, and restarts it if it exits before.
    ///
    /// # Errors
    /// If it is not ready in time, or cannot be started.
    pub(super) async fn ready(&self, since: Instant) -> anyhow::Result<Ready> {
        let health = format!("http://{}/health/ready", self.address);
        let begun = Instant::now();
        loop {
            if self.courier.status_of(&health, GLANCE).await == Some(200) {
                self.lock().serves = true;
                return Ok(Ready { after: since.elapsed() });
            }
            if self.has_ended() {
                self.start(true)?;
            }
            if begun.elapsed() > START_WITHIN {
                bail!(
                    "{} is not ready after {} s: see {}",
                    self.name,
                    START_WITHIN.as_secs(),
                    self.log.display()
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether it has exited unexpectedly; records it.
    fn has_ended(&self) -> bool {
        let mut life = self.lock();
        let status = life.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
        let Some(status) = status else { return false };
        life.ended.push(format!("{} ended by itself: {status}", self.name));
        life.child = None;
        life.serves = false;
        true
    }

    /// Kills it (SIGKILL) and waits for its end.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(super) fn kill(&self) -> anyhow::Result<Instant> {
        self.has_ended();
        let mut life = self.lock();
        life.number += 1;
        life.serves = false;
        let now = Instant::now();
        life.killed_at = Some(now);
        if let Some(mut child) = life.child.take() {
            child.kill()?;
            drop(life);
            child.wait()?;
        }
        Ok(now)
    }

    /// Freezes it (SIGSTOP): it neither works nor responds, and does not notice.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(super) fn freeze(&self) -> anyhow::Result<()> {
        let mut life = self.lock();
        life.number += 1;
        life.serves = false;
        life.signal(Signal::STOP)
    }

    /// It is cut off from its database: nothing is expected of it until it is ready again.
    pub(super) fn cut_off(&self) {
        let mut life = self.lock();
        life.number += 1;
        life.serves = false;
    }

    /// Thaws it (SIGCONT).
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(super) fn thaw(&self) -> anyhow::Result<()> {
        self.lock().signal(Signal::CONT)
    }

    /// Asks it to stop (SIGTERM) and waits; returns whether it stopped gracefully, with exit code 0.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(super) async fn stop(&self) -> anyhow::Result<bool> {
        let child = {
            let mut life = self.lock();
            life.number += 1;
            life.serves = false;
            life.signal(Signal::TERM)?;
            life.child.take()
        };
        let Some(mut child) = child else { return Ok(false) };
        let begun = Instant::now();
        while begun.elapsed() < STOP_WITHIN {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            tokio::time::sleep(LOOK).await;
        }
        child.kill()?;
        child.wait()?;
        Ok(false)
    }

    fn lock(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Life {
    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let Some(child) = &self.child else { return Ok(()) };
        kill_process(Pid::from_child(child), signal).context("cannot signal a process of the drill")
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let life = self.life.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut child) = life.child.take() {
            // It may have exited by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
