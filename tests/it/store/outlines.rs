//! Stories of the contract on outlines, and on the lists that are made from them.

use std::sync::Arc;

use jiff::Timestamp;
use misread::domain::case::{
    Awaited, Case, Ending, Entry, Lane, Occasion, Outline, PauseCause, Reason, StuckCause, Waiting,
};
use misread::domain::ids::{AccountId, LotId, UseId};
use misread::domain::parking::{Linkage, Lot, Operation, ParkingUse, UseStatus, Vehicle, Won};
use misread::domain::policy::{Decision, Outcome, Team, Trust};
use misread::ports::{Append, CaseFilter, CaseLine, CaseState, Erasure, Recorded, Tickets};

use super::contract::{Ledger, append, at, delivery, release, ticket};

async fn open(ledger: &impl Ledger) -> Arc<dyn misread::ports::Ledger> {
    ledger.open(Arc::default()).await
}

fn in_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap()
}

/// Every case's outline is what its whole journal folds to; returns how many there are.
pub(crate) async fn outlines_are_those_of_the_journals(store: &dyn misread::ports::Ledger) -> usize {
    let mut known = 0;
    for id in store.tickets(Tickets::All, None, 999).await.unwrap() {
        let journal = store.load(id).await.unwrap().journal;
        let folded = Case::fold(id, journal.iter().map(|one| (one.at, &one.entry))).outline();
        let line = store.case_lines(&[id]).await.unwrap().remove(0);
        if journal.is_empty() {
            assert_eq!(line.outline, None);
            continue;
        }
        if let Some(plate) = &folded.plate {
            let of_plate = CaseFilter { plate: Some(plate.clone()), ..CaseFilter::default() };
            let found = store.case_page(&of_plate, None, 999).await.unwrap().lines;
            assert!(found.iter().any(|line| line.summary.ticket_id == id), "{id} {plate}");
        }
        let (since, until) = (in_milliseconds(folded.since), folded.until.map(in_milliseconds));
        assert_eq!(line.outline, Some(Outline { since, until, plate: None, ..folded }), "{id}");
        known += 1;
    }
    known
}

fn used(lot: &str, plate: &str, won: i64) -> Entry {
    let parking_use = ParkingUse {
        id: UseId::new("use-1"),
        account_id: AccountId::new("acc-1"),
        vehicle: Vehicle { plate: plate.to_owned(), ownership_verified: true },
        lot: Lot {
            id: LotId::new(lot),
            name: format!("{lot} 하늘 주차장"),
            region: "서울 강남구 역삼동".into(),
            operation: Operation::Partner,
            linkage: Linkage::Linked,
            closed: false,
            airport: None,
            self_cancel: true,
        },
        status: UseStatus::Completed,
        entered_at: at(0),
        exited_at: Some(at(60)),
        amount: Some(Won(won)),
        compensation: None,
    };
    Entry::UsesRead { uses: vec![parking_use], has_more: false }
}

fn decided(row: &str, team: Option<Team>) -> Entry {
    let outcome = match team {
        Some(team) => Outcome::HandOver { team, todo: "확인해 주세요.".to_owned(), interim: None },
        None => Outcome::Settle { actions: Vec::new(), reply: "use_cancelled".to_owned() },
    };
    let (policy, reason) = ("p".to_owned(), "까닭".to_owned());
    let decision =
        Decision { policy, row: row.to_owned(), reason, trust: Trust::Auto, inputs: Vec::new(), outcome };
    Entry::Decided { decision: Box::new(decision) }
}

fn waits(awaited: Awaited, last: bool) -> Entry {
    Entry::Waiting(Waiting { awaited, until: Some(at(900)), last })
}

fn stuck(error: &str) -> Entry {
    Entry::Stuck { reason: StuckCause::Permanent { error: error.to_owned() }.into() }
}

/// What a case is like at the end of a journal.
struct Kind {
    entries: Vec<Entry>,
    state: CaseState,
}

fn kinds() -> Vec<Kind> {
    use CaseState::{Active, Ended, Stuck, Waiting};
    let mut kinds = Vec::new();
    for number in 0..36_i64 {
        let lot = format!("lot-{}", number % 3);
        let plate = format!("12가{:04}", 3_000 + number % 4);
        let row = format!("row_{}", number % 2);
        let won = 1_000 * (number % 7);
        let (team, end, state) = match number % 6 {
            0 => (None, Entry::Ended { ending: Ending::Settled }, Ended),
            1 => (None, Entry::Ended { ending: Ending::Silent }, Ended),
            2 => (Some(Team::AirportDesk), waits(Awaited::GiveBack, false), Waiting),
            3 => (None, waits(Awaited::Payment, true), Waiting),
            4 => (None, stuck(&format!("GET /accounts/{{account_id}}: {} \0", 500 + number % 4)), Stuck),
            _ => {
                let reason = PauseCause::AccountUpdates.into();
                (None, Entry::Deferred { until: at(900), reason, failed: false }, Active)
            }
        };
        let mut entries = vec![Entry::TurnBegan { occasion: Occasion::default(), audit_id: None }];
        // Some never get so far.
        if number % 5 > 0 {
            entries.extend([used(&lot, &plate, won), decided(&row, team)]);
        }
        entries.push(end);
        kinds.push(Kind { entries, state });
    }
    kinds
}

/// A case with this journal, which came second by second from its number on; two came at the same time.
async fn play_case(store: &dyn misread::ports::Ledger, id: i64, kind: &Kind, with_outline: bool) {
    let second = id / 2;
    store.accept(delivery(&format!("d{id}"), id, second)).await.unwrap();
    let claim = store.claim(at(second), at(second + 60), 1).await.unwrap()[0];
    let taken_up_to = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
    let entries: Vec<Recorded> = (1..)
        .zip(&kind.entries)
        .map(|(position, entry)| Recorded { position, at: at(second), entry: entry.clone() })
        .collect();
    let case = Case::fold(ticket(id), entries.iter().map(|one| (one.at, &one.entry)));
    let outline = with_outline.then(|| Box::new(case.outline()));
    let due = (kind.state == CaseState::Active).then(|| at(900));
    let append = append(claim, entries, release(kind.state, due));
    store.append(Append { taken_up_to, outline, ..append }).await.unwrap();
}

async fn filled(store: &dyn misread::ports::Ledger) {
    for (id, kind) in (1..).zip(kinds()) {
        play_case(store, id, &kind, true).await;
    }
}

pub(crate) async fn the_outline_of_a_case_is_what_its_journal_folds_to(ledger: &impl Ledger) {
    let store = open(ledger).await;
    filled(&*store).await;
    assert_eq!(outlines_are_those_of_the_journals(&*store).await, kinds().len());
    assert!(store.outline(None, 99).await.unwrap().is_empty(), "nothing was left to be folded");
    // It goes on.
    store.accept(delivery("again", 1, 800)).await.unwrap();
    let claim = store.claim(at(800), at(860), 1).await.unwrap()[0];
    let journal = store.load(ticket(1)).await.unwrap().journal;
    let next = Recorded { position: journal.last().unwrap().position + 1, at: at(800), entry: stuck("x") };
    let entries = journal.iter().chain([&next]).map(|one| (one.at, &one.entry));
    let outline = Some(Box::new(Case::fold(ticket(1), entries).outline()));
    let append = append(claim, vec![next.clone()], release(CaseState::Stuck, None));
    store.append(Append { outline, ..append }).await.unwrap();
    outlines_are_those_of_the_journals(&*open(ledger).await).await;

    // No text and no amount of another system keeps an append out.
    let long = "가".repeat(5_000);
    let entries = vec![used(&long, &long, i64::MAX), decided(&long, None), stuck(&long)];
    for id in [901, 902] {
        let kind = Kind { entries: entries.clone(), state: CaseState::Stuck };
        play_case(&*store, id, &kind, true).await;
    }
    let of_lot = CaseFilter { lot: Some(long), ..CaseFilter::default() };
    assert_eq!(store.case_page(&of_lot, None, 9).await.unwrap().lines.len(), 2);
    assert_eq!(store.case_sum(&of_lot, 9).await.unwrap().cases, 2);
}

pub(crate) async fn an_outline_that_did_not_come_with_its_entries_is_folded_later(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, kind) in (1..).zip(kinds().iter().take(8)) {
        play_case(&*store, id, kind, id % 2 == 0).await;
    }
    let line = store.case_lines(&[ticket(1)]).await.unwrap().remove(0);
    assert_eq!(line.outline, None);
    let page = store.outline(None, 3).await.unwrap();
    let told: Vec<_> = page.iter().map(|one| (one.ticket_id.get(), one.unreadable.is_none())).collect();
    assert_eq!(told, [(1, true), (3, true), (5, true)]);
    // An earlier version works on a case that had an outline, and one of a later version on another.
    for (id, body) in
        [(2, r#"{"entry":"ended","ending":"silent"}"#), (4, r#"{"entry":"of_a_later_version"}"#)]
    {
        let position = store.load(ticket(id)).await.unwrap().journal.len() + 1;
        let millisecond = at(5).as_millisecond();
        ledger
            .sql(format!(
                "INSERT INTO journal (ticket_id, position, at, body) VALUES ({id}, {position}, {millisecond}, '{body}')"
            ))
            .await;
    }
    let page = store.outline(Some(ticket(1)), 99).await.unwrap();
    let told: Vec<_> = page.iter().map(|one| (one.ticket_id.get(), one.unreadable.is_none())).collect();
    assert_eq!(told, [(2, true), (4, false), (7, true)]);
    let ending = |line: &CaseLine| line.outline.as_ref().unwrap().ending;
    assert_eq!(ending(&store.case_lines(&[ticket(2)]).await.unwrap()[0]), Some(Ending::Silent));
    let left = store.outline(None, 99).await.unwrap();
    assert_eq!(left.iter().map(|one| one.ticket_id).collect::<Vec<_>>(), [ticket(4)], "the unreadable one");
}

pub(crate) async fn nothing_of_an_outline_outlives_an_erasure_but_how_it_ended(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let entries = vec![
        used("lot-9", "12가3456", 8_000),
        decided("row_9", None),
        Entry::Ended { ending: Ending::Settled },
    ];
    play_case(&*store, 1, &Kind { entries, state: CaseState::Ended }, true).await;
    let filters = [
        CaseFilter { plate: Some("12가3456".to_owned()), ..CaseFilter::default() },
        CaseFilter { lot: Some("lot-9".to_owned()), ..CaseFilter::default() },
        CaseFilter { row: Some("row_9".to_owned()), ..CaseFilter::default() },
        CaseFilter { won_from: Some(1), ..CaseFilter::default() },
    ];
    for filter in &filters {
        assert_eq!(store.case_page(filter, None, 9).await.unwrap().lines.len(), 1, "{filter:?}");
    }
    let erasure = Erasure {
        ticket_id: ticket(1),
        last: 3,
        at: at(99),
        ending: Ending::Settled,
        untouched_since: None,
        by: None,
    };
    assert_eq!(store.erase(&[erasure]).await.unwrap(), [ticket(1)]);
    for filter in &filters {
        assert_eq!(store.case_page(filter, None, 9).await.unwrap().lines, [], "{filter:?}");
    }
    assert_eq!(outlines_are_those_of_the_journals(&*store).await, 1);
    let outline = store.case_lines(&[ticket(1)]).await.unwrap().remove(0).outline.unwrap();
    let nothing_else = Outline { since: at(99), ending: Some(Ending::Settled), ..Outline::default() };
    assert_eq!(outline, nothing_else);
    assert!(store.outline(None, 9).await.unwrap().is_empty());
}

fn fits(line: &CaseLine, plate: Option<&str>, filter: &CaseFilter) -> bool {
    let outline = line.outline.clone().unwrap();
    let is = |wanted: &Option<String>, found: Option<&str>| {
        wanted.as_ref().is_none_or(|wanted| found == Some(wanted.as_str()))
    };
    filter.state.is_none_or(|state| line.summary.state == state)
        && filter.awaits.is_none_or(|awaits| outline.awaits == Some(awaits))
        && filter.ending.is_none_or(|ending| outline.ending == Some(ending))
        && is(&filter.row, outline.row.as_deref())
        && is(&filter.lot, outline.lot.as_ref().map(LotId::as_str))
        && is(&filter.plate, plate)
        && filter.won_from.is_none_or(|least| outline.won.is_some_and(|won| won.0 >= least))
        && filter.won_to.is_none_or(|most| outline.won.is_some_and(|won| won.0 <= most))
        && filter.since.is_none_or(|since| outline.since >= since)
        && filter.before.is_none_or(|before| outline.since < before)
}

fn filters() -> Vec<CaseFilter> {
    let none = CaseFilter::default;
    let some = |text: &str| Some(text.to_owned());
    let (waiting, ended) = (Some(CaseState::Waiting), Some(CaseState::Ended));
    vec![
        none(),
        CaseFilter { state: Some(CaseState::Stuck), ..none() },
        CaseFilter { state: Some(CaseState::Stuck), lot: some("lot-1"), ..none() },
        CaseFilter { state: Some(CaseState::Active), since: Some(at(5)), ..none() },
        CaseFilter { state: waiting, awaits: Some(Lane::Payment), ..none() },
        CaseFilter { state: waiting, awaits: Some(Lane::Colleague), won_from: Some(2_000), ..none() },
        CaseFilter { state: ended, ..none() },
        CaseFilter { state: ended, ending: Some(Ending::Silent), ..none() },
        CaseFilter { state: ended, ending: Some(Ending::Settled), row: some("row_0"), ..none() },
        CaseFilter { row: some("row_1"), ..none() },
        CaseFilter { row: some("row_1"), since: Some(at(4)), before: Some(at(12)), ..none() },
        CaseFilter { lot: some("lot-2"), won_to: Some(3_000), ..none() },
        CaseFilter { plate: some("12가3002"), ..none() },
        CaseFilter { won_from: Some(1_000), won_to: Some(4_000), ..none() },
        CaseFilter { since: Some(at(3)), before: Some(at(9)), ..none() },
        CaseFilter { before: Some(at(3)), ..none() },
        CaseFilter { state: ended, row: some("row_0' OR ''='"), ..none() },
    ]
}

pub(crate) async fn a_filter_finds_what_fits_and_nothing_else_page_by_page(ledger: &impl Ledger) {
    let store = open(ledger).await;
    filled(&*store).await;
    let ids = store.tickets(Tickets::All, None, 99).await.unwrap();
    let all = store.case_lines(&ids).await.unwrap();
    let plates: Vec<Option<String>> = kinds()
        .into_iter()
        .zip(1..)
        .map(|(kind, id)| {
            Case::fold(ticket(id), kind.entries.iter().map(|entry| (at(0), entry))).outline().plate
        })
        .collect();
    let plate_of = |line: &CaseLine| {
        let place = usize::try_from(line.summary.ticket_id.get() - 1).unwrap();
        plates[place].as_deref()
    };
    let mut sizes = Vec::new();
    for filter in filters() {
        let mut expected: Vec<CaseLine> =
            all.iter().filter(|line| fits(line, plate_of(line), &filter)).cloned().collect();
        expected.sort_by_key(|line| std::cmp::Reverse((line.summary.updated_at, line.summary.ticket_id)));
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = store.case_page(&filter, after, 4).await.unwrap();
            assert!(page.lines.len() == 4 || page.next.is_none(), "{filter:?}");
            paged.extend(page.lines);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, expected, "{filter:?}");
        let sum = store.case_sum(&filter, 99).await.unwrap();
        let won = expected.iter().filter_map(|line| line.outline.as_ref()?.won).map(|won| won.0).sum();
        assert_eq!((sum.cases, sum.won), (expected.len() as u64, won), "{filter:?}");
        assert_eq!(store.case_sum(&filter, 2).await.unwrap().cases, expected.len().min(2) as u64);
        sizes.push(expected.len());
    }
    assert!(sizes.iter().filter(|size| **size > 0).count() > 14, "{sizes:?}");
}

pub(crate) async fn stuck_cases_are_grouped_by_their_reasons(ledger: &impl Ledger) {
    let store = open(ledger).await;
    filled(&*store).await;
    // One that is not folded yet.
    let entries = vec![stuck("GET /accounts/{account_id}: 501 \0")];
    play_case(&*store, 99, &Kind { entries, state: CaseState::Stuck }, false).await;
    let groups = store.stuck_groups(9).await.unwrap();
    let told: Vec<_> = groups
        .iter()
        .map(|group| (group.reason.as_ref().map(Reason::<StuckCause>::korean), group.found.cases))
        .collect();
    let reason = |code| Some(format!("GET /accounts/{{account_id}}: {code} \0"));
    assert_eq!(told, [(reason(500), 3), (reason(502), 3), (None, 1)]);
    for group in &groups[..2] {
        let filter =
            CaseFilter { state: Some(CaseState::Stuck), stuck: group.text.clone(), ..CaseFilter::default() };
        assert_eq!(store.case_sum(&filter, 99).await.unwrap(), group.found);
        let lines = store.case_page(&filter, None, 99).await.unwrap().lines;
        let oldest = lines.iter().map(|line| line.outline.as_ref().unwrap().since).min();
        assert_eq!(oldest, Some(group.oldest));
    }
}
