//! One decision table: its declared inputs and its rows.

use std::fmt;
use std::ops::Range;

use super::{Input, InputValue, Outcome, Trust, Unanswered};

/// A declared word: its name in the policy file and its Korean name in the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The name in the policy file.
    pub code: &'static str,
    /// The name in the centre's words.
    pub korean: &'static str,
}

/// `unpaid (미수)`
impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.code, self.korean)
    }
}

/// An input of a table: its word and its closed list of values.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) input: Word,
    pub(super) values: Vec<Word>,
}

impl Declared {
    pub(super) fn of<I: Input>() -> Self {
        let values = I::ALL.iter().map(|value| Word { code: value.code(), korean: value.korean() }).collect();
        Self { input: Word { code: I::NAME, korean: I::KOREAN }, values }
    }

    /// The declared value with this name.
    pub(super) fn value(&self, code: &str) -> Result<Word, Unanswered> {
        let found = self.values.iter().find(|value| value.code == code);
        found.copied().ok_or_else(|| Unanswered::UnknownValue {
            input: self.input.code,
            value: code.to_owned(),
            allowed: listed(&self.values),
        })
    }

    pub(super) fn not_given(&self) -> Unanswered {
        Unanswered::NotGiven { input: self.input.code, allowed: listed(&self.values) }
    }
}

/// Declared words as a list in a sentence.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a Word>) -> String {
    words.into_iter().map(|word| format!("`{}` ({})", word.code, word.korean)).collect::<Vec<_>>().join(", ")
}

/// The policy's tables, in the order in which they decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableName {
    /// Whether the case may be decided at all (guide, order of a consultation, 1–3).
    Consultation,
    /// What is done (guide, decision table).
    Decision,
}

impl TableName {
    /// Both, in the order of evaluation.
    pub const ALL: &'static [Self] = &[Self::Consultation, Self::Decision];

    /// The name in the policy file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Consultation => "consultation",
            Self::Decision => "decision",
        }
    }

    /// Its name in the guide.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Consultation => "상담 순서",
            Self::Decision => "결정표",
        }
    }
}

/// One row: one business sentence.
#[derive(Clone, Debug)]
pub struct Row {
    /// Rows of the two tables have different inputs.
    pub table: TableName,
    /// Its stable id, as journals record it.
    pub id: String,
    /// The rule as one Korean sentence.
    pub sentence: String,
    /// The reason in Korean, for the internal note.
    pub reason: String,
    /// Its source in the guide.
    pub source: String,
    /// What the guide leaves open, as a question to the policy owner; the row is then our default.
    pub question: Option<String>,
    /// When it applies. An input without a condition may have any value.
    pub when: Vec<Condition>,
    /// Its consequence.
    pub then: Then,
    /// Its trust: the row's own, otherwise the file's.
    pub trust: Trust,
    /// The span of its id in the file.
    pub(super) id_at: Range<usize>,
    /// The span of its own trust in the file, if it has one.
    pub(super) trust_at: Option<Range<usize>>,
    /// The span of its consequence in the file: the macro's name, if it has one.
    pub(in crate::domain) then_at: Range<usize>,
}

/// One input's allowed values in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// One of its table's inputs.
    pub input: Word,
    /// The allowed values.
    pub values: Vec<Word>,
}

/// `주차장: 운영 중 · 폐점`
impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<&str> = self.values.iter().map(|value| value.korean).collect();
        write!(formatter, "{}: {}", self.input.korean, values.join(" · "))
    }
}

/// The consequence of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// The decision table decides.
    Decide,
    /// This outcome.
    Outcome(Outcome),
}

/// In Korean.
impl fmt::Display for Then {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decide => write!(formatter, "{}에 따라 처리", TableName::Decision.korean()),
            Self::Outcome(outcome) => outcome.fmt(formatter),
        }
    }
}

impl Row {
    /// The outcome of a row that does not pass on to the other table.
    pub(super) fn outcome(&self) -> &Outcome {
        match &self.then {
            Then::Outcome(outcome) => outcome,
            Then::Decide => unreachable!("the safety check lets only the consultation pass on"),
        }
    }

    /// The macro sent to the customer, if any.
    pub fn reply(&self) -> Option<&str> {
        match &self.then {
            Then::Outcome(outcome) => outcome.reply(),
            Then::Decide => None,
        }
    }

    /// The number of the row's conditions that a combination breaks; 0 if it hits.
    pub(super) fn broken(&self, combination: &Combination) -> usize {
        self.when.iter().filter(|condition| !condition.fits(combination)).count()
    }

    /// Whether the row can apply to this value of its input.
    pub fn allows<I: Input>(&self, value: I) -> bool {
        let condition = self.when.iter().find(|condition| condition.input.code == I::NAME);
        condition.is_none_or(|condition| condition.values.iter().any(|allowed| allowed.code == value.code()))
    }
}

impl Condition {
    /// Whether the combination's value of this input is allowed.
    pub(super) fn fits(&self, combination: &Combination) -> bool {
        combination.value(self.input.code).is_some_and(|value| self.values.contains(&value))
    }
}

/// A concrete situation: one value for each input. Displayed in Korean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination(Vec<(Word, Word)>);

impl Combination {
    /// All inputs with their values, in the order of the tables.
    pub fn pairs(&self) -> &[(Word, Word)] {
        &self.0
    }

    /// The inputs of both tables together.
    pub(super) fn and(&self, further: &Self) -> Self {
        Self([&self.0[..], &further.0[..]].concat())
    }

    /// The same with a value of one more input.
    pub(super) fn with(&self, input: Word, value: Word) -> Self {
        let mut longer = self.clone();
        longer.0.push((input, value));
        longer
    }

    pub(super) fn value(&self, input: &str) -> Option<Word> {
        self.0.iter().find(|(name, _)| name.code == input).map(|(_, value)| *value)
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (input, value)) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(formatter, "{separator}{}: {}", input.korean, value.korean)?;
        }
        Ok(())
    }
}

/// A table with its rows in the order of the file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: TableName,
    pub(super) inputs: Vec<Declared>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// All situations that the table's inputs can describe.
    pub(super) fn combinations(&self) -> Vec<Combination> {
        self.without(&[])
    }

    /// The same without these inputs.
    pub(super) fn without(&self, inputs: &[Word]) -> Vec<Combination> {
        let kept = self.inputs.iter().filter(|declared| !inputs.contains(&declared.input));
        kept.fold(vec![Combination(Vec::new())], |shorter, declared| {
            let longer = |start: &Combination| -> Vec<Combination> {
                declared.values.iter().map(|value| start.with(declared.input, *value)).collect()
            };
            shorter.iter().flat_map(longer).collect()
        })
    }

    /// The given values of the table's inputs, in the table's order.
    pub(super) fn pick(&self, given: &[InputValue]) -> Result<Combination, Unanswered> {
        let pairs = self.inputs.iter().map(|declared| {
            let found = given.iter().find(|input| input.name == declared.input.code);
            let found = found.ok_or_else(|| declared.not_given())?;
            Ok((declared.input, declared.value(&found.value)?))
        });
        Ok(Combination(pairs.collect::<Result<_, _>>()?))
    }

    /// The row that a combination hits.
    pub(super) fn row_for(&self, combination: &Combination) -> &Row {
        let hit = self.rows.iter().find(|row| row.broken(combination) == 0);
        hit.expect("loading proved that every situation hits a row")
    }
}
