//! `misread policy show`: prints both tables, for a terminal or as Markdown.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use super::Cell;
use crate::cli::aligned::{line, widths, wrap};
use crate::cli::json::{self, Format};
use crate::domain::policy::{Outcome, Policy, Row, TableName, Then, Trust};
use crate::story::policy::{conditions, todo, trusted};

/// The width of the output in terminal cells.
const WIDTH: usize = 110;

/// The help on the JSON document.
pub(super) const HELP: &str = "\
JSON(--json): {\"policy\"(버전), \"tables\": [{name, inputs, rows: [{id, sentence, reason, source,
question, when: [{input, values}], then({what: decide} 또는 결과), trust(적용될 때), own_trust(행에 적힌 것)}]}]}";

#[derive(Serialize)]
struct Document<'a> {
    policy: &'a str,
    tables: Vec<Table<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    name: &'static str,
    inputs: Vec<&'static str>,
    rows: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    sentence: &'a str,
    reason: &'a str,
    source: &'a str,
    question: Option<&'a str>,
    when: Vec<Cell>,
    then: Follows<'a>,
    trust: Trust,
    own_trust: Trust,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Follows<'a> {
    Decide { what: &'static str },
    Outcome(&'a Outcome),
}

pub(super) fn run(policy: &Policy, as_markdown: bool, format: Format) -> anyhow::Result<ExitCode> {
    if format.json {
        json::print(&document(policy))?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = if as_markdown { markdown(policy)? } else { terminal(policy)? };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn document(policy: &Policy) -> Document<'_> {
    let table = |table: &TableName| Table {
        name: table.code(),
        inputs: policy.inputs(*table).iter().map(|input| input.code).collect(),
        rows: policy.rows().filter(|row| row.table == *table).map(|row| of_row(policy, row)).collect(),
    };
    Document { policy: policy.hash(), tables: TableName::ALL.iter().map(table).collect() }
}

fn of_row<'a>(policy: &Policy, row: &'a Row) -> Line<'a> {
    Line {
        id: &row.id,
        sentence: &row.sentence,
        reason: &row.reason,
        source: &row.source,
        question: row.question.as_deref(),
        when: row.when.iter().map(Cell::of).collect(),
        then: match &row.then {
            Then::Decide => Follows::Decide { what: "decide" },
            Then::Outcome(outcome) => Follows::Outcome(outcome),
        },
        trust: policy.trust(row),
        own_trust: row.trust,
    }
}

fn terminal(policy: &Policy) -> Result<String, fmt::Error> {
    let mut text = format!("정책 {}\n", policy.hash());
    for table in TableName::ALL {
        let inputs = policy.inputs(*table);
        let rows: Vec<&Row> = policy.rows().filter(|row| row.table == *table).collect();
        let heads =
            [vec!["행".to_owned()], inputs.iter().map(|input| input.korean.to_owned()).collect()].concat();
        let cells = |row: &&Row| [vec![row.id.clone()], conditions(row, &inputs)].concat();
        let lines: Vec<Vec<String>> = [heads].into_iter().chain(rows.iter().map(cells)).collect();
        let widths = widths(&lines);
        writeln!(text, "\n{} [[{}]]\n{}", table.korean(), table.code(), "─".repeat(WIDTH))?;
        writeln!(text, "{}\n{}", line(&lines[0], &widths), "─".repeat(WIDTH))?;
        let indent = widths[0] + 2;
        for (row, cells) in rows.iter().zip(&lines[1..]) {
            writeln!(text, "{}", line(cells, &widths))?;
            details(&mut text, policy, row, indent)?;
        }
    }
    Ok(text)
}

/// Writes the rest of a row below its conditions, indented.
fn details(text: &mut String, policy: &Policy, row: &Row, indent: usize) -> fmt::Result {
    let mut detail = |sign: &str, detail: &str| -> fmt::Result {
        let first = format!("{:indent$}{sign}", "");
        for (number, part) in wrap(detail, WIDTH - indent - 2).iter().enumerate() {
            if number == 0 {
                writeln!(text, "{first}{part}")?;
            } else {
                writeln!(text, "{:width$}{part}", "", width = indent + 2)?;
            }
        }
        Ok(())
    };
    detail("", &row.sentence)?;
    detail("결과: ", &row.then.to_string())?;
    detail("  ", todo(row).unwrap_or_default())?;
    detail("신뢰 단계: ", &trusted(policy.trust(row), row))?;
    detail("근거: ", &row.source)?;
    detail("질문: ", row.question.as_deref().unwrap_or_default())?;
    writeln!(text)
}

fn markdown(policy: &Policy) -> Result<String, fmt::Error> {
    let mut text = format!("정책 `{}`\n", policy.hash());
    for table in TableName::ALL {
        let inputs = policy.inputs(*table);
        let names = inputs.iter().map(|input| input.korean.to_owned());
        let heads: Vec<String> = ["행".to_owned(), "문장".to_owned()]
            .into_iter()
            .chain(names)
            .chain(["결과", "신뢰 단계", "근거", "질문"].map(str::to_owned))
            .collect();
        writeln!(
            text,
            "\n## {}\n\n{}\n|{}",
            table.korean(),
            markdown_line(&heads),
            " --- |".repeat(heads.len())
        )?;
        for row in policy.rows().filter(|row| row.table == *table) {
            let then = todo(row).map_or_else(|| row.then.to_string(), |todo| format!("{}: {todo}", row.then));
            let cells: Vec<String> = [format!("`{}`", row.id), row.sentence.clone()]
                .into_iter()
                .chain(conditions(row, &inputs))
                .chain([
                    then,
                    trusted(policy.trust(row), row),
                    row.source.clone(),
                    row.question.clone().unwrap_or_default(),
                ])
                .collect();
            writeln!(text, "{}", markdown_line(&cells))?;
        }
    }
    Ok(text)
}

fn markdown_line(cells: &[String]) -> String {
    let escaped = cells.iter().map(|cell| cell.replace('\n', " ").replace('\\', "\\\\").replace('|', "\\|"));
    format!("| {} |", escaped.collect::<Vec<_>>().join(" | "))
}
