//! Compares the ledger's figures, which metrics serve, with what the outside world has recorded.

use std::collections::BTreeMap;

use super::{Rest, Seen, Violation, Wrong};
use crate::domain::case::Figures;
use crate::domain::parking::ParkingAction;
use crate::sandbox::parking::DoneAction;

/// Every figure that differs from the outside world. A figure is counted with the receipt: a stuck case may have done one
/// thing more that it has no receipt of.
pub(in crate::drill) fn of_figures(
    figures: &Figures,
    tickets: &[Seen],
    actions: &[DoneAction],
) -> Vec<Violation> {
    let stuck = tickets.iter().filter(|seen| matches!(seen.rest, Rest::Stuck(_))).count();
    let mut outside: BTreeMap<String, usize> = BTreeMap::new();
    for action in actions.iter().filter_map(DoneAction::as_ordered) {
        *outside.entry(format!("acted.{}", word(action))).or_default() += 1;
    }
    outside.insert("written".to_owned(), tickets.iter().map(|seen| seen.markers.len()).sum());
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, name), count) in figures {
        let name = if name.starts_with("written.") { "written" } else { name };
        if name == "written" || name.starts_with("acted.") {
            *counted.entry(name.to_owned()).or_default() += usize::try_from(*count).unwrap_or(usize::MAX);
        }
    }
    let names = outside.keys().chain(counted.keys()).collect::<std::collections::BTreeSet<_>>();
    let differing = names.into_iter().filter_map(|name| {
        let of = |all: &BTreeMap<String, usize>| all.get(name).copied().unwrap_or_default();
        let (counted, outside) = (of(&counted), of(&outside));
        let agrees = counted <= outside && outside - counted <= stuck;
        let what = format!("{name} is counted {counted} times, and happened {outside} times outside");
        (!agrees).then_some(Violation { wrong: Wrong::Figures, ticket: None, what })
    });
    differing.collect()
}

/// The action's name in figures.
fn word(action: ParkingAction) -> String {
    let word = serde_json::to_value(action).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
