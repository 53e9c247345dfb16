//! The stuck tickets by their reasons.

use serde::Serialize;

use super::filter::{MOST_GROUPS, groups_of, reason_of};
use super::tickets::of_group;
use super::{Line, bulk};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::parking::Won;
use crate::ports::{CaseFilter, CaseState};
use crate::story::minute;

/// The groups whose first tickets are shown.
const OPEN_GROUPS: usize = 10;
/// The tickets that are shown of each.
const SHOWN: usize = 5;

#[derive(Serialize)]
struct Content {
    groups: Vec<Group>,
    total: u64,
    won: String,
    /// Whether there may be more reasons than the page shows.
    has_more: bool,
}

#[derive(Serialize)]
struct Group {
    because: String,
    count: u64,
    oldest: String,
    won: String,
    tickets: String,
    acts: Vec<(&'static str, String)>,
    lines: Vec<Line>,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let found = groups_of(ledger).await?;
    let mut groups = Vec::with_capacity(found.len());
    for group in &found {
        let filter =
            CaseFilter { state: Some(CaseState::Stuck), stuck: group.text.clone(), ..CaseFilter::default() };
        let query = of_group(group);
        let mut lines = Vec::new();
        if groups.len() < OPEN_GROUPS && group.text.is_some() {
            let page = ledger.case_page(&filter, None, SHOWN).await?;
            lines.extend(page.lines.iter().map(|line| Line::of_case(line, visit.now)));
        }
        groups.push(Group {
            because: reason_of(group),
            count: group.found.cases,
            oldest: minute(group.oldest),
            won: Won(group.found.won).to_string(),
            tickets: format!("/tickets{query}"),
            acts: if group.text.is_some() { bulk::acts(&filter, &query).collect() } else { Vec::new() },
            lines,
        });
    }
    let content = Content {
        total: found.iter().map(|group| group.found.cases).sum(),
        won: Won(found.iter().map(|group| group.found.won).fold(0, i64::saturating_add)).to_string(),
        has_more: found.len() == MOST_GROUPS,
        groups,
    };
    Ok(Reply::page("stuck.html", "막힌 티켓", content))
}
