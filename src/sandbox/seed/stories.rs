//! The customers: every row of the decision table, cases that never reach it, and conversations of several turns.

mod asked;
mod by_people;
mod compensated;
mod doubted;
mod settled;
mod wishing;

use jiff::Timestamp;

use super::{End, Story, customer, minutes_before};
use crate::domain::ids::{AccountId, UseId};
use crate::domain::parking::{Account, Lot, ParkingUse, UseStatus, Vehicle, Won};
use crate::zendesk::Channel;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// A customer with one registered vehicle and their app account, in the initial state.
struct Holder {
    number: i64,
    name: &'static str,
    plate: &'static str,
    ownership_verified: bool,
}

impl Holder {
    fn vehicle(&self) -> Vehicle {
        Vehicle { plate: self.plate.to_owned(), ownership_verified: self.ownership_verified }
    }

    /// Their account with another registered vehicle.
    fn account_with(&self, plate: &str) -> Account {
        let second = Vehicle { plate: plate.to_owned(), ownership_verified: true };
        let vehicles = vec![self.vehicle(), second];
        Account { vehicles, ..self.account() }
    }

    fn account(&self) -> Account {
        let id = AccountId::new(format!("acct-{:04}", self.number));
        Account { id, vehicles: vec![self.vehicle()], pass_active: true }
    }

    fn used(&self, lot: Lot, status: UseStatus, stay: Stay) -> ParkingUse {
        ParkingUse {
            id: UseId::new(format!("use-{:04}", self.number)),
            account_id: self.account().id,
            vehicle: self.vehicle(),
            lot,
            status,
            entered_at: stay.entered_at,
            exited_at: stay.exited_at,
            amount: stay.amount,
            compensation: None,
        }
    }

    fn writes(
        &self,
        title: &'static str,
        row: Option<u8>,
        subject: &'static str,
        message: &'static str,
    ) -> Story {
        let account = self.account();
        Story {
            title,
            row,
            customer: customer(self.number, self.name, Some(&account)),
            subject,
            message: message.into(),
            channel: Channel::Web,
            flags: &[],
            plate: Some(self.plate.to_owned()),
            used_at: None,
            account: Some(account),
            uses: Vec::new(),
            script: Vec::new(),
            end: End::solved(&[]),
        }
    }
}

/// The time and the amount of a stay.
#[derive(Clone, Copy)]
struct Stay {
    entered_at: Timestamp,
    exited_at: Option<Timestamp>,
    amount: Option<Won>,
}

/// The stays of this run, all before `now`.
#[derive(Clone, Copy)]
struct Calendar {
    now: Timestamp,
}

impl Calendar {
    /// The car is still inside.
    fn since(self, minutes: i64) -> Stay {
        Stay { entered_at: minutes_before(self.now, minutes), exited_at: None, amount: None }
    }

    /// It entered `ago` minutes before now and stayed for `stayed` minutes.
    fn ended(self, ago: i64, stayed: i64, won: i64) -> Stay {
        let exited_at = Some(minutes_before(self.now, ago - stayed));
        Stay { entered_at: minutes_before(self.now, ago), exited_at, amount: Some(Won(won)) }
    }
}

/// All stories, dated relative to `now`.
pub fn stories(now: Timestamp) -> Vec<Story> {
    let calendar = Calendar { now };
    let mut stories = settled::all(calendar);
    stories.extend(by_people::all(calendar));
    stories.extend(asked::all(calendar));
    stories.extend(compensated::all(calendar));
    stories.extend(wishing::all(calendar));
    stories.extend(doubted::all(calendar));
    stories
}
