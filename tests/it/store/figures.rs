//! Stories of the contract on figures: whatever happens, they are those of all journals.

use std::sync::Arc;
use std::time::Duration;

use misread::domain::case::{
    Action, Effect, Ending, Entry, Figures, FirstReplies, Write, WriteKind, figures,
};
use misread::domain::ids::{AccountId, LotId, Position, UseId};
use misread::domain::parking::{
    Linkage, Lot, Operation, ParkingAction, ParkingUse, Receipt, UseStatus, Vehicle, Won,
};
use misread::domain::ticket::TicketUpdate;
use misread::ports::{Append, CaseState, Claim, Erasure, QueueMove, Recorded, Tickets};
use tokio::time::timeout;

use super::contract::{Ledger, append, at, delivery, futures_of, recorded, release, ticket};

const KEEP: QueueMove = QueueMove::Keep { lease_until: jiff::Timestamp::MAX };

async fn open(ledger: &impl Ledger) -> Arc<dyn misread::ports::Ledger> {
    ledger.open(Arc::default()).await
}

/// The figures of all journals as they are.
pub(crate) async fn recounted(store: &dyn misread::ports::Ledger) -> Figures {
    let mut all = Figures::new();
    for id in store.tickets(Tickets::All, None, 999).await.unwrap() {
        let journal = store.load(id).await.unwrap().journal;
        for (key, count) in figures(journal.iter().map(|one| (one.at, &one.entry))) {
            *all.entry(key).or_default() += count;
        }
    }
    all
}

fn of(figures: &Figures, name: &str) -> u64 {
    figures.iter().filter(|((_, counted), _)| counted == name).map(|(_, count)| count).sum()
}

fn at_position(position: u32, second: i64, entry: Entry) -> Recorded {
    Recorded { position, at: at(second), entry }
}

fn refund() -> Entry {
    let (use_id, lot_id) = (UseId::new("use-1"), LotId::new("lot-1"));
    let effect = Effect::Act(Action { action: ParkingAction::Refund, use_id, lot_id, amount: None });
    Entry::Intended { effect, together: false, sealed: false, first_since: None }
}

fn note() -> Entry {
    let effect = Effect::Write(Write {
        kind: WriteKind::Note,
        update: TicketUpdate::note("환불했습니다 \u{0}".to_owned()),
        macro_name: None,
        answers: Vec::new(),
        awaits: None,
        promises: None,
        hands_to: None,
        misspelt_tags: Box::default(),
    });
    Entry::Intended { effect, together: false, sealed: true, first_since: None }
}

/// The first public text of a ticket whose first event was received at `second`.
fn first_reply(second: i64) -> Entry {
    let effect = Effect::Write(Write {
        kind: WriteKind::Reply,
        update: TicketUpdate { public: true, ..TicketUpdate::note("환불했습니다".to_owned()) },
        macro_name: None,
        answers: Vec::new(),
        awaits: None,
        promises: None,
        hands_to: None,
        misspelt_tags: Box::default(),
    });
    Entry::Intended { effect, together: false, sealed: true, first_since: Some(at(second)) }
}

fn refunded(of: u32, replayed: bool) -> Entry {
    refunded_won(of, replayed, 12_000)
}

fn refunded_won(of: u32, replayed: bool, amount: i64) -> Entry {
    let parking_use = ParkingUse {
        id: UseId::new("use-1"),
        account_id: AccountId::new("acc-1"),
        vehicle: Vehicle { plate: "12가3456".into(), ownership_verified: false },
        lot: Lot {
            id: LotId::new("lot-1"),
            name: "역삼 하늘 주차장".into(),
            region: "서울 강남구 역삼동".into(),
            operation: Operation::Partner,
            linkage: Linkage::Linked,
            closed: false,
            airport: None,
            self_cancel: true,
        },
        status: UseStatus::Refunded,
        entered_at: at(0),
        exited_at: None,
        amount: Some(Won(amount)),
        compensation: None,
    };
    let receipt =
        Receipt { receipt_id: "r-1".to_owned(), done_at: at(1), replayed, parking_use: Some(parking_use) };
    Entry::Acted { of: Position(of), receipt: Box::new(receipt) }
}

fn written(of: u32) -> Entry {
    Entry::Written {
        of: Position(of),
        audit_id: Some(9),
        updated_at: at(2),
        found_by_marker: false,
        crossed: false,
    }
}

fn ended() -> Entry {
    Entry::Ended { ending: Ending::Settled }
}

/// A case that refunds, writes and ends, each step with an append of its own; 7 entries.
async fn play_case(store: &dyn misread::ports::Ledger, id: i64) {
    store.accept(delivery(&format!("d{id}"), id, 1)).await.unwrap();
    let claim = loop {
        // Another may have been stored in between.
        let claims = store.claim(at(1), at(600), 1).await.unwrap();
        if let Some(claim) = claims.into_iter().next() {
            break claim;
        }
    };
    let id = claim.ticket_id;
    let taken_up_to = store.load(id).await.unwrap().deliveries.last().map(|delivery| delivery.id);
    let steps = [
        vec![recorded(1, 1), at_position(2, 1, refund())],
        vec![at_position(3, 2, refunded(2, true)), at_position(4, 2, note())],
        // Past midnight in Seoul.
        vec![at_position(5, 90_000, written(4))],
        vec![],
    ];
    for entries in steps {
        store.append(Append { taken_up_to, ..append(claim, entries, KEEP) }).await.unwrap();
    }
    let ends = vec![at_position(6, 90_001, Entry::NothingNew), at_position(7, 90_002, ended())];
    store.append(append(claim, ends, release(CaseState::Ended, None))).await.unwrap();
}

/// The case, woken again and claimed, and the delivery that woke it.
async fn woken(store: &dyn misread::ports::Ledger, id: i64) -> (Claim, Option<i64>) {
    store.accept(delivery(&format!("again{id}"), id, 5)).await.unwrap();
    let claim = store.claim(at(5), at(60), 1).await.unwrap()[0];
    assert_eq!(claim.ticket_id, ticket(id));
    let deliveries = store.load(ticket(id)).await.unwrap().deliveries;
    (claim, deliveries.last().map(|delivery| delivery.id))
}

fn erasure(id: i64, last: u32) -> Erasure {
    let by = Some("operator".to_owned());
    Erasure {
        ticket_id: ticket(id),
        last,
        at: at(99_000),
        ending: Ending::Settled,
        untouched_since: None,
        by,
    }
}

pub(crate) async fn figures_are_those_of_all_journals_counted_anew(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for id in 1..=3 {
        play_case(&*store, id).await;
    }
    let all = store.figures().await.unwrap();
    assert_eq!(all, recounted(&*store).await);
    for (name, count) in [
        ("deliveries", 3),
        ("acted.refund", 3),
        ("won.refund", 36_000),
        ("written.note", 3),
        ("ended.settled", 3),
    ] {
        assert_eq!(of(&all, name), count, "{name}");
    }
    let mut sums = std::collections::BTreeMap::new();
    for ((_, name), count) in &all {
        *sums.entry(name.clone()).or_default() += count;
    }
    assert_eq!(store.figure_sums().await.unwrap(), sums);
    let days: Vec<_> = all.keys().map(|(day, _)| *day).collect();
    let (first, last) = (days[0], *days.last().unwrap());
    assert!(first < last, "{days:?}");
    let later = store.figures_since(last).await.unwrap();
    assert!(later.keys().all(|(day, _)| *day == last), "{later:?}");
    assert_eq!((of(&later, "written.note"), of(&later, "acted.refund")), (3, 0));

    // What a lost claim or a gap refuses is not counted.
    let (claim, taken_up_to) = woken(&*store, 2).await;
    let gap = append(claim, vec![at_position(9, 5, ended())], release(CaseState::Ended, None));
    store.append(gap).await.unwrap_err();
    assert_eq!(store.figures().await.unwrap(), all);
    let ends = append(claim, vec![at_position(8, 5, ended())], release(CaseState::Ended, None));
    store.append(Append { taken_up_to, ..ends }).await.unwrap();
    let all = store.figures().await.unwrap();
    assert_eq!(all, recounted(&*store).await);

    // They stay when journals are erased, and go on with what comes later.
    assert_eq!(store.erase(&[erasure(1, 7), erasure(3, 7)]).await.unwrap(), [ticket(1), ticket(3)]);
    assert_eq!(store.figures().await.unwrap(), all);
    let (claim, taken_up_to) = woken(&*store, 1).await;
    // The intention at position 2 is erased: what was done is not known.
    let entries = vec![at_position(9, 5, refunded(2, false)), at_position(10, 5, ended())];
    let ends = append(claim, entries, release(CaseState::Ended, None));
    store.append(Append { taken_up_to, ..ends }).await.unwrap();
    let later = open(ledger).await.figures().await.unwrap();
    assert_eq!(of(&later, "ended.settled"), of(&all, "ended.settled") + 1);
    assert_eq!((of(&later, "acted.refund"), of(&later, "won.refund")), (3, 36_000));
    assert!(store.count(None, 9).await.unwrap().is_empty(), "nothing was left uncounted");
}

pub(crate) async fn a_first_reply_is_counted_once_by_the_time_it_took(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, waited) in [(1, 9), (2, 61), (3, 90_000)] {
        store.accept(delivery(&format!("d{id}"), id, 1)).await.unwrap();
        let claim = store.claim(at(1), at(99_000), 1).await.unwrap()[0];
        let taken_up_to = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
        // The intention is in the journal before; a text that is not the first follows.
        let intended = vec![recorded(1, 1), at_position(2, 1, first_reply(1))];
        store.append(Append { taken_up_to, ..append(claim, intended, KEEP) }).await.unwrap();
        let replied =
            || append(claim, vec![at_position(3, 1 + waited, written(2))], release(CaseState::Ended, None));
        store.append(Append { queue_move: KEEP, ..replied() }).await.unwrap();
        store.append(replied()).await.unwrap_err();
        let more = vec![
            at_position(4, 2 + waited, note()),
            at_position(5, 3 + waited, written(4)),
            at_position(6, 4 + waited, ended()),
        ];
        store.append(append(claim, more, release(CaseState::Ended, None))).await.unwrap();
    }
    let all = store.figures().await.unwrap();
    assert_eq!(all, recounted(&*store).await);
    let found = FirstReplies::of(|name| of(&all, name));
    assert_eq!((found.count, found.mean()), (3, Some((9 + 61 + 90_000) / 3)));
    let within = [10, 30, 60, 300, 900, 3_600, 14_400, 86_400].map(|bound| found.within(bound));
    assert_eq!(within, [1, 1, 1, 2, 2, 2, 2, 2]);
    let next_day = store.figures_since(all.keys().next_back().unwrap().0).await.unwrap();
    assert_eq!(of(&next_day, "reply.first.count"), 1, "on the day of the text");

    assert_eq!(store.erase(&[erasure(1, 6), erasure(3, 6)]).await.unwrap(), [ticket(1), ticket(3)]);
    assert_eq!(store.figures().await.unwrap(), all);
}

/// The parking system may show an amount that no parking costs; sums of such exceed what a column holds.
pub(crate) async fn no_amount_of_a_receipt_keeps_an_append_out(ledger: &impl Ledger) {
    let store = open(ledger).await;
    store.accept(delivery("d1", 1, 1)).await.unwrap();
    let claim = store.claim(at(1), at(600), 1).await.unwrap()[0];
    store.append(append(claim, vec![recorded(1, 1)], KEEP)).await.unwrap();
    for intention in [2, 4, 6] {
        let entries = vec![
            at_position(intention, 1, refund()),
            at_position(intention + 1, 2, refunded_won(intention, false, i64::MAX)),
        ];
        store.append(append(claim, entries, KEEP)).await.unwrap();
    }
    let both = vec![
        at_position(8, 3, refund()),
        at_position(9, 3, refund()),
        at_position(10, 3, refunded_won(8, false, i64::MAX)),
        at_position(11, 3, refunded_won(9, false, i64::MAX)),
    ];
    store.append(append(claim, both, KEEP)).await.unwrap();
    let all = store.figures().await.unwrap();
    assert_eq!(all, recounted(&*store).await);
    assert_eq!(of(&all, "acted.refund"), 5);
    assert_eq!(store.figure_sums().await.unwrap()["won.refund"], of(&all, "won.refund"));
}

/// Appends an entry as an earlier version does, which counts nothing.
async fn appends_uncounted(ledger: &impl Ledger, id: i64, position: u32, body: &str) {
    let millisecond = at(i64::from(position)).as_millisecond();
    let insert = format!(
        "INSERT INTO journal (ticket_id, position, at, body) VALUES ({id}, {position}, {millisecond}, '{body}')"
    );
    ledger.sql(insert).await;
}

pub(crate) async fn entries_that_were_appended_uncounted_are_counted_once(ledger: &impl Ledger) {
    const CASES: i64 = 40;
    let stores = [open(ledger).await, open(ledger).await];
    let store = &stores[0];
    for id in 1..=CASES {
        play_case(&**store, id).await;
    }
    let before = store.figures().await.unwrap();
    for id in 1..=CASES {
        for position in 8..10 {
            let body = r#"{"entry":"ended","ending":"settled"}"#;
            appends_uncounted(ledger, id, position, body).await;
        }
    }
    assert_eq!(store.figures().await.unwrap(), before);

    // The case of a journal that is not counted yet goes on, and another is erased.
    let (claim, _) = woken(&**store, 5).await;
    let entries = vec![at_position(10, 5, refund()), at_position(11, 5, refunded(10, false))];
    store.append(append(claim, entries, KEEP)).await.unwrap();
    let all = recounted(&**store).await;
    assert_eq!(store.erase(&[erasure(6, 9)]).await.unwrap(), [ticket(6)]);
    assert_eq!(of(&store.figures().await.unwrap(), "ended.settled"), of(&before, "ended.settled") + 2);

    // Counting is cut off again and again, by every replica at once, while the case goes on.
    let mut milliseconds = 0;
    while !store.count(None, 1).await.unwrap().is_empty() {
        milliseconds += 1;
        futures_of(6, |number| {
            let store = stores[number % 2].clone();
            async move {
                let after = (number > 3).then(|| ticket(20));
                let patience = Duration::from_millis(milliseconds + number as u64);
                let _ = timeout(patience, store.count(after, 7)).await;
            }
        })
        .await;
    }
    assert_eq!(store.figures().await.unwrap(), all);
    let entries = vec![at_position(12, 5, ended())];
    store.append(append(claim, entries, release(CaseState::Ended, None))).await.unwrap();
    assert_eq!(of(&store.figures().await.unwrap(), "ended.settled"), of(&all, "ended.settled") + 1);
}

pub(crate) async fn a_case_that_cannot_be_read_does_not_keep_the_others_from_being_counted(
    ledger: &impl Ledger,
) {
    let store = open(ledger).await;
    for id in 1..=3 {
        play_case(&*store, id).await;
        appends_uncounted(ledger, id, 8, r#"{"entry":"stuck","reason":"x"}"#).await;
    }
    appends_uncounted(ledger, 2, 9, r#"{"entry":"of_a_later_version"}"#).await;
    let mut after = None;
    let mut told = Vec::new();
    loop {
        let page = store.count(after, 1).await.unwrap();
        let [one] = &page[..] else { break };
        after = Some(one.ticket_id);
        told.push((one.ticket_id.get(), one.unreadable.as_ref().map(ToString::to_string)));
    }
    assert_eq!(
        told.iter().map(|(id, error)| (*id, error.is_some())).collect::<Vec<_>>(),
        [(1, false), (2, true), (3, false)]
    );
    let figures = store.figures().await.unwrap();
    assert_eq!((of(&figures, "stuck"), of(&figures, "ended.settled")), (2, 3), "{figures:?}");
    let left = store.count(None, 9).await.unwrap();
    assert_eq!(left.iter().map(|one| one.ticket_id).collect::<Vec<_>>(), [ticket(2)], "it stays noted");
}

pub(crate) async fn replicas_that_append_at_once_count_everything(ledger: &impl Ledger) {
    let stores = [open(ledger).await, open(ledger).await, open(ledger).await];
    futures_of(45, |number| {
        let store = stores[number % 3].clone();
        async move { play_case(&*store, i64::try_from(number).unwrap() + 1).await }
    })
    .await;
    let all = stores[0].figures().await.unwrap();
    assert_eq!(all, recounted(&*stores[0]).await);
    assert_eq!((of(&all, "won.refund"), of(&all, "ended.settled")), (45 * 12_000, 45));
}

pub(crate) async fn tickets_are_found_by_the_account_that_their_journals_name(ledger: &impl Ledger) {
    const ODD: &str = "acct \"4\" \0";
    let store = open(ledger).await;
    for id in 1..=4 {
        play_case(&*store, id).await;
    }
    let (claim, taken_up_to) = woken(&*store, 4).await;
    let read = Entry::AccountRead { id: AccountId::new(ODD), account: None };
    let ends = append(claim, vec![at_position(8, 5, read)], release(CaseState::Ended, None));
    store.append(Append { taken_up_to, ..ends }).await.unwrap();
    let page = async |account, after: Option<i64>, limit| {
        let found = store.tickets(Tickets::OfAccount(account), after.map(ticket), limit).await.unwrap();
        found.into_iter().map(misread::domain::ids::TicketId::get).collect::<Vec<_>>()
    };
    assert_eq!(page("acc-1", None, 9).await, [1, 2, 3, 4]);
    assert_eq!(page("acc-1", Some(1), 2).await, [2, 3]);
    assert_eq!(page(ODD, None, 9).await, [4]);
    assert_eq!(page("acc", None, 9).await, [0_i64; 0], "a part of an account is another account");

    // Also in what is not counted yet, and no more once it is erased.
    appends_uncounted(ledger, 3, 8, r#"{"entry":"account_read","id":"acct-9","account":null}"#).await;
    assert_eq!(page("acct-9", None, 9).await, [3]);
    assert_eq!(page("acc-1", None, 9).await, [1, 2, 3, 4], "each once");
    assert_eq!(store.count(None, 9).await.unwrap().len(), 1);
    assert_eq!(page("acct-9", None, 9).await, [3]);
    assert_eq!(store.erase(&[erasure(3, 8), erasure(4, 8)]).await.unwrap(), [ticket(3), ticket(4)]);
    assert_eq!(page("acc-1", None, 9).await, [1, 2]);
    assert_eq!([page("acct-9", None, 9).await, page(ODD, None, 9).await], [[0_i64; 0], [0; 0]]);
}
