//! The account's macros, and the last good version of each.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{CallError, StoreError};
use crate::domain::reply::{AccountMacro, Fault};

/// Who changed a macro, as far as the account tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroChange {
    /// Their name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Where operations keep their macros.
#[async_trait]
pub trait MacroShelf: Debug + Send + Sync {
    /// All macros that are not somebody's own, as far as the service's user may see them, in no particular order.
    async fn macros(&self) -> Result<Vec<AccountMacro>, CallError>;

    /// Who changed a macro last; `None`: the account does not tell, for want of a right or of an audit log in its plan.
    async fn last_change(&self, macro_id: i64) -> Option<MacroChange>;
}

/// Remembers the last good version of each macro, for all who share a ledger.
#[async_trait]
pub trait GoodMacros: Debug + Send + Sync {
    /// All of them, by the names of their files.
    async fn good_macros(&self) -> Result<BTreeMap<String, AccountMacro>, StoreError>;

    /// Keeps a version in which nothing is wrong, unless a later one of the same macro is there. Returns only when it is on disk.
    async fn keep_macro(&self, name: &str, version: &AccountMacro, now: Timestamp) -> Result<(), StoreError>;
}

/// How it stands with the account's macros.
pub trait MacroWatch: Debug + Send + Sync {
    /// How it stands now.
    fn standing(&self) -> MacroStanding;
}

/// How it stands with the account's macros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MacroStanding {
    /// When they were last read; `None`: not yet.
    pub read_at: Option<Timestamp>,
    /// Those whose text in the account does not serve, with who changed them.
    pub warnings: Vec<MacroWarning>,
}

/// A macro whose text in the account does not serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroWarning {
    /// Which, what is wrong, what serves.
    pub fault: Fault,
    /// Who changed it last, where the account tells.
    pub changed_by: Option<String>,
}
