//! Reloads the configuration at run time: either all of it becomes active at once, or nothing changes.

use std::sync::Arc;

use super::options::playbook;
use crate::config::{Loaded, StartedWith};
use crate::domain::case::Playbook;
use crate::ports::{Clock, ServiceStatus};
use crate::worker::Reloadable;
use crate::worker::upkeep::MacroRefresher;

/// Activates configurations loaded at run time.
#[derive(Debug)]
pub struct Reload {
    current: Arc<Reloadable<Playbook>>,
    /// `None` if the texts come from files.
    texts: Option<Arc<MacroRefresher>>,
    started_with: StartedWith,
    status: Arc<ServiceStatus>,
    clock: Arc<dyn Clock>,
}

/// The result of a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The hash of the previous policy.
    pub policy_before: String,
    /// The hash of the new policy.
    pub policy: String,
    /// The number of its rows.
    pub rows: usize,
    /// The number of macros now active.
    pub macros: usize,
    /// The number of paragraphs that replies can include.
    pub paragraphs: usize,
    /// What differs from the running service and takes effect only after a restart: settings as `section.key`, environment
    /// variables by name.
    pub needs_restart: Vec<&'static str>,
}

impl Reload {
    pub(super) fn new(
        current: Arc<Reloadable<Playbook>>,
        texts: Option<Arc<MacroRefresher>>,
        started_with: StartedWith,
        (status, clock): (Arc<ServiceStatus>, Arc<dyn Clock>),
    ) -> Self {
        Self { current, texts, started_with, status, clock }
    }

    /// Records that a new configuration was refused for this many problems.
    pub fn refused(&self, problems: usize) {
        self.status.reload_refused(problems, self.clock.now());
    }

    /// Activates the configuration; cases in work keep the previous one until they are released.
    ///
    /// It cannot fail: a [`Loaded`] exists only if everything in it was checked, including the policy's proof.
    pub fn activate(&self, mut loaded: Loaded) -> Activated {
        let needs_restart = self.started_with.keep_in(&mut loaded);
        let bounds = loaded.settings.macro_bounds();
        let playbook = playbook(loaded);
        let (policy, rows) = (playbook.policy.hash().to_owned(), playbook.policy.rows().count());
        let (macros, paragraphs) = (playbook.macros.iter().count(), playbook.macros.paragraphs().count());
        let before = match &self.texts {
            Some(texts) => texts.activate(playbook, bounds),
            None => self.current.replace(playbook),
        };
        self.status.reloaded(&policy, self.clock.now());
        Activated {
            policy_before: before.policy.hash().to_owned(),
            policy,
            rows,
            macros,
            paragraphs,
            needs_restart,
        }
    }
}
