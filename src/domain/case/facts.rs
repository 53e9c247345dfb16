//! What was read of the world, and which use is meant by the ticket.

use crate::domain::ids::UseId;
use crate::domain::korea::seoul;
use crate::domain::parking::{Account, ParkingUse, UseQuery, UseStatus, UsesOf};
use crate::domain::plate::Plate;
use crate::domain::policy::Found;
use crate::domain::ticket::Ticket;
use crate::domain::used_at::UsedAt;

/// What is known of a case's world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The ticket as last read.
    pub ticket: Option<Ticket>,
    /// The requester's account: not read, no such account, or as read.
    pub account: Option<Option<Account>>,
    /// The uses that were looked up.
    pub uses: Option<UsesFound>,
    /// The use that an earlier turn was about.
    pub meant: Option<UseId>,
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

    /// When the customer is said to have parked, if the ticket's field says it so that it can be understood.
    pub fn used_at(&self) -> Option<UsedAt> {
        let ticket = self.ticket.as_ref()?;
        UsedAt::parse(ticket.used_at.as_deref()?, seoul(ticket.updated_at).date())
    }

    /// How to look for the use: by the requester's account, or else by the plate; not at all when neither is known.
    pub fn query(&self) -> Option<UseQuery> {
        let account = self.ticket.as_ref()?.requester.external_id.clone().map(UsesOf::Account);
        let of = account.or_else(|| Some(UsesOf::Plate(self.given_plate()?.as_str().to_owned())))?;
        Some(UseQuery { of, entered: self.used_at().map(|used_at| used_at.entry_window()) })
    }

    /// The uses that fit what the ticket says: its plate, its date or time; among several, those that were not settled before.
    pub fn candidates(&self) -> Vec<&ParkingUse> {
        if let Some(meant) = self.meant_use() {
            return vec![meant];
        }
        let (plate, used_at) = (self.given_plate(), self.used_at());
        let uses = self.uses.as_ref().map_or(&[][..], |found| &found.uses);
        let fits = |parking_use: &&ParkingUse| {
            plate.as_ref().is_none_or(|plate| is_plate_of(plate, parking_use))
                && used_at.is_none_or(|used_at| used_at.fits(parking_use.entered_at, parking_use.exited_at))
        };
        let fitting: Vec<&ParkingUse> = uses.iter().filter(fits).collect();
        let open: Vec<&ParkingUse> =
            fitting.iter().filter(|parking_use| !is_settled(parking_use)).copied().collect();
        if fitting.len() > 1 && !open.is_empty() { open } else { fitting }
    }

    /// The use that the ticket is about, if exactly one fits.
    pub fn the_use(&self) -> Option<&ParkingUse> {
        match (self.candidates().as_slice(), self.found()) {
            ([one], Found::One) => Some(one),
            _ => None,
        }
    }

    /// What was established once stays: the customer may park elsewhere in the meantime.
    fn meant_use(&self) -> Option<&ParkingUse> {
        let meant = self.meant.as_ref()?;
        self.uses.as_ref()?.uses.iter().find(|parking_use| parking_use.id == *meant)
    }

    /// How many uses fit.
    pub fn found(&self) -> Found {
        if self.meant_use().is_some() {
            return Found::One;
        }
        let unread = self.uses.as_ref().is_some_and(|found| found.has_more);
        match (self.candidates().len(), unread) {
            (0, false) => Found::None,
            (1, false) => Found::One,
            // What was not read might fit as well.
            _ => Found::Several,
        }
    }

    /// By what the uses were looked for and narrowed down, in the words of the note.
    pub fn searched_by(&self) -> String {
        if self.meant_use().is_some() {
            return "주차 시스템: 이 상담에서 앞서 특정한 이용 건".to_owned();
        }
        let Some(query) = self.query() else {
            return "연결된 계정도 차량번호도 없어 조회할 수 없음".to_owned();
        };
        let by = match (query.of, self.given_plate()) {
            (UsesOf::Plate(_), _) => "문의에 적힌 차량번호로 조회",
            (UsesOf::Account(_), Some(_)) => "계정과 문의에 적힌 차량번호로 조회",
            (UsesOf::Account(_), None) => "계정으로 조회",
        };
        let time = if self.used_at().is_some() { ", 문의에 적힌 이용 일시로 좁힘" } else { "" };
        format!("주차 시스템: {by}{time}")
    }
}

/// Whether the centre has already done with a use: nobody asks for that again while another fits (guide, order of a
/// consultation, 2). A grant to the customer settles a use like a refund.
pub(super) fn is_settled(parking_use: &ParkingUse) -> bool {
    use UseStatus::{CancelledByCentre, Refunded, Withdrawn};
    parking_use.compensation.is_some()
        || matches!(parking_use.status, CancelledByCentre | Refunded | Withdrawn)
}

pub(super) fn is_plate_of(plate: &Plate, parking_use: &ParkingUse) -> bool {
    Plate::parse(&parking_use.vehicle.plate).as_ref() == Some(plate)
}
