//! Stories of the contract on upkeep: overdue, stuck and old cases, and figures.

use std::sync::Arc;

use jiff::civil::date;
use misread::domain::case::{Awaited, Ending, Entry, Order, OrderKind, Waiting};
use misread::ports::{
    Append, Awaiting, Backlog, CaseState, DeliveryContent, DeliveryRequest, Erasure, Group, NewDelivery,
    QueueMove, Recorded, Tickets,
};

use super::contract::{Ledger, append, at, delivery, recorded, release, ticket};

async fn open(ledger: &impl Ledger) -> Arc<dyn misread::ports::Ledger> {
    ledger.open(Arc::default()).await
}

/// A case that was claimed at `second` and released with this move.
async fn rests(store: &dyn misread::ports::Ledger, id: i64, second: i64, queue_move: QueueMove) {
    store.accept(delivery(&format!("d{id}"), id, second)).await.unwrap();
    let claims = store.claim(at(second), at(second + 60), 1).await.unwrap();
    let taken_up_to = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
    let entries = vec![recorded(1, second), ended(2, second)];
    store.append(Append { taken_up_to, ..append(claims[0], entries, queue_move) }).await.unwrap();
}

fn ended(position: u32, second: i64) -> Recorded {
    Recorded { position, at: at(second), entry: Entry::Ended { ending: Ending::Settled } }
}

fn erasure(id: i64, last: u32, second: i64) -> Erasure {
    let by = Some("somebody".to_owned());
    Erasure {
        ticket_id: ticket(id),
        last,
        at: at(second),
        ending: Ending::Settled,
        untouched_since: None,
        by,
    }
}

pub(crate) async fn an_order_comes_out_as_it_went_in(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let reason = Some("고객 'y' 요청".to_owned());
    let order = Order { what: OrderKind::HandOver, by: "지원 \"x\"".to_owned(), reason };
    let content = DeliveryContent::Order { ticket_id: ticket(5), order: order.clone() };
    store.accept(NewDelivery { content, ..delivery("o", 5, 3) }).await.unwrap();
    store.accept(delivery("d", 5, 4)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(3)));
    let asked: Vec<_> =
        store.load(ticket(5)).await.unwrap().deliveries.into_iter().map(|one| one.asks).collect();
    assert_eq!(asked, [DeliveryRequest::Command(order), DeliveryRequest::Refresh("self_use".to_owned())]);
}

pub(crate) async fn deliveries_are_listed_and_found_by_id_and_by_number(ledger: &impl Ledger) {
    let store = open(ledger).await;
    store.accept(delivery("first", 5, 1)).await.unwrap();
    let content = DeliveryContent::Poison { problem: "not JSON".to_owned() };
    store.accept(NewDelivery { content, body: "{".to_owned(), ..delivery("odd", 6, 2) }).await.unwrap();
    let all = store.deliveries(false, 9).await.unwrap();
    let shown: Vec<_> =
        all.iter().map(|one| (one.key.as_str(), one.ticket_id, one.problem.as_deref())).collect();
    assert_eq!(shown, [("odd", None, Some("not JSON")), ("first", Some(ticket(5)), None)]);
    assert_eq!(store.deliveries(false, 1).await.unwrap(), all[..1]);
    assert_eq!(store.deliveries(true, 9).await.unwrap(), all[..1]);
    let odd = store.delivery("odd").await.unwrap().unwrap();
    assert_eq!((odd.body.as_str(), odd.received_at), ("{", at(2)));
    let number = odd.id.to_string();
    assert_eq!(store.delivery(&number).await.unwrap().unwrap().key, "odd");
    // An id that looks like a number comes before the number.
    store.accept(delivery(&number, 7, 3)).await.unwrap();
    assert_eq!(store.delivery(&number).await.unwrap().unwrap().ticket_id, Some(ticket(7)));
    for unknown in ["missing", "0", "-1", ""] {
        assert_eq!(store.delivery(unknown).await.unwrap(), None);
    }
}

pub(crate) async fn the_backlog_counts_what_has_not_ended_and_names_the_oldest(ledger: &impl Ledger) {
    let store = open(ledger).await;
    assert_eq!(store.backlog(at(0)).await.unwrap(), Backlog::default());
    rests(&*store, 1, 10, release(CaseState::Waiting, Some(at(900)))).await;
    rests(&*store, 2, 5, release(CaseState::Waiting, None)).await;
    rests(&*store, 3, 20, release(CaseState::Stuck, None)).await;
    rests(&*store, 4, 21, release(CaseState::Active, Some(at(800)))).await;
    rests(&*store, 5, 22, release(CaseState::Ended, None)).await;
    rests(&*store, 6, 23, QueueMove::Keep { lease_until: at(300) }).await;
    store.accept(delivery("late", 7, 100)).await.unwrap();
    store.accept(delivery("later", 8, 101)).await.unwrap();
    let group = |cases, oldest: Option<(i64, i64)>| Group {
        cases,
        oldest: oldest.map(|(id, since)| (ticket(id), at(since))),
    };
    let waiting = group(2, Some((2, 5)));
    let stuck = group(1, Some((3, 20)));
    let early = Backlog {
        overdue: group(1, Some((7, 100))),
        active: group(3, Some((4, 21))),
        waiting,
        stuck,
        ..Backlog::default()
    };
    assert_eq!(store.backlog(at(100)).await.unwrap(), early);
    let late = Backlog {
        overdue: group(5, Some((7, 100))),
        active: group(0, None),
        waiting: group(1, Some((2, 5))),
        stuck,
        ..Backlog::default()
    };
    assert_eq!(
        store.backlog(at(1000)).await.unwrap(),
        late,
        "also who was left behind, and whose time is up"
    );
}

pub(crate) async fn the_backlog_divides_the_waiting_cases_by_what_they_wait_for(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let awaited = [
        Awaited::Answer { questions: Vec::new() },
        Awaited::Payment,
        Awaited::GiveBack,
        Awaited::Release,
        Awaited::Release,
        Awaited::Answer { questions: Vec::new() },
    ];
    for (id, awaited) in (1..).zip(awaited) {
        store.accept(delivery(&format!("d{id}"), id, id)).await.unwrap();
        let claim = store.claim(at(id), at(60), 1).await.unwrap()[0];
        let taken_up_to = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
        let kept = Append {
            taken_up_to,
            ..append(claim, vec![recorded(1, id)], QueueMove::Keep { lease_until: at(60) })
        };
        store.append(kept).await.unwrap();
        let waiting = Entry::Waiting(Waiting { awaited, until: None, last: false });
        let entries = vec![Recorded { position: 2, at: at(id), entry: waiting }];
        let due_at = (id == 6).then_some(at(50));
        store.append(append(claim, entries, release(CaseState::Waiting, due_at))).await.unwrap();
    }
    let divided = async |second| store.backlog(at(second)).await.unwrap().awaiting;
    assert_eq!(divided(40).await, Awaiting { answer: 2, payment: 1, colleague: 1, release: 2 });
    assert_eq!(divided(50).await.answer, 1, "a case that is overdue does not wait");
    let oldest = store.backlog(at(40)).await.unwrap().waiting;
    assert_eq!(oldest, Group { cases: 6, oldest: Some((ticket(1), at(1))) });

    // A case that was looked at waits for the same; one that goes on waits for something else.
    for (id, entry) in [
        (2, Entry::NothingNew),
        (3, Entry::Waiting(Waiting { awaited: Awaited::Payment, until: None, last: true })),
        (4, Entry::Ended { ending: Ending::Settled }),
    ] {
        store.accept(delivery(&format!("again{id}"), id, 41)).await.unwrap();
        let claim = store.claim(at(41), at(60), 1).await.unwrap()[0];
        assert_eq!(claim.ticket_id, ticket(id));
        let taken_up_to = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
        let state = if id == 4 { CaseState::Ended } else { CaseState::Waiting };
        let entries = vec![Recorded { position: 3, at: at(41), entry }];
        store.append(Append { taken_up_to, ..append(claim, entries, release(state, None)) }).await.unwrap();
    }
    assert_eq!(divided(41).await, Awaiting { answer: 2, payment: 2, colleague: 0, release: 1 });
}

pub(crate) async fn an_erased_case_keeps_its_place_and_nothing_else(ledger: &impl Ledger) {
    let store = open(ledger).await;
    rests(&*store, 5, 10, release(CaseState::Ended, None)).await;
    rests(&*store, 6, 11, release(CaseState::Ended, None)).await;
    let figures = store.figures().await.unwrap();
    let day = date(2026, 2, 2);
    assert_eq!(figures.get(&(day, "ended.settled".to_owned())), Some(&2), "{figures:?}");
    let both = [erasure(5, 2, 50), erasure(6, 2, 50)];
    assert_eq!(store.erase(&both).await.unwrap(), [ticket(5), ticket(6)]);
    let loaded = store.load(ticket(5)).await.unwrap();
    assert_eq!((loaded.journal, loaded.deliveries), (vec![both[0].tombstone()], vec![]));
    assert_eq!(store.figures().await.unwrap(), figures);
    assert_eq!(store.list(None, 9).await.unwrap().len(), 2);

    // The case continues after its tombstone.
    store.accept(delivery("again", 5, 60)).await.unwrap();
    let claims = store.claim(at(60), at(120), 1).await.unwrap();
    store.append(append(claims[0], vec![recorded(4, 61)], release(CaseState::Ended, None))).await.unwrap();
    assert_eq!(store.load(ticket(5)).await.unwrap().journal.len(), 2);
}

pub(crate) async fn what_is_under_way_or_has_grown_is_not_erased(ledger: &impl Ledger) {
    let store = open(ledger).await;
    rests(&*store, 1, 10, release(CaseState::Waiting, Some(at(900)))).await;
    rests(&*store, 2, 11, release(CaseState::Stuck, None)).await;
    rests(&*store, 3, 12, release(CaseState::Ended, None)).await;
    rests(&*store, 4, 13, release(CaseState::Ended, None)).await;
    store.accept(delivery("woken", 4, 20)).await.unwrap();
    let figures = store.figures().await.unwrap();
    let grown =
        [erasure(1, 2, 50), erasure(2, 2, 50), erasure(3, 1, 50), erasure(4, 2, 50), erasure(9, 1, 50)];
    assert_eq!(store.erase(&grown).await.unwrap(), []);
    assert_eq!(store.figures().await.unwrap(), figures);
    for id in 1..=4 {
        assert_eq!(store.load(ticket(id)).await.unwrap().journal.len(), 2);
    }
}

pub(crate) async fn what_is_old_is_erased_in_any_state_unless_something_came_or_a_worker_has_it(
    ledger: &impl Ledger,
) {
    let store = open(ledger).await;
    rests(&*store, 1, 10, release(CaseState::Waiting, Some(at(900)))).await;
    rests(&*store, 2, 11, release(CaseState::Stuck, None)).await;
    rests(&*store, 3, 12, release(CaseState::Ended, None)).await;
    store.accept(delivery("woken", 3, 60)).await.unwrap();
    rests(&*store, 4, 13, QueueMove::Keep { lease_until: at(70) }).await;
    store.accept(delivery("never looked at", 5, 20)).await.unwrap();
    let old = |id, last| Erasure { untouched_since: Some(at(50)), by: None, ..erasure(id, last, 100) };
    let all = [old(1, 2), old(2, 2), old(3, 2), old(4, 2), old(5, 0)];
    assert_eq!(store.erase(&all).await.unwrap(), [ticket(1), ticket(2), ticket(5)]);
    for id in [1, 2, 5] {
        let left = store.load(ticket(id)).await.unwrap();
        assert_eq!((left.journal.len(), left.deliveries.len()), (1, 0), "{id}");
    }
    assert_eq!(store.next_due().await.unwrap(), Some(at(60)), "what was erased is not due");
}

pub(crate) async fn tickets_are_found_page_by_page_and_by_age(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, second) in [(1, 10), (2, 20), (3, 30), (4, 40)] {
        rests(&*store, id, second, release(CaseState::Ended, None)).await;
    }
    rests(&*store, 5, 11, release(CaseState::Waiting, None)).await;
    let page = async |which, after: Option<i64>, limit| {
        let found = store.tickets(which, after.map(ticket), limit).await.unwrap();
        found.into_iter().map(misread::domain::ids::TicketId::get).collect::<Vec<_>>()
    };
    assert_eq!(page(Tickets::All, None, 9).await, [1, 2, 3, 4, 5]);
    assert_eq!(page(Tickets::All, Some(2), 2).await, [3, 4]);
    assert_eq!(page(Tickets::RestedBefore(at(31)), None, 9).await, [1, 2, 3, 5]);
    assert_eq!(store.erase(&[erasure(2, 2, 50)]).await.unwrap(), [ticket(2)]);
    assert_eq!(
        page(Tickets::RestedBefore(at(99)), None, 9).await,
        [1, 3, 4, 5],
        "what is erased is done with"
    );
}

pub(crate) async fn poison_is_dropped_when_it_is_old(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (key, second) in [("old", 10), ("new", 20)] {
        let content = DeliveryContent::Poison { problem: "not JSON".to_owned() };
        store.accept(NewDelivery { content, ..delivery(key, 1, second) }).await.unwrap();
    }
    store.accept(delivery("wake", 5, 5)).await.unwrap();
    assert_eq!(store.drop_poison(at(15)).await.unwrap(), 1);
    assert_eq!(store.drop_poison(at(15)).await.unwrap(), 0);
    assert_eq!(store.load(ticket(5)).await.unwrap().deliveries.len(), 1);
}

pub(crate) async fn a_ledger_that_was_written_anew_holds_what_it_held(ledger: &impl Ledger) {
    let store = open(ledger).await;
    rests(&*store, 1, 10, release(CaseState::Ended, None)).await;
    rests(&*store, 2, 11, release(CaseState::Waiting, None)).await;
    assert_eq!(store.erase(&[erasure(1, 2, 50)]).await.unwrap(), [ticket(1)]);
    let before = (store.load(ticket(1)).await.unwrap(), store.load(ticket(2)).await.unwrap());
    store.compact().await.unwrap();
    assert_eq!((store.load(ticket(1)).await.unwrap(), store.load(ticket(2)).await.unwrap()), before);
    store.accept(delivery("after", 2, 60)).await.unwrap();
}
