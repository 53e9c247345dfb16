//! A configuration that is loaded while the service runs: all of it becomes active at once, or none of it is here at all.

use std::sync::Arc;

use super::options::playbook;
use crate::config::{Loaded, StartedWith};
use crate::domain::case::Playbook;
use crate::worker::Reloadable;
use crate::worker::upkeep::MacroRefresher;

/// Activates configurations that are loaded while the service runs.
#[derive(Debug)]
pub struct Reload {
    current: Arc<Reloadable<Playbook>>,
    /// Where texts come from the account.
    texts: Option<Arc<MacroRefresher>>,
    started_with: StartedWith,
}

/// What a reload made active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The hash of the policy that held until now.
    pub policy_before: String,
    /// The hash of the policy that holds from now on.
    pub policy: String,
    /// How many rows it has.
    pub rows: usize,
    /// How many macros hold from now on.
    pub macros: usize,
    /// How many paragraphs, which replies can have more.
    pub paragraphs: usize,
    /// What differs from the running service and stays as it was until a restart: settings as `section.key`, variables of the
    /// environment by their names.
    pub needs_restart: Vec<&'static str>,
}

impl Reload {
    pub(super) fn new(
        current: Arc<Reloadable<Playbook>>,
        texts: Option<Arc<MacroRefresher>>,
        started_with: StartedWith,
    ) -> Self {
        Self { current, texts, started_with }
    }

    /// Activates what was loaded; cases in hand go on with what they were taken up with.
    ///
    /// It cannot fail: that a [`Loaded`] exists proves that everything in it was checked, the policy's proof included.
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
