//! The settings and their defaults. `config/misread.toml` holds the same with the reason for each; a test compares the
//! two.

mod account;
mod limits;
mod macros;
mod people;

use serde::Deserialize;

pub use account::{ConsultationTypes, CustomStatuses, FieldSettings, GroupSettings};
pub use limits::LimitSettings;
pub use macros::{MacroSettings, MacroSource};
pub use people::{HarmlessFrom, Integrations, PeopleSettings};

/// The content of `misread.toml`: everything that operations may tune. Secrets and addresses come from the environment:
/// see [`Deployment`](super::Deployment).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which webhook deliveries are accepted.
    pub webhook: WebhookSettings,
    /// Concurrency, leases and alarms of the worker.
    pub worker: WorkerSettings,
    /// Waits between attempts, and their number.
    pub retry: RetrySettings,
    /// Rate limits, routing, tags, fields and groups of Zendesk.
    pub zendesk: ZendeskSettings,
    /// Whose changes to a ticket do not stop a case.
    pub people: PeopleSettings,
    /// The source of the replies' texts.
    pub macros: MacroSettings,
    /// Requests to the parking system.
    pub parking: ParkingSettings,
    /// Deadlines for the customer's answer and payment.
    pub waiting: WaitingSettings,
    /// The limit on coupons and T points.
    pub compensation: CompensationSettings,
    /// Limits on the money that moves without a person, and the breaker.
    pub limits: LimitSettings,
    /// How long customers' data is kept.
    pub retention: RetentionSettings,
    /// The proxy to other systems.
    pub network: NetworkSettings,
    /// Articles that internal notes link to.
    pub guide: GuideSettings,
}

/// `[webhook]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookSettings {
    /// The largest difference between a delivery's timestamp and our clock, either way. 1 to 3600.
    pub freshness_seconds: u64,
    /// The account whose deliveries are accepted (`X-Zendesk-Account-Id`); unset: any.
    pub account_id: Option<String>,
    /// The webhook whose deliveries are accepted (`X-Zendesk-Webhook-Id`); unset: any.
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
    /// The number of cases worked on at once, and of concurrent requests to each other system. 1 to 256.
    pub concurrency: usize,
    /// The number of cases worked on at once while updates are sent in bulk and most cases only wait for theirs. 1 to
    /// 2000.
    pub backlog_concurrency: usize,
    /// The duration of a lease without renewal. 10 to 3600, at least twice the longest request timeout.
    pub lease_seconds: u64,
    /// The interval of searches for due cases if no wake-up comes. 1 to 60.
    pub poll_seconds: u64,
    /// How long a case may be due until the log reports it as an error. 1 to 1440.
    pub overdue_alarm_minutes: u32,
    /// The largest difference between clocks; beyond it the worker claims no case. 2 to 3600.
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
    /// The wait after the first failure; each further wait is twice as long. 1 to 3600.
    pub base_seconds: u64,
    /// The longest wait. 1 to 86400, not below `base_seconds`.
    pub max_seconds: u64,
    /// The number of consecutive failures after which a case is stuck. 1 to 1000.
    pub attempts: u32,
    /// How long after a lost response a write is looked up: it may still be in progress. 1 to 600.
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
    /// Single ticket updates per minute, for the whole account (Zendesk facts §7). 1 to 300.
    pub updates_per_minute: u32,
    /// Our percentage of each of the account's limits (requests, updates, jobs); the rest is for people and other
    /// systems. 10 to 100.
    pub share_percent: u32,
    /// Whether updates are sent in bulk if more wait than can be sent singly.
    pub send_together: bool,
    /// The most concurrent bulk jobs of one process (Zendesk facts §3.9). 1 to 25.
    pub jobs_at_once: u32,
    /// The most updates of one ticket in ten minutes (Zendesk facts §7). 1 to 30.
    pub updates_per_ticket_per_10_minutes: u32,
    /// The timeout of a request, up to the response's last byte. 1 to 120.
    pub request_timeout_seconds: u64,
    /// The interval of searches for tickets whose webhook never came. 5 to 1440.
    pub sweep_minutes: u32,
    /// The brands whose tickets the service handles; empty: all.
    pub brands: Vec<i64>,
    /// The forms whose tickets the service handles; empty: all.
    pub forms: Vec<i64>,
    /// Who answers tickets of messaging channels.
    pub messaging: Answers,
    /// Who answers tickets with CCs.
    pub copies: Answers,
    /// The service handles a ticket with one of these tags.
    pub start_tags: Vec<String>,
    /// The start trigger sets it, so that it fires once per ticket.
    pub sent_tag: String,
    /// The service sets it when a ticket is answered.
    pub done_tag: String,
    /// The service sets it when a ticket is handed over to a team.
    pub handed_over_tag: String,
    /// On a ticket that waits for the customer's answer.
    pub waiting_tag: String,
    /// On a ticket whose prepared reply waits for its release by an agent.
    pub prepared_tag: String,
    /// On a ticket that the service gave up on, beside the tag of a hand-over.
    pub stuck_tag: String,
    /// An agent sets it after the call to the airport; the service then continues.
    pub give_back_tag: String,
    /// An agent sets it to release a prepared reply.
    pub release_tag: String,
    /// The ids of the ticket fields that the service reads and sets.
    pub fields: FieldSettings,
    /// The option values of the field 상담유형.
    pub consultation_types: ConsultationTypes,
    /// The ids of the groups that take tickets over.
    pub groups: GroupSettings,
    /// The ids of the account's custom statuses.
    pub custom_statuses: CustomStatuses,
}

/// Who answers a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// An agent, with the prepared reply in a note; the service changes nothing at the parking system.
    HandOver,
    /// The service, as any other ticket.
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
            stuck_tag: "misread_stuck".to_owned(),
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
    /// The timeout of a request, up to the response's last byte. 1 to 120.
    pub request_timeout_seconds: u64,
}

impl Default for ParkingSettings {
    fn default() -> Self {
        Self { request_timeout_seconds: 10 }
    }
}

/// `[waiting]`: deadlines for the customer, and what happens after them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaitingSettings {
    /// Hours without an answer after which the customer is reminded, once. 1 to 720.
    pub remind_after_hours: u32,
    /// Hours without an answer after which the wait ends. 1 to 2160, more than `remind_after_hours`.
    pub give_up_after_hours: u32,
    /// What happens to the ticket after `give_up_after_hours`.
    pub when_silent: WhenSilent,
    /// Hours between two checks of a use that the customer must pay first. 1 to 168.
    pub payment_check_hours: u32,
    /// Hours after which a use that is still unpaid is not checked any more. 1 to 2160, not below
    /// `payment_check_hours`.
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
    /// It is solved; a later comment reopens it.
    Close,
    /// It is handed over to a person.
    HandOver,
}

/// `[compensation]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompensationSettings {
    /// The most KRW granted without a person. 1 to 1000000.
    ///
    /// OPEN in the policy: the compensation policy (24.7.26), which is not known here, sets the value of coupons and
    /// points.
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
    /// Days from the last change after which a case that has ended is erased. 30 to 3650.
    pub days: u32,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self { days: 365 }
    }
}

/// `[guide]`: ids of the help-centre articles that internal notes link to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuideSettings {
    /// The article of the compensation policy.
    pub compensation_article: u64,
    /// The article on restricted consultation (상담제한).
    pub restricted_consultation_article: u64,
}

impl Default for GuideSettings {
    fn default() -> Self {
        Self { compensation_article: 35_644_611_912_089, restricted_consultation_article: 29_203_184_881_177 }
    }
}
