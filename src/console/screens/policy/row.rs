//! One row of the policy.

use serde::Serialize;

use super::month::{DAYS, Month};
use super::{Badge, Named};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::policy::{Policy, Row, TableName, Then};
use crate::story::cases;
use crate::story::policy::{conditions, todo, trusted};

#[derive(Serialize)]
struct Content {
    id: String,
    sentence: String,
    table: &'static str,
    when: Vec<Condition>,
    then: String,
    todo: Option<String>,
    reply: Option<String>,
    trust: Badge,
    trusted: String,
    reason: String,
    source: String,
    question: Option<String>,
    days: i8,
    count: Option<String>,
    won: Option<String>,
    /// The page that explains a situation of this row.
    example: String,
}

#[derive(Serialize)]
struct Condition {
    input: Named,
    values: String,
}

pub(in crate::console::screens) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let playbook = visit.console.parts.playbook.playbook();
    let policy = &playbook.policy;
    let row = policy.row(visit.last()).ok_or(Refused::NotFound)?;
    let month = Month::until(visit).await?;
    let inputs = policy.inputs(row.table);
    let conditions = inputs.iter().zip(conditions(row, &inputs));
    let content = Content {
        id: row.id.clone(),
        sentence: row.sentence.clone(),
        table: row.table.korean(),
        when: conditions.map(|(input, values)| Condition { input: (*input).into(), values }).collect(),
        then: row.then.to_string(),
        todo: todo(row).map(str::to_owned),
        reply: row.reply().map(str::to_owned),
        trust: Badge::of(policy.trust(row)),
        trusted: trusted(policy.trust(row), row),
        reason: row.reason.clone(),
        source: row.source.clone(),
        question: row.question.clone(),
        days: DAYS,
        count: month.count(row).map(cases),
        won: month.won(policy, row).map(|won| won.to_string()),
        example: example(policy, row),
    };
    Ok(Reply::page("policy_row.html", format!("정책 행 {}", row.id), content))
}

/// The address that explains a situation of this row: the first value that it allows of each input.
fn example(policy: &Policy, row: &Row) -> String {
    let gate = policy.rows().find(|gate| gate.then == Then::Decide);
    let gate = gate.filter(|_| row.table == TableName::Decision);
    let conditions = || gate.iter().flat_map(|gate| &gate.when).chain(&row.when);
    let inputs = TableName::ALL.iter().flat_map(|table| policy.inputs(*table));
    let pairs = inputs.filter_map(|input| {
        let allowed = conditions().find(|condition| condition.input == input);
        let first = allowed.and_then(|condition| condition.values.first().copied());
        let value = first.or_else(|| policy.values(input.code).first().copied())?;
        Some(format!("{}={}", input.code, value.code))
    });
    format!("/policy/explain?{}", pairs.collect::<Vec<_>>().join("&"))
}
