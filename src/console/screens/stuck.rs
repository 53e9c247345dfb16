//! The stuck tickets by their reasons.

use serde::Serialize;

use super::{Line, lines};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::ports::CaseState;

/// The most tickets that are read for the page.
const MOST: usize = 200;

#[derive(Serialize)]
struct Content {
    groups: Vec<Group>,
    shown: usize,
    /// Whether there are more than the page shows.
    has_more: bool,
}

#[derive(Serialize)]
struct Group {
    because: String,
    lines: Vec<Line>,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let mut cases = ledger.list(Some(CaseState::Stuck), MOST + 1).await?;
    let has_more = cases.len() > MOST;
    cases.truncate(MOST);
    let mut groups: Vec<Group> = Vec::new();
    for line in lines(ledger, &cases).await? {
        let because = line.because.clone().unwrap_or_else(|| "까닭을 읽을 수 없음".to_owned());
        match groups.iter_mut().find(|group| group.because == because) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group { because, lines: vec![line] }),
        }
    }
    // The largest first: one cause, one remedy.
    groups.sort_by_key(|group| std::cmp::Reverse(group.lines.len()));
    Ok(Reply::page("stuck.html", "막힌 티켓", Content { groups, shown: cases.len(), has_more }))
}
