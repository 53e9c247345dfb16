//! A user's data beside name, address and role.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Korean, by Zendesk's id of languages.
pub(super) const KOREAN: i64 = 69;

/// A user's data beside name, address and role. Defaults are those of a new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Deleted users are no longer active.
    pub active: bool,
    /// Suspended users can do nothing.
    pub suspended: bool,
    /// A light agent: only agents see their comments.
    pub light: bool,
    /// The organisation that their tickets belong to.
    pub organization_id: Option<i64>,
    /// Their language, by Zendesk's id.
    pub locale_id: i64,
    pub phone: Option<String>,
    pub details: Option<String>,
    pub notes: Option<String>,
    pub tags: BTreeSet<String>,
    /// Absent until they are added to an account.
    pub created_at: Option<Timestamp>,
    /// Absent until they are added to an account.
    pub updated_at: Option<Timestamp>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            active: true,
            suspended: false,
            light: false,
            organization_id: None,
            locale_id: KOREAN,
            phone: None,
            details: None,
            notes: None,
            tags: BTreeSet::new(),
            created_at: None,
            updated_at: None,
        }
    }
}

impl Profile {
    /// Whether the user may do anything at all.
    pub(super) fn has_access(&self) -> bool {
        self.active && !self.suspended
    }
}
