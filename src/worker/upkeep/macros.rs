//! Refreshes the account's macros: reads them periodically, checks them, and replaces the files' texts. Every replica does
//! so for itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::case::Playbook;
use crate::domain::reply::{AccountMacro, Bounds, Choice, Fault, Finding, Lookup, Macros, Serves};
use crate::ports::{
    CallError, Clock, Ledger, MacroShelf, MacroStanding, MacroWarning, MacroWatch, StoreError,
};
use crate::worker::Reloadable;

/// The interval of checks whether a refresh is due, and the pause before a retry.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// The dependencies of a [`MacroRefresher`].
#[derive(Debug)]
pub struct MacroParts {
    /// Stores the last good versions.
    pub ledger: Arc<dyn Ledger>,
    pub shelf: Arc<dyn MacroShelf>,
    pub clock: Arc<dyn Clock>,
    /// The playbook whose macros are replaced.
    pub playbook: Arc<Reloadable<Playbook>>,
    /// How the macros are looked up.
    pub lookup: Lookup,
    /// The refresh interval.
    pub every: SignedDuration,
}

/// Keeps the playbook's macros equal to the account's, as far as these have no problems.
#[derive(Debug)]
pub struct MacroRefresher {
    parts: MacroParts,
    state: Mutex<State>,
    asked: Notify,
}

#[derive(Debug)]
struct State {
    /// The files' macros, already checked.
    files: Macros,
    bounds: Bounds,
    /// The account's macros; `None`: not read yet.
    findings: Option<BTreeMap<String, Finding>>,
    good: BTreeMap<String, AccountMacro>,
    read_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    warnings: Vec<MacroWarning>,
}

impl State {
    fn choose(&self, playbook: &Playbook) -> Choice {
        self.files.choose(self.findings.as_ref(), &self.good, &playbook.policy, &self.bounds)
    }
}

/// The result of a refresh.
struct Seen {
    /// Versions that the ledger does not have yet.
    to_keep: BTreeMap<String, AccountMacro>,
    faults: Vec<Fault>,
    before: Vec<MacroWarning>,
}

impl MacroRefresher {
    /// A refresher before its first read: it uses the last good versions of the ledger.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn new(parts: MacroParts, bounds: Bounds) -> Result<Self, StoreError> {
        let files = parts.playbook.get().macros.clone();
        let good = parts.ledger.good_macros().await?;
        let (findings, read_at, due_at, warnings) = (None, None, None, Vec::new());
        let state = State { files, bounds, findings, good, read_at, due_at, warnings };
        let playbook = parts.playbook.get();
        let macros = state.choose(&playbook).macros;
        parts.playbook.replace(Playbook { macros, ..Playbook::clone(&playbook) });
        Ok(Self { parts, state: Mutex::new(state), asked: Notify::new() })
    }

    /// Activates a playbook read from files, with the account's macros in it, and schedules a refresh soon. Returns the
    /// previous playbook.
    pub fn activate(&self, playbook: Playbook, bounds: Bounds) -> Arc<Playbook> {
        let mut state = self.lock();
        (state.files, state.bounds, state.due_at) = (playbook.macros.clone(), bounds, None);
        let macros = state.choose(&playbook).macros;
        let before = self.parts.playbook.replace(Playbook { macros, ..playbook });
        self.asked.notify_one();
        before
    }

    /// Refreshes the account's macros when due, until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                _ = self.look() => {}
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.asked.notified() => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Refreshes the account's macros if due. Returns whether they were read.
    pub async fn look(&self) -> bool {
        let now = self.parts.clock.now();
        // A due time further away than one interval was set by a wrong clock.
        let later = |due: Timestamp| now < due && due.duration_since(now) <= self.parts.every;
        if self.lock().due_at.is_some_and(later) {
            return false;
        }
        match self.parts.shelf.macros().await {
            Ok(macros) => {
                let seen = self.serve(&macros, self.good().await, now);
                self.keep(seen.to_keep, now).await;
                self.tell(seen.faults, &seen.before).await;
                true
            }
            Err(error) => {
                self.lock().due_at = now.checked_add(pause(&error)).ok();
                tracing::warn!(%error, "the account's macros could not be read; those that served go on");
                false
            }
        }
    }

    /// The last good versions, including those of other replicas.
    async fn good(&self) -> BTreeMap<String, AccountMacro> {
        match self.parts.ledger.good_macros().await {
            Ok(good) => good,
            Err(error) => {
                tracing::error!(%error, "the last good macros could not be read; those that are known go on");
                self.lock().good.clone()
            }
        }
    }

    /// Activates the good versions.
    fn serve(&self, macros: &[AccountMacro], good: BTreeMap<String, AccountMacro>, now: Timestamp) -> Seen {
        let mut state = self.lock();
        state.findings = Some(self.parts.lookup.find_all(state.files.names(), macros));
        state.good = good;
        state.read_at = Some(now);
        state.due_at = now.checked_add(self.parts.every).ok();
        let playbook = self.parts.playbook.get();
        let Choice { macros, sound, faults, .. } = state.choose(&playbook);
        self.parts.playbook.replace(Playbook { macros, ..Playbook::clone(&playbook) });
        let is_new = |(name, version): &(String, AccountMacro)| state.good.get(name) != Some(version);
        let to_keep = sound.clone().into_iter().filter(is_new).collect();
        state.good.extend(sound);
        Seen { to_keep, faults, before: state.warnings.clone() }
    }

    async fn keep(&self, versions: BTreeMap<String, AccountMacro>, now: Timestamp) {
        for (name, version) in versions {
            match self.parts.ledger.keep_macro(&name, &version, now).await {
                Ok(()) => {
                    let (id, changed_at) = (version.id, version.updated_at);
                    tracing::info!(name, id, %changed_at, "this text of the account serves from now on");
                }
                Err(error) => {
                    tracing::error!(%error, name, "a good macro could not be kept; it is tried again");
                    self.lock().due_at = None;
                }
            }
        }
    }

    /// Reports each fault once, until it changes.
    async fn tell(&self, faults: Vec<Fault>, before: &[MacroWarning]) {
        for gone in
            before.iter().filter(|warning| faults.iter().all(|fault| fault.name != warning.fault.name))
        {
            tracing::info!(name = gone.fault.name, "nothing is wrong with this macro any more");
        }
        let mut warnings = Vec::new();
        for fault in faults {
            if let Some(known) = before.iter().find(|known| known.fault == fault) {
                warnings.push(known.clone());
                continue;
            }
            let change = match fault.macro_id {
                Some(id) => self.parts.shelf.last_change(id).await,
                None => None,
            };
            let warning = MacroWarning { fault, changed_by: change.map(|change| change.by) };
            log(&warning);
            warnings.push(warning);
        }
        self.lock().warnings = warnings;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while holding the lock between two related changes.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pause(error: &CallError) -> Duration {
    error.wait().map_or(LOOK_EVERY, |wait| wait.min(LOOK_EVERY))
}

fn log(warning: &MacroWarning) {
    let MacroWarning { fault: Fault { name, macro_id, updated_at, problems, serves }, changed_by } = warning;
    let serves = match serves {
        Serves::LastGood { updated_at } => format!("the account's last good version, of {updated_at}"),
        Serves::File => format!("macros/{name}.toml"),
    };
    tracing::error!(
        name,
        macro_id,
        problems = problems.join("; "),
        serves,
        changed_at = updated_at.map(|at| at.to_string()),
        changed_by = changed_by.as_deref().unwrap_or("unknown"),
        "a macro of the account cannot be sent: mend it in Zendesk; customers get the text that is named here"
    );
}

impl MacroWatch for MacroRefresher {
    fn standing(&self) -> MacroStanding {
        let state = self.lock();
        let found = state.findings.iter().flatten().filter_map(|(name, finding)| match finding {
            Finding::Found(found) => Some((name.clone(), found.clone())),
            Finding::Missing { .. } | Finding::Several { .. } => None,
        });
        MacroStanding { read_at: state.read_at, found: found.collect(), warnings: state.warnings.clone() }
    }
}
