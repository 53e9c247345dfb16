//! The tickets of a filter as a file for spreadsheets.

use super::Line;
use super::filter::Filter;
use crate::console::access::Viewer;
use crate::console::csv::{self, Cell, Table};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::seoul::seoul;
use crate::ports::{Act, CaseLine, NewAccess};

/// The most lines of a file.
const MOST: usize = 10_000;
/// The lines that are read at once.
const PAGE: usize = 1_000;

const HEADS: [&str; 11] = [
    "티켓",
    "상태",
    "기다리는 대상",
    "다음 확인",
    "끝",
    "정책 행",
    "금액(원)",
    "주차장",
    "주차장 이름",
    "언제부터",
    "막힌 까닭",
];

/// The file holds no customer's data; that it was taken is recorded.
pub(super) async fn tickets(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let filter = Filter::of(visit).await?;
    let exported = NewAccess { reason: Some(filter.words()), ..viewer.did(Act::Exported, visit.now) };
    visit.console.record(&exported).await?;
    let mut table = Table::with_heads(HEADS);
    let (mut after, mut left) = (None, MOST);
    while left > 0 {
        let page = ledger.case_page(&filter.wanted, after, PAGE.min(left)).await?;
        left -= page.lines.len();
        page.lines.iter().for_each(|line| table.add(cells(line, visit)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let name = format!("tickets-{}.csv", seoul(visit.now).date());
    Ok(Reply::File { name, kind: csv::KIND, body: table.text() })
}

fn cells(case: &CaseLine, visit: &Visit<'_>) -> [Cell; 11] {
    let won = case.outline.as_ref().and_then(|outline| outline.won);
    let Line { ticket, state, waits, until, end, row, since, because, lot, lot_name, .. } =
        Line::of_case(case, visit.now);
    [
        Cell::Number(ticket),
        state.into(),
        waits.into(),
        until.into(),
        end.into(),
        row.into(),
        won.map_or_else(|| "".into(), |won| Cell::Number(won.0)),
        lot.into(),
        lot_name.into(),
        since.as_str().into(),
        because.into(),
    ]
}
