//! The settings and variables that a reload does not change. They take effect at the next start.

use secrecy::{ExposeSecret, SecretString};

use super::Loaded;
use super::account::{AccountIds, FieldIds, GroupIds};
use super::credentials::ZendeskCredentials;
use super::deployment::Deployment;
use super::settings::{
    MacroSettings, NetworkSettings, ParkingSettings, RetentionSettings, RetrySettings, Settings,
    WebhookSettings, WorkerSettings, ZendeskSettings,
};

/// The values that a service was started with.
#[derive(Clone, Debug)]
pub struct StartedWith {
    /// `misread.toml`
    pub settings: Settings,
    /// The ids of fields and groups in the Zendesk account.
    pub account: AccountIds,
    /// Addresses and secrets of the environment.
    pub deployment: Deployment,
}

impl StartedWith {
    /// Copies the values that [`Self::keep_in`] compares later ones with.
    pub fn of(loaded: &Loaded) -> Self {
        let Loaded { settings, account, deployment, .. } = loaded;
        Self { settings: settings.clone(), account: account.clone(), deployment: deployment.clone() }
    }

    /// Overwrites in `loaded` everything that only a restart may change. Returns the names of what differed, settings
    /// as `section.key` and variables by their names, without values.
    pub fn keep_in(&self, loaded: &mut Loaded) -> Vec<&'static str> {
        let mut kept = Kept::default();
        kept.settings(&mut loaded.settings, &self.settings);
        kept.account(&mut loaded.account, &self.account);
        kept.deployment(&mut loaded.deployment, &self.deployment);
        kept.names
    }
}

/// Collects the names of values that differed and were kept. Each structure is destructured without `..`, so that a new
/// setting does not compile until it is decided here whether a reload changes it.
#[derive(Default)]
struct Kept {
    names: Vec<&'static str>,
}

impl Kept {
    fn keep<T: Clone + PartialEq>(&mut self, name: &'static str, new: &mut T, running: &T) {
        if new != running {
            self.names.push(name);
            new.clone_from(running);
        }
    }

    fn settings(&mut self, new: &mut Settings, running: &Settings) {
        // Waits, compensation, limits, harmless changes and the guide's pages are business rules, like the policy: a
        // reload changes them.
        let Settings {
            webhook,
            worker,
            retry,
            zendesk,
            macros,
            parking,
            waiting: _,
            compensation: _,
            limits: _,
            retention,
            network,
            people: _,
            guide: _,
        } = new;
        let WebhookSettings { freshness_seconds, account_id, webhook_id } = webhook;
        self.keep("webhook.freshness_seconds", freshness_seconds, &running.webhook.freshness_seconds);
        self.keep("webhook.account_id", account_id, &running.webhook.account_id);
        self.keep("webhook.webhook_id", webhook_id, &running.webhook.webhook_id);
        let WorkerSettings {
            concurrency,
            backlog_concurrency,
            lease_seconds,
            poll_seconds,
            overdue_alarm_minutes,
            clocks_apart_seconds,
        } = worker;
        self.keep("worker.concurrency", concurrency, &running.worker.concurrency);
        let backlog = &running.worker.backlog_concurrency;
        self.keep("worker.backlog_concurrency", backlog_concurrency, backlog);
        self.keep("worker.lease_seconds", lease_seconds, &running.worker.lease_seconds);
        self.keep("worker.poll_seconds", poll_seconds, &running.worker.poll_seconds);
        let alarm = &running.worker.overdue_alarm_minutes;
        self.keep("worker.overdue_alarm_minutes", overdue_alarm_minutes, alarm);
        let apart = &running.worker.clocks_apart_seconds;
        self.keep("worker.clocks_apart_seconds", clocks_apart_seconds, apart);
        let RetrySettings { base_seconds, max_seconds, attempts, unknown_settle_seconds } = retry;
        self.keep("retry.base_seconds", base_seconds, &running.retry.base_seconds);
        self.keep("retry.max_seconds", max_seconds, &running.retry.max_seconds);
        self.keep("retry.attempts", attempts, &running.retry.attempts);
        let settle = &running.retry.unknown_settle_seconds;
        self.keep("retry.unknown_settle_seconds", unknown_settle_seconds, settle);
        self.zendesk(zendesk, &running.zendesk);
        let MacroSettings { source, title_prefix, refresh_minutes, ids } = macros;
        self.keep("macros.source", source, &running.macros.source);
        self.keep("macros.title_prefix", title_prefix, &running.macros.title_prefix);
        self.keep("macros.refresh_minutes", refresh_minutes, &running.macros.refresh_minutes);
        self.keep("macros.ids", ids, &running.macros.ids);
        let ParkingSettings { request_timeout_seconds } = parking;
        let timeout = &running.parking.request_timeout_seconds;
        self.keep("parking.request_timeout_seconds", request_timeout_seconds, timeout);
        let RetentionSettings { days } = retention;
        self.keep("retention.days", days, &running.retention.days);
        let NetworkSettings { proxy_from_environment: proxy } = network;
        self.keep("network.proxy_from_environment", proxy, &running.network.proxy_from_environment);
    }

    fn zendesk(&mut self, new: &mut ZendeskSettings, running: &ZendeskSettings) {
        let ZendeskSettings {
            updates_per_minute,
            updates_per_ticket_per_10_minutes: per_ticket,
            share_percent,
            send_together,
            jobs_at_once,
            request_timeout_seconds: timeout,
            sweep_minutes,
            custom_statuses,
            // Routing is decided for each case from the loaded settings: a reload changes it.
            brands: _,
            forms: _,
            messaging: _,
            copies: _,
            // Tags and options are only values in tickets, and nothing keeps a copy: a reload changes them.
            start_tags: _,
            sent_tag: _,
            done_tag: _,
            handed_over_tag: _,
            waiting_tag: _,
            prepared_tag: _,
            stuck_tag: _,
            give_back_tag: _,
            release_tag: _,
            consultation_types: _,
            fields,
            groups,
        } = new;
        self.keep("zendesk.updates_per_minute", updates_per_minute, &running.updates_per_minute);
        let running_per_ticket = &running.updates_per_ticket_per_10_minutes;
        self.keep("zendesk.updates_per_ticket_per_10_minutes", per_ticket, running_per_ticket);
        self.keep("zendesk.share_percent", share_percent, &running.share_percent);
        self.keep("zendesk.send_together", send_together, &running.send_together);
        self.keep("zendesk.jobs_at_once", jobs_at_once, &running.jobs_at_once);
        self.keep("zendesk.request_timeout_seconds", timeout, &running.request_timeout_seconds);
        self.keep("zendesk.sweep_minutes", sweep_minutes, &running.sweep_minutes);
        self.keep("zendesk.custom_statuses", custom_statuses, &running.custom_statuses);
        // The service uses the ids in `AccountIds`, which are made from these; `account` compares and names them.
        fields.clone_from(&running.fields);
        groups.clone_from(&running.groups);
    }

    fn account(&mut self, new: &mut AccountIds, running: &AccountIds) {
        let AccountIds { fields, groups } = new;
        let FieldIds { consultation_type, plate, used_at } = fields;
        self.keep("zendesk.fields.consultation_type", consultation_type, &running.fields.consultation_type);
        self.keep("zendesk.fields.plate", plate, &running.fields.plate);
        self.keep("zendesk.fields.used_at", used_at, &running.fields.used_at);
        let GroupIds { agents, airport_desk, lot_contact, compensation } = groups;
        self.keep("zendesk.groups.agents", agents, &running.groups.agents);
        self.keep("zendesk.groups.airport_desk", airport_desk, &running.groups.airport_desk);
        self.keep("zendesk.groups.lot_contact", lot_contact, &running.groups.lot_contact);
        self.keep("zendesk.groups.compensation", compensation, &running.groups.compensation);
    }

    fn deployment(&mut self, new: &mut Deployment, running: &Deployment) {
        let Deployment {
            listen,
            metrics_listen,
            console_listen,
            console_users,
            console_proxies,
            console_address,
            database_url,
            webhook_secrets,
            webhook_bearer,
            zendesk_url,
            zendesk_credentials,
            parking_url,
            parking_token,
            notify_url,
            notify_secret,
            notify_template,
            traces_url,
            log,
            log_format,
            development,
            clock_ahead,
        } = new;
        self.keep("MISREAD_LISTEN", listen, &running.listen);
        self.keep("MISREAD_METRICS_LISTEN", metrics_listen, &running.metrics_listen);
        self.keep("MISREAD_CONSOLE_LISTEN", console_listen, &running.console_listen);
        self.keep_secrets("MISREAD_CONSOLE_USERS", console_users, &running.console_users, |users| {
            users.iter().flat_map(|user| [&user.name, user.role.group(), plain(&user.password)]).collect()
        });
        self.keep("MISREAD_CONSOLE_PROXY", console_proxies, &running.console_proxies);
        self.keep("MISREAD_CONSOLE_ADDRESS", console_address, &running.console_address);
        let ledger = &running.database_url;
        self.keep_secrets("MISREAD_DATABASE_URL", database_url, ledger, |url| vec![plain(url)]);
        self.keep_secrets("MISREAD_WEBHOOK_SECRET", webhook_secrets, &running.webhook_secrets, |secrets| {
            secrets.iter().map(plain).collect()
        });
        self.keep_secrets("MISREAD_WEBHOOK_BEARER", webhook_bearer, &running.webhook_bearer, |bearer| {
            bearer.iter().map(plain).collect()
        });
        self.keep("MISREAD_ZENDESK_URL", zendesk_url, &running.zendesk_url);
        let credentials = &running.zendesk_credentials;
        self.keep_secrets(named(credentials), zendesk_credentials, credentials, signs_in_with);
        self.keep("MISREAD_PARKING_URL", parking_url, &running.parking_url);
        let token = &running.parking_token;
        self.keep_secrets("MISREAD_PARKING_TOKEN", parking_token, token, |token| vec![plain(token)]);
        self.keep_secrets("MISREAD_NOTIFY_URL", notify_url, &running.notify_url, |url| {
            url.iter().map(plain).collect()
        });
        self.keep_secrets("MISREAD_NOTIFY_SECRET", notify_secret, &running.notify_secret, |secret| {
            secret.iter().map(plain).collect()
        });
        self.keep("MISREAD_NOTIFY_TEMPLATE", notify_template, &running.notify_template);
        self.keep("MISREAD_TRACES_URL", traces_url, &running.traces_url);
        self.keep("MISREAD_LOG", log, &running.log);
        self.keep("MISREAD_LOG_FORMAT", log_format, &running.log_format);
        self.keep("MISREAD_DEVELOPMENT", development, &running.development);
        self.keep("MISREAD_CLOCK_AHEAD_SECONDS", clock_ahead, &running.clock_ahead);
    }

    /// As [`Self::keep`], for values with secrets: `SecretString` has no `PartialEq`, so `parts` exposes what to
    /// compare.
    fn keep_secrets<T: Clone>(
        &mut self,
        name: &'static str,
        new: &mut T,
        running: &T,
        parts: impl Fn(&T) -> Vec<&str>,
    ) {
        if parts(new) != parts(running) {
            self.names.push(name);
            new.clone_from(running);
        }
    }
}

fn plain(secret: &SecretString) -> &str {
    secret.expose_secret()
}

/// The variables that credentials of this kind come from.
fn named(credentials: &ZendeskCredentials) -> &'static str {
    match credentials {
        ZendeskCredentials::OAuth { .. } => "MISREAD_ZENDESK_CLIENT_ID, MISREAD_ZENDESK_CLIENT_SECRET",
        ZendeskCredentials::ApiToken { .. } => "MISREAD_ZENDESK_EMAIL, MISREAD_ZENDESK_API_TOKEN",
    }
}

/// The kind and both parts: the kind alone may change as well.
fn signs_in_with(credentials: &ZendeskCredentials) -> Vec<&str> {
    match credentials {
        ZendeskCredentials::OAuth { client_id, client_secret } => {
            vec!["oauth", client_id, plain(client_secret)]
        }
        ZendeskCredentials::ApiToken { email, token } => vec!["token", email, plain(token)],
    }
}
