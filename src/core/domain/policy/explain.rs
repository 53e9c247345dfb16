//! Explains why a row fires: the inputs asked for, and for every other row the first cell that does not match.

use std::fmt;

use super::{Combination, Decision, Fired, InputValue, Policy, Row, Word};

/// Why the tables cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unanswered {
    /// An input that the tables ask about is missing.
    #[error("`{input}` 값이 없습니다. 쓸 수 있는 값: {allowed}")]
    NotGiven { input: &'static str, allowed: String },
    /// A value that the input does not have (any more).
    #[error("`{value}`은(는) `{input}`의 값이 아닙니다. 쓸 수 있는 값: {allowed}")]
    UnknownValue { input: &'static str, value: String, allowed: String },
    /// An input that the tables do not have (any more).
    #[error("`{input}`은(는) 항목이 아닙니다. 쓸 수 있는 항목: {allowed}")]
    UnknownInput { input: String, allowed: String },
    /// A word that is a part of several names.
    #[error("`{typed}`에 맞는 것이 여럿입니다. 이 가운데 하나를 적어 주세요: {fitting}")]
    Ambiguous {
        typed: String,
        /// What it may be.
        fitting: String,
    },
    /// An input that was given more than once.
    #[error("`{0}`을(를) 두 번 적었습니다. 하나만 적어 주세요.")]
    GivenTwice(String),
}

/// The explanation of a decision.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// As the service would journal it.
    pub decision: Decision,
    /// The consultation row that passed on to the decision table, if it was asked.
    pub gate: Option<&'a Row>,
    /// The row with the outcome.
    pub row: &'a Row,
    /// All other rows of both tables, with the reason why each does not fire.
    pub others: Vec<(&'a Row, Miss<'a>)>,
    /// The inputs asked for.
    situation: Combination,
}

/// A row that would fire if few inputs were different.
#[derive(Clone, Debug)]
pub struct Near<'a> {
    /// A row of a table that was asked.
    pub row: &'a Row,
    /// Its cells that do not match.
    pub differs: Vec<Miss<'a>>,
}

impl<'a> Explanation<'a> {
    /// Other rows of the tables that were asked, at most `most`: those with the fewest cells that do not match, and among
    /// these the ones of the deciding row's table, first.
    pub fn nearest(&self, most: usize) -> Vec<Near<'a>> {
        let asked = self.others.iter().filter(|(_, miss)| *miss != Miss::NotAsked);
        let near = asked.map(|(row, _)| Near { row, differs: misses(row, &self.situation).collect() });
        let mut near: Vec<Near<'a>> = near.collect();
        near.sort_by_key(|near| (near.differs.len(), near.row.table != self.row.table));
        near.truncate(most);
        near
    }
}

/// Why a row does not fire.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Miss<'a> {
    /// The first cell that does not match.
    Cell {
        input: Word,
        /// The values that the row allows.
        wants: &'a [Word],
        is: Word,
    },
    /// The consultation did not pass on to the row's table.
    NotAsked,
}

/// `status (픽 상태): 조건은 unpaid (미수), 상황은 completed (이용완료(결제완료))`
impl fmt::Display for Miss<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell { input, wants, is } => {
                let wants = wants.iter().map(Word::to_string).collect::<Vec<_>>().join(" 또는 ");
                write!(formatter, "{input}: 조건은 {wants}, 상황은 {is}")
            }
            Self::NotAsked => formatter.write_str("결정표를 보지 않음: 상담 순서에서 끝남"),
        }
    }
}

impl Policy {
    /// The policy's decision for inputs by name, and why no other row fires.
    pub fn explain(&self, inputs: &[InputValue]) -> Result<Explanation<'_>, Unanswered> {
        let Fired { situation, gate, row } = self.fire(inputs)?;
        let fired = |other: &&Row| other.id == row.id || gate.is_some_and(|gate| gate.id == other.id);
        let others = self.rows().filter(|other| !fired(other));
        let others = others.map(|other| (other, miss(other, &situation))).collect();
        Ok(Explanation { decision: self.decide_on(inputs)?, gate, row, others, situation })
    }
}

/// The first cell that does not match.
fn miss<'a>(row: &'a Row, situation: &Combination) -> Miss<'a> {
    misses(row, situation).next().unwrap_or(Miss::NotAsked)
}

/// The cells that do not match. None, or not the first one, if the row's table was not asked.
fn misses<'a>(row: &'a Row, situation: &Combination) -> impl Iterator<Item = Miss<'a>> {
    let broken = row.when.iter().filter(|condition| !condition.fits(situation));
    broken.map_while(|condition| {
        let is = situation.value(condition.input.code)?;
        Some(Miss::Cell { input: condition.input, wants: &condition.values, is })
    })
}
