//! The account's macros, and the last good version of each.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{CallError, StoreError};
use crate::domain::reply::{AccountMacro, Fault};

/// The last edit of a macro, as far as the account reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct MacroChange {
    pub by: String,
    pub at: Timestamp,
}

/// The help desk's macros.
#[async_trait]
pub trait MacroShelf: Debug + Send + Sync {
    /// All shared macros that the service's user may see, in no particular order.
    async fn macros(&self) -> Result<Vec<AccountMacro>, CallError>;

    /// The last edit of a macro; `None`: not available, for lack of a right or of an audit log in the account's plan.
    async fn last_change(&self, macro_id: i64) -> Option<MacroChange>;
}

/// Stores the last good version of each macro for all processes that share a ledger.
#[async_trait]
pub trait GoodMacros: Debug + Send + Sync {
    /// All versions by file name.
    async fn good_macros(&self) -> Result<BTreeMap<String, AccountMacro>, StoreError>;

    /// Stores a version without problems, unless a later one of the same macro is stored. Returns only when it is on disk.
    async fn keep_macro(&self, name: &str, version: &AccountMacro, now: Timestamp) -> Result<(), StoreError>;
}

/// Reports the state of the account's macros.
pub trait MacroWatch: Debug + Send + Sync {
    /// As of the last refresh.
    fn standing(&self) -> MacroStanding;
}

/// The state of the account's macros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MacroStanding {
    /// When they were last read; `None`: not yet.
    pub read_at: Option<Timestamp>,
    /// The account's macros that were found, by file name, also those whose text is not used.
    pub found: BTreeMap<String, AccountMacro>,
    /// Macros whose text in the account is not used, with their last editors.
    pub warnings: Vec<MacroWarning>,
}

/// A macro whose text in the account is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroWarning {
    /// The macro, its problems, and the text used instead.
    pub fault: Fault,
    /// Its last editor, if the account reports one.
    pub changed_by: Option<String>,
}
