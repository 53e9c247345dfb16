//! The facts of one reply, formatted for the customer: times in Korea, amounts in won, the place as far as it may be
//! disclosed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Weekday;
use minijinja::Value;

use super::{Placeholder, ReplyFacts};
use crate::domain::parking::ParkingUse;
use crate::domain::seoul::seoul;

/// The value of a condition that holds.
const TRUE: &str = "true";

/// The known facts; a blank fact counts as unknown.
pub(super) fn values(facts: &ReplyFacts<'_>) -> BTreeMap<Placeholder, String> {
    let of_the_ticket = [
        (Placeholder::TicketId, Some(facts.ticket_id.to_string())),
        (Placeholder::RequesterName, Some(one_line(facts.requester_name))),
        (Placeholder::IsFirst, facts.is_first.then(|| TRUE.to_owned())),
        (Placeholder::IsAnswer, facts.is_answer.then(|| TRUE.to_owned())),
        (Placeholder::IsLetter, facts.is_letter.then(|| TRUE.to_owned())),
    ];
    let known = of_the_ticket.into_iter().chain(facts.parking_use.into_iter().flat_map(of_the_use));
    let known = known.filter_map(|(placeholder, value)| Some((placeholder, value?)));
    known.filter(|(_, value)| !value.trim().is_empty()).collect()
}

fn of_the_use(parking_use: &ParkingUse) -> [(Placeholder, Option<String>); 6] {
    [
        (Placeholder::EnteredAt, Some(moment(parking_use.entered_at))),
        (Placeholder::ExitedAt, parking_use.exited_at.map(moment)),
        (Placeholder::Amount, parking_use.amount.map(|amount| amount.to_string())),
        (Placeholder::Plate, Some(parking_use.vehicle.plate.clone())),
        (Placeholder::Place, Some(place(parking_use))),
        (Placeholder::Region, Some(parking_use.lot.region.clone())),
    ]
}

/// The lot's name if ownership is verified, otherwise the administrative area (guide, order of a consultation, 2).
fn place(parking_use: &ParkingUse) -> String {
    let lot = &parking_use.lot;
    let region = lot.region.trim();
    match (parking_use.vehicle.ownership_verified, region) {
        (true, _) => lot.name.clone(),
        (false, "") => String::new(),
        (false, region) => format!("{region}의 한 주차장"),
    }
}

/// The values as a tree for dotted paths. Unknown facts are included as undefined, so that conditions can test them.
pub(super) fn context(values: &BTreeMap<Placeholder, String>) -> Value {
    let value =
        |placeholder| values.get(&placeholder).map_or(Value::UNDEFINED, |value| Value::from(value.as_str()));
    let paths = Placeholder::ALL.iter().map(|placeholder| (placeholder.path(), value(*placeholder)));
    tree(&paths.collect::<Vec<_>>())
}

fn tree(paths: &[(&str, Value)]) -> Value {
    let mut leaves: BTreeMap<&str, Value> = BTreeMap::new();
    let mut branches: BTreeMap<&str, Vec<(&str, Value)>> = BTreeMap::new();
    for (path, value) in paths {
        match path.split_once('.') {
            Some((first, rest)) => branches.entry(first).or_default().push((rest, value.clone())),
            None => drop(leaves.insert(path, value.clone())),
        }
    }
    leaves.extend(branches.into_iter().map(|(name, inner)| (name, tree(&inner))));
    Value::from_pairs(leaves)
}

/// `2026년 11월 20일(금) 오후 2시 5분`. With the year, since a claim may be older than a year.
fn moment(at: Timestamp) -> String {
    let local = seoul(at);
    let weekday = match local.weekday() {
        Weekday::Monday => '월',
        Weekday::Tuesday => '화',
        Weekday::Wednesday => '수',
        Weekday::Thursday => '목',
        Weekday::Friday => '금',
        Weekday::Saturday => '토',
        Weekday::Sunday => '일',
    };
    let half = if local.hour() < 12 { "오전" } else { "오후" };
    let hour = if local.hour() % 12 == 0 { 12 } else { local.hour() % 12 };
    let minute = if local.minute() == 0 { String::new() } else { format!(" {}분", local.minute()) };
    format!("{}년 {}월 {}일({weekday}) {half} {hour}시{minute}", local.year(), local.month(), local.day())
}

/// Customers choose their names: line breaks and control characters must not enter our text.
fn one_line(name: &str) -> String {
    let visible: String = name.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
