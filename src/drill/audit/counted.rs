//! Compares the ledger's figures, which metrics serve, with what the outside world has recorded.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rest, Seen, Violation, Wrong};
use crate::domain::case::Figures;
use crate::domain::parking::ParkingAction;
use crate::sandbox::parking::DoneAction;

/// Every figure that differs from the outside world. A figure is counted with the receipt: a stuck case may have done one
/// thing more that it has no receipt of.
pub fn of_figures(figures: &Figures, tickets: &[Seen], actions: &[DoneAction]) -> Vec<Violation> {
    let stuck = tickets.iter().filter(|seen| matches!(seen.rest, Rest::Stuck(_))).count();
    // What happened by name, one by one: once, or the won that moved.
    let mut outside: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for done in actions {
        let Some(action) = done.as_ordered().map(word) else { continue };
        outside.entry(format!("acted.{action}")).or_default().push(1);
        if let Some(won) = done.won.and_then(|won| u64::try_from(won.0).ok()) {
            outside.entry(format!("won.{action}")).or_default().push(won);
        }
    }
    let written: usize = tickets.iter().map(|seen| seen.markers.len()).sum();
    outside.insert("written".to_owned(), vec![1; written]);
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for ((_, name), count) in figures {
        let name = if name.starts_with("written.") { "written" } else { name };
        if name == "written" || name.starts_with("acted.") || name.starts_with("won.") {
            *counted.entry(name).or_default() += count;
        }
    }
    let names: BTreeSet<&str> = outside.keys().map(String::as_str).chain(counted.keys().copied()).collect();
    let differing = names.into_iter().filter_map(|name| {
        let mut happened = outside.get(name).cloned().unwrap_or_default();
        happened.sort_unstable();
        let (sum, counted) = (happened.iter().sum::<u64>(), counted.get(name).copied().unwrap_or_default());
        let without_receipt: u64 = happened.iter().rev().take(stuck).sum();
        let agrees = counted <= sum && sum - counted <= without_receipt;
        let what = format!("{name} is counted as {counted}, and is {sum} outside");
        (!agrees).then_some(Violation { wrong: Wrong::Figures, ticket: None, what })
    });
    differing.collect()
}

/// The action's name in figures.
fn word(action: ParkingAction) -> String {
    let word = serde_json::to_value(action).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
