//! What a form's field says about when.

use jiff::civil::Date;

use super::UsedAt;
use crate::domain::written;

/// What a form's field for the time of use gives. An unread text is not an absent one: it may name another day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenTime {
    /// Nothing is given: the field is blank, or says that the customer does not know (`-`, `모름`, `기억 안 남`).
    Absent,
    /// A day, perhaps with a time of day.
    Read(UsedAt),
    /// Something is given that is not understood, or not as a certain day (`20일`, `어제`): this text.
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
