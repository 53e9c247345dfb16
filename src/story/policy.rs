//! The policy's rows and decisions in the customer centre's words, for `misread policy` and for the console.

use crate::domain::policy::{Condition, InputValue, Row, Then, Trust, Word, korean_words};

/// The cell of an input without a condition.
const ANY: &str = "모두";

/// The trust of a row when it fires, with the row's own trust if a `decide` row before it has a lower one.
pub(crate) fn trusted(trust: Trust, row: &Row) -> String {
    if trust == row.trust {
        return trust.korean().to_owned();
    }
    format!(
        "{} (이 행은 {}이지만 [[consultation]]의 decide 행이 더 낮음)",
        trust.korean(),
        row.trust.korean()
    )
}

/// The values that the row allows for each input of its table.
pub(crate) fn conditions(row: &Row, inputs: &[Word]) -> Vec<String> {
    let cell = |input: &Word| {
        let condition = row.when.iter().find(|condition| condition.input == *input);
        condition.map_or(ANY.to_owned(), |condition| values(&condition.values))
    };
    inputs.iter().map(cell).collect()
}

/// What agents have to do, if the row hands the ticket over.
pub(crate) fn todo(row: &Row) -> Option<&str> {
    match &row.then {
        Then::Outcome(outcome) => outcome.hand_over().map(|(_, todo)| todo),
        Then::Decide => None,
    }
}

/// `미수 · 이용 중`
pub(crate) fn values(values: &[Word]) -> String {
    values.iter().map(|value| value.korean).collect::<Vec<_>>().join(" · ")
}

/// Conditions that hold together; `모두` without one.
pub(crate) fn together(conditions: &[Condition]) -> String {
    if conditions.is_empty() {
        return ANY.to_owned();
    }
    conditions.iter().map(Condition::to_string).collect::<Vec<_>>().join(", ")
}

/// An input's name and value in the centre's words; as recorded if the tables no longer know them.
pub(crate) fn input(input: &InputValue) -> (&str, &str) {
    korean_words(&input.name, &input.value).unwrap_or((&input.name, &input.value))
}
