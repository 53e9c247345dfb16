//! The map: every situation that the tables can describe, with the row that decides it.

use serde::Serialize;

use super::{Badge, course};
use crate::console::dispatch::Visit;
use crate::console::page::Reply;
use crate::domain::policy::{Policy, Row, Sheet, TableName, Trust};
use crate::story::policy::{together, values};

#[derive(Serialize)]
struct Content {
    version: String,
    tables: Vec<Table>,
    legend: Vec<Course>,
}

#[derive(Serialize)]
struct Table {
    name: &'static str,
    /// The number of situations.
    situations: usize,
    sheets: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    title: String,
    by: &'static str,
    columns: Vec<Vec<String>>,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    label: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    id: String,
    course: Course,
    /// The trust, unless the row is carried out by the service itself.
    trust: Option<Badge>,
}

/// What a row does: a word, and a kind for its colour.
#[derive(Serialize)]
struct Course {
    kind: &'static str,
    label: &'static str,
}

impl Course {
    fn of(row: &Row) -> Self {
        let (kind, label) = course(row);
        Self { kind, label }
    }
}

pub(in crate::console::screens) fn show(visit: &Visit<'_>) -> Reply {
    let playbook = visit.console.parts.playbook.playbook();
    let policy = &playbook.policy;
    let table = |table: &TableName| Table {
        name: table.korean(),
        situations: policy.inputs(*table).iter().map(|input| policy.values(input.code).len()).product(),
        sheets: policy.map(*table).iter().map(|sheet| shown(policy, sheet)).collect(),
    };
    let mut legend: Vec<Course> = Vec::new();
    for course in policy.rows().map(Course::of) {
        if legend.iter().all(|known| known.kind != course.kind) {
            legend.push(course);
        }
    }
    let tables = TableName::ALL.iter().map(table).collect();
    let content = Content { version: policy.hash().to_owned(), tables, legend };
    Reply::page("policy_map.html", "정책 지도", content)
}

fn shown(policy: &Policy, sheet: &Sheet<'_>) -> Shown {
    let cell = |row: &&Row| Cell {
        id: row.id.clone(),
        course: Course::of(row),
        trust: Some(policy.trust(row)).filter(|trust| *trust != Trust::Auto).map(Badge::of),
    };
    let line = |line: &crate::domain::policy::Line<'_>| Line {
        label: values(&line.values),
        cells: line.cells.iter().map(cell).collect(),
    };
    Shown {
        title: format!("{}: {}", sheet.input.korean, values(&sheet.values)),
        by: sheet.by.korean,
        columns: sheet
            .columns
            .iter()
            .map(|either| either.iter().map(|all| together(all)).collect())
            .collect(),
        lines: sheet.lines.iter().map(line).collect(),
    }
}
