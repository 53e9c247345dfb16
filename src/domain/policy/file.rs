//! The policy file as people write it, turned into tables whose words are all declared.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use toml::Spanned;

use super::table::{Condition, Declared, Row, Table, TableName, Then, Word, listed};
use super::{Outcome, Team, consultation_inputs, decision_inputs};
use crate::domain::file::TomlFile;
use crate::domain::parking::ParkingAction;
use crate::domain::problem::Problem;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PolicyFile {
    consultation: Vec<Spanned<WrittenRow>>,
    decision: Vec<Spanned<WrittenRow>>,
}

/// Every key is optional here, so that all that is missing can be told at once.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenRow {
    id: Option<Spanned<String>>,
    sentence: Option<Spanned<String>>,
    reason: Option<Spanned<String>>,
    source: Option<Spanned<String>>,
    question: Option<Spanned<String>>,
    when: BTreeMap<Spanned<String>, Spanned<Values>>,
    decide: Option<Spanned<bool>>,
    actions: Option<Spanned<Vec<ParkingAction>>>,
    reply: Option<Spanned<String>>,
    hand_over: Option<Spanned<Team>>,
    todo: Option<Spanned<String>>,
}

/// `"closed"` or `["open", "closed"]`; a place is known only for the values of a list.
struct Values(Vec<(String, Option<Range<usize>>)>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Values;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a value or a list of values, each in quotes")
            }

            fn visit_str<E>(self, text: &str) -> Result<Values, E> {
                Ok(Values(vec![(text.to_owned(), None)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element::<Spanned<String>>()? {
                    let at = value.span();
                    values.push((value.into_inner(), Some(at)));
                }
                Ok(Values(values))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

/// The consultation and the decision table, read but not yet proved.
pub(super) fn read(text: &str) -> Result<(Table, Table), Vec<Problem>> {
    let written: PolicyFile = TomlFile::parse(text)?.read()?;
    let mut problems = Vec::new();
    let consultation =
        table(TableName::Consultation, consultation_inputs(), written.consultation, &mut problems);
    let decision = table(TableName::Decision, decision_inputs(), written.decision, &mut problems);
    let mut rows: Vec<&Row> = Vec::new();
    for row in consultation.rows.iter().chain(&decision.rows) {
        if rows.iter().any(|earlier| earlier.id == row.id) {
            let what = format!("the id `{}` is used twice", row.id);
            problems.push(
                Problem::at(row.id_at.clone(), what).help("an id names one row for ever; choose another"),
            );
        }
        rows.push(row);
    }
    if problems.is_empty() { Ok((consultation, decision)) } else { Err(problems) }
}

fn table(
    name: TableName,
    inputs: Vec<Declared>,
    written: Vec<Spanned<WrittenRow>>,
    problems: &mut Vec<Problem>,
) -> Table {
    let rows = written.into_iter().filter_map(|row| {
        let mut reader = RowReader { at: row.span(), problems };
        reader.row(name, &inputs, row.into_inner())
    });
    let rows = rows.collect();
    Table { name, inputs, rows }
}

/// Reads one row and collects what is wrong with it.
struct RowReader<'a> {
    at: Range<usize>,
    problems: &'a mut Vec<Problem>,
}

impl RowReader<'_> {
    fn row(&mut self, table: TableName, inputs: &[Declared], written: WrittenRow) -> Option<Row> {
        if let Some(id) = &written.id {
            self.at = id.span();
        }
        let when = self.conditions(inputs, &written.when);
        let then = self.consequence(&written);
        let question = written.question.and_then(|question| self.text("question", Some(question)));
        let id = self.text("id", written.id);
        let (sentence, reason) =
            (self.text("sentence", written.sentence), self.text("reason", written.reason));
        let source = self.text("source", written.source);
        let (then, then_at) = then?;
        let id_at = self.at.clone();
        Some(Row {
            table,
            id: id?,
            sentence: sentence?,
            reason: reason?,
            source: source?,
            question,
            when,
            then,
            id_at,
            then_at,
        })
    }

    fn text(&mut self, key: &str, written: Option<Spanned<String>>) -> Option<String> {
        match written {
            Some(text) if !text.get_ref().trim().is_empty() => Some(text.into_inner()),
            Some(text) => self.refuse(text.span(), format!("`{key}` is empty")),
            None => self.refuse(self.at.clone(), format!("this row has no `{key}`")),
        }
    }

    fn conditions(
        &mut self,
        inputs: &[Declared],
        written: &BTreeMap<Spanned<String>, Spanned<Values>>,
    ) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (name, values) in written {
            if let Some(declared) = inputs.iter().find(|declared| declared.input.code == name.get_ref()) {
                conditions.push(self.condition(declared, values));
            } else {
                let allowed = listed(inputs.iter().map(|declared| &declared.input));
                let what = format!("`{}` is not an input of this table", name.get_ref());
                self.problems.push(Problem::at(name.span(), what).help(format!("the inputs are {allowed}")));
            }
        }
        // The order of the table, not of the alphabet, is what people read.
        conditions
            .sort_by_key(|condition| inputs.iter().position(|declared| declared.input == condition.input));
        conditions
    }

    fn condition(&mut self, declared: &Declared, written: &Spanned<Values>) -> Condition {
        let mut values: Vec<Word> = Vec::new();
        for (value, at) in &written.get_ref().0 {
            let at = at.clone().unwrap_or_else(|| written.span());
            match declared.values.iter().find(|word| word.code == value) {
                Some(word) if values.contains(word) => {
                    self.problems.push(Problem::at(at, format!("`{value}` is named twice")));
                }
                Some(word) => values.push(*word),
                None => {
                    let what = format!("`{value}` is not a value of `{}`", declared.input.code);
                    let help = format!("the values are {}", listed(&declared.values));
                    self.problems.push(Problem::at(at, what).help(help));
                }
            }
        }
        Condition { input: declared.input, values }
    }

    fn consequence(&mut self, written: &WrittenRow) -> Option<(Then, Range<usize>)> {
        match (&written.decide, &written.actions, &written.reply, &written.hand_over, &written.todo) {
            (Some(decide), None, None, None, None) if *decide.get_ref() => {
                Some((Then::Decide, decide.span()))
            }
            (Some(decide), None, None, None, None) => self.refuse(
                decide.span(),
                "`decide` can only be `true`; a row that does not decide hands over".into(),
            ),
            (None, Some(actions), Some(reply), None, None) => {
                let outcome =
                    Outcome::Settle { actions: actions.get_ref().clone(), reply: reply.get_ref().clone() };
                Some((Then::Outcome(outcome), reply.span()))
            }
            (None, None, None, Some(team), Some(todo)) => {
                let at = todo.span();
                let todo = self.text("todo", Some(todo.clone()))?;
                Some((Then::Outcome(Outcome::HandOver { team: *team.get_ref(), todo }), at))
            }
            (None, Some(actions), None, None, None) => self.refuse(
                actions.span(),
                "a row that acts must answer the customer: `reply` is missing".into(),
            ),
            _ => self.refuse(
                self.at.clone(),
                "a row says exactly one of: `decide = true`, `actions` with `reply`, `hand_over` with `todo`"
                    .into(),
            ),
        }
    }

    fn refuse<T>(&mut self, at: Range<usize>, what: String) -> Option<T> {
        self.problems.push(Problem::at(at, what));
        None
    }
}
