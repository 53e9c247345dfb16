//! Journals as they stand in the ledger: what is read is written back as what is read as the same, and can be worked with.

use misread::domain::case::{Case, Entry, figures, next};

use super::samples::{now, playbook, ticket_id};

/// One entry a line.
pub(super) fn journal(data: &[u8]) {
    let mut case = Case::new(ticket_id());
    let mut entries = Vec::new();
    for line in data.split(|byte| *byte == b'\n') {
        let Ok(entry) = serde_json::from_slice::<Entry>(line) else { continue };
        let written = serde_json::to_string(&entry).expect("an entry can be written");
        assert_eq!(serde_json::from_str::<Entry>(&written).ok().as_ref(), Some(&entry));
        assert!(!entry.to_string().is_empty());
        case.apply(now(), &entry);
        let same = next(&case, playbook());
        assert_eq!(next(&case, playbook()), same);
        entries.push(entry);
    }
    check_figures(&entries);
    case.resume();
    let _ = next(&case, playbook());
}

/// An entry counts once, and a customer's message once more for each question that it answers.
fn check_figures(entries: &[Entry]) {
    let counted = figures(entries.iter().map(|entry| (now(), entry)));
    // Amounts are won, not numbers of entries.
    let numbers = counted.iter().filter(|((_, name), _)| !name.starts_with("won."));
    let most = entries.iter().map(|entry| match entry {
        Entry::Heard(heard) => 1 + heard.reading.answers.len() as u64,
        _ => 1,
    });
    assert!(numbers.map(|(_, count)| count).sum::<u64>() <= most.sum());
}
