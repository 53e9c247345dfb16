//! Turns what was read and heard into the policy's inputs, each with the evidence for it, against it, and what was not
//! understood.

mod of_use;
mod vehicle;
mod writer;

use crate::domain::case::effect::Occasion;
use crate::domain::case::fold::Case;
use crate::domain::case::playbook::Playbook;
use crate::domain::parking::ParkingUse;
use crate::domain::plate::GivenPlate;
use crate::domain::policy::{Evidence, Found, Request, Situation};
use crate::domain::seoul::seoul;
use crate::domain::ticket::Ticket;
use crate::domain::used_at::{GivenTime, UsedAt};
use crate::domain::words::{Against, Answer};

/// The policy's inputs for this case.
pub(super) fn situation(case: &Case, playbook: &Playbook, ticket: &Ticket) -> Situation {
    let one = case.facts.the_use();
    let identity = writer::writer(case, ticket, one);
    Situation {
        found: found(case),
        vehicle: vehicle::vehicle(case, writer::is_known(identity.value), one),
        request: request(case, one.filter(|_| writer::is_known(identity.value))),
        identity,
        one: one.map(|parking_use| of_use::of_use(case, playbook, parking_use)),
    }
}

/// Whether the customer's answer of this turn leaves a question open with words that were not understood.
pub(super) fn leaves_open(case: &Case) -> bool {
    let heard = case.turn.heard.as_ref().filter(|_| case.turn.occasion == Occasion::Customer);
    heard.is_some_and(|heard| heard.reading.answers.keys().any(|question| heard.leaves_open(*question)))
}

/// The same situation, in which the words of this turn were not understood.
pub(super) fn unread(case: &Case, situation: Situation) -> Situation {
    let request = Evidence::of(Request::Unread, "고객의 글").not_understood(case.not_understood());
    Situation { request, ..situation }
}

/// Policy, order of a consultation 2.
fn found(case: &Case) -> Evidence<Found> {
    let facts = &case.facts;
    let against = match facts.candidates().as_slice() {
        [one] => facts.other_times(one).iter().map(|time| format!("글에 적힌 시각 {}", day(time))).collect(),
        [] => excluding(case),
        _ => Vec::new(),
    };
    let unread = match facts.used_at() {
        GivenTime::Unread(text) => Some(format!("이용 일시 “{text}”")),
        GivenTime::Absent | GivenTime::Read(_) => None,
    };
    Evidence::of(facts.found(), facts.searched_by()).against(against).not_understood(unread)
}

/// The given details that none of the uses fits.
fn excluding(case: &Case) -> Vec<String> {
    let plate = match case.facts.given_plate() {
        GivenPlate::Read(plate) => Some(format!("알려 준 차량번호 {plate}")),
        GivenPlate::Several(plates) => {
            let plates: Vec<String> = plates.iter().map(ToString::to_string).collect();
            Some(format!("서로 다른 차량번호 {}", plates.join(", ")))
        }
        GivenPlate::LastDigits(digits) => Some(format!("알려 준 차량번호 뒷자리 {digits}")),
        GivenPlate::Absent | GivenPlate::Unread(_) => None,
    };
    let time = match case.facts.used_at() {
        GivenTime::Read(used_at) => Some(format!("알려 준 이용 일시 {}", day(&used_at))),
        GivenTime::Absent | GivenTime::Unread(_) => None,
    };
    plate.into_iter().chain(time).collect()
}

fn day(used_at: &UsedAt) -> String {
    let time = used_at.time.map(|time| time.strftime(" %H:%M").to_string());
    format!("{}{}", used_at.date, time.unwrap_or_default())
}

/// Policy, "Who writes": all of a message counts, and the first one may contradict the request. `one`: the use, if the
/// writer is known; until then the use is not considered.
fn request(case: &Case, one: Option<&ParkingUse>) -> Evidence<Request> {
    let against: Vec<String> =
        case.talk.against.iter().map(|against: &Against| against.korean().to_owned()).collect();
    if !against.is_empty() {
        return Evidence::of(Request::Contradicted, "고객의 글")
            .against(against)
            .not_understood(case.not_understood());
    }
    if rests_on_unread_words(case) {
        return Evidence::of(Request::Unread, "고객의 글").not_understood(case.not_understood());
    }
    if case.turn.heard.as_ref().is_some_and(|heard| heard.doubtful) {
        let doubt = "첫 문의가 본인 미사용 문의와 다르게 읽힘(예문과 견줌)".to_owned();
        return Evidence::of(Request::Unread, "고객의 글").not_understood([doubt]);
    }
    let there = one.map(|parking_use| been_there(case, parking_use)).unwrap_or_default();
    if !there.is_empty() {
        return Evidence::of(Request::Unread, "고객의 글").not_understood(there);
    }
    Evidence::of(Request::Stands, "고객의 글에 요청과 다른 내용 없음")
}

/// The places that the customer admits to have been at, if the use's lot has the same name or lies in the same area: "그날
/// 강남에 있었어요" denies nothing of a lot in Gangnam.
fn been_there(case: &Case, parking_use: &ParkingUse) -> Vec<String> {
    let of_the_lot: Vec<String> =
        [&parking_use.lot.name, &parking_use.lot.region].map(|text| text.split_whitespace().collect()).into();
    let places = case.facts.named.places.iter();
    let there = places.filter(|place| of_the_lot.iter().any(|text| text.contains(place.as_str())));
    there.map(|place| format!("이용 건의 주차장이나 지역과 같은 곳({place})에 있었다는 말")).collect()
}

/// Whether the turn would go on with words that are not all understood. A writer who has not answered clearly yet is asked
/// again instead, if there is text to read.
fn rests_on_unread_words(case: &Case) -> bool {
    let Some(heard) = case.turn.heard.as_ref().filter(|_| case.turn.occasion == Occasion::Customer) else {
        return false;
    };
    let answers = &heard.reading.answers;
    let is_answer = answers.is_empty() || answers.values().any(|answer| *answer != Answer::Unclear);
    heard.unreadable > 0 || (is_answer && heard.warnings.is_empty() && !heard.reading.nothing_else)
}

/// The entry time in Seoul, for notes.
pub(super) fn entered(parking_use: &ParkingUse) -> String {
    seoul(parking_use.entered_at).strftime("%-m월 %-d일 %H:%M").to_string()
}
