//! The contract of every store. A store joins with a [`Ledger`] and one line of `contract!`.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::limits::Tally;
use misread::domain::policy::{Decision, Outcome, Team, Trust};
use misread::ports::{
    Accepted, Append, CaseState, Claim, DeliveryContent, DeliveryRequest, NewDelivery, QueueMove, Recorded,
    Store, StoreError,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;

pub(crate) use super::breaker::*;
pub(crate) use super::console::*;
pub(crate) use super::figures::*;
pub(crate) use super::grants::*;
pub(crate) use super::limits::*;
pub(crate) use super::macros::*;
pub(crate) use super::markers::*;
pub(crate) use super::outlines::*;
pub(crate) use super::races::*;
pub(crate) use super::upkeep::*;

/// A ledger that can be closed and opened again.
pub(crate) trait Ledger {
    /// A new, empty one; `None` if this kind is not available, which has been printed.
    async fn new() -> Option<Self>
    where
        Self: Sized;
    /// Opens it, also a second time while it is open.
    async fn open(&self, work_arrived: Arc<Notify>) -> Arc<dyn misread::ports::Ledger>;
    /// Runs statements apart from the store.
    async fn sql(&self, statements: String);
}

/// Runs each named story against one kind of ledger.
macro_rules! contract {
    ($ledger:ty) => {
        contract!($ledger:
            a_delivery_wakes_its_case_at_once
            a_repeat_changes_nothing
            poison_is_kept_and_wakes_no_case
            a_stored_delivery_is_told_its_number
            deliveries_come_out_in_the_order_they_came_in
            the_longest_due_is_claimed_first_and_never_more_than_asked_for
            what_came_up_last_gets_a_quarter_of_the_places
            nothing_is_claimed_before_it_is_due
            a_claimed_case_is_not_claimed_again_until_its_lease_ends
            many_workers_never_get_the_same_case
            a_late_worker_can_write_nothing
            a_claim_that_was_given_back_can_write_nothing
            an_append_is_all_or_nothing
            a_gap_or_an_overwrite_in_the_journal_is_refused
            claims_without_progress_are_counted
            cases_that_were_claimed_in_vain_again_and_again_are_handed_out_one_at_a_time
            a_delivery_during_work_makes_the_case_due_when_it_is_given_back
            a_delivery_that_was_taken_in_does_not
            keeping_a_case_renews_its_lease
            a_delivery_wakes_a_case_that_waits_ended_or_is_stuck
            a_wake_up_never_postpones_a_case
            the_next_due_time_counts_leases
            cases_are_listed_by_state_the_latest_changed_first
            decided_tickets_are_found_page_by_page_since_a_moment
            everything_is_there_after_opening_again
            two_processes_share_one_ledger
            work_that_arrives_is_announced_after_it_is_stored
            nul_characters_do_no_harm
            replicas_that_accept_the_same_delivery_store_it_once
            replicas_that_race_for_one_case_write_one_journal
            limits_hold_for_all_replicas_together_and_free_themselves
            a_breaker_that_opens_holds_all_replicas_until_a_person_lifts_it
            replicas_that_move_too_much_at_once_open_the_breaker_once
            no_delivery_is_overlooked_while_it_is_accepted
            an_order_comes_out_as_it_went_in
            deliveries_are_listed_and_found_by_id_and_by_number
            the_backlog_counts_what_has_not_ended_and_names_the_oldest
            the_backlog_divides_the_waiting_cases_by_what_they_wait_for
            figures_are_those_of_all_journals_counted_anew
            entries_that_were_appended_uncounted_are_counted_once
            a_case_that_cannot_be_read_does_not_keep_the_others_from_being_counted
            replicas_that_append_at_once_count_everything
            a_first_reply_is_counted_once_by_the_time_it_took
            no_amount_of_a_receipt_keeps_an_append_out
            an_erased_case_keeps_its_place_and_nothing_else
            what_is_under_way_or_has_grown_is_not_erased
            what_is_old_is_erased_in_any_state_unless_something_came_or_a_worker_has_it
            tickets_are_found_page_by_page_and_by_age
            tickets_are_found_by_the_account_that_their_journals_name
            poison_is_dropped_when_it_is_old
            grants_count_for_their_span_and_for_their_own_limit
            a_grant_is_remembered_at_the_time_that_it_was_made_and_never_later_than_now
            those_who_ask_at_once_are_never_granted_more_than_there_is
            a_chore_is_done_by_one_of_all_who_could
            it_is_told_how_the_cases_of_some_tickets_stand
            the_last_good_macros_are_kept_for_the_next_process
            an_older_version_of_a_macro_does_not_come_back_and_another_macro_may_take_its_place
            all_who_open_the_ledger_seal_with_the_same_key
            a_new_key_leaves_the_one_before_it_in_force_and_does_not_follow_too_soon
            a_ledger_that_was_written_anew_holds_what_it_held
            a_session_lasts_until_its_time_or_its_end
            what_people_looked_at_is_kept_until_it_is_old
            the_access_log_is_read_by_ticket_and_person_and_a_look_is_bounded
            cases_are_listed_page_by_page_the_latest_changed_first
            waiting_cases_are_listed_by_what_they_wait_for_the_longest_first
            the_outline_of_a_case_is_what_its_journal_folds_to
            an_outline_that_did_not_come_with_its_entries_is_folded_later
            nothing_of_an_outline_outlives_an_erasure_but_how_it_ended
            a_filter_finds_what_fits_and_nothing_else_page_by_page
            stuck_cases_are_grouped_by_their_reasons
        );
    };
    ($ledger:ty: $($story:ident)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $story() {
            if let Some(ledger) = <$ledger as crate::store::contract::Ledger>::new().await {
                crate::store::contract::$story(&ledger).await;
            }
        }
    )+};
}
pub(crate) use contract;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

pub(crate) fn ticket(id: i64) -> TicketId {
    TicketId::try_from(id).unwrap()
}

pub(crate) fn delivery(key: &str, ticket_id: i64, second: i64) -> NewDelivery {
    NewDelivery {
        dedup_key: key.to_owned(),
        received_at: at(second),
        body: format!(r#"{{"ticket_id":{ticket_id}}}"#),
        content: DeliveryContent::Wake { ticket_id: ticket(ticket_id), kind: "self_use".to_owned() },
    }
}

pub(crate) fn recorded(position: u32, second: i64) -> Recorded {
    let entry = Entry::Woken {
        delivery: i64::from(position),
        kind: "본인 미사용 \"x\"\n\0".to_owned(),
        received_at: None,
    };
    Recorded { position, at: at(second), entry }
}

pub(crate) fn append(claim: Claim, entries: Vec<Recorded>, queue_move: QueueMove) -> Append {
    Append {
        claim,
        entries,
        taken_up_to: None,
        queue_move,
        guard: None,
        tally: Tally::default(),
        outline: None,
    }
}

pub(crate) fn release(state: CaseState, due_at: Option<Timestamp>) -> QueueMove {
    QueueMove::Release { state, due_at }
}

const KEEP: fn(i64) -> QueueMove = |second| QueueMove::Keep { lease_until: at(second) };

async fn open(ledger: &impl Ledger) -> Arc<dyn Store> {
    ledger.open(Arc::default()).await
}

/// Stores a delivery for `ticket_id` at second 0 and claims the case until second 60.
async fn claimed(store: &dyn Store, ticket_id: i64) -> Claim {
    store.accept(delivery(&format!("first-{ticket_id}"), ticket_id, 0)).await.unwrap();
    claim_one(store, 0, 60).await
}

async fn claim_one(store: &dyn Store, now: i64, lease_until: i64) -> Claim {
    let claims = store.claim(at(now), at(lease_until), 10).await.unwrap();
    assert_eq!(claims.len(), 1, "{claims:?}");
    claims[0]
}

/// Takes in all pending deliveries and releases the case; returns the result.
async fn finish(store: &dyn Store, claim: Claim, queue_move: QueueMove) -> Result<(), StoreError> {
    let loaded = store.load(claim.ticket_id).await.unwrap();
    let next = u32::try_from(loaded.journal.len()).unwrap() + 1;
    let taken_up_to = loaded.deliveries.last().map(|delivery| delivery.id);
    store
        .append(Append {
            claim,
            entries: vec![recorded(next, 1)],
            taken_up_to,
            queue_move,
            guard: None,
            tally: Tally::default(),
            outline: None,
        })
        .await
}

fn is_fence_lost(result: &Result<(), StoreError>, id: i64) -> bool {
    matches!(result, Err(StoreError::FenceLost { ticket_id }) if *ticket_id == ticket(id))
}

pub(crate) async fn a_delivery_wakes_its_case_at_once(ledger: &impl Ledger) {
    let store = open(ledger).await;
    assert_eq!(store.next_due().await.unwrap(), None);
    assert!(store.accept(delivery("a", 5, 10)).await.unwrap().is_new());
    assert_eq!(store.next_due().await.unwrap(), Some(at(10)));
    let claim = claim_one(&*store, 10, 60).await;
    assert_eq!(claim, Claim { ticket_id: ticket(5), fence: 1, fruitless_claims: 1, due_since: at(10) });
    let loaded = store.load(ticket(5)).await.unwrap();
    assert_eq!(loaded.journal, []);
    let [pending] = &loaded.deliveries[..] else { panic!("{loaded:?}") };
    assert_eq!(
        (&pending.asks, pending.received_at),
        (&DeliveryRequest::Refresh("self_use".to_owned()), at(10))
    );
    store.check().await.unwrap();
}

pub(crate) async fn a_repeat_changes_nothing(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    finish(&*store, claim, release(CaseState::Ended, None)).await.unwrap();
    let before = (store.load(ticket(5)).await.unwrap(), store.list(None, 9).await.unwrap());
    let repeat = delivery("first-5", 5, 30);
    assert_eq!(store.accept(repeat).await.unwrap(), Accepted::Repeat);
    let other_ticket = delivery("first-5", 6, 30);
    assert_eq!(store.accept(other_ticket).await.unwrap(), Accepted::OtherBody);
    assert_eq!((store.load(ticket(5)).await.unwrap(), store.list(None, 9).await.unwrap()), before);
    assert_eq!(store.next_due().await.unwrap(), None);

    let answers = futures_of(20, |_| {
        let store = store.clone();
        async move { store.accept(delivery("many", 7, 0)).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_new()).count(), 1);
    assert_eq!(store.load(ticket(7)).await.unwrap().deliveries.len(), 1);

    // Concurrent deliveries with one key and two bodies: the first is stored, and those with the other body are reported.
    let answers = futures_of(20, |number| {
        let (store, ticket) = (store.clone(), if number % 2 == 0 { 8 } else { 9 });
        async move { store.accept(delivery("two", ticket, 0)).await.unwrap() }
    })
    .await;
    let count = |wanted| answers.iter().filter(|answer| **answer == wanted).count();
    let new = answers.iter().filter(|answer| answer.is_new()).count();
    assert_eq!((new, count(Accepted::Repeat), count(Accepted::OtherBody)), (1, 9, 10));
}

pub(crate) async fn a_stored_delivery_is_told_its_number(ledger: &impl Ledger) {
    let store = open(ledger).await;
    store.accept(delivery("k5", 5, 1)).await.unwrap();
    // They share transactions, some with a repeat among them and some without.
    let answers = futures_of(20, |number| {
        let store = store.clone();
        let ticket = i64::try_from(number / 2).unwrap() + 1;
        async move { (ticket, store.accept(delivery(&format!("k{ticket}"), ticket, 1)).await.unwrap()) }
    })
    .await;
    let new = answers.into_iter().filter_map(|(id, accepted)| match accepted {
        Accepted::New { number } => Some((id, number)),
        _ => None,
    });
    let new: Vec<_> = new.collect();
    assert_eq!(new.len(), 9, "{new:?}");
    for (id, number) in new {
        let deliveries = store.load(ticket(id)).await.unwrap().deliveries;
        assert_eq!(deliveries.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [number]);
    }
}

pub(crate) async fn poison_is_kept_and_wakes_no_case(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let content = DeliveryContent::Poison { problem: "not JSON".to_owned() };
    let poison = NewDelivery { content, ..delivery("p", 1, 0) };
    assert!(store.accept(poison.clone()).await.unwrap().is_new());
    assert_eq!(store.accept(poison).await.unwrap(), Accepted::Repeat);
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.list(None, 9).await.unwrap(), []);
}

pub(crate) async fn deliveries_come_out_in_the_order_they_came_in(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for number in 0..20 {
        store.accept(delivery(&format!("d{number}"), 5, 20 - number)).await.unwrap();
    }
    let deliveries = store.load(ticket(5)).await.unwrap().deliveries;
    assert!(deliveries.is_sorted_by(|one, next| one.id < next.id));
    let times: Vec<Timestamp> = deliveries.iter().map(|delivery| delivery.received_at).collect();
    assert_eq!(times, (0..20).map(|number| at(20 - number)).collect::<Vec<_>>());
}

pub(crate) async fn the_longest_due_is_claimed_first_and_never_more_than_asked_for(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, second) in [(1, 30), (2, 10), (3, 20), (4, 40)] {
        store.accept(delivery(&format!("d{id}"), id, second)).await.unwrap();
    }
    let ids = |claims: Vec<Claim>| claims.iter().map(|claim| claim.ticket_id.get()).collect::<Vec<_>>();
    assert_eq!(ids(store.claim(at(50), at(90), 3).await.unwrap()), [2, 3, 1]);
    assert_eq!(ids(store.claim(at(50), at(90), 0).await.unwrap()), [0_i64; 0]);
    assert_eq!(ids(store.claim(at(50), at(90), usize::MAX).await.unwrap()), [4]);
}

pub(crate) async fn what_came_up_last_gets_a_quarter_of_the_places(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for id in 1..=20 {
        store.accept(delivery(&format!("d{id}"), id, id)).await.unwrap();
    }
    let mut claimed = BTreeSet::new();
    let mut claim = async |limit: usize| {
        let claims = store.claim(at(50), at(90), limit).await.unwrap();
        let ids: BTreeSet<i64> = claims.iter().map(|claim| claim.ticket_id.get()).collect();
        assert_eq!(ids.len(), claims.len(), "{claims:?}");
        assert!(claimed.is_disjoint(&ids), "{claims:?}");
        claimed.extend(&ids);
        ids
    };
    assert_eq!(claim(8).await, BTreeSet::from([1, 2, 3, 4, 5, 6, 19, 20]));
    assert_eq!(claim(4).await, BTreeSet::from([7, 8, 9, 18]));
    assert_eq!(claim(3).await, BTreeSet::from([10, 11, 12]), "of a few places the longest due get all");
    assert_eq!(claim(8).await, BTreeSet::from([13, 14, 15, 16, 17]), "nobody is claimed twice");
}

pub(crate) async fn nothing_is_claimed_before_it_is_due(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    finish(&*store, claim, release(CaseState::Waiting, Some(at(100)))).await.unwrap();
    assert_eq!(store.claim(at(99), at(200), 10).await.unwrap(), []);
    assert_eq!(claim_one(&*store, 100, 200).await.fence, 2);
}

pub(crate) async fn a_claimed_case_is_not_claimed_again_until_its_lease_ends(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let first = claimed(&*store, 5).await;
    store.accept(delivery("more", 5, 1)).await.unwrap();
    assert_eq!(store.claim(at(59), at(200), 10).await.unwrap(), []);
    let second = claim_one(&*store, 60, 200).await;
    assert!(second.fence > first.fence);
}

pub(crate) async fn many_workers_never_get_the_same_case(ledger: &impl Ledger) {
    const CASES: i64 = 200;
    let stores = [open(ledger).await, open(ledger).await];
    for id in 1..=CASES {
        stores[0].accept(delivery(&format!("d{id}"), id, 0)).await.unwrap();
    }
    let claims = futures_of(16, |worker| {
        let store = stores[worker % 2].clone();
        async move {
            let mut mine = Vec::new();
            loop {
                let claims = store.claim(at(1), at(60), 3).await.unwrap();
                if claims.is_empty() {
                    return mine;
                }
                mine.extend(claims.iter().map(|claim| claim.ticket_id.get()));
            }
        }
    })
    .await;
    let mut ids: Vec<i64> = claims.into_iter().flatten().collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=CASES).collect::<Vec<_>>());
}

pub(crate) async fn a_late_worker_can_write_nothing(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let late = claimed(&*store, 5).await;
    let current = claim_one(&*store, 60, 120).await;
    for queue_move in [KEEP(300), release(CaseState::Ended, None)] {
        let result = store.append(append(late, vec![recorded(1, 61)], queue_move)).await;
        assert!(is_fence_lost(&result, 5), "{result:?}");
    }
    assert_eq!(store.load(ticket(5)).await.unwrap().journal, []);
    assert_eq!(store.next_due().await.unwrap(), Some(at(120)));
    store.append(append(current, vec![recorded(1, 62)], KEEP(130))).await.unwrap();
    assert_eq!(store.load(ticket(5)).await.unwrap().journal, [recorded(1, 62)]);
}

pub(crate) async fn a_claim_that_was_given_back_can_write_nothing(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    finish(&*store, claim, release(CaseState::Ended, None)).await.unwrap();
    let again = finish(&*store, claim, release(CaseState::Active, Some(at(0)))).await;
    assert!(is_fence_lost(&again, 5), "{again:?}");
    let unknown = Claim { ticket_id: ticket(6), fence: 0, fruitless_claims: 0, due_since: at(0) };
    let result = store.append(append(unknown, vec![], KEEP(60))).await;
    assert!(is_fence_lost(&result, 6), "{result:?}");
    assert_eq!(store.next_due().await.unwrap(), None);
}

pub(crate) async fn an_append_is_all_or_nothing(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    store.append(append(claim, vec![recorded(1, 1), recorded(2, 2)], KEEP(60))).await.unwrap();
    let before = store.load(ticket(5)).await.unwrap();
    let halfway = Append {
        claim,
        entries: vec![recorded(3, 3), recorded(2, 3)],
        taken_up_to: before.deliveries.last().map(|delivery| delivery.id),
        queue_move: release(CaseState::Ended, None),
        guard: None,
        tally: Tally::default(),
        outline: None,
    };
    let result = store.append(halfway).await;
    assert!(is_fence_lost(&result, 5), "{result:?}");
    assert_eq!(store.load(ticket(5)).await.unwrap(), before);
    assert_eq!(store.next_due().await.unwrap(), Some(at(60)), "the lease was kept");
}

pub(crate) async fn a_gap_or_an_overwrite_in_the_journal_is_refused(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    store.append(append(claim, vec![recorded(1, 1)], KEEP(60))).await.unwrap();
    for position in [0, 1, 3] {
        let result = store.append(append(claim, vec![recorded(position, 9)], KEEP(60))).await;
        assert!(is_fence_lost(&result, 5), "{position}: {result:?}");
    }
    assert_eq!(store.load(ticket(5)).await.unwrap().journal, [recorded(1, 1)]);
}

pub(crate) async fn claims_without_progress_are_counted(ledger: &impl Ledger) {
    let store = open(ledger).await;
    assert_eq!(claimed(&*store, 5).await.fruitless_claims, 1);
    let second = claim_one(&*store, 60, 120).await;
    assert_eq!(second.fruitless_claims, 2);
    store.append(append(second, vec![], KEEP(180))).await.unwrap();
    let third = claim_one(&*store, 180, 240).await;
    assert_eq!(third.fruitless_claims, 3, "an append without entries is no progress");
    store.append(append(third, vec![recorded(1, 181)], KEEP(240))).await.unwrap();
    assert_eq!(claim_one(&*store, 240, 300).await.fruitless_claims, 1);
}

pub(crate) async fn cases_that_were_claimed_in_vain_again_and_again_are_handed_out_one_at_a_time(
    ledger: &impl Ledger,
) {
    let store = open(ledger).await;
    for id in 1..=5 {
        store.accept(delivery(&format!("first-{id}"), id, 0)).await.unwrap();
    }
    // The worker of these cases dies three times, and each time the leases expire.
    for now in [0, 60, 120] {
        assert_eq!(store.claim(at(now), at(now + 60), 10).await.unwrap().len(), 5);
    }
    store.accept(delivery("first-6", 6, 150)).await.unwrap();
    let claimed = store.claim(at(180), at(240), 10).await.unwrap();
    let mut ids: Vec<_> = claimed.iter().map(|claim| claim.ticket_id.get()).collect();
    ids.sort_unstable();
    assert!(matches!(ids[..], [1..=5, 6]), "one of them, and what is not suspected: {ids:?}");
    let one = claimed.iter().find(|claim| claim.ticket_id.get() != 6).unwrap();
    assert_eq!(one.fruitless_claims, 4);
    assert_eq!(store.claim(at(190), at(250), 10).await.unwrap(), [], "it is still being worked");

    // It makes progress, so that the next suspect may be claimed.
    finish(&*store, *one, release(CaseState::Waiting, None)).await.unwrap();
    let next = claim_one(&*store, 200, 260).await;
    assert!(next.fruitless_claims == 4 && next.ticket_id != one.ticket_id, "{next:?}");
    // Its worker dies as well: less suspected cases go first. The sixth case, whose lease has expired, is claimed with
    // them.
    let after = store.claim(at(260), at(320), 10).await.unwrap();
    let suspects: Vec<_> = after.iter().filter(|claim| claim.fruitless_claims > 2).collect();
    assert_eq!((after.len(), suspects.len(), suspects[0].fruitless_claims), (2, 1, 4), "{after:?}");
    assert!(suspects[0].ticket_id != next.ticket_id, "{after:?}");
}

pub(crate) async fn a_delivery_during_work_makes_the_case_due_when_it_is_given_back(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, move_to) in [
        (1, release(CaseState::Ended, None)),
        (2, release(CaseState::Waiting, Some(at(9_000)))),
        (3, release(CaseState::Stuck, None)),
    ] {
        let claim = claimed(&*store, id).await;
        let seen = store.load(ticket(id)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
        store.accept(delivery(&format!("late-{id}"), id, 5)).await.unwrap();
        let entries = vec![recorded(1, 6)];
        let append = Append {
            claim,
            entries,
            taken_up_to: seen,
            queue_move: move_to,
            guard: None,
            tally: Tally::default(),
            outline: None,
        };
        store.append(append).await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(at(5)));
        let again = claim_one(&*store, 6, 60).await;
        assert_eq!(again.ticket_id, ticket(id));
        assert_eq!(store.load(ticket(id)).await.unwrap().deliveries.len(), 1);
        finish(&*store, again, release(CaseState::Ended, None)).await.unwrap();
    }
}

pub(crate) async fn a_delivery_that_was_taken_in_does_not(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    let seen = store.load(ticket(5)).await.unwrap().deliveries[0].id;
    let taking = Append { taken_up_to: Some(seen), ..append(claim, vec![recorded(1, 1)], KEEP(60)) };
    store.append(taking).await.unwrap();
    assert_eq!(store.load(ticket(5)).await.unwrap().deliveries, []);
    store.append(append(claim, vec![], release(CaseState::Ended, None))).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.list(Some(CaseState::Ended), 9).await.unwrap().len(), 1);
}

pub(crate) async fn keeping_a_case_renews_its_lease(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    store.append(append(claim, vec![], KEEP(500))).await.unwrap();
    assert_eq!(store.claim(at(499), at(900), 10).await.unwrap(), []);
    assert_eq!(claim_one(&*store, 500, 900).await.fence, 2);
}

pub(crate) async fn a_delivery_wakes_a_case_that_waits_ended_or_is_stuck(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, state, due_at) in [
        (1, CaseState::Ended, None),
        (2, CaseState::Waiting, Some(at(9_000))),
        (3, CaseState::Stuck, None),
        (4, CaseState::Active, Some(at(9_000))),
    ] {
        let claim = claimed(&*store, id).await;
        finish(&*store, claim, release(state, due_at)).await.unwrap();
        assert_eq!(store.claim(at(10), at(60), 10).await.unwrap(), []);
        store.accept(delivery(&format!("again-{id}"), id, 10)).await.unwrap();
        let summary = store.list(None, 1).await.unwrap()[0].clone();
        assert_eq!((summary.ticket_id, summary.state), (ticket(id), CaseState::Active));
        assert_eq!(summary.due_at, Some(at(10)));
        let again = claim_one(&*store, 10, 60).await;
        finish(&*store, again, release(CaseState::Ended, None)).await.unwrap();
    }
}

pub(crate) async fn a_wake_up_never_postpones_a_case(ledger: &impl Ledger) {
    let store = open(ledger).await;
    store.accept(delivery("a", 5, 10)).await.unwrap();
    store.accept(delivery("b", 5, 20)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(10)));
    store.accept(delivery("c", 5, 5)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(5)));
}

pub(crate) async fn the_next_due_time_counts_leases(ledger: &impl Ledger) {
    let store = open(ledger).await;
    claimed(&*store, 5).await;
    assert_eq!(store.next_due().await.unwrap(), Some(at(60)));
    store.accept(delivery("other", 6, 30)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(30)));
}

pub(crate) async fn cases_are_listed_by_state_the_latest_changed_first(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for id in 1..=3 {
        store.accept(delivery(&format!("d{id}"), id, id)).await.unwrap();
    }
    let claim = store.claim(at(1), at(60), 1).await.unwrap()[0];
    let ended = vec![Recorded { position: 1, at: at(50), entry: Entry::Ended { ending: Ending::Settled } }];
    let seen = store.load(ticket(1)).await.unwrap().deliveries.last().map(|delivery| delivery.id);
    let release = release(CaseState::Ended, None);
    store
        .append(Append {
            claim,
            entries: ended,
            taken_up_to: seen,
            queue_move: release,
            guard: None,
            tally: Tally::default(),
            outline: None,
        })
        .await
        .unwrap();
    let listed = async |state, limit| {
        let cases = store.list(state, limit).await.unwrap();
        cases.iter().map(|case| case.ticket_id.get()).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, 9).await, [1, 3, 2]);
    assert_eq!(listed(None, 2).await, [1, 3]);
    assert_eq!(listed(Some(CaseState::Active), 9).await, [3, 2]);
    assert_eq!(listed(Some(CaseState::Ended), 9).await, [1]);
    assert_eq!(listed(Some(CaseState::Stuck), 9).await, [0_i64; 0]);
    let first = &store.list(None, 1).await.unwrap()[0];
    assert_eq!((first.state, first.due_at, first.updated_at), (CaseState::Ended, None, at(50)));
}

fn decided(position: u32, second: i64) -> Recorded {
    let decision = Decision {
        policy: "0123456789ab".to_owned(),
        row: "use_not_found".to_owned(),
        reason: "없음".to_owned(),
        trust: Trust::Assist,
        inputs: Vec::new(),
        outcome: Outcome::HandOver { team: Team::Agents, todo: "확인".to_owned(), interim: None },
    };
    Recorded { position, at: at(second), entry: Entry::Decided { decision: Box::new(decision) } }
}

pub(crate) async fn decided_tickets_are_found_page_by_page_since_a_moment(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for (id, entries) in [
        (3, vec![decided(1, 10), decided(2, 30)]),
        (1, vec![recorded(1, 50)]),
        (20, vec![recorded(1, 5), decided(2, 20)]),
        (4, vec![decided(1, 19)]),
    ] {
        let claim = claimed(&*store, id).await;
        store.append(append(claim, entries, release(CaseState::Ended, None))).await.unwrap();
        let again = store.claim(at(0), at(60), 9).await.unwrap();
        assert_eq!(
            again.len(),
            1,
            "a delivery that was not taken in makes the case due: its lease keeps it away"
        );
    }
    let found = async |since, after: Option<i64>, limit| {
        let tickets = store.decided_since(at(since), after.map(ticket), limit).await.unwrap();
        tickets.into_iter().map(TicketId::get).collect::<Vec<_>>()
    };
    assert_eq!(found(0, None, 9).await, [3, 4, 20]);
    assert_eq!(found(0, None, 2).await, [3, 4]);
    assert_eq!(found(0, Some(4), 2).await, [20]);
    assert_eq!(found(20, None, 9).await, [3, 20], "the moment itself counts, one decision is enough");
    assert_eq!(found(31, None, 9).await, [0_i64; 0]);
}

pub(crate) async fn everything_is_there_after_opening_again(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let claim = claimed(&*store, 5).await;
    store.append(append(claim, vec![recorded(1, 1), recorded(2, 2)], KEEP(60))).await.unwrap();
    store.accept(delivery("late", 5, 3)).await.unwrap();
    let before = store.load(ticket(5)).await.unwrap();
    drop(store);

    let store = open(ledger).await;
    assert_eq!(store.load(ticket(5)).await.unwrap(), before);
    assert_eq!(store.accept(delivery("late", 5, 9)).await.unwrap(), Accepted::Repeat);
    assert_eq!(store.claim(at(59), at(90), 9).await.unwrap(), [], "the lease outlives the process");
    let next = claim_one(&*store, 60, 90).await;
    assert_eq!(next.fence, claim.fence + 1);
    assert!(is_fence_lost(&store.append(append(claim, vec![], KEEP(99))).await, 5));
}

pub(crate) async fn two_processes_share_one_ledger(ledger: &impl Ledger) {
    let (one, other) = (open(ledger).await, open(ledger).await);
    let claim = claimed(&*one, 5).await;
    assert_eq!(other.accept(delivery("first-5", 5, 0)).await.unwrap(), Accepted::Repeat);
    assert_eq!(other.claim(at(0), at(60), 9).await.unwrap(), []);
    one.append(append(claim, vec![recorded(1, 1)], KEEP(60))).await.unwrap();
    assert_eq!(other.load(ticket(5)).await.unwrap().journal, [recorded(1, 1)]);
    let taken_over = claim_one(&*other, 60, 120).await;
    assert!(is_fence_lost(&one.append(append(claim, vec![], KEEP(99))).await, 5));
    other.append(append(taken_over, vec![recorded(2, 61)], KEEP(120))).await.unwrap();
    assert_eq!(one.load(ticket(5)).await.unwrap().journal.len(), 2);
}

pub(crate) async fn work_that_arrives_is_announced_after_it_is_stored(ledger: &impl Ledger) {
    let work_arrived = Arc::new(Notify::new());
    let store = ledger.open(work_arrived.clone()).await;
    let accepting = store.accept(delivery("a", 5, 0));
    let (accepted, ()) = tokio::join!(accepting, work_arrived.notified());
    accepted.unwrap();
    let claim = claim_one(&*store, 0, 60).await;
    store.accept(delivery("b", 5, 1)).await.unwrap();
    work_arrived.notified().await;
    store.append(append(claim, vec![], release(CaseState::Ended, None))).await.unwrap();
    work_arrived.notified().await;
    claim_one(&*store, 1, 60).await;
}

pub(crate) async fn nul_characters_do_no_harm(ledger: &impl Ledger) {
    let store = open(ledger).await;
    let content = DeliveryContent::Wake { ticket_id: ticket(5), kind: "a\0b".to_owned() };
    let odd = NewDelivery { content, body: "{\0}".to_owned(), ..delivery("k\0ey", 5, 0) };
    assert!(store.accept(odd.clone()).await.unwrap().is_new());
    assert_eq!(store.accept(odd).await.unwrap(), Accepted::Repeat);
    assert!(store.accept(delivery("k", 5, 0)).await.unwrap().is_new(), "no text was cut short");
    assert_eq!(
        store.load(ticket(5)).await.unwrap().deliveries[0].asks,
        DeliveryRequest::Refresh("a\u{fffd}b".to_owned())
    );
}

/// Runs `count` futures in parallel, on several threads.
pub(crate) async fn futures_of<F>(count: usize, future: impl Fn(usize) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..count {
        tasks.spawn(future(number));
    }
    tasks.join_all().await
}
