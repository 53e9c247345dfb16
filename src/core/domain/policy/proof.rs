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
        let names = rows.iter().map(|row| format!("`{}`", row.id)).collect::<Vec<_>>().join(", ");
        let what =
            format!("여러 행({names})이 같은 상황을 판단합니다. {}", counted(self.situations, &self.example));
        let at = rows.last().map_or(0..0, |row| row.id_at.clone());
        Problem::at(at, what)
            .help("한 상황은 한 행만 판단합니다. 하나만 남기고 나머지 행의 `when`을 좁히세요")
    }
}

fn incomplete(table: &Table, gaps: &[Combination]) -> Option<Problem> {
    let example = gaps.first()?;
    let what = format!(
        "`[[{}]]`에 판단할 행이 없는 상황이 있습니다. {}",
        table.name.code(),
        counted(gaps.len(), example)
    );
    let problem = match table.rows.iter().min_by_key(|row| nearness(row, example)) {
        Some(nearest) => {
            let help =
                format!("행을 더하거나 어떤 행의 `when`을 넓히세요. 가장 가까운 행은 `{}`입니다", nearest.id);
            Problem::at(nearest.id_at.clone(), what).help(help)
        }
        None => Problem::new(what).help(format!("`[[{}]]` 아래에 행을 더하세요", table.name.code())),
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
    let what = format!("행 `{}`은(는) 적용될 수 없습니다. `when`의 {empty}에 값이 없습니다", row.id);
    Problem::at(row.id_at.clone(), what).help("`when`의 항목마다 값을 하나 이상 쓰거나 행을 빼세요")
}

fn counted(situations: usize, example: &Combination) -> String {
    match situations {
        1 => format!("상황: {example}"),
        more => format!("상황 {more}개, 예: {example}"),
    }
}
