//! The account's set-up: everything except tickets.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::audit_log::LogEntry;
use super::brands::Brand;
use super::change::whole_seconds;
use super::dynamic_content::ContentItem;
use super::forms::TicketForm;
use super::macros::Macro;
use super::oauth::OAuthClient;
use super::state::State;
use super::statuses::CustomStatus;
use super::switches::AccountSwitches;
use super::triggers::TriggerCategory;
use super::{FakeZendesk, ZendeskSettings};

/// When the account was opened, and its default objects were created. 2023-09-09T23:52:02Z.
pub(super) const ACCOUNT_OPENED: Timestamp = Timestamp::constant(1_694_303_522, 0);

/// The ids of the first OAuth clients; further ones follow.
const FIRST_CLIENT: i64 = 6_130_830_360_001;

#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) switches: AccountSwitches,
    pub(super) clients: BTreeMap<i64, OAuthClient>,
    pub(super) forms: BTreeMap<i64, TicketForm>,
    pub(super) brands: BTreeMap<i64, Brand>,
    pub(super) statuses: BTreeMap<i64, CustomStatus>,
    pub(super) dynamic_content: BTreeMap<i64, ContentItem>,
    /// System fields that agents must fill in to solve a ticket.
    pub(super) required_system_fields: BTreeSet<i64>,
    pub(super) macros: BTreeMap<i64, Macro>,
    /// Never empty.
    pub(super) categories: BTreeMap<i64, TriggerCategory>,
    /// Oldest first.
    pub(super) audit_log: Vec<LogEntry>,
}

impl Configuration {
    /// The set-up of a new account with the clients of the settings.
    pub(super) fn new(settings: &ZendeskSettings) -> Self {
        let form = TicketForm::default_one();
        let brand = Brand::default_one();
        let category = TriggerCategory::default_one();
        Self {
            switches: AccountSwitches::default(),
            clients: (FIRST_CLIENT..).zip(settings.clients()).collect(),
            forms: BTreeMap::from([(form.id(), form)]),
            brands: BTreeMap::from([(brand.id, brand)]),
            statuses: CustomStatus::default_ones().map(|status| (status.id, status)).collect(),
            dynamic_content: BTreeMap::new(),
            required_system_fields: BTreeSet::new(),
            macros: BTreeMap::new(),
            categories: BTreeMap::from([(category.id, category)]),
            audit_log: Vec::new(),
        }
    }

    /// Adds an OAuth client.
    pub(super) fn add_client(&mut self, client: OAuthClient) {
        let id = self.clients.keys().last().map_or(FIRST_CLIENT, |last| last + 1);
        self.clients.insert(id, client);
    }
}

impl FakeZendesk {
    /// Changes the set-up at one moment, in whole seconds.
    pub(super) fn settle<T, E>(
        &self,
        work: impl FnOnce(&mut State, Timestamp) -> Result<T, E>,
    ) -> Result<T, E> {
        self.change(|state, now| work(state, whole_seconds(now)))
    }
}
