//! Whether money moved as the decision table allows, and only for customers for whom it may.

use std::collections::BTreeMap;

use misread::domain::parking::{Airport, Operation, ParkingAction, ParkingUse, UseStatus};

use super::trust::word;
use super::{Verdict, View};
use crate::simulation::situation::CAP;
use crate::simulation::texts;
use crate::simulation::utterances::{Label, Question};
use crate::simulation::world::{Act, What};

pub(super) fn judge(view: &View<'_>, verdict: &mut Verdict) {
    let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (place, act) in view.acts() {
        let name = format!("{:?}", act.action);
        *times.entry((act.use_id.to_string(), name)).or_default() += 1;
        for_whom(view, place, act, verdict);
        by_the_table(view, place, act, verdict);
    }
    for ((parking_use, action), times) in times {
        verdict.must(
            times == 1,
            "never does a thing twice",
            format!("{action} on {parking_use}, {times} times"),
        );
    }
}

/// The order of a consultation: identity, the use, the vehicle; a person always wins.
fn for_whom(view: &View<'_>, place: usize, act: &Act, verdict: &mut Verdict) {
    let read = view.basis(act.call, |what| matches!(what, What::ReadHistory));
    let how = format!("{:?} on {} (log {place})", act.action, act.use_id);
    let turn = view.turn(&act.key, act.call);
    let released = view.released(read).is_some_and(|(_, note)| note.body.contains(word(act.action)));
    verdict.must(
        view.is_holder(&act.before, turn, released),
        "Confirm that the writer is the holder of the app account. Not the holder: nothing is cancelled",
        &how,
    );
    verdict.must(
        view.is_own_car(&act.before, read),
        "Confirm that the registered plate is the customer's own",
        &how,
    );
    verdict.must(!view.is_a_persons(read), "a person always wins", &how);
    let mut earlier = view.acts().take_while(|(at, _)| *at < place);
    if !earlier.any(|(_, earlier)| earlier.use_id == act.use_id) {
        let looked = view.basis(act.call, |what| matches!(what, What::ReadUses));
        let meant = view.meant(looked);
        let one = matches!(meant.as_slice(), [one] if one.id == act.use_id);
        verdict.must(one, "No use found, several uses that fit: an agent decides", &how);
    }
}

fn by_the_table(view: &View<'_>, place: usize, act: &Act, verdict: &mut Verdict) {
    let looked = view.basis(act.call, |what| matches!(what, What::ReadUses));
    let known = view.facts(looked).iter().find(|parking_use| parking_use.id == act.use_id);
    let parking_use = known.unwrap_or(&act.before);
    let lot = &parking_use.lot;
    let how = format!("{:?} at {parking_use:?} (log {place})", act.action);
    let incheon = lot.airport == Some(Airport::Incheon);
    if act.action != ParkingAction::Inspection || parking_use.status != UseStatus::CancelledByCustomer {
        let known = lot.operation != Operation::Unknown && lot.airport != Some(Airport::Unknown);
        let known = known && parking_use.status != UseStatus::Unknown;
        verdict.must(known, "a status that the table does not know: an agent decides", &how);
        verdict.must(!(incheon && lot.closed), "Incheon Airport and closed: an agent decides", &how);
    }
    match act.action {
        ParkingAction::Cancel => {
            verdict.must(act.before.status == UseStatus::InUse, "rows 2 and 3: in use", &how);
        }
        ParkingAction::Refund | ParkingAction::WithdrawReceivable => {
            verdict.must(!lot.closed, "rows 5 and 9: closed, none possible", &how);
            if incheon {
                after_the_call(view, act, parking_use, verdict, &how);
            }
        }
        ParkingAction::OperatorMakeGood => make_good(view, place, act, verdict, &how),
        ParkingAction::Coupon | ParkingAction::Points => grant(view, act, parking_use, verdict, &how),
        ParkingAction::Inspection => {
            let done = view.acts().any(|(at, other)| at < place && other.use_id == act.use_id);
            let cancelled = parking_use.status == UseStatus::CancelledByCustomer;
            verdict.must(done || cancelled, "4 explain and cancel, 5 improvement: in this order", &how);
        }
    }
}

fn after_the_call(view: &View<'_>, act: &Act, parking_use: &ParkingUse, verdict: &mut Verdict, how: &str) {
    let read = view.basis(act.call, |what| matches!(what, What::ReadHistory));
    verdict.must(
        !view.give_backs(read).is_empty(),
        "Incheon Airport: after an agent has called the airport; a person acts first",
        how,
    );
    let partner = parking_use.lot.operation == Operation::Partner;
    verdict.must(partner, "rows 6 and 10 need a make-good, which a directly operated lot never gets", how);
}

fn make_good(view: &View<'_>, place: usize, act: &Act, verdict: &mut Verdict, how: &str) {
    let lot = &act.before.lot;
    verdict.must(lot.operation == Operation::Partner, "directly operated: no make-good (24.9.6)", how);
    let allowed = view.acts().any(|(at, earlier)| {
        let same = at < place && earlier.use_id == act.use_id;
        let by_row = match earlier.action {
            ParkingAction::Cancel | ParkingAction::WithdrawReceivable => true,
            ParkingAction::Refund => lot.airport == Some(Airport::Incheon),
            _ => false,
        };
        same && by_row
    });
    verdict.must(allowed, "make-good: rows 2, 6, 7 and 10 alone, after the action on the use", how);
}

fn grant(view: &View<'_>, act: &Act, parking_use: &ParkingUse, verdict: &mut Verdict, how: &str) {
    let read = view.basis(act.call, |what| matches!(what, What::ReadHistory));
    let compensated = parking_use.lot.closed
        && parking_use.lot.airport.is_none()
        && act.before.status == UseStatus::Completed;
    verdict.must(compensated, "rows 5 and 9: a grant only for what is paid at a closed lot", how);
    verdict.must(act.amount == act.before.amount, "the amount charged", how);
    verdict.must(act.amount.is_some_and(|amount| amount <= CAP), "above the cap an agent decides", how);
    let word = view.word(Question::Coupon, read);
    if act.action == ParkingAction::Coupon {
        let accepted = matches!(word, Label::Yes | Label::Either);
        return verdict.must(accepted, "row 5: offer a coupon first; the customer accepts", how);
    }
    let declined = matches!(word, Label::No | Label::NotYes | Label::Either);
    let asked_to_pay = view.texts().any(|(at, text)| {
        let owed = |parking_use: &&ParkingUse| parking_use.id == act.use_id;
        let looked = view.basis(text.call, |what| matches!(what, What::ReadUses));
        let unpaid = view.facts(looked).iter().find(owed).is_some_and(|it| it.status == UseStatus::Unpaid);
        at < act.call.place && text.body.contains(texts::PAY_FIRST) && unpaid
    });
    verdict.must(
        declined || asked_to_pay,
        "row 5: if the customer declines the coupon, T points; row 9: the customer pays first",
        how,
    );
}
