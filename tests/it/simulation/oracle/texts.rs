//! The texts to customers are true, sent once, go to the right person, and disclose nothing that they must not know.

use jiff::tz::TimeZone;
use misread::domain::parking::{Airport, Operation, ParkingAction, ParkingUse, UseStatus};

use super::who::tells_nothing;
use super::{Verdict, View};
use crate::simulation::schedule::MISSPELT;
use crate::simulation::texts::{self as words, questions_in, reminds};
use crate::simulation::utterances::Question;
use crate::simulation::world::{PersonDid, What, Written};

pub(super) fn judge(view: &View<'_>, verdict: &mut Verdict) {
    for (place, written) in view.writes() {
        let how = format!("log {place}");
        let template = written.body.contains("{{") || written.body.contains("{%");
        verdict.must(!template, "what a customer wrote is never a template", &how);
    }
    for (place, text) in view.texts() {
        let internal =
            ["[misread]", "정책 행", "판단", "misread-"].iter().any(|word| text.body.contains(word));
        verdict.must(
            !internal,
            "what an internal note carries never reaches the customer",
            format!("log {place}"),
        );
        let read = view.basis(text.call, |what| matches!(what, What::ReadHistory));
        verdict.must(!view.is_a_persons(read), "a person always wins", format!("text at log {place}"));
        let triggers = ["misread_waiting", "misread_done"];
        let answer_tells = triggers.iter().any(|tag| text.tags.iter().any(|present| present == tag));
        verdict.must(
            answer_tells || text.group.is_some(),
            "the ticket waits for the customer, and the answer resumes it",
            format!("no trigger would tell of an answer to the text at log {place}"),
        );
        discloses(view, place, text, read, verdict);
        promises(view, place, text, verdict);
    }
    asks(view, verdict);
    repeats(view, verdict);
    tells_of_tags(view, verdict);
}

/// A misspelt tag is told once, after a person has set it, and changes nothing else.
fn tells_of_tags(view: &View<'_>, verdict: &mut Verdict) {
    let sentence = "a misspelt tag is told once, and nothing is done by a guess";
    for tag in MISSPELT {
        let seen = format!("추가하신 태그({tag}");
        let notes: Vec<_> = view
            .all_writes()
            .filter(|(_, written)| {
                written.body.contains(words::TELLS_OF_TAGS) && written.body.contains(&seen)
            })
            .collect();
        let how = format!("{tag} in {} notes", notes.len());
        verdict.must(notes.len() <= 1, sentence, &how);
        for (place, note) in notes {
            verdict.must(!note.public && !note.routes, sentence, format!("{note:?} at log {place}"));
            let touched = view.persons().any(|(at, did, _)| at < place && did == PersonDid::Touched);
            verdict.must(touched, sentence, format!("{tag} at log {place} was never set"));
        }
    }
}

/// The facts of a use as a text would name them.
fn traits(parking_use: &ParkingUse) -> Vec<String> {
    let entered = parking_use.entered_at.to_zoned(TimeZone::get("Asia/Seoul").unwrap());
    let date = format!("{}년 {}월 {}일", entered.year(), entered.month(), entered.day());
    let amount = parking_use.amount.filter(|amount| amount.0 > 0).map(|amount| amount.to_string());
    let lot = &parking_use.lot;
    [lot.region.clone(), parking_use.vehicle.plate.clone(), date].into_iter().chain(amount).collect()
}

fn discloses(view: &View<'_>, place: usize, text: &Written, read: usize, verdict: &mut Verdict) {
    let looked = view.basis(text.call, |what| matches!(what, What::ReadUses));
    let meant = view.meant(looked);
    let one = if let [one] = meant.as_slice() { Some(*one) } else { None };
    let acted = view.acts().filter(|(at, _)| *at < place).last().map(|(_, act)| &act.before);
    let about = acted.or(one);
    let turn = view.turn(&text.key, text.call);
    let released = view.is_released(text, read);
    let holder = about.filter(|parking_use| view.is_holder(parking_use, turn, released));
    verdict.must(
        holder.is_some() || tells_nothing(text),
        "Not the holder: not even that there is a use is told",
        format!("log {place}"),
    );
    let open = holder.map(traits).unwrap_or_default();
    for parking_use in view.facts(place) {
        let told = traits(parking_use).into_iter().find(|it| text.body.contains(it) && !open.contains(it));
        verdict.must(
            told.is_none(),
            "Not the holder: no detail of the use is disclosed",
            format!("{told:?} at log {place}"),
        );
        let named = text.body.contains(&parking_use.lot.name);
        let theirs = holder.is_some_and(|it| it.lot.name == parking_use.lot.name);
        verdict.must(
            !named || (theirs && parking_use.vehicle.ownership_verified),
            "the lot's name may be said by us first only when ownership is verified",
            format!("{} at log {place}", parking_use.lot.name),
        );
        let offers = text.body.contains(words::SELF_CANCEL);
        let not_there = holder.is_some_and(|it| it.id == parking_use.id && !it.lot.self_cancel);
        let is_excepted = !holder.is_some_and(|it| it.vehicle.ownership_verified)
            && text.body.contains(words::SELF_CANCEL_EXCEPT);
        verdict.must(
            !(offers && not_there) || is_excepted,
            "[앱결제 취소] is not offered for this lot",
            format!("log {place}"),
        );
        let gives_away = text.body.contains(words::NO_SELF_CANCEL);
        verdict.must(
            !gives_away || holder.is_some_and(|it| it.vehicle.ownership_verified),
            "the region with what cannot be done at a lot tells which lot it is",
            format!("log {place}"),
        );
    }
}

/// A text reports what was done: everything that belongs to it, and nothing else.
fn promises(view: &View<'_>, place: usize, text: &Written, verdict: &mut Verdict) {
    let done = |action: ParkingAction| {
        view.acts().filter(|(at, act)| *at < place && act.action == action).map(|(_, act)| act).last()
    };
    let says = [
        (words::CANCELLED, ParkingAction::Cancel),
        (words::REFUNDED, ParkingAction::Refund),
        (words::WITHDRAWN, ParkingAction::WithdrawReceivable),
        (words::COUPON_GRANTED, ParkingAction::Coupon),
        (words::POINTS_GRANTED, ParkingAction::Points),
    ];
    for (said, action) in says.into_iter().filter(|(said, _)| text.body.contains(said)) {
        let act = done(action);
        verdict.must(act.is_some(), "say what was done", format!("`{said}` at log {place}"));
        let owed = act.is_some_and(|act| {
            let incheon = act.before.lot.airport == Some(Airport::Incheon);
            let by_row = match action {
                ParkingAction::Cancel | ParkingAction::WithdrawReceivable => true,
                ParkingAction::Refund => incheon,
                _ => false,
            };
            by_row && act.before.lot.operation == Operation::Partner
        });
        let made_good = done(ParkingAction::OperatorMakeGood).is_some();
        verdict.must(made_good || !owed, "operator make-good: rows 2, 6, 7 and 10", format!("log {place}"));
    }
    let inspection = text.body.contains(words::INSPECTED);
    verdict.must(
        !inspection || done(ParkingAction::Inspection).is_some(),
        "the lot is asked to inspect its device, and that request is filed",
        format!("log {place}"),
    );
    let cancelled = |parking_use: &ParkingUse| parking_use.status == UseStatus::CancelledByCustomer;
    let reassures = text.body.contains(words::CANCELLED_BY_CUSTOMER);
    verdict.must(!reassures || view.facts(place).iter().any(cancelled), "row 1", format!("log {place}"));
}

/// An answer that is not understood: the question is repeated once, then an agent decides.
fn asks(view: &View<'_>, verdict: &mut Verdict) {
    for question in [Question::Identity, Question::Vehicle, Question::Coupon] {
        let asks = |text: &Written| !reminds(&text.body) && questions_in(&text.body).contains(&question);
        let times = view.texts().filter(|(_, text)| asks(text)).count();
        verdict.must(
            times <= 2,
            "an answer that can't be understood: an agent decides",
            format!("{question:?} was asked {times} times"),
        );
    }
}

/// Every text has a reason: a message of the customer, a give-back, changed facts, or a long wait.
fn repeats(view: &View<'_>, verdict: &mut Verdict) {
    let texts: Vec<(usize, &Written)> = view.texts().collect();
    for pair in texts.windows(2) {
        let [(first, one), (second, other)] = pair else { continue };
        let between = &view.finished.log[*first..*second];
        let reason = between.iter().any(|event| {
            matches!(event.what, What::Said(_) | What::Person(_) | What::RequesterChanged)
                || (matches!(event.what, What::Facts(_)) && one.body != other.body)
        });
        let hours = view.finished.log[*second].at.duration_since(view.finished.log[*first].at).as_hours();
        // The second text may answer a message that arrived just before the first.
        let crossed = view.messages().any(|(at, _)| {
            at < *first && at > view.basis(one.call, |what| matches!(what, What::ReadHistory))
        });
        verdict.must(
            reason || crossed || hours >= 20,
            "never does a thing twice: one answer to what the customer said",
            format!("texts at log {first} and {second} with nothing between them"),
        );
    }
}
