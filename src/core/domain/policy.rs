//! The cancellation policy: two decision tables over declared inputs (guide: order of a consultation, decision table).
//!
//! The tables are data (`config/policy.toml`). Loading proves that every situation hits exactly one row.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::problem::Problem;

mod compare;
mod decision;
mod edit;
mod explain;
mod file;
mod map;
mod proof;
mod safety;
mod situation;
mod table;
mod typed;

pub use compare::{Change, compare, differences};
pub use decision::{Decision, InputValue, Outcome, Team, Trust};
pub use explain::{Explanation, Miss, Near, Unanswered};
pub use map::{Line, Sheet};
pub use situation::{
    Evidence, Found, Grant, Identity, Input, LotKind, OneUse, Operator, Progress, Request, Situation, Status,
    VehicleMatch,
};
pub use table::{Combination, Condition, Row, TableName, Then, Word};

use table::{Declared, Table};

/// The length of a policy's hash: 12 hex digits of the file's SHA-256.
const HASH_LENGTH: usize = 12;

/// A policy with complete, unambiguous and reachable tables.
#[derive(Clone, Debug)]
pub struct Policy {
    text: Arc<str>,
    hash: String,
    consultation: Table,
    decision: Table,
}

impl Policy {
    /// Parses and proves a policy file. Reports every mistake with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (consultation, decision) = file::read(text)?;
        let mut problems = proof::prove(&consultation);
        problems.extend(proof::prove(&decision));
        problems.extend(safety::check(&consultation, &decision));
        if problems.is_empty() {
            Ok(Self { text: text.into(), hash: hash(text), consultation, decision })
        } else {
            Err(problems)
        }
    }

    /// The policy's decision for a situation: exactly one row of the consultation, then, if that passes on, one of the
    /// decision table.
    pub fn decide(&self, situation: &Situation) -> Decision {
        let mut inputs = vec![
            known(&situation.found),
            known(&situation.identity),
            known(&situation.vehicle),
            known(&situation.request),
        ];
        inputs.extend(situation.one.as_ref().map_or_else(nothing_known, inputs_of_use));
        match self.decide_on(&inputs) {
            Ok(decision) => decision,
            Err(unanswered) => unreachable!("a situation has a declared value for every input: {unanswered}"),
        }
    }

    /// The policy's decision for inputs by name, as journals record them. Inputs that the policy does not ask for may be
    /// omitted, and are omitted from the decision.
    pub fn decide_on(&self, inputs: &[InputValue]) -> Result<Decision, Unanswered> {
        let fired = self.fire(inputs)?;
        let trust = fired.trust();
        let Fired { situation, row, .. } = fired;
        let asked = situation
            .pairs()
            .iter()
            .filter_map(|(name, _)| inputs.iter().find(|input| input.name == name.code));
        let inputs = asked.cloned().collect();
        let outcome = row.outcome().clone();
        Ok(Decision {
            policy: self.hash.clone(),
            row: row.id.clone(),
            reason: row.reason.clone(),
            trust,
            inputs,
            outcome,
        })
    }

    fn fire(&self, inputs: &[InputValue]) -> Result<Fired<'_>, Unanswered> {
        let situation = self.consultation.pick(inputs)?;
        let row = self.consultation.row_for(&situation);
        if row.then != Then::Decide {
            return Ok(Fired { situation, gate: None, row });
        }
        let of_use = self.decision.pick(inputs)?;
        let decided_by = self.decision.row_for(&of_use);
        Ok(Fired { situation: situation.and(&of_use), gate: Some(row), row: decided_by })
    }

    /// All rows in the order of the file, the consultation's first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.consultation.rows.iter().chain(&self.decision.rows)
    }

    /// The inputs of a table, in order.
    pub fn inputs(&self, table: TableName) -> Vec<Word> {
        let table = match table {
            TableName::Consultation => &self.consultation,
            TableName::Decision => &self.decision,
        };
        table.inputs.iter().map(|declared| declared.input).collect()
    }

    /// The values that an input of a table may have, by the input's name in the policy file.
    pub fn values(&self, input: &str) -> Vec<Word> {
        let mut declared = self.consultation.inputs.iter().chain(&self.decision.inputs);
        declared
            .find(|declared| declared.input.code == input)
            .map_or_else(Vec::new, |found| found.values.clone())
    }

    /// The row with this id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows().find(|row| row.id == id)
    }

    /// The trust of a row when it fires: a row of the decision table has at most the trust of the row that passes on to it.
    pub fn trust(&self, row: &Row) -> Trust {
        let gates = self.consultation.rows.iter().filter(|gate| gate.then == Then::Decide);
        match row.table {
            TableName::Consultation => row.trust,
            TableName::Decision => {
                gates.map(|gate| gate.trust).max().map_or(row.trust, |gate| gate.min(row.trust))
            }
        }
    }

    /// The lowest trust of any row: the limit for what happens before a row has fired.
    pub fn least_trust(&self) -> Trust {
        self.rows().map(|row| self.trust(row)).min().unwrap_or_default()
    }

    /// The policy file as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first 12 hex digits of the SHA-256 of the file's text.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

/// The rows that fired in a situation.
struct Fired<'a> {
    /// The inputs asked for.
    situation: Combination,
    /// The consultation row that passed on to the decision table, if it was asked.
    gate: Option<&'a Row>,
    /// The row with the outcome.
    row: &'a Row,
}

impl Fired<'_> {
    /// A row has at most the trust of the row that passed on to it.
    fn trust(&self) -> Trust {
        self.gate.map_or(self.row.trust, |gate| gate.trust.min(self.row.trust))
    }
}

/// The Korean names of an input and its value, such as 픽 상태 and 미수; `None` for names that no longer exist.
pub fn korean_words(input: &str, value: &str) -> Option<(&'static str, &'static str)> {
    let declared =
        consultation_inputs().into_iter().chain(decision_inputs()).find(|known| known.input.code == input)?;
    let value = declared.values.iter().find(|known| known.code == value)?;
    Some((declared.input.korean, value.korean))
}

fn consultation_inputs() -> Vec<Declared> {
    vec![
        Declared::of::<Found>(),
        Declared::of::<Identity>(),
        Declared::of::<VehicleMatch>(),
        Declared::of::<Request>(),
    ]
}

fn decision_inputs() -> Vec<Declared> {
    vec![
        Declared::of::<Status>(),
        Declared::of::<LotKind>(),
        Declared::of::<Operator>(),
        Declared::of::<Progress>(),
        Declared::of::<Grant>(),
    ]
}

fn known<I: Input>(input: &Evidence<I>) -> InputValue {
    InputValue {
        name: I::NAME.to_owned(),
        value: input.value.code().to_owned(),
        source: input.source.clone(),
        against: input.against.clone(),
        not_understood: input.not_understood.clone(),
    }
}

fn inputs_of_use(one: &OneUse) -> Vec<InputValue> {
    vec![known(&one.status), known(&one.lot), known(&one.operation), known(&one.progress), known(&one.amount)]
}

/// A use was found but not described: every input is unknown, which no row settles (see `safety`).
fn nothing_known() -> Vec<InputValue> {
    let source = "정보 없음";
    inputs_of_use(&OneUse {
        status: Evidence::of(Status::Unknown, source),
        lot: Evidence::of(LotKind::Unknown, source),
        operation: Evidence::of(Operator::Unknown, source),
        progress: Evidence::of(Progress::None, source),
        amount: Evidence::of(Grant::Unknown, source),
    })
}

fn hash(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text).iter().take(HASH_LENGTH / 2).fold(
        String::with_capacity(HASH_LENGTH),
        |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        },
    )
}
