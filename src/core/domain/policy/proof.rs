//! Proves a table by trying every situation: complete, unambiguous, reachable (hit policy UNIQUE).

use super::table::{Combination, Row, Table};
use crate::domain::problem::Problem;

/// The problems that keep the table from deciding every situation by exactly one row.
pub(super) fn prove(table: &Table) -> Vec<Problem> {
    let mut gaps = Vec::new();
    let mut overlaps: Vec<Overlap> = Vec::new();
    let mut reached = vec![false; table.rows.len()];
    for combination in table.combinations() {
        let hits: Vec<usize> =
            (0..table.rows.len()).filter(|row| table.rows[*row].broken(&combination) == 0).collect();
        for row in &hits {
            reached[*row] = true;
        }
        match hits[..] {
            [] => gaps.push(combination),
            [_] => {}
            _ => match overlaps.iter_mut().find(|known| known.rows == hits) {
                Some(known) => known.situations += 1,
                None => overlaps.push(Overlap { rows: hits, situations: 1, example: combination }),
            },
        }
    }
    let overlaps = overlaps.iter().map(|overlap| overlap.problem(table));
    let unreachable =
        table.rows.iter().zip(reached).filter(|(_, reached)| !reached).map(|(row, _)| never_reached(row));
    incomplete(table, &gaps).into_iter().chain(overlaps).chain(unreachable).collect()
}

/// Rows that match the same situations.
struct Overlap {
    rows: Vec<usize>,
    situations: usize,
    example: Combination,
}

impl Overlap {
    /// Points at the last of the rows, which is most likely the new one.
    fn problem(&self, table: &Table) -> Problem {
        let rows: Vec<&Row> = self.rows.iter().map(|row| &table.rows[*row]).collect();
        let names = rows.iter().map(|row| format!("`{}`", row.id)).collect::<Vec<_>>().join(" and ");
        let all = if rows.len() == 2 { "both" } else { "all" };
        let what = format!("rows {names} {all} decide {}", counted(self.situations, &self.example));
        let at = rows.last().map_or(0..0, |row| row.id_at.clone());
        Problem::at(at, what)
            .help("make the `when` of all but one of them narrower: exactly one row may decide a situation")
    }
}

fn incomplete(table: &Table, gaps: &[Combination]) -> Option<Problem> {
    let example = gaps.first()?;
    let what = format!("no row of `[[{}]]` decides {}", table.name.code(), counted(gaps.len(), example));
    let problem = match table.rows.iter().min_by_key(|row| nearness(row, example)) {
        Some(nearest) => {
            let help = format!("add a row, or widen the `when` of a row; `{}` comes nearest", nearest.id);
            Problem::at(nearest.id_at.clone(), what).help(help)
        }
        None => Problem::new(what).help(format!("add rows under `[[{}]]`", table.name.code())),
    };
    Some(problem)
}

/// The distance of a row from a situation: the number of conditions it breaks; later inputs count as nearer than earlier
/// ones.
fn nearness(row: &Row, example: &Combination) -> (usize, Vec<bool>) {
    (row.broken(example), row.when.iter().map(|condition| !condition.fits(example)).collect())
}

fn never_reached(row: &Row) -> Problem {
    let empty = row.when.iter().filter(|condition| condition.values.is_empty());
    let empty = empty.map(|condition| condition.input.to_string()).collect::<Vec<_>>().join(", ");
    let what = format!(
        "row `{}` can never be reached: no situation fits, its `when` leaves {empty} no value",
        row.id
    );
    Problem::at(row.id_at.clone(), what)
        .help("give every input in its `when` at least one value, or remove the row")
}

fn counted(situations: usize, example: &Combination) -> String {
    match situations {
        1 => format!("this situation: {example}"),
        more => format!("{more} situations, for example: {example}"),
    }
}
