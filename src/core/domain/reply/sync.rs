//! Compares files with the account: what differs, which side changed, and what can be transferred without losing an edit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::hash;
use super::{AccountMacro, Bounds, Choice, Finding, Macros};
use crate::domain::policy::Policy;
use crate::domain::rule::RuleAction;

/// The state of a macro and its file at the last transfer, when they were equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Zendesk's id.
    pub macro_id: i64,
    /// When the macro was last edited there.
    pub updated_at: Timestamp,
    /// The digest of the macro's actions.
    pub account: String,
    /// The digest of the file's actions.
    pub file: String,
}

/// One macro compared on both sides.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The file's name without `.toml`.
    pub name: String,
    /// The file's actions and text.
    pub here: Vec<RuleAction>,
    /// The account's macro, if there is exactly one.
    pub there: Option<AccountMacro>,
    /// The actions and text of the account's macro in the file's form; `None` if it cannot be a file.
    pub read: Option<Vec<RuleAction>>,
    /// The account's macro converted to a file.
    pub text: Option<String>,
    /// The result of the comparison.
    pub standing: SyncState,
    /// The problems of the account's macro.
    pub problems: Vec<String>,
}

/// The relation between a file and the account's macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncState {
    /// Both have the same actions and text.
    Same,
    /// The account has no such macro.
    OnlyHere,
    /// The account's macro was deleted or renamed.
    Gone,
    /// Several macros have the same title.
    Several,
    /// The file has changed since they were equal.
    ChangedHere,
    /// The account's macro has changed since they were equal.
    ChangedThere,
    /// Both have changed, or it is unknown which.
    Different,
}

/// Whether a transfer is possible; why not, as a Korean sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// There is nothing to do.
    Nothing,
    /// No edit is lost.
    Yes,
    /// An edit is lost.
    OnlyByForce(&'static str),
    /// It is impossible.
    No(&'static str),
}

impl Compared {
    /// Whether the file may replace the account's macro.
    pub fn push(&self) -> Transfer {
        if self.standing != SyncState::Several && self.there.as_ref().is_some_and(|there| !there.active) {
            return Transfer::OnlyByForce("계정에서 꺼 두었습니다");
        }
        match self.standing {
            SyncState::Same => Transfer::Nothing,
            SyncState::OnlyHere | SyncState::ChangedHere => Transfer::Yes,
            SyncState::Gone => Transfer::OnlyByForce("계정에서 삭제했거나 제목을 바꾸었습니다"),
            SyncState::ChangedThere => Transfer::OnlyByForce("마지막 push·pull 뒤에 계정에서 바꾸었습니다"),
            SyncState::Different => {
                Transfer::OnlyByForce("계정의 글이 다르고, 마지막 push·pull 뒤에 파일만 바뀐 것이 아닙니다")
            }
            SyncState::Several => Transfer::No("계정에 같은 제목의 매크로가 여럿입니다"),
        }
    }

    /// Whether the account's macro may replace the file.
    pub fn pull(&self) -> Transfer {
        match self.standing {
            SyncState::Same => Transfer::Nothing,
            SyncState::OnlyHere | SyncState::Gone => Transfer::No("계정에 해당하는 매크로가 없습니다"),
            SyncState::Several => Transfer::No("계정에 같은 제목의 매크로가 여럿입니다"),
            _ if self.text.is_none() => Transfer::No("계정의 매크로에 잘못된 곳이 있습니다"),
            SyncState::ChangedHere => Transfer::OnlyByForce("마지막 push·pull 뒤에 파일만 바뀌었습니다"),
            SyncState::ChangedThere | SyncState::Different => Transfer::Yes,
        }
    }

    /// The state after both are equal: `there` is the account's macro.
    pub fn settled(there: &AccountMacro, file: &[RuleAction]) -> Settled {
        Settled { macro_id: there.id, updated_at: there.updated_at, account: there.hash(), file: hash(file) }
    }
}

/// Compares every file with the account's macro. `settled`: the states at the last transfer.
pub fn compare(
    files: &Macros,
    findings: &BTreeMap<String, Finding>,
    settled: &BTreeMap<String, Settled>,
    policy: &Policy,
    bounds: &Bounds,
) -> Vec<Compared> {
    let Choice { macros, sound, faults, texts } =
        files.choose(Some(findings), &BTreeMap::new(), policy, bounds);
    let compared = |name: &str| {
        let here = files.actions(name)?;
        let there = match findings.get(name) {
            Some(Finding::Found(found)) => Some(found.clone()),
            _ => None,
        };
        let read = sound.get(name).and_then(|_| macros.actions(name));
        let several = matches!(findings.get(name), Some(Finding::Several { .. }));
        let standing = if several {
            SyncState::Several
        } else {
            standing(&here, there.as_ref(), read.as_deref(), settled.get(name))
        };
        let fault = faults.iter().find(|fault| fault.name == name && there.is_some());
        Some(Compared {
            name: name.to_owned(),
            here,
            there,
            read,
            text: texts.get(name).cloned(),
            standing,
            problems: fault.map(|fault| fault.problems.clone()).unwrap_or_default(),
        })
    };
    files.names().filter_map(compared).collect()
}

fn standing(
    here: &[RuleAction],
    there: Option<&AccountMacro>,
    read: Option<&[RuleAction]>,
    settled: Option<&Settled>,
) -> SyncState {
    let Some(there) = there else {
        return if settled.is_some() { SyncState::Gone } else { SyncState::OnlyHere };
    };
    if read == Some(here) {
        return SyncState::Same;
    }
    let Some(settled) = settled.filter(|settled| settled.macro_id == there.id) else {
        return SyncState::Different;
    };
    match (settled.file == hash(here), settled.account == there.hash()) {
        (false, true) => SyncState::ChangedHere,
        (true, false) => SyncState::ChangedThere,
        _ => SyncState::Different,
    }
}
