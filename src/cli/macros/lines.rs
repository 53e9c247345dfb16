//! Compares two macros line by line.

use similar::{Algorithm, Change, ChangeTag, capture_diff_slices};

use crate::domain::rule::RuleAction;

/// The lines that only `one` has, with `-`, and those that only `other` has, with `+`, in their order.
pub fn difference(one: &[RuleAction], other: &[RuleAction]) -> Vec<String> {
    let (one, other) = (lines(one), lines(other));
    let changed = |change: Change<String>| match change.tag() {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some(format!("- {}", change.value())),
        ChangeTag::Insert => Some(format!("+ {}", change.value())),
    };
    let operations = capture_diff_slices(Algorithm::Myers, &one, &other);
    operations.iter().flat_map(|operation| operation.iter_changes(&one, &other)).filter_map(changed).collect()
}

/// The lines of the comment as they are, and every other action as `field = value`.
fn lines(actions: &[RuleAction]) -> Vec<String> {
    let of_action = |action: &RuleAction| match (action.field.as_str(), action.value.as_str()) {
        ("comment_value" | "comment_value_html", Some(text)) => text.lines().map(str::to_owned).collect(),
        (field, Some(text)) => vec![format!("{field} = {text}")],
        (field, None) => vec![format!("{field} = {}", action.value)],
    };
    actions.iter().flat_map(of_action).collect()
}
