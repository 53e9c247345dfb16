//! Which row decides a situation, and why no other one: for a chosen situation, and for a ticket's last decision.

use serde::Serialize;

use super::{Choice, choices};
use crate::console::dispatch::Visit;
use crate::console::page::Reply;
use crate::domain::case::Entry;
use crate::domain::policy::{Decision, Explanation, InputValue, Miss, Policy, TableName, Word};
use crate::ports::Loaded;
use crate::story::minute;
use crate::story::policy::{input, todo, trusted, values};

/// The rows that are shown beside the one that decides.
const NEAREST: usize = 8;

#[derive(Serialize)]
struct Content {
    version: String,
    choices: Vec<Choice>,
    why: Option<Why>,
    /// Why the situation cannot be decided.
    wrong: Option<String>,
}

/// Why a row decides.
#[derive(Serialize)]
pub(in crate::console::screens) struct Why {
    row: Fired,
    /// The row that passed on to the decision table.
    gate: Option<Fired>,
    then: String,
    todo: Option<String>,
    trust: String,
    reason: String,
    source: String,
    inputs: Vec<Given>,
    near: Vec<Near>,
}

#[derive(Serialize)]
struct Fired {
    id: String,
    sentence: String,
}

#[derive(Serialize)]
struct Given {
    name: String,
    value: String,
    /// The evidence; `None`: masked.
    source: Option<String>,
}

/// Another row, with the inputs in which the situation differs from it.
#[derive(Serialize)]
struct Near {
    row: Fired,
    then: String,
    differs: Vec<String>,
}

/// Why a ticket was decided as it was.
#[derive(Serialize)]
pub(in crate::console::screens) struct Recorded {
    at: String,
    row: String,
    /// Whether the policy of that decision is the one in force.
    is_same_policy: bool,
    /// Whether the policy in force decides by the same row; `None`: it no longer knows the situation's words.
    is_same_row: Option<bool>,
    why: Option<Why>,
}

pub(in crate::console::screens) fn show(visit: &Visit<'_>) -> Reply {
    let playbook = visit.console.parts.playbook.playbook();
    let policy = &playbook.policy;
    let inputs = || TableName::ALL.iter().flat_map(|table| policy.inputs(*table));
    let given = inputs().map(|input| (input.code.to_owned(), visit.fields.text(input.code).to_owned()));
    let given: Vec<(String, String)> = given.filter(|(_, value)| !value.is_empty()).collect();
    let explained = policy.complete(&given).and_then(|inputs| policy.explain(&inputs));
    let (why, wrong) = match explained {
        _ if given.is_empty() => (None, None),
        Ok(explanation) => (Some(Why::of(&explanation, false)), None),
        Err(unanswered) => (None, Some(unanswered.to_string())),
    };
    // What is not chosen yet stands as the command takes it: established, at the beginning, within the cap.
    let assumed = policy.complete(&[]).unwrap_or_default();
    let code = |input: Word, of: &str| {
        policy.values(input.code).into_iter().find(|value| value.code == of).map(|value| value.code)
    };
    let chosen = |input: Word| {
        let assumed = assumed.iter().find(|assumed| assumed.name == input.code);
        code(input, visit.fields.text(input.code)).or_else(|| code(input, &assumed?.value))
    };
    let content = Content { version: policy.hash().to_owned(), choices: choices(policy, chosen), why, wrong };
    Reply::page("explain.html", "왜 이 행인가", content)
}

impl Why {
    fn of(explanation: &Explanation<'_>, is_masked: bool) -> Self {
        let Explanation { decision, gate, row, .. } = explanation;
        let fired =
            |row: &crate::domain::policy::Row| Fired { id: row.id.clone(), sentence: row.sentence.clone() };
        let near = explanation.nearest(NEAREST).into_iter().map(|near| Near {
            row: fired(near.row),
            then: near.row.then.to_string(),
            differs: near.differs.iter().map(difference).collect(),
        });
        Self {
            row: fired(row),
            gate: gate.map(fired),
            then: decision.outcome.to_string(),
            todo: todo(row).map(str::to_owned),
            trust: trusted(decision.trust, row),
            reason: decision.reason.clone(),
            source: row.source.clone(),
            inputs: decision.inputs.iter().map(|one| Given::of(one, is_masked)).collect(),
            near: near.collect(),
        }
    }
}

impl Given {
    fn of(given: &InputValue, is_masked: bool) -> Self {
        let (name, value) = input(given);
        let source = (!is_masked).then(|| given.source.clone());
        Self { name: name.to_owned(), value: value.to_owned(), source }
    }
}

/// `픽 상태: 이 행은 미수, 지금은 이용완료(결제완료)`
fn difference(miss: &Miss<'_>) -> String {
    match miss {
        Miss::Cell { input, wants, is } => {
            format!("{}: 이 행은 {}, 지금은 {}", input.korean, values(wants), is.korean)
        }
        Miss::NotAsked => miss.to_string(),
    }
}

/// Why the ticket's last decision was made, by the policy in force; `None`: there was none.
pub(in crate::console::screens) fn last(
    loaded: &Loaded,
    policy: &Policy,
    is_masked: bool,
) -> Option<Recorded> {
    let decided = loaded.journal.iter().rev().find_map(|recorded| match &recorded.entry {
        Entry::Decided { decision } => Some((recorded.at, decision.as_ref())),
        _ => None,
    });
    let (at, decision): (_, &Decision) = decided?;
    let explanation = policy.explain(&decision.inputs).ok();
    Some(Recorded {
        at: minute(at),
        row: decision.row.clone(),
        is_same_policy: decision.policy == policy.hash(),
        is_same_row: explanation.as_ref().map(|explanation| explanation.decision.row == decision.row),
        why: explanation.map(|explanation| Why::of(&explanation, is_masked)),
    })
}
