//! The map of a table: every situation with the row that decides it, in sheets that a page can show.

use super::compare::merged;
use super::table::Table;
use super::{
    Combination, Condition, Found, Identity, Input as _, LotKind, Policy, Row, Status, TableName, Word,
};

/// The situations of one value, or of several values that are decided alike, of a table's first input.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// The input that divides the map into sheets.
    pub input: Word,
    /// Its values on this sheet.
    pub values: Vec<Word>,
    /// The input that divides the sheet into lines.
    pub by: Word,
    /// What the remaining inputs are in each column: alternatives, each of conditions that hold together. No condition: the
    /// column holds for all of their values.
    pub columns: Vec<Vec<Vec<Condition>>>,
    /// One for each value of `by`, or for several that are decided alike.
    pub lines: Vec<Line<'a>>,
}

/// A line of a sheet.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The values of the line's input that are decided alike.
    pub values: Vec<Word>,
    /// The deciding row in each column.
    pub cells: Vec<&'a Row>,
}

impl Policy {
    /// All situations of a table. Lines and columns that are decided alike are one, as are sheets.
    pub fn map<'a>(&'a self, table: TableName) -> Vec<Sheet<'a>> {
        let (table, input, by) = match table {
            TableName::Consultation => (&self.consultation, Found::NAME, Identity::NAME),
            TableName::Decision => (&self.decision, LotKind::NAME, Status::NAME),
        };
        let declared = |name: &str| table.inputs.iter().find(|declared| declared.input.code == name);
        let (Some(input), Some(by)) = (declared(input), declared(by)) else { return Vec::new() };
        let rest = table.without(&[input.input, by.input]);
        let mut sheets: Vec<(Vec<Word>, Vec<Vec<&Row>>)> = Vec::new();
        for value in &input.values {
            let line = |of: &Word| {
                let of = |rest: &Combination| rest.with(input.input, *value).with(by.input, *of);
                rest.iter().map(|rest| table.row_for(&of(rest))).collect::<Vec<&Row>>()
            };
            let lines: Vec<Vec<&Row>> = by.values.iter().map(line).collect();
            match sheets.iter_mut().find(|(_, known)| alike(known, &lines)) {
                Some((values, _)) => values.push(*value),
                None => sheets.push((vec![*value], lines)),
            }
        }
        let sheet = |(values, lines): (Vec<Word>, Vec<Vec<&'a Row>>)| {
            let columns = columns(&lines);
            Sheet {
                input: input.input,
                values,
                by: by.input,
                lines: joined(&by.values, &lines, &columns),
                columns: columns.iter().map(|places| conditions(table, &rest, places)).collect(),
            }
        };
        sheets.into_iter().map(sheet).collect()
    }
}

fn alike(one: &[Vec<&Row>], other: &[Vec<&Row>]) -> bool {
    one.iter().zip(other).all(|(one, other)| same(one, other))
}

fn same(one: &[&Row], other: &[&Row]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.id == other.id)
}

/// The places that every line decides alike, grouped.
fn columns(lines: &[Vec<&Row>]) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for place in 0..lines.first().map_or(0, Vec::len) {
        let fits = |known: &&mut Vec<usize>| lines.iter().all(|line| line[known[0]].id == line[place].id);
        match columns.iter_mut().find(fits) {
            Some(known) => known.push(place),
            None => columns.push(vec![place]),
        }
    }
    columns
}

/// The lines with one cell a column, those that are decided alike as one.
fn joined<'a>(values: &[Word], lines: &[Vec<&'a Row>], columns: &[Vec<usize>]) -> Vec<Line<'a>> {
    let mut joined: Vec<Line<'a>> = Vec::new();
    for (value, line) in values.iter().zip(lines) {
        let cells: Vec<&Row> = columns.iter().map(|places| line[places[0]]).collect();
        match joined.iter_mut().find(|known| same(&known.cells, &cells)) {
            Some(known) => known.values.push(*value),
            None => joined.push(Line { values: vec![*value], cells }),
        }
    }
    joined
}

/// What a column's situations have in common.
fn conditions(table: &Table, rest: &[Combination], places: &[usize]) -> Vec<Vec<Condition>> {
    let situations: Vec<Combination> = places.iter().map(|place| rest[*place].clone()).collect();
    merged(&situations, &table.inputs)
}
