//! Derives each part's options from the loaded configuration.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::account::triggers::Marks;
use crate::config::{
    self, AccountIds, Answers, CustomStatuses, Deployment, LimitSettings, Loaded, Settings, WaitingSettings,
    ZendeskCredentials,
};
use crate::domain::case::{
    ConsultationTypes, GuideLinks, Harmless, HarmlessFrom, ManualReply, Playbook, Routing, Timeouts,
    WhenSilent,
};
use crate::domain::limits::{Breaker, Limits, Most, Tally};
use crate::domain::parking::Won;
use crate::domain::policy::Team;
use crate::domain::reply::Lookup;
use crate::domain::retry::RetryPolicy;
use crate::domain::ticket::TicketStatus;
use crate::http::CallMetrics;
use crate::zendesk::admin::AdminOptions;
use crate::{notify, parking, webhook, worker, zendesk};

/// The service's OAuth scopes (facts §8): broad reads, writes only to tickets.
const OAUTH_SCOPE: &str = "tickets:write read";
/// The requested lifetime of an access token.
const OAUTH_LIFE: Duration = Duration::from_mins(30);
/// After this many crashes of its worker a case is stuck.
const FRUITLESS_CLAIMS: u32 = 5;

pub(super) fn worker_options(settings: &Settings) -> worker::Options {
    let retry = &settings.retry;
    worker::Options {
        concurrency: settings.worker.concurrency,
        backlog_concurrency: settings.worker.backlog_concurrency,
        updates_per_ticket: usize::try_from(settings.zendesk.updates_per_ticket_per_10_minutes)
            .unwrap_or(usize::MAX),
        lease: Duration::from_secs(settings.worker.lease_seconds),
        poll: Duration::from_secs(settings.worker.poll_seconds),
        retry: RetryPolicy {
            base: Duration::from_secs(retry.base_seconds),
            max: Duration::from_secs(retry.max_seconds),
            attempts: retry.attempts,
        },
        clocks_apart: SignedDuration::from_secs(settings.worker.clocks_apart_seconds.into()),
        fruitless_claims: FRUITLESS_CLAIMS,
    }
}

pub(super) fn door_options(settings: &Settings, deployment: Deployment) -> webhook::Options {
    webhook::Options {
        bearer: deployment.webhook_bearer,
        account_id: settings.webhook.account_id.clone(),
        webhook_id: settings.webhook.webhook_id.clone(),
        window: Duration::from_secs(settings.webhook.freshness_seconds),
        ..webhook::Options::new(deployment.webhook_secrets)
    }
}

/// Admin credentials, for commands that a person runs.
pub(crate) fn admin_options(
    settings: &Settings,
    zendesk_url: &str,
    credentials: &ZendeskCredentials,
) -> AdminOptions {
    let (credentials, variables) = match credentials.clone() {
        ZendeskCredentials::OAuth { client_id, client_secret } => (
            AdminOptions::oauth(client_id, client_secret),
            "MISREAD_ZENDESK_ADMIN_CLIENT_ID and MISREAD_ZENDESK_ADMIN_CLIENT_SECRET",
        ),
        ZendeskCredentials::ApiToken { email, token } => (
            zendesk::Credentials::ApiToken { email, token },
            "MISREAD_ZENDESK_ADMIN_EMAIL and MISREAD_ZENDESK_ADMIN_API_TOKEN",
        ),
    };
    let timeout = Duration::from_secs(settings.zendesk.request_timeout_seconds);
    let proxy = settings.network.proxy_from_environment;
    AdminOptions { base_url: zendesk_url.to_owned(), credentials, variables, timeout, proxy }
}

/// For reading the account's set-up as the running service, with no more rights than it has.
pub(crate) fn looking_options(
    settings: &Settings,
    zendesk_url: &str,
    credentials: &ZendeskCredentials,
) -> AdminOptions {
    let variables = match credentials {
        ZendeskCredentials::OAuth { .. } => "MISREAD_ZENDESK_CLIENT_ID and MISREAD_ZENDESK_CLIENT_SECRET",
        ZendeskCredentials::ApiToken { .. } => "MISREAD_ZENDESK_EMAIL and MISREAD_ZENDESK_API_TOKEN",
    };
    let timeout = Duration::from_secs(settings.zendesk.request_timeout_seconds);
    let credentials = service_credentials(credentials.clone());
    let proxy = settings.network.proxy_from_environment;
    AdminOptions { base_url: zendesk_url.to_owned(), credentials, variables, timeout, proxy }
}

/// The tags, options, brands and forms that identify our tickets.
pub fn marks(settings: &Settings) -> Marks {
    let desk = &settings.zendesk;
    let types = &desk.consultation_types;
    Marks {
        start_tags: desk.start_tags.clone(),
        consultation_types: [types.linked.clone(), types.unlinked.clone(), types.other.clone()],
        sent_tag: desk.sent_tag.clone(),
        done_tag: desk.done_tag.clone(),
        handed_over_tag: desk.handed_over_tag.clone(),
        waiting_tag: desk.waiting_tag.clone(),
        prepared_tag: desk.prepared_tag.clone(),
        stuck_tag: desk.stuck_tag.clone(),
        give_back_tag: desk.give_back_tag.clone(),
        release_tag: desk.release_tag.clone(),
        brands: desk.brands.clone(),
        forms: desk.forms.clone(),
    }
}

fn service_credentials(credentials: ZendeskCredentials) -> zendesk::Credentials {
    match credentials {
        ZendeskCredentials::OAuth { client_id, client_secret } => zendesk::Credentials::OAuth {
            client_id,
            client_secret,
            scope: OAUTH_SCOPE.to_owned(),
            expires_in: OAUTH_LIFE,
        },
        ZendeskCredentials::ApiToken { email, token } => zendesk::Credentials::ApiToken { email, token },
    }
}

pub(super) fn zendesk_options(
    settings: &Settings,
    account: &AccountIds,
    deployment: &Deployment,
    calls: CallMetrics,
) -> zendesk::Options {
    let credentials = service_credentials(deployment.zendesk_credentials.clone());
    let limits = &settings.zendesk;
    let at_least_one = |limit| NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN);
    zendesk::Options {
        calls,
        base_url: deployment.zendesk_url.clone(),
        credentials,
        fields: zendesk::Fields {
            consultation_type: account.fields.consultation_type,
            plate: Some(account.fields.plate),
            used_at: account.fields.used_at,
        },
        statuses: custom_statuses(&limits.custom_statuses),
        budgets: zendesk::Budgets {
            updates_per_minute: at_least_one(limits.updates_per_minute),
            share_percent: at_least_one(limits.share_percent),
            together: limits.send_together,
            jobs_at_once: at_least_one(limits.jobs_at_once),
        },
        at_once: settings.worker.concurrency,
        timeout: Duration::from_secs(limits.request_timeout_seconds),
        proxy: settings.network.proxy_from_environment,
    }
}

fn custom_statuses(statuses: &CustomStatuses) -> BTreeMap<TicketStatus, i64> {
    let CustomStatuses { open, pending, hold, solved } = *statuses;
    let own = [
        (TicketStatus::Open, open),
        (TicketStatus::Pending, pending),
        (TicketStatus::Hold, hold),
        (TicketStatus::Solved, solved),
    ];
    own.into_iter().filter_map(|(status, id)| Some((status, id?))).collect()
}

/// `None`: notifications are off.
pub(super) fn notify_options(
    settings: &Settings,
    deployment: &Deployment,
) -> Result<Option<notify::Options>, notify::TemplateError> {
    let Some(url) = deployment.notify_url.clone() else { return Ok(None) };
    let template = deployment.notify_template.as_deref().map(notify::BodyTemplate::parse).transpose()?;
    Ok(Some(notify::Options {
        url,
        secret: deployment.notify_secret.clone(),
        template: template.map(Arc::new),
        zendesk_url: deployment.zendesk_url.clone(),
        proxy: settings.network.proxy_from_environment,
        overdue_after: SignedDuration::from_mins(settings.worker.overdue_alarm_minutes.into()),
    }))
}

pub(super) fn parking_options(
    settings: &Settings,
    deployment: &Deployment,
    calls: CallMetrics,
) -> parking::Options {
    parking::Options {
        calls,
        base_url: deployment.parking_url.clone(),
        token: deployment.parking_token.clone(),
        at_once: settings.worker.concurrency,
        timeout: Duration::from_secs(settings.parking.request_timeout_seconds),
        proxy: settings.network.proxy_from_environment,
    }
}

/// How the account's macros are looked up.
pub(crate) fn lookup(settings: &Settings) -> Lookup {
    Lookup { prefix: settings.macros.title_prefix.clone(), ids: settings.macros.ids.clone() }
}

/// Everything that a case depends on, at the start and at every reload.
pub(super) fn playbook(loaded: Loaded) -> Playbook {
    let Loaded { settings, account, deployment, policy, words, openings, macros } = loaded;
    Playbook {
        policy,
        words,
        openings,
        macros,
        patience: patience(&settings.waiting),
        compensation_cap: Won(settings.compensation.cap_won.into()),
        limits: limits(&settings.limits),
        routing: routing(&settings, &account, &deployment),
        unknown_settle: seconds(settings.retry.unknown_settle_seconds),
    }
}

/// The limits of these settings.
pub fn limits(settings: &LimitSettings) -> Limits {
    let most = |won: u32, times: u32| Most { won: Won(won.into()), times };
    Limits {
        per_action: Won(settings.per_action_won.into()),
        per_account: most(settings.per_account_30_days_won, settings.per_account_30_days_count),
        per_lot: most(settings.per_lot_day_won, settings.per_lot_day_count),
        per_day: most(settings.per_day_won, settings.per_day_count),
        breaker: Breaker {
            factor: settings.breaker_factor,
            at_least: Tally {
                won: settings.breaker_from_won.into(),
                refusals: settings.breaker_from_refusals.into(),
                hand_overs: settings.breaker_from_hand_overs.into(),
            },
        },
    }
}

fn routing(settings: &Settings, account: &AccountIds, deployment: &Deployment) -> Routing {
    let desk = &settings.zendesk;
    let article = |id: u64| format!("{}/hc/ko/articles/{id}", deployment.zendesk_url);
    Routing {
        start_tags: desk.start_tags.clone(),
        sent_tag: desk.sent_tag.clone(),
        done_tag: desk.done_tag.clone(),
        handed_over_tag: desk.handed_over_tag.clone(),
        waiting_tag: desk.waiting_tag.clone(),
        prepared_tag: desk.prepared_tag.clone(),
        stuck_tag: desk.stuck_tag.clone(),
        give_back_tag: desk.give_back_tag.clone(),
        release_tag: desk.release_tag.clone(),
        brands: desk.brands.clone(),
        forms: desk.forms.clone(),
        by_hand: ManualReply {
            messaging: desk.messaging == Answers::HandOver,
            copies: desk.copies == Answers::HandOver,
        },
        harmless: Harmless {
            from: match &settings.people.harmless_from {
                config::HarmlessFrom::Kind(config::Integrations::None) => HarmlessFrom::Nobody,
                config::HarmlessFrom::Kind(config::Integrations::All) => HarmlessFrom::AllIntegrations,
                config::HarmlessFrom::Users(users) => HarmlessFrom::Users(users.iter().copied().collect()),
            },
            fields: fields(account).collect(),
        },
        groups: Team::ALL.iter().map(|team| (*team, account.groups.of(*team))).collect(),
        consultation_types: ConsultationTypes {
            linked: desk.consultation_types.linked.clone(),
            unlinked: desk.consultation_types.unlinked.clone(),
            other: desk.consultation_types.other.clone(),
        },
        guide: GuideLinks {
            compensation: article(settings.guide.compensation_article),
            restricted_consultation: article(settings.guide.restricted_consultation_article),
        },
        console: deployment.console_address.clone(),
    }
}

/// The custom fields that the service reads or sets.
fn fields(account: &AccountIds) -> impl Iterator<Item = i64> + use<> {
    let of = &account.fields;
    [Some(of.consultation_type), Some(of.plate), of.used_at].into_iter().flatten()
}

fn patience(waiting: &WaitingSettings) -> Timeouts {
    let hours = |count: u32| SignedDuration::from_hours(count.into());
    Timeouts {
        remind_after: hours(waiting.remind_after_hours),
        give_up_after: hours(waiting.give_up_after_hours),
        when_silent: match waiting.when_silent {
            config::WhenSilent::Close => WhenSilent::Close,
            config::WhenSilent::HandOver => WhenSilent::HandOver,
        },
        payment_check: hours(waiting.payment_check_hours),
        payment_deadline: hours(waiting.payment_deadline_hours),
    }
}

fn seconds(count: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(count).unwrap_or(i64::MAX))
}
