//! From what was read to what the policy asks: which use is meant, who writes, whose car it is.

use crate::domain::parking::{Account, Airport, Lot, Operation, ParkingUse, UseQuery, UseStatus, UsesOf};
use crate::domain::plate::Plate;
use crate::domain::policy::{
    Found, Identity, LotKind, OneUse, Operator, Situation, Sourced, Status, VehicleMatch,
};
use crate::domain::ticket::Ticket;

/// What is known of a case's world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The ticket as last read.
    pub ticket: Option<Ticket>,
    /// The requester's account: not read, no such account, or as read.
    pub account: Option<Option<Account>>,
    /// The uses that were looked up.
    pub uses: Option<UsesFound>,
}

/// The answer to a look-up of uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsesFound {
    /// Newest entry first.
    pub uses: Vec<ParkingUse>,
    /// Whether there are more than were read.
    pub has_more: bool,
}

impl Facts {
    /// The plate that the customer gave, if it is one.
    pub fn given_plate(&self) -> Option<Plate> {
        self.ticket.as_ref()?.plate.as_deref().and_then(Plate::parse)
    }

    /// How to look for the use: by the requester's account, or else by the plate; not at all when neither is known.
    pub fn query(&self) -> Option<UseQuery> {
        let account = self.ticket.as_ref()?.requester.external_id.clone().map(UsesOf::Account);
        let of = account.or_else(|| Some(UsesOf::Plate(self.given_plate()?.as_str().to_owned())))?;
        Some(UseQuery { of, entered: None })
    }

    /// The uses that fit: those of the plate that the customer gave, or all.
    pub fn candidates(&self) -> Vec<&ParkingUse> {
        let plate = self.given_plate();
        let uses = self.uses.as_ref().map_or(&[][..], |found| &found.uses);
        uses.iter()
            .filter(|parking_use| plate.as_ref().is_none_or(|plate| is_plate_of(plate, parking_use)))
            .collect()
    }

    /// The use that the ticket is about, if exactly one fits.
    pub fn the_use(&self) -> Option<&ParkingUse> {
        match (self.candidates().as_slice(), self.found()) {
            ([one], Found::One) => Some(one),
            _ => None,
        }
    }

    /// What the policy may ask about this case.
    pub fn situation(&self, ticket: &Ticket) -> Situation {
        let one = self.the_use();
        Situation {
            found: self.found_with_source(),
            identity: identity(ticket, one),
            vehicle: self.vehicle(one),
            one: one.map(|parking_use| OneUse {
                status: sourced(status(parking_use.status), "주차 시스템: 이용 건"),
                lot: sourced(lot_kind(&parking_use.lot), "주차 시스템: 주차장"),
                operation: sourced(operator(parking_use.lot.operation), "주차 시스템: 주차장"),
            }),
        }
    }

    fn found(&self) -> Found {
        let unread = self.uses.as_ref().is_some_and(|found| found.has_more);
        match (self.candidates().len(), unread) {
            (0, false) => Found::None,
            (1, false) => Found::One,
            // What was not read might fit as well.
            _ => Found::Several,
        }
    }

    fn found_with_source(&self) -> Sourced<Found> {
        let by = match (self.query().map(|query| query.of), self.given_plate()) {
            (None, _) => "연결된 계정도 차량번호도 없어 조회할 수 없음",
            (Some(UsesOf::Plate(_)), _) => "주차 시스템: 문의에 적힌 차량번호로 조회",
            (Some(UsesOf::Account(_)), Some(_)) => "주차 시스템: 계정과 문의에 적힌 차량번호로 조회",
            (Some(UsesOf::Account(_)), None) => "주차 시스템: 계정으로 조회",
        };
        sourced(self.found(), by)
    }

    /// Policy, order of a consultation 3: the ticket's plate equals the use's, or none is given and exactly one vehicle is registered.
    fn vehicle(&self, one: Option<&ParkingUse>) -> Sourced<VehicleMatch> {
        let Some(parking_use) = one else {
            return sourced(VehicleMatch::Unknown, "이용 건이 특정되지 않음");
        };
        if self.given_plate().is_some() {
            return sourced(VehicleMatch::Own, "문의의 차량번호가 이용 건의 차량번호와 같음");
        }
        let vehicles = self.account.iter().flatten().flat_map(|account| &account.vehicles);
        let registered: Vec<_> = vehicles.filter_map(|vehicle| Plate::parse(&vehicle.plate)).collect();
        match registered.as_slice() {
            [only] if is_plate_of(only, parking_use) => {
                sourced(VehicleMatch::Own, "계정에 등록된 유일한 차량이 이용 건의 차량과 같음")
            }
            _ => sourced(VehicleMatch::Unknown, "문의에 차량번호가 없고 등록 차량으로 특정할 수 없음"),
        }
    }
}

/// Policy, order of a consultation 1: the requester's verified external id equals the use's account.
fn identity(ticket: &Ticket, one: Option<&ParkingUse>) -> Sourced<Identity> {
    let requester = &ticket.requester;
    match (&requester.external_id, one) {
        (None, _) => sourced(Identity::Unknown, "문의 작성자에게 연결된 앱 계정이 없음"),
        (Some(_), _) if !requester.verified => {
            sourced(Identity::Unknown, "문의 작성자의 신원이 인증되지 않음")
        }
        (Some(_), None) => sourced(Identity::Unknown, "이용 건이 특정되지 않음"),
        (Some(id), Some(parking_use)) if *id == parking_use.account_id => {
            sourced(Identity::Holder, "문의 작성자의 앱 계정이 이용 건의 계정과 같음")
        }
        _ => sourced(Identity::Unknown, "문의 작성자의 앱 계정이 이용 건의 계정과 다름"),
    }
}

fn status(status: UseStatus) -> Status {
    match status {
        UseStatus::InUse => Status::InUse,
        UseStatus::Completed => Status::Completed,
        UseStatus::Unpaid => Status::Unpaid,
        UseStatus::CancelledByCustomer => Status::CancelledByCustomer,
        UseStatus::CancelledByCentre | UseStatus::Refunded | UseStatus::Withdrawn => Status::Settled,
        UseStatus::Unknown => Status::Unknown,
    }
}

fn lot_kind(lot: &Lot) -> LotKind {
    match (lot.airport, lot.closed) {
        (None, false) => LotKind::Open,
        (None, true) => LotKind::Closed,
        (Some(Airport::Incheon), false) => LotKind::Incheon,
        (Some(Airport::Incheon), true) => LotKind::IncheonClosed,
        (Some(Airport::Unknown), _) => LotKind::Unknown,
    }
}

fn operator(operation: Operation) -> Operator {
    match operation {
        Operation::Direct => Operator::Direct,
        Operation::Partner => Operator::Partner,
        Operation::Unknown => Operator::Unknown,
    }
}

fn is_plate_of(plate: &Plate, parking_use: &ParkingUse) -> bool {
    Plate::parse(&parking_use.vehicle.plate).as_ref() == Some(plate)
}

fn sourced<T>(value: T, source: impl Into<String>) -> Sourced<T> {
    Sourced { value, source: source.into() }
}
