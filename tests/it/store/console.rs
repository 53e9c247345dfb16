//! Stories of the contract on what the console keeps, and on its lists.

use std::sync::Arc;

use misread::domain::case::{Awaited, Entry, Waiting};
use misread::ports::{
    Access, AccessFilter, AccessPage, Act, Append, CaseFilter, CaseState, Lane, NewAccess, QueueMove,
    Recorded, Session, SignedInBy,
};

use super::contract::{Ledger, append, at, delivery, release, ticket};

async fn open(ledger: &impl Ledger) -> Arc<dyn misread::ports::Ledger> {
    ledger.open(Arc::default()).await
}

fn session(token: &str, name: &str, until: i64) -> Session {
    let (token_hash, name) = (token.to_owned(), name.to_owned());
    Session { token_hash, name, by: SignedInBy::Proxy, created_at: at(0), expires_at: at(until) }
}

fn access(second: i64, act: Act, id: Option<i64>, session: &str) -> NewAccess {
    NewAccess {
        at: at(second),
        name: "민지 \"x\"\0".to_owned(),
        act,
        ticket_id: id.map(ticket),
        reason: Some("까닭 'y'".to_owned()),
        session: session.to_owned(),
    }
}

pub(crate) async fn a_session_lasts_until_its_time_or_its_end(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let (one, other) = (session("a", "민지", 10), session("b", "서준", 20));
    for session in [&one, &other, &session("c", "민지", 30)] {
        store.open_session(session).await.unwrap();
    }
    assert!(store.open_session(&one).await.is_err(), "a token belongs to one session");
    drop(store);
    let store = open(ledger).await;
    assert_eq!(store.session("a", at(9)).await.unwrap(), Some(one));
    assert_eq!(store.session("a", at(10)).await.unwrap(), None);
    assert_eq!(store.session("x", at(0)).await.unwrap(), None);
    assert_eq!(store.sessions(at(9)).await.unwrap().len(), 3);
    assert_eq!(store.end_sessions_of("민지").await.unwrap(), 2);
    assert_eq!(store.sessions(at(9)).await.unwrap(), [other]);
    store.end_session("b").await.unwrap();
    store.end_session("b").await.unwrap();
    assert_eq!(store.sessions(at(0)).await.unwrap(), []);
}

async fn all(store: &dyn misread::ports::Ledger) -> Vec<Access> {
    store.accesses(&AccessFilter::default(), None, 100, 0).await.unwrap().entries
}

pub(crate) async fn what_people_looked_at_is_kept_until_it_is_old(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (second, act) in (1..).zip(Act::ALL) {
        store.record_access(&access(second, act, Some(5), "a")).await.unwrap();
    }
    store.record_access(&access(9, Act::SignedIn, None, "b")).await.unwrap();
    store.open_session(&session("a", "민지", 10)).await.unwrap();
    let log = all(&*store).await;
    let acts: Vec<Act> = log.iter().rev().map(|access| access.act.unwrap()).collect();
    assert_eq!(acts, [&Act::ALL[..], &[Act::SignedIn]].concat());
    assert_eq!((log[0].ticket_id, log[1].ticket_id), (None, Some(ticket(5))));
    assert!(log.iter().all(|access| access.reason.as_deref() == Some("까닭 'y'")));
    assert!(log[0].name.starts_with("민지 \"x\"") && !log[0].name.contains('\0'));
    let older = store.accesses(&AccessFilter::default(), Some(log[1].number), 2, 1).await.unwrap();
    assert_eq!(older.entries, log[2..4]);
    assert_eq!(
        (older.next, older.is_cut),
        (Some(log[3].number), false),
        "without a filter nothing is passed over"
    );

    for (session, id, opened) in [("a", 5, true), ("a", 6, false), ("b", 5, false)] {
        assert_eq!(store.has_opened(session, ticket(id)).await.unwrap(), opened, "{session} {id}");
    }
    store.forget_console(at(9), at(3)).await.unwrap();
    assert_eq!(all(&*store).await.last().map(|access| access.at), Some(at(3)));
    assert_eq!(store.sessions(at(0)).await.unwrap().len(), 1);
    store.forget_console(at(10), at(3)).await.unwrap();
    assert_eq!(store.sessions(at(0)).await.unwrap(), []);
}

/// A name that a database could trip over.
const OTHER: &str = "서준's \"x\"\0";

pub(crate) async fn the_access_log_is_read_by_ticket_and_person_and_a_look_is_bounded(ledger: &impl Ledger) {
    let store = open(ledger).await;
    // By turns: two people, three tickets and none.
    for second in 0..24 {
        let name = if second % 2 == 0 { "민지" } else { OTHER }.to_owned();
        let id = Some(second % 4).filter(|id| *id > 0);
        store.record_access(&NewAccess { name, ..access(second, Act::Looked, id, "a") }).await.unwrap();
    }
    let log = all(&*store).await;
    let filter = |id: Option<i64>, name: Option<&str>| AccessFilter {
        ticket_id: id.map(ticket),
        name: name.map(str::to_owned),
    };
    for (wanted, count) in [
        (filter(Some(2), None), 6),
        (filter(None, Some(OTHER)), 12),
        (filter(Some(3), Some(OTHER)), 6),
        (filter(Some(2), Some(OTHER)), 0),
        (filter(Some(9), None), 0),
        (filter(None, Some("민")), 0),
    ] {
        let AccessFilter { ticket_id, name } = &wanted;
        let fits = |one: &&Access| {
            ticket_id.is_none_or(|id| one.ticket_id == Some(id))
                && name.as_ref().is_none_or(|name| one.name == name.replace('\0', "\u{fffd}"))
        };
        let fitting: Vec<Access> = log.iter().filter(fits).cloned().collect();
        assert_eq!(fitting.len(), count, "{wanted:?}");
        // Whatever a page holds and a look looks at, all are found, each once; a look that ends early says so.
        for (limit, within) in [(100, 100), (100, 24), (2, 24), (100, 5), (2, 5), (1, 1)] {
            let (mut found, mut before, mut cuts, mut looks) = (Vec::new(), None, 0, 0);
            loop {
                let page = store.accesses(&wanted, before, limit, within).await.unwrap();
                let AccessPage { entries, next, is_cut } = page;
                assert!(entries.len() <= limit && (!is_cut || next.is_some()), "{wanted:?}");
                found.extend(entries);
                (cuts, looks) = (cuts + u32::from(is_cut), looks + 1);
                let Some(next) = next else { break };
                assert!(before.is_none_or(|before| next < before), "{wanted:?} {limit} {within}");
                before = Some(next);
            }
            assert_eq!(found, fitting, "{wanted:?} {limit} {within}");
            if within >= 24 {
                assert_eq!(cuts, 0, "{wanted:?}");
            }
            if (limit, within) == (100, 5) {
                assert_eq!((cuts, looks), (4, 5), "{wanted:?}");
            }
        }
    }
}

/// A case that waits for this, or rests in this state.
async fn rests(
    store: &dyn misread::ports::Ledger,
    id: i64,
    second: i64,
    awaited: Option<Awaited>,
    state: CaseState,
) {
    store.accept(delivery(&format!("d{id}"), id, second)).await.unwrap();
    let claims = store.claim(at(second), at(second + 60), 1).await.unwrap();
    let waiting = |awaited| Entry::Waiting(Waiting { awaited, until: None, last: false });
    let entry = awaited.map_or(Entry::NothingNew, waiting);
    let entries = vec![Recorded { position: 1, at: at(second), entry }];
    let taken_up_to = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
    let queue_move: QueueMove = release(state, None);
    store.append(Append { taken_up_to, ..append(claims[0], entries, queue_move) }).await.unwrap();
}

pub(crate) async fn cases_are_listed_page_by_page_the_latest_changed_first(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let states = [CaseState::Waiting, CaseState::Ended, CaseState::Stuck];
    // Two of each time: the ticket's number decides.
    for id in 1..=12 {
        rests(&*store, id, id / 2, None, states[usize::try_from(id).unwrap() % 3]).await;
    }
    for state in [None, Some(CaseState::Stuck), Some(CaseState::Active)] {
        let all: Vec<_> = store.list(state, 100).await.unwrap();
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let filter = CaseFilter { state, ..CaseFilter::default() };
            let page = store.case_page(&filter, after, 5).await.unwrap();
            assert!(!page.is_cut);
            paged.extend(page.lines.into_iter().map(|line| line.summary));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, all, "{state:?}");
    }
}

pub(crate) async fn waiting_cases_are_listed_by_what_they_wait_for_the_longest_first(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let answer = || Awaited::Answer { questions: Vec::new() };
    for (id, awaited, state) in [
        (3, answer(), CaseState::Waiting),
        (2, answer(), CaseState::Waiting),
        (4, answer(), CaseState::Ended),
        (5, Awaited::Payment, CaseState::Waiting),
        (6, Awaited::GiveBack, CaseState::Waiting),
        (7, Awaited::Release, CaseState::Waiting),
    ] {
        rests(&*store, id, 10 - id, Some(awaited), state).await;
    }
    for (lane, ids) in
        [(Lane::Answer, &[3, 2][..]), (Lane::Payment, &[5]), (Lane::Colleague, &[6]), (Lane::Release, &[7])]
    {
        let found = store.waiting_in(lane, 9).await.unwrap();
        assert_eq!(
            found.iter().map(|case| case.summary.ticket_id.get()).collect::<Vec<_>>(),
            ids,
            "{lane:?}"
        );
    }
    assert_eq!(store.waiting_in(Lane::Answer, 1).await.unwrap().len(), 1);
}
