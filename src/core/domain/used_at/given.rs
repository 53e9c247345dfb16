//! Reads a form's field for the time of use.

use jiff::civil::Date;

use super::UsedAt;
use crate::domain::written;

/// The content of a form's field for the time of use. An unread text differs from an absent one: it may name another
/// day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenTime {
    /// The field is blank, or says that the customer does not know (`-`, `모름`, `기억 안 남`).
    Absent,
    /// A day, with an optional time of day.
    Read(UsedAt),
    /// A text that is not understood, or not as a certain day (`20일`, `어제`).
    Unread(String),
}

impl GivenTime {
    /// Reads a form's field as [`UsedAt::parse`] does.
    pub fn read(text: Option<&str>, today: Date) -> Self {
        let Some(text) = text else { return Self::Absent };
        match UsedAt::parse(text, today) {
            Some(used_at) => Self::Read(used_at),
            None if written::is_nothing(text) => Self::Absent,
            None => Self::Unread(text.to_owned()),
        }
    }
}
