//! Each kind of violation, planted into the external records, is found; permitted differences are not reported.

use jiff::Timestamp;
use misread::domain::ids::{LotId, UseId};
use misread::domain::parking::Won;
use misread::drill::actors::Kind;
use misread::drill::audit::{Acknowledged, Rest, Seen, Wrong, of_figures, violations};
use misread::drill::observed::{Observed, Written};
use misread::drill::place::PER_ACCOUNT;
use misread::sandbox::parking::{ActionKind, DoneAction};

const TICKET: i64 = 35_001;

fn observed(comments: &[Written], actions: &[&str]) -> Observed {
    let actions = actions.iter().map(|action| (*action).to_owned()).collect();
    Observed { comments: comments.to_vec(), actions, stands: "Solved".to_owned() }
}

fn public(text: &str) -> Written {
    Written::Public(text.to_owned())
}

/// A refund without faults.
fn refunded() -> Observed {
    observed(&[public("환불했습니다"), Written::Note], &["Refund of use 1", "Inspection of use 1"])
}

fn nothing() -> Observed {
    Observed { stands: "New".to_owned(), ..observed(&[], &[]) }
}

fn seen(is: Observed) -> Seen {
    Seen {
        ticket: TICKET,
        title: "결제 완료",
        kind: Kind::Story,
        observed: is,
        markers: vec!["misread-35001-9".to_owned(), "misread-35001-11".to_owned()],
        wanted: refunded(),
        before: None,
        acknowledged: Acknowledged::All,
        rest: Rest::Ended { handed_over: false },
    }
}

fn action(kind: ActionKind, use_id: &str, key: &str) -> DoneAction {
    DoneAction {
        key: key.to_owned(),
        ticket_id: TICKET.to_string(),
        kind,
        use_id: UseId::new(use_id),
        lot_id: LotId::new("lot-1001"),
        compensation: None,
        won: matches!(kind, ActionKind::Refund).then_some(Won(12_000)),
        receipt_id: format!("rcpt-{key}"),
        done_at: Timestamp::UNIX_EPOCH,
    }
}

fn wrongs(seen: Seen, actions: &[DoneAction]) -> Vec<Wrong> {
    violations(&[seen], actions).iter().map(|violation| violation.wrong).collect()
}

#[test]
fn what_is_as_it_should_be_is_no_violation() {
    let actions = [action(ActionKind::Refund, "use-1", "a"), action(ActionKind::Inspection, "use-1", "b")];
    assert_eq!(wrongs(seen(refunded()), &actions), []);
}

#[test]
fn a_doubled_reply_is_found() {
    let doubled = observed(
        &[public("환불했습니다"), public("환불했습니다"), Written::Note],
        &["Refund of use 1", "Inspection of use 1"],
    );
    assert_eq!(wrongs(seen(doubled), &[]), [Wrong::Twice]);
}

#[test]
fn a_doubled_marker_is_found() {
    let markers = vec!["misread-35001-9".to_owned(); 2];
    assert_eq!(wrongs(Seen { markers, ..seen(refunded()) }, &[]), [Wrong::Twice]);
}

#[test]
fn a_missing_note_is_found() {
    let missing = observed(&[public("환불했습니다")], &["Refund of use 1", "Inspection of use 1"]);
    assert_eq!(wrongs(seen(missing), &[]), [Wrong::Lost]);
}

#[test]
fn a_missing_action_is_found() {
    let missing = observed(&[public("환불했습니다"), Written::Note], &["Refund of use 1"]);
    assert_eq!(wrongs(seen(missing), &[]), [Wrong::Lost]);
}

#[test]
fn a_doubled_refund_under_another_key_is_found() {
    let twice = [action(ActionKind::Refund, "use-1", "a"), action(ActionKind::Refund, "use-1", "b")];
    assert_eq!(wrongs(seen(refunded()), &twice), [Wrong::Twice]);
    let doubled =
        observed(&refunded().comments, &["Refund of use 1", "Inspection of use 1", "Inspection of use 1"]);
    assert_eq!(wrongs(seen(doubled), &[]), [Wrong::Twice]);
}

#[test]
fn an_acknowledged_ticket_that_was_not_touched_is_found() {
    assert_eq!(wrongs(seen(nothing()), &[]), [Wrong::Lost]);
    assert_eq!(wrongs(Seen { rest: Rest::Nowhere, ..seen(nothing()) }, &[]), [Wrong::Lost]);
    assert_eq!(wrongs(Seen { rest: Rest::Active, ..seen(nothing()) }, &[]), [Wrong::Restless]);
}

#[test]
fn a_touched_forgery_is_found_and_an_untouched_one_is_none() {
    let forged = |is, rest| {
        let acknowledged = Acknowledged::OnlyForged;
        Seen { acknowledged, rest, markers: Vec::new(), ..seen(is) }
    };
    assert_eq!(wrongs(forged(nothing(), Rest::Nowhere), &[]), []);
    assert_eq!(wrongs(forged(refunded(), Rest::Nowhere), &[]), [Wrong::Forged]);
    assert_eq!(wrongs(forged(nothing(), Rest::Waiting), &[]), [Wrong::Forged]);
}

#[test]
fn another_text_or_another_status_is_found() {
    let reworded =
        observed(&[public("취소했습니다"), Written::Note], &["Refund of use 1", "Inspection of use 1"]);
    assert_eq!(wrongs(seen(reworded), &[]), [Wrong::Different]);
    let open = Observed { stands: "Open".to_owned(), ..refunded() };
    assert_eq!(wrongs(seen(open), &[]), [Wrong::Different]);
}

#[test]
fn an_action_for_a_ticket_that_was_never_opened_is_found() {
    let stranger = DoneAction { ticket_id: "1".to_owned(), ..action(ActionKind::Refund, "use-1", "a") };
    assert_eq!(wrongs(seen(refunded()), &[stranger]), [Wrong::Different]);
}

#[test]
fn what_was_never_acknowledged_may_be_done_or_not_but_not_half() {
    let untold = |is, rest| Seen { acknowledged: Acknowledged::NotTheLast, rest, ..seen(is) };
    assert_eq!(wrongs(untold(nothing(), Rest::Nowhere), &[]), []);
    assert_eq!(wrongs(untold(refunded(), Rest::Ended { handed_over: false }), &[]), []);
    let half = observed(&[], &["Refund of use 1"]);
    assert_eq!(wrongs(untold(half, Rest::Ended { handed_over: false }), &[]), [Wrong::Lost]);
    // The opening was acknowledged and answered by a question; the customer's answer never arrived.
    let asked = observed(&[public("본인이신가요?")], &[]);
    let part = Seen { before: Some(asked.clone()), ..untold(asked, Rest::Waiting) };
    assert_eq!(wrongs(part.clone(), &[]), []);
    assert_eq!(wrongs(Seen { observed: nothing(), ..part }, &[]), [Wrong::Lost]);
}

#[test]
fn an_account_that_was_settled_more_often_than_the_limit_lets_or_less_is_found() {
    let prepared = Observed { stands: "Open".to_owned(), ..observed(&[Written::Note], &[]) };
    let household = |settled: usize, rest: Rest| {
        let tickets: Vec<Seen> = (0..5)
            .map(|place| {
                let is = if place < settled { refunded() } else { prepared.clone() };
                Seen { kind: Kind::OfHousehold(1), wanted: is.clone(), rest: rest.clone(), ..seen(is) }
            })
            .collect();
        violations(&tickets, &[]).iter().map(|violation| violation.wrong).collect::<Vec<_>>()
    };
    let ended = Rest::Ended { handed_over: true };
    assert_eq!(household(PER_ACCOUNT, ended.clone()), []);
    assert_eq!(household(PER_ACCOUNT + 1, ended.clone()), [Wrong::Limit]);
    assert_eq!(household(PER_ACCOUNT - 1, ended), [Wrong::Limit]);
    // With a stuck case, an account may not have reached the limit.
    assert_eq!(household(PER_ACCOUNT - 1, Rest::Stuck("gave up".to_owned())), []);
}

#[test]
fn a_stuck_case_has_done_a_part_and_nothing_else() {
    let stuck = |is| Seen { rest: Rest::Stuck("gave up".to_owned()), ..seen(is) };
    assert_eq!(wrongs(stuck(observed(&[], &["Refund of use 1"])), &[]), []);
    let told = |comments: &[Written]| observed(comments, &["Refund of use 1"]);
    assert_eq!(wrongs(stuck(told(&[Written::StuckNote])), &[]), [], "people are told");
    assert_eq!(wrongs(stuck(told(&[Written::StuckNote, Written::StuckNote])), &[]), [Wrong::Twice]);
    assert_eq!(
        wrongs(stuck(told(&[Written::Note])), &[]),
        [Wrong::Different],
        "another note is none of that"
    );
    let ended = |handed_over| Seen { rest: Rest::Ended { handed_over }, ..seen(told(&[Written::StuckNote])) };
    assert_eq!(wrongs(ended(true), &[]), []);
    assert_eq!(wrongs(ended(false), &[]), [Wrong::Lost]);
    assert_eq!(wrongs(stuck(observed(&[public("취소했습니다")], &[])), &[]), [Wrong::Different]);
}

#[test]
fn figures_that_differ_from_what_happened_are_found() {
    let day = jiff::civil::date(2026, 11, 20);
    let figures = |counts: &[(&str, u64)]| {
        counts
            .iter()
            .map(|(name, count)| ((day, (*name).to_owned()), *count))
            .collect::<misread::domain::case::Figures>()
    };
    let actions = [action(ActionKind::Refund, "use-1", "key")];
    let tickets = [seen(refunded())];
    let written = u64::try_from(tickets[0].markers.len()).unwrap();
    let agree =
        [("acted.refund", 1), ("won.refund", 12_000), ("written.reply", written), ("ended.settled", 9)];
    assert_eq!(of_figures(&figures(&agree), &tickets, &actions), []);
    for wrong in [
        [("acted.refund", 2), ("won.refund", 12_000), ("written.reply", written)],
        [("acted.refund", 0), ("won.refund", 12_000), ("written.reply", written)],
        [("acted.refund", 1), ("won.refund", 12_000), ("written.reply", written + 1)],
        [("acted.coupon", 1), ("won.refund", 12_000), ("written.reply", written)],
        [("acted.refund", 1), ("won.refund", 12_001), ("written.reply", written)],
        [("acted.refund", 1), ("won.refund", 11_999), ("written.reply", written)],
        [("acted.refund", 1), ("won.coupon", 12_000), ("written.reply", written)],
    ] {
        let found = of_figures(&figures(&wrong), &tickets, &actions);
        assert!(!found.is_empty() && found.iter().all(|found| found.wrong == Wrong::Figures), "{wrong:?}");
    }
    // A stuck case may have acted without a receipt, but no figure is ever too high.
    let stuck = [Seen { rest: Rest::Stuck("x".to_owned()), ..tickets[0].clone() }];
    assert_eq!(of_figures(&figures(&[("written.reply", written)]), &stuck, &actions), []);
    assert!(
        !of_figures(&figures(&[("acted.refund", 2), ("written.reply", written)]), &stuck, &actions)
            .is_empty()
    );
}
