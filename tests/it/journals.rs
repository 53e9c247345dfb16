//! Journals of earlier versions stay readable: cases are recovered from them alone.

use jiff::Timestamp;
use misread::domain::case::{Case, Ending, Entry, Rest, Writer};
use misread::domain::ids::TicketId;
use misread::domain::policy::{Outcome, Team, Trust};
use serde::Deserialize;

/// Written by the first version, which had no conversations: a cancelled payment, and several uses that fit.
const FIRST: &str = include_str!("../data/journals_of_0_1.jsonl");

#[derive(Deserialize)]
struct Line {
    ticket_id: TicketId,
    at: i64,
    entry: Entry,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in FIRST.lines() {
        let Line { ticket_id, at, entry } = serde_json::from_str(line).unwrap();
        if cases.last().is_none_or(|case| case.ticket_id != ticket_id) {
            cases.push(Case::new(ticket_id));
        }
        let case = cases.last_mut().unwrap();
        case.apply(Timestamp::from_millisecond(at).unwrap(), &entry);
    }
    cases
}

#[test]
fn journals_of_the_first_version_fold_to_what_they_meant() {
    let [settled, handed_over] = cases().try_into().unwrap();
    assert_eq!(settled.rest, Some(Rest::Ended(Ending::Settled)));
    assert_eq!(settled.receipts().count(), 2);
    assert_eq!(settled.talk.writer, Writer::Holder);
    let decision = settled.decision.unwrap();
    assert_eq!((decision.row.as_str(), decision.trust), ("completed_open", Trust::Auto));
    assert_eq!(handed_over.rest, Some(Rest::Ended(Ending::HandedOver)));
    let outcome = handed_over.decision.unwrap().outcome;
    assert!(matches!(outcome, Outcome::HandOver { team: Team::Agents, interim: None, .. }), "{outcome:?}");
}
