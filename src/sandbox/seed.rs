//! Sample data: a Zendesk account as the service needs it, and customers whose tickets cover every row of the policy.

mod account;
mod copy;
mod lots;
mod mail;
mod said;
mod script;
mod stories;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use crate::SandboxError;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::parking::{Account, ParkingUse};
use crate::parking::MockParking;
use crate::zendesk::{Channel, FakeZendesk, NewTicket, Profile, Role, User};

pub use account::{ACCOUNT, AccountLayout, provision};
pub use mail::{Mail, Quote};
pub use script::{End, SaidOtherwise, ScriptStep};
pub use stories::stories;

/// One customer: their history up to the ticket they are about to open, and the script of the people afterwards.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its subject, in Korean.
    pub title: &'static str,
    /// The row of the guide's decision table that it reaches in the end; `None` if the table is never reached.
    pub row: Option<u8>,
    pub customer: User,
    pub subject: &'static str,
    /// The text of the first comment.
    pub message: Cow<'static, str>,
    /// The channel of the ticket.
    pub channel: Channel,
    /// Zendesk's flags on the message, by number (facts §14).
    pub flags: &'static [i64],
    /// Their text in the plate field, as typed.
    pub plate: Option<String>,
    /// Their text in the field for the time of the use, as typed.
    pub used_at: Option<String>,
    /// Their app account, if the parking system has one.
    pub account: Option<Account>,
    /// The uses recorded by the parking system, each with its lot; usually one.
    pub uses: Vec<ParkingUse>,
    /// The people's steps after the opening, in order; each follows when the service has come to rest after the one before.
    pub script: Vec<ScriptStep>,
    /// Its end by the built-in policy and settings, after the whole script.
    pub end: End,
}

impl Story {
    /// The customer opens the ticket.
    ///
    /// # Errors
    /// If the story was not loaded.
    pub fn open(&self, zendesk: &FakeZendesk) -> Result<TicketId, SandboxError> {
        zendesk.open_ticket(self.ticket())
    }

    /// The ticket that the customer opens.
    pub fn ticket(&self) -> NewTicket {
        let typed = [(ACCOUNT.plate_field, &self.plate), (ACCOUNT.used_at_field, &self.used_at)];
        let filled = typed.into_iter().filter_map(|(field, text)| Some((field, Value::from(text.clone()?))));
        NewTicket {
            requester_id: self.customer.id,
            subject: self.subject.to_owned(),
            description: self.message.to_string(),
            tags: vec!["no_self_use".to_owned()],
            custom_fields: filled.collect(),
            channel: self.channel,
            flags: self.flags.to_vec(),
            ..NewTicket::default()
        }
    }

    /// The app account linked to the requester, if the company's systems know them.
    pub fn account_id(&self) -> Option<AccountId> {
        self.customer.external_id.clone().map(AccountId::new)
    }
}

/// Loads the stories' customers, accounts, lots and uses. Tickets are opened separately, by [`Story::open`].
pub fn load(parking: &MockParking, zendesk: &FakeZendesk, stories: &[Story]) {
    for story in stories {
        zendesk.add_user(story.customer.clone());
        if let Some(account) = &story.account {
            parking.add_account(account.clone());
        }
        for parking_use in &story.uses {
            parking.add_use(parking_use.clone());
        }
    }
}

/// A customer as Zendesk knows them: an end user, verified if an account is linked to them.
fn customer(number: i64, name: &str, account: Option<&Account>) -> User {
    User {
        id: 6_170_550_000_000 + number,
        name: name.to_owned(),
        email: format!("customer{number}@sandbox.example"),
        role: Role::EndUser,
        external_id: account.map(|account| account.id.to_string()),
        verified: account.is_some(),
        group_ids: std::collections::BTreeSet::new(),
        profile: Profile::default(),
    }
}

/// A customer with a linked account whom Zendesk has not verified.
fn unverified(number: i64, name: &str, account: &Account) -> User {
    User { verified: false, ..customer(number, name, Some(account)) }
}

/// `minutes` before `now`, in whole seconds.
fn minutes_before(now: Timestamp, minutes: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() - minutes * 60).unwrap_or(now)
}
