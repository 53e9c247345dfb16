//! Explains why a row fires: the inputs asked for, and for every other row the first cell that does not match.

use std::fmt;

use super::table::listed;
use super::{Combination, Decision, Fired, Grant, Input as _, InputValue, Policy, Progress, Row, Then, Word};

/// Why the tables cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// An input that the tables ask for is missing.
    #[error("`{input}` is not given; it is one of {allowed}")]
    NotGiven {
        /// The input.
        input: &'static str,
        /// Its values.
        allowed: String,
    },
    /// A value that the input does not have, or no longer has.
    #[error("`{value}` is not a value of `{input}`; it is one of {allowed}")]
    UnknownValue {
        /// The input.
        input: &'static str,
        /// The value given.
        value: String,
        /// Its values.
        allowed: String,
    },
    /// An input that the tables do not have, or no longer have.
    #[error("`{input}` is not an input; the inputs are {allowed}")]
    UnknownInput {
        /// The input given.
        input: String,
        /// The tables' inputs.
        allowed: String,
    },
    /// An input given more than once.
    #[error("`{0}` is given twice; which one counts?")]
    GivenTwice(String),
}

/// The explanation of a decision.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The decision.
    pub decision: Decision,
    /// The consultation row that passed on to the decision table, if it was asked.
    pub gate: Option<&'a Row>,
    /// The row with the outcome.
    pub row: &'a Row,
    /// All other rows of both tables, with the reason why each does not fire.
    pub others: Vec<(&'a Row, Miss<'a>)>,
}

/// Why a row does not fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss<'a> {
    /// The first cell that does not match.
    Cell {
        /// The input.
        input: Word,
        /// The values that the row allows.
        wants: &'a [Word],
        /// The actual value.
        is: Word,
    },
    /// The consultation did not pass on to the row's table.
    NotAsked,
}

/// `status: wants unpaid (미수), is completed (이용완료(결제완료))`
impl fmt::Display for Miss<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell { input, wants, is } => {
                let wants = wants.iter().map(Word::to_string).collect::<Vec<_>>().join(" or ");
                write!(formatter, "{}: wants {wants}, is {is}", input.code)
            }
            Self::NotAsked => formatter.write_str("not asked: the consultation does not pass on"),
        }
    }
}

/// Defaults for inputs that a person omits: a case at its beginning, with an amount within the cap.
const UNLESS_GIVEN: &[(&str, &str, &str)] = &[
    (Progress::NAME, "none", "입력하지 않아 처음인 것으로 봄"),
    (Grant::NAME, "within_cap", "입력하지 않아 한도 이내인 것으로 봄"),
];

impl Policy {
    /// The policy's decision for inputs by name, and why no other row fires.
    pub fn explain(&self, inputs: &[InputValue]) -> Result<Explanation<'_>, Unanswered> {
        let Fired { situation, gate, row } = self.fire(inputs)?;
        let fired = |other: &&Row| other.id == row.id || gate.is_some_and(|gate| gate.id == other.id);
        let others = self.rows().filter(|other| !fired(other));
        let others = others.map(|other| (other, miss(other, &situation))).collect();
        Ok(Explanation { decision: self.decide_on(inputs)?, gate, row, others })
    }

    /// Completes a situation given as names and values. Omitted inputs of the consultation count as established, the case
    /// as at its beginning and its compensation as within the cap. Other omitted inputs of the decision table are reported
    /// when the policy is evaluated.
    pub fn complete(&self, given: &[(String, String)]) -> Result<Vec<InputValue>, Unanswered> {
        let mut inputs: Vec<InputValue> = Vec::new();
        for (name, value) in given {
            let mut declared = self.consultation.inputs.iter().chain(&self.decision.inputs);
            let known = declared.find(|declared| declared.input.code == name);
            let known = known.ok_or_else(|| self.unknown_input(name))?;
            known.value(value)?;
            if inputs.iter().any(|input| input.name == *name) {
                return Err(Unanswered::GivenTwice(name.clone()));
            }
            inputs.push(InputValue::of(name, value, "직접 입력"));
        }
        for (name, value, source) in UNLESS_GIVEN {
            if !inputs.iter().any(|given| given.name == *name) {
                inputs.push(InputValue::of(name, value, source));
            }
        }
        let combinations = self.consultation.combinations();
        let passes = |combination: &&Combination| self.consultation.row_for(combination).then == Then::Decide;
        for (name, value) in combinations.iter().find(passes).map_or(&[][..], Combination::pairs) {
            if !inputs.iter().any(|given| given.name == name.code) {
                inputs.push(InputValue::of(name.code, value.code, "입력하지 않아 확인된 것으로 봄"));
            }
        }
        Ok(inputs)
    }

    fn unknown_input(&self, name: &str) -> Unanswered {
        let declared = self.consultation.inputs.iter().chain(&self.decision.inputs);
        let allowed = listed(declared.map(|declared| &declared.input));
        Unanswered::UnknownInput { input: name.to_owned(), allowed }
    }
}

fn miss<'a>(row: &'a Row, situation: &Combination) -> Miss<'a> {
    let broken = row.first_broken(situation);
    let cell = broken.and_then(|condition| Some((condition, situation.value(condition.input.code)?)));
    cell.map_or(Miss::NotAsked, |(condition, is)| Miss::Cell {
        input: condition.input,
        wants: &condition.values,
        is,
    })
}
