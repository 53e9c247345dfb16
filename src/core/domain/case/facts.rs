//! What was read from the upstream systems, and which use the ticket is about.

use super::conversation::Named;
use super::earlier::Earlier;
use super::effect::Action;
use crate::domain::ids::{AccountId, UseId};
use crate::domain::parking::{
    Account, Compensation, CompensationKind, ParkingAction, ParkingUse, UseQuery, UseStatus, UsesOf,
};
use crate::domain::plate::{GivenPlate, Plate, same_text};
use crate::domain::policy::Found;
use crate::domain::seoul::seoul;
use crate::domain::ticket::Ticket;
use crate::domain::used_at::{GivenTime, UsedAt};

/// The facts known to a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The ticket as last read.
    pub ticket: Option<Ticket>,
    /// The requester's account as last read. Outer `None`: not read; inner `None`: no such account.
    pub account: Option<Option<Account>>,
    /// The uses that were looked up, in their state as far as known: an action's changes are applied here.
    pub uses: Option<UsesFound>,
    /// The use that an earlier turn was about.
    pub meant: Option<UseId>,
    /// The closed ticket that this one follows, once the ledger was queried for it.
    pub earlier: Option<Earlier>,
    /// What the customer's own words name.
    pub named: Named,
    /// Whether the requester was replaced since the ticket's opening.
    pub requester_changed: bool,
    /// Whether the account was read since the last time the case had to be decided anew.
    account_is_current: bool,
    /// The same for the uses.
    uses_are_current: bool,
}

/// The answer to a look-up of uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsesFound {
    /// Newest entry first.
    pub uses: Vec<ParkingUse>,
    /// Whether more uses exist than were read.
    pub has_more: bool,
}

impl Facts {
    pub(super) fn account_read(&mut self, account: Option<Account>) {
        self.account = Some(account);
        self.account_is_current = true;
    }

    pub(super) fn uses_read(&mut self, found: UsesFound) {
        self.uses = Some(found);
        self.uses_are_current = true;
    }

    /// Keeps what was read for the notes, but has it read again before the next decision.
    pub(super) fn mark_stale(&mut self) {
        (self.account_is_current, self.uses_are_current) = (false, false);
    }

    /// The account to read before the next decision, if any.
    pub(super) fn account_to_read(&self) -> Option<AccountId> {
        let id = self.ticket.as_ref()?.requester.external_id.clone();
        id.filter(|_| !self.account_is_current)
    }

    /// The look-up of uses to make before the next decision, if any.
    pub(super) fn uses_to_read(&self) -> Option<UseQuery> {
        self.query().filter(|_| !self.uses_are_current)
    }

    pub(super) fn use_is_now(&mut self, now: &ParkingUse) {
        if let Some(known) = self.known_use_mut(&now.id) {
            *known = now.clone();
        }
    }

    /// An action was done, and the parking system did not return the new state of the use.
    pub(super) fn use_was_changed(&mut self, by: &Action) {
        let Some(known) = self.known_use_mut(&by.use_id) else { return };
        let granted = |kind| by.amount.map(|amount| Compensation { kind, amount });
        match by.action {
            ParkingAction::Cancel => known.status = UseStatus::CancelledByCentre,
            ParkingAction::Refund => known.status = UseStatus::Refunded,
            ParkingAction::WithdrawReceivable => known.status = UseStatus::Withdrawn,
            ParkingAction::Coupon => known.compensation = granted(CompensationKind::Coupon),
            ParkingAction::Points => known.compensation = granted(CompensationKind::Points),
            ParkingAction::OperatorMakeGood | ParkingAction::Inspection => {}
        }
    }

    fn known_use_mut(&mut self, id: &UseId) -> Option<&mut ParkingUse> {
        let uses = self.uses.as_mut().map(|found| &mut found.uses);
        uses?.iter_mut().find(|parking_use| parking_use.id == *id)
    }

    /// A use that was looked up, in its current state.
    pub fn known_use(&self, id: &UseId) -> Option<&ParkingUse> {
        self.uses.as_ref()?.uses.iter().find(|parking_use| parking_use.id == *id)
    }

    /// The plate that the customer gave: from the ticket's field, otherwise from their own words.
    pub fn given_plate(&self) -> GivenPlate {
        let field = GivenPlate::read(self.plate_field());
        if field != GivenPlate::Absent {
            return field;
        }
        let named: Vec<Plate> = self.named.plates.iter().filter_map(|plate| Plate::parse(plate)).collect();
        match (named.as_slice(), self.named.last_digits.first()) {
            ([], None) => GivenPlate::Absent,
            ([], Some(digits)) => GivenPlate::LastDigits(digits.clone()),
            ([one], _) => GivenPlate::Read(one.clone()),
            _ => GivenPlate::Several(named),
        }
    }

    /// All plates in the ticket's field and the customer's own words that differ from this use's, formatted for the note.
    pub(super) fn other_plates(&self, parking_use: &ParkingUse) -> Vec<String> {
        let digits = |digits: &String| {
            let same = parking_use.vehicle.plate.trim_end().ends_with(digits.as_str());
            (!same).then(|| format!("뒷자리 {digits}"))
        };
        let field = GivenPlate::read(self.plate_field());
        let mut others: Vec<String> = match &field {
            GivenPlate::Read(plate) => vec![plate.to_string()],
            GivenPlate::Several(plates) => plates.iter().map(ToString::to_string).collect(),
            GivenPlate::LastDigits(last) => digits(last).into_iter().collect(),
            GivenPlate::Absent | GivenPlate::Unread(_) => Vec::new(),
        };
        others.extend(self.named.plates.iter().cloned());
        others.retain(|plate| !is_plate_text_of(plate, parking_use));
        others.extend(self.named.last_digits.iter().filter_map(digits));
        others.dedup();
        others
    }

    /// The time of parking in the ticket's field.
    pub fn used_at(&self) -> GivenTime {
        let Some(ticket) = &self.ticket else { return GivenTime::Absent };
        let inherited = self.earlier.as_ref().is_some_and(|earlier| earlier.used_at == ticket.used_at);
        let field = ticket.used_at.as_deref().filter(|_| !inherited);
        // The latest day on which the field can have been filled. The time serves only as a date here, never to order
        // changes.
        GivenTime::read(field, seoul(ticket.updated_at).date())
    }

    /// The plate field, unless a follow-up inherited its value unchanged from the closed ticket: nobody wrote that value
    /// here.
    fn plate_field(&self) -> Option<&str> {
        let plate = &self.ticket.as_ref()?.plate;
        let inherited = self.earlier.as_ref().is_some_and(|earlier| earlier.plate == *plate);
        plate.as_deref().filter(|_| !inherited)
    }

    /// Whether the customer's own words name this use: by its plate, the plate's last digits, its day or its time.
    pub(super) fn is_named(&self, parking_use: &ParkingUse) -> bool {
        let Named { plates, last_digits, times, .. } = &self.named;
        plates.iter().any(|plate| is_plate_text_of(plate, parking_use))
            || last_digits
                .iter()
                .any(|digits| parking_use.vehicle.plate.trim_end().ends_with(digits.as_str()))
            || times.iter().any(|time| time.fits(parking_use.entered_at, parking_use.exited_at))
    }

    /// The query for the use: by the requester's account, otherwise by the plate; `None` if neither is known.
    pub fn query(&self) -> Option<UseQuery> {
        let account = self.ticket.as_ref()?.requester.external_id.clone().map(UsesOf::Account);
        let plate = || match self.given_plate() {
            GivenPlate::Read(plate) => Some(UsesOf::Plate(plate.as_str().to_owned())),
            _ => None,
        };
        let of = account.or_else(plate)?;
        let entered = match self.used_at() {
            GivenTime::Read(used_at) => Some(used_at.entry_window()),
            GivenTime::Absent | GivenTime::Unread(_) => None,
        };
        Some(UseQuery { of, entered })
    }

    /// The uses that fit the ticket's plate and date or time; of several, those that were not settled before.
    pub fn candidates(&self) -> Vec<&ParkingUse> {
        if let Some(meant) = self.meant_use() {
            return vec![meant];
        }
        let (plate, used_at) = (self.given_plate(), self.used_at());
        let uses = self.uses.as_ref().map_or(&[][..], |found| &found.uses);
        let fitting: Vec<&ParkingUse> = uses
            .iter()
            .filter(|parking_use| fits_plate(&plate, parking_use) && fits_time(&used_at, parking_use))
            .collect();
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

    /// A use established once stays: the customer may park elsewhere in the meantime.
    fn meant_use(&self) -> Option<&ParkingUse> {
        self.known_use(self.meant.as_ref()?)
    }

    /// Which use is meant, as far as the given details tell.
    pub fn found(&self) -> Found {
        if self.meant_use().is_some() {
            return Found::One;
        }
        let unread = self.uses.as_ref().is_some_and(|found| found.has_more);
        match (self.candidates().as_slice(), unread) {
            ([], false) if self.uses.as_ref().is_some_and(|found| !found.uses.is_empty()) => {
                Found::Contradicted
            }
            ([], false) => Found::None,
            ([one], false) if !self.other_times(one).is_empty() => Found::Contradicted,
            ([_], false) if matches!(self.used_at(), GivenTime::Unread(_)) => Found::Unread,
            ([_], false) => Found::One,
            // The uses that were not read may fit as well.
            _ => Found::Several,
        }
    }

    /// The days and times in the customer's own words, if none of them fits this use.
    pub(super) fn other_times(&self, parking_use: &ParkingUse) -> &[UsedAt] {
        let fits = |time: &UsedAt| time.fits(parking_use.entered_at, parking_use.exited_at);
        let times = &self.named.times;
        if times.iter().any(fits) { &[] } else { times }
    }

    /// The criteria by which the uses were searched and narrowed down, formatted for the note.
    pub fn searched_by(&self) -> String {
        if self.meant_use().is_some() {
            return "주차 시스템: 이 상담에서 앞서 특정한 이용 건".to_owned();
        }
        let Some(query) = self.query() else {
            return "연결된 계정도 차량번호도 없어 조회할 수 없음".to_owned();
        };
        let by = match (query.of, self.given_plate()) {
            (UsesOf::Plate(_), _) => "문의에 적힌 차량번호로 조회",
            (
                UsesOf::Account(_),
                GivenPlate::Read(_) | GivenPlate::Several(_) | GivenPlate::LastDigits(_),
            ) => "계정과 문의에 적힌 차량번호로 조회",
            (UsesOf::Account(_), GivenPlate::Absent | GivenPlate::Unread(_)) => "계정으로 조회",
        };
        let narrowed = matches!(self.used_at(), GivenTime::Read(_));
        let time = if narrowed { ", 문의에 적힌 이용 일시로 좁힘" } else { "" };
        format!("주차 시스템: {by}{time}")
    }
}

/// Whether the centre has already settled a use: another use that fits is preferred then (guide, order of a consultation,
/// 2). A grant to the customer settles a use like a refund.
pub(super) fn is_settled(parking_use: &ParkingUse) -> bool {
    use UseStatus::{CancelledByCentre, Refunded, Withdrawn};
    parking_use.compensation.is_some()
        || matches!(parking_use.status, CancelledByCentre | Refunded | Withdrawn)
}

/// Whether a plate, as given or normalised, is this use's; it need not be parseable.
pub(super) fn is_plate_text_of(plate: &str, parking_use: &ParkingUse) -> bool {
    same_text(plate, &parking_use.vehicle.plate)
}

fn fits_plate(given: &GivenPlate, parking_use: &ParkingUse) -> bool {
    match given {
        // An unreadable plate excludes nothing here; the customer is asked about the vehicle.
        GivenPlate::Absent | GivenPlate::Unread(_) => true,
        GivenPlate::Read(plate) => is_plate_text_of(plate.as_str(), parking_use),
        GivenPlate::LastDigits(digits) => parking_use.vehicle.plate.trim_end().ends_with(digits.as_str()),
        // Two plates contradict each other, even if one is the use's.
        GivenPlate::Several(_) => false,
    }
}

fn fits_time(given: &GivenTime, parking_use: &ParkingUse) -> bool {
    match given {
        GivenTime::Absent | GivenTime::Unread(_) => true,
        GivenTime::Read(used_at) => used_at.fits(parking_use.entered_at, parking_use.exited_at),
    }
}
