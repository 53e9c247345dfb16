//! Whether the customer uses the car (guide, order of a consultation 3).

use std::collections::BTreeSet;

use super::entered;
use crate::domain::case::facts::is_plate_text_of;
use crate::domain::case::fold::Case;
use crate::domain::parking::ParkingUse;
use crate::domain::plate::GivenPlate;
use crate::domain::policy::{Evidence, VehicleMatch};
use crate::domain::words::{Answer, Question};

/// `writer_is_known`: while false, the use is not considered, so that the first question does not reveal whether one
/// exists.
pub(super) fn vehicle(
    case: &Case,
    writer_is_known: bool,
    one: Option<&ParkingUse>,
) -> Evidence<VehicleMatch> {
    match one.filter(|_| writer_is_known) {
        Some(parking_use) => of_use(case, parking_use),
        None => of_words(case),
    }
}

/// Which car is meant, by the given and the registered plates alone.
fn of_words(case: &Case) -> Evidence<VehicleMatch> {
    match case.answer(Question::Vehicle) {
        Some(Answer::No) => return Evidence::of(VehicleMatch::NotOwn, "고객 답변: 본인 차량이 아님"),
        Some(Answer::Yes) => return Evidence::of(VehicleMatch::Own, "고객 답변: 본인 차량"),
        Some(Answer::Unclear) | None => {}
    }
    if case.is_left_open(Question::Vehicle) {
        return left_open(case);
    }
    match case.facts.given_plate() {
        GivenPlate::Read(plate) => Evidence::of(VehicleMatch::Own, format!("알려 준 차량번호 {plate}")),
        GivenPlate::Several(plates) => {
            let plates: Vec<String> = plates.iter().map(ToString::to_string).collect();
            Evidence::of(VehicleMatch::Contradicted, "글")
                .against([format!("서로 다른 차량번호 {}", plates.join(", "))])
        }
        GivenPlate::LastDigits(digits) => {
            Evidence::of(VehicleMatch::Unread, "글").not_understood([format!("차량번호 뒷자리 {digits}")])
        }
        GivenPlate::Unread(text) => {
            Evidence::of(VehicleMatch::Unread, "글").not_understood([format!("차량번호 “{text}”")])
        }
        GivenPlate::Absent if registered(case).len() == 1 => {
            Evidence::of(VehicleMatch::Own, "계정에 등록된 차량이 하나임")
        }
        GivenPlate::Absent => Evidence::of(VehicleMatch::Unknown, "알려 준 차량번호가 없음"),
    }
}

/// The given plate equals the use's, or none is given and exactly one vehicle is registered; otherwise the customer's own
/// word, unless another plate was named.
fn of_use(case: &Case, parking_use: &ParkingUse) -> Evidence<VehicleMatch> {
    let others = case.facts.other_plates(parking_use);
    if !others.is_empty() {
        let against = others.into_iter().map(|plate| format!("알려 준 차량번호 {plate}"));
        let source = format!("이용 건의 차량번호 {}", parking_use.vehicle.plate);
        return Evidence::of(VehicleMatch::Contradicted, source).against(against);
    }
    match case.answer(Question::Vehicle) {
        Some(Answer::No) => return Evidence::of(VehicleMatch::NotOwn, "고객 답변: 본인 차량이 아님"),
        Some(Answer::Yes) => {
            return Evidence::of(
                VehicleMatch::Own,
                format!("고객 답변: 본인 차량({} 입차 건)", entered(parking_use)),
            );
        }
        Some(Answer::Unclear) | None => {}
    }
    if case.is_left_open(Question::Vehicle) {
        return left_open(case);
    }
    let registered = registered(case);
    match case.facts.given_plate() {
        GivenPlate::Read(_) => {
            Evidence::of(VehicleMatch::Own, "알려 준 차량번호가 이용 건의 차량번호와 같음")
        }
        GivenPlate::Unread(text) if is_plate_text_of(&text, parking_use) => {
            Evidence::of(VehicleMatch::Own, "알려 준 차량번호가 이용 건의 차량번호와 글자까지 같음")
        }
        GivenPlate::Unread(text) => Evidence::of(VehicleMatch::Unread, "이용 건의 차량인지 알 수 없음")
            .not_understood([format!("차량번호 “{text}”")]),
        GivenPlate::Several(_) | GivenPlate::LastDigits(_) | GivenPlate::Absent
            if registered.len() == 1
                && registered.iter().all(|plate| is_plate_text_of(plate, parking_use)) =>
        {
            Evidence::of(VehicleMatch::Own, "계정에 등록된 유일한 차량이 이용 건의 차량과 같음")
        }
        GivenPlate::Several(_) | GivenPlate::LastDigits(_) | GivenPlate::Absent => {
            Evidence::of(VehicleMatch::Unknown, "알려 준 차량번호가 없고 등록 차량으로 특정할 수 없음")
        }
    }
}

/// A plate among words that are not understood is no yes: "12가3456이 흰색 아반떼면 제 차 맞아요".
fn left_open(case: &Case) -> Evidence<VehicleMatch> {
    Evidence::of(VehicleMatch::Unknown, "차량을 여쭌 답변이 분명하지 않음")
        .not_understood(case.not_understood())
}

/// The registered vehicles, each once. A vehicle with an unreadable plate counts too.
fn registered(case: &Case) -> BTreeSet<&str> {
    let vehicles = case.facts.account.iter().flatten().flat_map(|account| &account.vehicles);
    vehicles.map(|vehicle| vehicle.plate.trim()).collect()
}
