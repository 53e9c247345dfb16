//! Files and account side by side: what differs, whose change it is, and what may be carried over without losing anybody's work.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::hash;
use super::{AccountMacro, Bounds, Choice, Finding, Macros};
use crate::domain::policy::Policy;
use crate::domain::rule::Action;

/// How a macro and its file stood when they were last carried over: then they were the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Zendesk's id.
    pub macro_id: i64,
    /// When the macro was last changed there.
    pub updated_at: Timestamp,
    /// What the macro's actions were recognised by.
    pub account: String,
    /// What the file's actions were recognised by.
    pub file: String,
}

/// One text on both sides.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The file's name without `.toml`.
    pub name: String,
    /// What the file does and says.
    pub here: Vec<Action>,
    /// The account's macro, where there is exactly one.
    pub there: Option<AccountMacro>,
    /// What the account's macro does and says in the file's form; `None` where it cannot be a file.
    pub read: Option<Vec<Action>>,
    /// The file that the account's macro would make.
    pub text: Option<String>,
    /// How the two stand to each other.
    pub standing: Standing,
    /// What is wrong with the account's macro.
    pub problems: Vec<String>,
}

/// How a file and the account's macro stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do and say the same.
    Same,
    /// The account has none.
    OnlyHere,
    /// The account had one, which was deleted or renamed.
    Gone,
    /// Several macros have the title.
    Several,
    /// The file was changed since they were the same.
    ChangedHere,
    /// The account's macro was changed since they were the same.
    ChangedThere,
    /// Both were, or it is not known.
    Different,
}

/// Whether something may be carried over; why not, as a Korean sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carry {
    /// There is nothing to do.
    Nothing,
    /// Nobody's work is lost by it.
    Yes,
    /// Somebody's work is lost by it.
    OnlyByForce(&'static str),
    /// It cannot be done.
    No(&'static str),
}

impl Compared {
    /// Whether the file may be put into the account.
    pub fn push(&self) -> Carry {
        if self.standing != Standing::Several && self.there.as_ref().is_some_and(|there| !there.active) {
            return Carry::OnlyByForce("계정에서 꺼 두었습니다");
        }
        match self.standing {
            Standing::Same => Carry::Nothing,
            Standing::OnlyHere | Standing::ChangedHere => Carry::Yes,
            Standing::Gone => Carry::OnlyByForce("계정에서 삭제했거나 제목을 바꾸었습니다"),
            Standing::ChangedThere => Carry::OnlyByForce("마지막 push·pull 뒤에 계정에서 바꾸었습니다"),
            Standing::Different => {
                Carry::OnlyByForce("계정의 글이 다르고, 마지막 push·pull 뒤에 파일만 바뀐 것이 아닙니다")
            }
            Standing::Several => Carry::No("계정에 같은 제목의 매크로가 여럿입니다"),
        }
    }

    /// Whether the account's macro may become the file.
    pub fn pull(&self) -> Carry {
        match self.standing {
            Standing::Same => Carry::Nothing,
            Standing::OnlyHere | Standing::Gone => Carry::No("계정에 해당하는 매크로가 없습니다"),
            Standing::Several => Carry::No("계정에 같은 제목의 매크로가 여럿입니다"),
            _ if self.text.is_none() => Carry::No("계정의 매크로에 잘못된 곳이 있습니다"),
            Standing::ChangedHere => Carry::OnlyByForce("마지막 push·pull 뒤에 파일만 바뀌었습니다"),
            Standing::ChangedThere | Standing::Different => Carry::Yes,
        }
    }

    /// How they stand once they are the same: the account's macro is `there`.
    pub fn settled(there: &AccountMacro, file: &[Action]) -> Settled {
        Settled { macro_id: there.id, updated_at: there.updated_at, account: there.hash(), file: hash(file) }
    }
}

/// Every file beside what the account has for it. `settled`: how they stood when they were last carried over.
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
            Standing::Several
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
    here: &[Action],
    there: Option<&AccountMacro>,
    read: Option<&[Action]>,
    settled: Option<&Settled>,
) -> Standing {
    let Some(there) = there else {
        return if settled.is_some() { Standing::Gone } else { Standing::OnlyHere };
    };
    if read == Some(here) {
        return Standing::Same;
    }
    let Some(settled) = settled.filter(|settled| settled.macro_id == there.id) else {
        return Standing::Different;
    };
    match (settled.file == hash(here), settled.account == there.hash()) {
        (false, true) => Standing::ChangedHere,
        (true, false) => Standing::ChangedThere,
        _ => Standing::Different,
    }
}
