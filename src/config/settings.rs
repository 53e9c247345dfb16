//! The settings with their defaults. `config/misread.toml` says the same with every reason; a test compares the two.

mod account;
mod limits;
mod macros;
mod people;

use serde::Deserialize;

pub use account::{ConsultationTypes, CustomStatuses, FieldSettings, GroupSettings};
pub use limits::LimitSettings;
pub use macros::{MacroSettings, MacroSource};
pub use people::{HarmlessFrom, Integrations, PeopleSettings};

/// Everything that operations may tune. Secrets and addresses are not here: see `Deployment`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The door.
    pub webhook: WebhookSettings,
    /// The work on cases.
    pub worker: WorkerSettings,
    /// Trying again.
    pub retry: RetrySettings,
    /// The help desk.
    pub zendesk: ZendeskSettings,
    /// Who works on the same tickets.
    pub people: PeopleSettings,
    /// Where the replies' texts come from.
    pub macros: MacroSettings,
    /// The parking system.
    pub parking: ParkingSettings,
    /// Waiting for the customer.
    pub waiting: WaitingSettings,
    /// Coupons and T points.
    pub compensation: CompensationSettings,
    /// What goes out without a person.
    pub limits: LimitSettings,
    /// How long what is known of customers is kept.
    pub retention: RetentionSettings,
    /// The way to other systems.
    pub network: NetworkSettings,
    /// The guide's further pages.
    pub guide: GuideSettings,
}

/// `[webhook]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookSettings {
    /// How far a delivery's timestamp may be from our clock, either way. 1 to 3600.
    pub freshness_seconds: u64,
    /// The only account whose deliveries are accepted (`X-Zendesk-Account-Id`); unset: any.
    pub account_id: Option<String>,
    /// The only webhook whose deliveries are accepted (`X-Zendesk-Webhook-Id`); unset: any.
    pub webhook_id: Option<String>,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { freshness_seconds: 300, account_id: None, webhook_id: None }
    }
}

/// `[network]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkSettings {
    /// Whether the proxy that the environment names (`HTTPS_PROXY` and the like) is used.
    pub proxy_from_environment: bool,
}

/// `[worker]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSettings {
    /// How many cases are worked at once, and how many requests are under way to each of both systems. 1 to 256.
    pub concurrency: usize,
    /// How many cases are in hand while updates are sent together and most only wait for theirs. 1 to 2000.
    pub backlog_concurrency: usize,
    /// How long a claim lasts. 10 to 3600, at least twice the longest request time-out.
    pub lease_seconds: u64,
    /// How often to look for due cases when nothing wakes the worker. 1 to 60.
    pub poll_seconds: u64,
    /// How long a due case may wait until the log says so. 1 to 1440.
    pub overdue_alarm_minutes: u32,
    /// How far clocks may be apart before no work is taken. 2 to 3600.
    pub clocks_apart_seconds: u32,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            concurrency: 16,
            backlog_concurrency: 1000,
            lease_seconds: 60,
            poll_seconds: 5,
            overdue_alarm_minutes: 10,
            clocks_apart_seconds: 30,
        }
    }
}

/// `[retry]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetrySettings {
    /// The first wait; every further one doubles. 1 to 3600.
    pub base_seconds: u64,
    /// The longest wait. 1 to 86400, not below `base_seconds`.
    pub max_seconds: u64,
    /// Failed attempts in a row after which a case is stuck. 1 to 1000.
    pub attempts: u32,
    /// How long after a lost answer the write is looked up. 1 to 600.
    pub unknown_settle_seconds: u64,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self { base_seconds: 5, max_seconds: 1800, attempts: 24, unknown_settle_seconds: 10 }
    }
}

/// `[zendesk]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZendeskSettings {
    /// Ticket updates that are sent one by one in a minute, for the whole account (Zendesk facts §7). 1 to 300.
    pub updates_per_minute: u32,
    /// How much of each of the account's limits (requests, updates, jobs) is ours, the rest is for people and other systems. 10 to 100.
    pub share_percent: u32,
    /// Whether updates are sent together where more wait than can be sent one by one.
    pub send_together: bool,
    /// How many jobs of ours may run at once (Zendesk facts §3.9). 1 to 25.
    pub jobs_at_once: u32,
    /// Updates of one ticket in ten minutes (Zendesk facts §7). 1 to 30.
    pub updates_per_ticket_per_10_minutes: u32,
    /// How long to wait for an answer. 1 to 120.
    pub request_timeout_seconds: u64,
    /// How often to look for tickets that no webhook told of. 5 to 1440.
    pub sweep_minutes: u32,
    /// Only tickets of these brands are ours; empty: of any.
    pub brands: Vec<i64>,
    /// Only tickets of these forms are ours; empty: of any.
    pub forms: Vec<i64>,
    /// Who answers tickets of messaging channels.
    pub messaging: Answers,
    /// Who answers tickets with CCs.
    pub copies: Answers,
    /// A ticket with one of these is ours.
    pub start_tags: Vec<String>,
    /// The start trigger sets it, so that it fires once for a ticket.
    pub sent_tag: String,
    /// Set when a ticket was answered.
    pub done_tag: String,
    /// Set when a ticket was handed to a team.
    pub handed_over_tag: String,
    /// Set while the customer's answer is awaited.
    pub waiting_tag: String,
    /// Set while a prepared reply awaits its release by an agent.
    pub prepared_tag: String,
    /// An agent sets it after the call to the airport: the service goes on.
    pub give_back_tag: String,
    /// An agent sets it to release a prepared reply.
    pub release_tag: String,
    /// Ticket fields.
    pub fields: FieldSettings,
    /// The options of 상담유형.
    pub consultation_types: ConsultationTypes,
    /// The groups that take over.
    pub groups: GroupSettings,
    /// The account's own statuses.
    pub custom_statuses: CustomStatuses,
}

/// Who answers a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// An agent, with the prepared reply in a note; nothing is done at the parking system either.
    HandOver,
    /// The service, as everywhere.
    Reply,
}

impl Default for ZendeskSettings {
    fn default() -> Self {
        Self {
            updates_per_minute: 80,
            share_percent: 80,
            send_together: true,
            jobs_at_once: 8,
            updates_per_ticket_per_10_minutes: 20,
            request_timeout_seconds: 10,
            sweep_minutes: 10,
            brands: Vec::new(),
            forms: Vec::new(),
            messaging: Answers::HandOver,
            copies: Answers::HandOver,
            start_tags: vec!["no_self_use".to_owned(), "본인_미사용".to_owned()],
            sent_tag: "misread_sent".to_owned(),
            done_tag: "misread_done".to_owned(),
            handed_over_tag: "misread_handed_over".to_owned(),
            waiting_tag: "misread_waiting".to_owned(),
            prepared_tag: "misread_prepared".to_owned(),
            give_back_tag: "misread_airport_called".to_owned(),
            release_tag: "misread_release".to_owned(),
            fields: FieldSettings::default(),
            consultation_types: ConsultationTypes::default(),
            groups: GroupSettings::default(),
            custom_statuses: CustomStatuses::default(),
        }
    }
}

/// `[parking]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ParkingSettings {
    /// How long to wait for an answer. 1 to 120.
    pub request_timeout_seconds: u64,
}

impl Default for ParkingSettings {
    fn default() -> Self {
        Self { request_timeout_seconds: 10 }
    }
}

/// `[waiting]`: how long to wait for the customer, and what then.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaitingSettings {
    /// Hours without an answer after which the customer is reminded, once. 1 to 720.
    pub remind_after_hours: u32,
    /// Hours without an answer after which nobody waits any longer. 1 to 2160, more than `remind_after_hours`.
    pub give_up_after_hours: u32,
    /// What happens then.
    pub when_silent: WhenSilent,
    /// Hours between two looks at a use that the customer must pay first. 1 to 168.
    pub payment_check_hours: u32,
    /// Hours after which a use that is still unpaid is no longer looked at. 1 to 2160, not below `payment_check_hours`.
    pub payment_deadline_hours: u32,
}

impl Default for WaitingSettings {
    fn default() -> Self {
        Self {
            remind_after_hours: 24,
            give_up_after_hours: 72,
            when_silent: WhenSilent::Close,
            payment_check_hours: 6,
            payment_deadline_hours: 168,
        }
    }
}

/// What happens to a ticket whose customer does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenSilent {
    /// It is solved; a later comment opens it again.
    Close,
    /// A person takes it over.
    HandOver,
}

/// `[compensation]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompensationSettings {
    /// The most KRW that is granted without a person. 1 to 1000000.
    ///
    /// OPEN in the policy: what coupons and points are worth is set by a compensation policy (24.7.26) that is not known here.
    pub cap_won: u32,
}

impl Default for CompensationSettings {
    fn default() -> Self {
        Self { cap_won: 30_000 }
    }
}

/// `[retention]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSettings {
    /// Days after which a case that has ended is erased, counted from its last change. 30 to 3650.
    pub days: u32,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self { days: 365 }
    }
}

/// `[guide]`: help-centre articles that internal notes link to, by number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuideSettings {
    /// Compensation policy.
    pub compensation_article: u64,
    /// 상담제한
    pub restricted_consultation_article: u64,
}

impl Default for GuideSettings {
    fn default() -> Self {
        Self { compensation_article: 35_644_611_912_089, restricted_consultation_article: 29_203_184_881_177 }
    }
}
