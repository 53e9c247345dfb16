//! The people of the console and of orders: what each may do, and their names and reasons as records keep them.

use serde::{Deserialize, Serialize};

/// A role. Each may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads; a customer's data only after giving a reason.
    View,
    /// Also gives orders on cases.
    Operate,
    /// Also changes policy and texts.
    Policy,
    /// Also reads who looked at what.
    Admin,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 4] = [Self::View, Self::Operate, Self::Policy, Self::Admin];

    /// The customer centre's term.
    pub fn korean(self) -> &'static str {
        match self {
            Self::View => "보기",
            Self::Operate => "운영",
            Self::Policy => "정책",
            Self::Admin => "관리",
        }
    }

    /// The group of a signing-in proxy that has this role.
    pub fn group(self) -> &'static str {
        match self {
            Self::View => "misread-view",
            Self::Operate => "misread-operate",
            Self::Policy => "misread-policy",
            Self::Admin => "misread-admin",
        }
    }

    /// The highest role of these groups; `None`: none of them has one.
    pub fn of_groups<'a>(groups: impl Iterator<Item = &'a str>) -> Option<Self> {
        groups.filter_map(|group| Self::ALL.into_iter().find(|role| role.group() == group)).max()
    }
}

/// The most characters of a name, so that it fits into a line of a note.
pub const LONGEST_NAME: usize = 100;

/// A person's name as the journal records it, without control characters; `None`: nothing is left, or it is too long.
pub fn name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|character| !character.is_control()).collect();
    (1..=LONGEST_NAME).contains(&name.chars().count()).then_some(name)
}

/// The most characters of a reason.
pub const LONGEST_REASON: usize = 300;

/// A reason that a person gives, in one line, as journal and access log record it; `None`: shorter than two characters, or too
/// long to be read.
pub fn reason(text: &str) -> Option<String> {
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    let reason: String = text.trim().chars().map(plain).collect();
    (2..=LONGEST_REASON).contains(&reason.chars().count()).then_some(reason)
}
