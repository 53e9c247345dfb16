//! What the service may do by itself: in shadow only a note, on assist what an agent has released, word for word.

use misread::domain::case::OrderKind;
use misread::domain::parking::ParkingAction;
use misread::domain::policy::Trust;

use super::who::tells_nothing;
use super::{Verdict, View};
use crate::simulation::texts;
use crate::simulation::world::{What, Written};

pub(super) fn judge(view: &View<'_>, verdict: &mut Verdict) {
    match view.finished.trust {
        Trust::Shadow => shadow(view, verdict),
        Trust::Assist => assist(view, verdict),
        // With only the writer's own word, nothing happens without a person (policy, "Who writes").
        Trust::Auto if !view.is_tied() => assist(view, verdict),
        Trust::Auto => {}
    }
}

/// Whether this write is a note that asks agents to release its reply.
pub(super) fn asks_for_release(written: &Written) -> bool {
    !written.public && written.body.contains("misread_release")
}

/// Writes an internal note that says what it would do and say. Nothing else happens; people work as before.
fn shadow(view: &View<'_>, verdict: &mut Verdict) {
    let sentence = "in shadow an internal note is all that happens";
    if view.events().any(|(_, event)| matches!(event.what, What::Ordered(OrderKind::HandOver))) {
        // Operations have ordered more than that.
        return;
    }
    let acts = view.acts().count();
    verdict.must(acts == 0, sentence, format!("{acts} actions"));
    for (place, written) in view.writes() {
        let how = format!("{written:?} at log {place}");
        verdict.must(!written.public && !written.routes, sentence, how);
    }
    // The note that the service gave up is written with any trust.
    let notes = view.writes().filter(|(_, written)| !written.body.contains("자동 처리 멈춤")).count();
    verdict.must(notes <= 1, sentence, format!("{notes} notes"));
}

/// Prepares everything; the note carries the reply, and an agent's tag releases it.
fn assist(view: &View<'_>, verdict: &mut Verdict) {
    for (place, act) in view.acts() {
        let read = view.basis(act.call, |what| matches!(what, What::ReadHistory));
        let released = view.released(read);
        let named = released.is_some_and(|(_, note)| note.body.contains(word(act.action)));
        let how = format!("{:?} at log {place}", act.action);
        verdict.must(named, "on assist nothing is done that no agent has released", how);
    }
    let all = view.finished.trust == Trust::Assist;
    let awaits = |text: &Written| is_of_a_row(text) && (all || !tells_nothing(text));
    for (place, text) in view.texts().filter(|(_, text)| awaits(text)) {
        let read = view.basis(text.call, |what| matches!(what, What::ReadHistory));
        let released = view.released(read);
        let said = view.is_released(text, read);
        let once =
            released.is_some_and(|(at, _)| !view.texts().any(|(other, _)| (at..place).contains(&other)));
        let how = format!("log {place}");
        verdict.must(said, "on assist the customer reads what an agent has released, word for word", &how);
        verdict.must(once, "one release, one text", &how);
    }
    for place in view.releases(view.finished.log.len()) {
        let read = view.events().find(|(at, event)| *at > place && matches!(event.what, What::ReadHistory));
        let followed = view.writes().any(|(at, _)| at > place) || view.acts().any(|(at, _)| at > place);
        let cut_short = view.finished.state == misread::ports::CaseState::Stuck
            || view.events().any(|(_, event)| matches!(event.what, What::Closed));
        let how = format!("nothing follows from the release at log {place}");
        verdict.must(followed || cut_short || read.is_none(), "an agent's tag releases it", how);
    }
}

/// Whether a row of the policy sends this text: reminders, closing texts and answers to wishes belong to none.
pub(super) fn is_of_a_row(text: &Written) -> bool {
    !texts::reminds(&text.body) && !texts::only_answers(&text.body)
}

/// The customer centre's term for an action.
pub(super) fn word(action: ParkingAction) -> &'static str {
    match action {
        ParkingAction::Cancel => "픽 취소",
        ParkingAction::Refund => "결제취소",
        ParkingAction::WithdrawReceivable => "미수철회",
        ParkingAction::OperatorMakeGood => "보전처리",
        ParkingAction::Inspection => "기기 점검",
        ParkingAction::Coupon => "쿠폰",
        ParkingAction::Points => "포인트",
    }
}
