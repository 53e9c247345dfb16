//! The operators of conditions (facts §5.1).

use super::operator::Operator::{
    Changed, ChangedFrom, ChangedTo, GreaterThan, GreaterThanEqual, Includes, Is, IsNot, LessThan,
    LessThanEqual, NotChanged, NotChangedFrom, NotChangedTo, NotIncludes, NotPresent, Present,
};

/// An operator of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    IsNot,
    Includes,
    NotIncludes,
    LessThan,
    LessThanEqual,
    GreaterThan,
    GreaterThanEqual,
    Present,
    NotPresent,
    Changed,
    NotChanged,
    ChangedTo,
    NotChangedTo,
    ChangedFrom,
    NotChangedFrom,
}

/// All operators with Zendesk's words.
const WORDS: [(Operator, &str); 16] = [
    (Is, "is"),
    (IsNot, "is_not"),
    (Includes, "includes"),
    (NotIncludes, "not_includes"),
    (LessThan, "less_than"),
    (LessThanEqual, "less_than_equal"),
    (GreaterThan, "greater_than"),
    (GreaterThanEqual, "greater_than_equal"),
    (Present, "present"),
    (NotPresent, "not_present"),
    (Changed, "changed"),
    (NotChanged, "not_changed"),
    (ChangedTo, "value"),
    (NotChangedTo, "not_value"),
    (ChangedFrom, "value_previous"),
    (NotChangedFrom, "not_value_previous"),
];

/// The operators for a single choice.
pub(super) const OF_A_CHOICE: &[Operator] =
    &[Is, IsNot, Changed, ChangedTo, ChangedFrom, NotChanged, NotChangedTo, NotChangedFrom];

/// The operators for an ordered choice.
pub(super) const OF_A_RANK: &[Operator] = &[
    Is,
    IsNot,
    LessThan,
    GreaterThan,
    Changed,
    ChangedTo,
    ChangedFrom,
    NotChanged,
    NotChangedTo,
    NotChangedFrom,
];

/// The operators for a set of values.
pub(super) const OF_A_SET: &[Operator] = &[Includes, NotIncludes];

/// The operators for custom statuses.
pub(super) const OF_A_STATUS: &[Operator] = &[
    Includes,
    NotIncludes,
    Is,
    IsNot,
    Changed,
    ChangedTo,
    ChangedFrom,
    NotChanged,
    NotChangedTo,
    NotChangedFrom,
];

/// The operators for text.
pub(super) const OF_WORDS: &[Operator] = &[Includes, NotIncludes, Is, IsNot];

/// The operators for a custom field of any kind.
pub(super) const OF_A_FIELD: &[Operator] = &[
    Is,
    IsNot,
    Includes,
    NotIncludes,
    LessThan,
    LessThanEqual,
    GreaterThan,
    GreaterThanEqual,
    Present,
    NotPresent,
    Changed,
    ChangedTo,
    ChangedFrom,
    NotChanged,
    NotChangedTo,
    NotChangedFrom,
];

impl Operator {
    pub(super) fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, known)| *known == word).map(|(operator, _)| *operator)
    }

    /// Whether the operator compares with the ticket before an update.
    pub(super) fn is_about_a_change(self) -> bool {
        matches!(self, Changed | NotChanged | ChangedTo | NotChangedTo | ChangedFrom | NotChangedFrom)
    }

    /// Whether the operator takes no value.
    pub(super) fn is_terminal(self) -> bool {
        matches!(self, Present | NotPresent | Changed | NotChanged)
    }
}
