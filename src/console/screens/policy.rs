//! The policy: its rows with the last month's figures, the map of all situations, one row, why a row decides, and what
//! another policy would change.

pub(super) mod explain;
pub(super) mod map;
mod month;
pub(super) mod row;
pub(super) mod trial;

use serde::Serialize;

use crate::console::dispatch::{Refused, Visit};
use crate::console::form::Fields;
use crate::console::page::Reply;
use crate::domain::policy::{Outcome, Policy, Row, TableName, Then, Trust, Word};
use crate::story::policy::values;
use crate::story::{cases, minute};
use month::{DAYS, Gone, Month};

#[derive(Serialize)]
struct Content {
    version: String,
    since: String,
    days: i8,
    choices: Vec<Choice>,
    is_filtered: bool,
    tables: Vec<Shown>,
    /// Rows that decided in the last month and are no longer in the policy.
    gone: Vec<Gone>,
}

/// An input to choose a value of.
#[derive(Serialize)]
struct Choice {
    input: Named,
    values: Vec<Allowed>,
}

/// A word of the tables.
#[derive(Serialize)]
struct Named {
    code: &'static str,
    label: &'static str,
}

#[derive(Serialize)]
struct Allowed {
    code: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Serialize)]
struct Shown {
    name: &'static str,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    sentence: String,
    /// The conditions, each in its own words.
    when: Vec<String>,
    then: String,
    trust: Badge,
    /// `None`: the row passes on to the other table, whose rows are counted.
    count: Option<String>,
    won: Option<String>,
    question: Option<String>,
}

/// A row's trust, which a page shows by its word and, beside it, by its colour.
#[derive(Serialize)]
struct Badge {
    code: &'static str,
    label: &'static str,
}

impl Badge {
    fn of(trust: Trust) -> Self {
        let label = match trust {
            Trust::Auto => "자동",
            Trust::Assist => "보조",
            Trust::Shadow => "참관",
        };
        Self { code: trust.code(), label }
    }
}

impl From<Word> for Named {
    fn from(word: Word) -> Self {
        Self { code: word.code, label: word.korean }
    }
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let parts = &visit.console.parts;
    let playbook = parts.playbook.playbook();
    let policy = &playbook.policy;
    let month = Month::until(visit).await?;
    let wanted = Wanted::of(policy, &visit.fields);
    let tables = TableName::ALL.iter().map(|table| Shown {
        name: table.korean(),
        rows: wanted.rows(policy, *table).map(|row| line(policy, row, &month)).collect(),
    });
    let content = Content {
        version: policy.hash().to_owned(),
        since: minute(parts.status.running().since),
        days: DAYS,
        tables: tables.collect(),
        gone: month.gone(policy),
        is_filtered: !wanted.0.is_empty(),
        choices: choices(policy, |input| wanted.value(input).map(|value| value.code)),
    };
    Ok(Reply::page("policy.html", "정책", content))
}

fn line(policy: &Policy, row: &Row, month: &Month) -> Line {
    Line {
        id: row.id.clone(),
        sentence: row.sentence.clone(),
        when: row.when.iter().map(|one| format!("{}: {}", one.input.korean, values(&one.values))).collect(),
        then: row.then.to_string(),
        trust: Badge::of(policy.trust(row)),
        count: month.count(row).map(cases),
        won: month.won(policy, row).map(|won| won.to_string()),
        question: row.question.clone(),
    }
}

/// Every input of both tables, with the value that `chosen` names for it.
fn choices(policy: &Policy, chosen: impl Fn(Word) -> Option<&'static str>) -> Vec<Choice> {
    let inputs = TableName::ALL.iter().flat_map(|table| policy.inputs(*table));
    let choice = |input: Word| {
        let chosen = chosen(input);
        let value = |value: Word| Allowed {
            code: value.code,
            label: value.korean,
            is_chosen: chosen == Some(value.code),
        };
        Choice { input: input.into(), values: policy.values(input.code).into_iter().map(value).collect() }
    };
    inputs.map(choice).collect()
}

/// The values that the shown rows must allow.
struct Wanted(Vec<(Word, Word)>);

impl Wanted {
    /// Those of the address; what is no input or no value of one is ignored.
    fn of(policy: &Policy, fields: &Fields) -> Self {
        let inputs = TableName::ALL.iter().flat_map(|table| policy.inputs(*table));
        let wanted = inputs.filter_map(|input| {
            let code = fields.text(input.code);
            let value = policy.values(input.code).into_iter().find(|value| value.code == code)?;
            Some((input, value))
        });
        Self(wanted.collect())
    }

    fn value(&self, input: Word) -> Option<Word> {
        self.0.iter().find(|(known, _)| *known == input).map(|(_, value)| *value)
    }

    fn allowed_by(&self, row: &Row) -> bool {
        row.when.iter().all(|condition| {
            self.value(condition.input).is_none_or(|value| condition.values.contains(&value))
        })
    }

    /// The rows of a table that can decide such a situation: those of the decision table only if the consultation passes on.
    fn rows<'a>(&'a self, policy: &'a Policy, table: TableName) -> impl Iterator<Item = &'a Row> {
        let passes = policy.rows().any(|row| row.then == Then::Decide && self.allowed_by(row));
        let is_asked = table == TableName::Consultation || passes;
        policy.rows().filter(move |row| is_asked && row.table == table && self.allowed_by(row))
    }
}

/// What a row does, in a word or two, and the kind of it.
fn course(row: &Row) -> (&'static str, &'static str) {
    match &row.then {
        Then::Decide => ("decide", "결정표로"),
        Then::Outcome(Outcome::Settle { .. }) => ("settle", "처리"),
        Then::Outcome(Outcome::Ask { .. }) => ("ask", "질문"),
        Then::Outcome(Outcome::AwaitPayment { .. }) => ("payment", "결제 요청"),
        Then::Outcome(Outcome::HandOver { interim: None, .. }) => ("hand-over", "이관"),
        Then::Outcome(Outcome::HandOver { interim: Some(_), .. }) => ("back", "이관 후 이어감"),
    }
}
