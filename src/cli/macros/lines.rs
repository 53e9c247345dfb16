//! Compares two macros line by line.

use crate::domain::rule::Action;

/// The lines that only `one` has, with `-`, and those that only `other` has, with `+`, in their order.
pub(super) fn difference(one: &[Action], other: &[Action]) -> Vec<String> {
    let (one, other) = (lines(one), lines(other));
    // Longest common subsequence: `common[left][right]` is the number of lines that both have from these places on.
    let mut common = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    for left in (0..one.len()).rev() {
        for right in (0..other.len()).rev() {
            common[left][right] = if one[left] == other[right] {
                common[left + 1][right + 1] + 1
            } else {
                common[left + 1][right].max(common[left][right + 1])
            };
        }
    }
    let (mut left, mut right, mut found) = (0, 0, Vec::new());
    while left < one.len() || right < other.len() {
        if left < one.len() && right < other.len() && one[left] == other[right] {
            (left, right) = (left + 1, right + 1);
        } else if right == other.len()
            || (left < one.len() && common[left + 1][right] >= common[left][right + 1])
        {
            found.push(format!("- {}", one[left]));
            left += 1;
        } else {
            found.push(format!("+ {}", other[right]));
            right += 1;
        }
    }
    found
}

/// The lines of the comment as they are, and every other action as `field = value`.
fn lines(actions: &[Action]) -> Vec<String> {
    let of_action = |action: &Action| match (action.field.as_str(), action.value.as_str()) {
        ("comment_value" | "comment_value_html", Some(text)) => text.lines().map(str::to_owned).collect(),
        (field, Some(text)) => vec![format!("{field} = {text}")],
        (field, None) => vec![format!("{field} = {}", action.value)],
    };
    actions.iter().flat_map(of_action).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_in_its_order() {
        let of = |status: &str, text: &str| {
            vec![Action::new("status", status), Action::new("comment_value", text)]
        };
        let found = difference(&of("solved", "가\n나\n다"), &of("pending", "가\n라\n다\n마"));
        assert_eq!(found, ["- status = solved", "+ status = pending", "- 나", "+ 라", "+ 마"]);
        assert_eq!(difference(&of("solved", "가"), &of("solved", "가")), [""; 0]);
    }
}
