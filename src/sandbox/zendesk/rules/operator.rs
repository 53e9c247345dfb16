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

/// All operators with Zendesk's words and the editor's.
const WORDS: [(Operator, &str, &str); 16] = [
    (Is, "is", "Is"),
    (IsNot, "is_not", "Is not"),
    (Includes, "includes", "Contains at least one of the following"),
    (NotIncludes, "not_includes", "Contains none of the following"),
    (LessThan, "less_than", "Less than"),
    (LessThanEqual, "less_than_equal", "Less than or equal to"),
    (GreaterThan, "greater_than", "Greater than"),
    (GreaterThanEqual, "greater_than_equal", "Greater than or equal to"),
    (Present, "present", "Present"),
    (NotPresent, "not_present", "Not present"),
    (Changed, "changed", "Changed"),
    (NotChanged, "not_changed", "Not changed"),
    (ChangedTo, "value", "Changed to"),
    (NotChangedTo, "not_value", "Not changed to"),
    (ChangedFrom, "value_previous", "Changed from"),
    (NotChangedFrom, "not_value_previous", "Not changed from"),
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
        WORDS.iter().find(|(_, known, _)| *known == word).map(|(operator, ..)| *operator)
    }

    pub(super) fn word(self) -> &'static str {
        self.words().0
    }

    pub(super) fn title(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        let known = WORDS.iter().find(|(operator, ..)| *operator == self);
        known.map_or(("", ""), |(_, word, title)| (word, title))
    }

    /// Whether the operator takes no value.
    pub(super) fn is_terminal(self) -> bool {
        matches!(self, Present | NotPresent | Changed | NotChanged)
    }
}
