use jiff::Timestamp;
use misread::domain::case::{Case, Effect, Ending, Entry, WriteKind};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketUpdate;

use super::write;

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// When the first event was received, as a first public text would note it.
fn first_event(journal: &[Entry]) -> Option<Timestamp> {
    let entries = (100..).map(second).zip(journal);
    let reply = write(WriteKind::Reply, TicketUpdate::note("처리했습니다".to_owned()));
    Case::fold(TicketId::try_from(5).unwrap(), entries).first_since(&Effect::Write(reply))
}

fn woken(received_at: Option<i64>) -> Entry {
    let received_at = received_at.map(second);
    Entry::Woken { delivery: 1, kind: "start".to_owned(), received_at }
}

#[test]
fn the_first_event_counts_from_when_it_was_received_and_none_does_after_an_erasure() {
    let erased = Entry::Erased { entries: 2, ending: Ending::Settled, by: None };
    let ended = |ending| Entry::Ended { ending };
    for (journal, expected) in [
        (vec![], None),
        (vec![woken(Some(9)), woken(Some(12))], Some(9)),
        // An earlier version wrote it.
        (vec![woken(None), woken(Some(12))], Some(100)),
        (vec![woken(Some(9)), ended(Ending::Settled), woken(Some(12))], Some(9)),
        // Nothing was done, so the ticket begins anew.
        (vec![woken(Some(9)), ended(Ending::NotOurs), woken(Some(12))], Some(12)),
        (vec![erased.clone()], None),
        (vec![erased, woken(Some(12))], None),
    ] {
        assert_eq!(first_event(&journal), expected.map(second), "{journal:?}");
    }
}
