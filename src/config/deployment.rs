//! Reads the addresses and secrets of `misread serve` from the environment. No error contains a variable's value: it
//! may be a secret.

use std::net::{IpAddr, SocketAddr};

use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};

use super::address::MayHavePath;
use super::console::ConsoleUser;
use super::credentials::{Who, ZendeskCredentials};
use super::variables::Variables;
use crate::domain::problem::Problem;
use crate::domain::signature::is_published_test_secret;

const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
const DEFAULT_LOG: &str = "info";

/// Addresses and secrets of one installation.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The address that the webhook endpoint listens on: `MISREAD_LISTEN`.
    pub listen: SocketAddr,
    /// The address that metrics are served on, if they are: `MISREAD_METRICS_LISTEN`.
    pub metrics_listen: Option<SocketAddr>,
    /// The address that the console is served on, if it is: `MISREAD_CONSOLE_LISTEN`.
    pub console_listen: Option<SocketAddr>,
    /// The people who sign in to the console with a password: the file that `MISREAD_CONSOLE_USERS` names.
    pub console_users: Vec<ConsoleUser>,
    /// The proxies that sign people in: `MISREAD_CONSOLE_PROXY`.
    pub console_proxies: Vec<IpAddr>,
    /// The address at which people open the console, without a slash at the end, if notes link to it:
    /// `MISREAD_CONSOLE_ADDRESS`.
    pub console_address: Option<String>,
    /// The ledger's address: `MISREAD_DATABASE_URL`, `sqlite:` and a path, or `postgres:` and server, user and
    /// database. A secret, since it may contain a password.
    pub database_url: SecretString,
    /// One or two signing secrets of the webhook: `MISREAD_WEBHOOK_SECRET`. Two during a rotation; a delivery may be
    /// signed with either.
    pub webhook_secrets: Vec<SecretString>,
    /// The bearer token that deliveries must carry, if any: `MISREAD_WEBHOOK_BEARER`.
    pub webhook_bearer: Option<SecretString>,
    /// Zendesk's origin without a slash at the end: `MISREAD_ZENDESK_URL`.
    pub zendesk_url: String,
    /// The service's credentials for Zendesk.
    pub zendesk_credentials: ZendeskCredentials,
    /// The parking API's address with its version, without a slash at the end: `MISREAD_PARKING_URL`.
    pub parking_url: String,
    /// The parking system's bearer token: `MISREAD_PARKING_TOKEN`.
    pub parking_token: SecretString,
    /// Where people are notified, if they are: `MISREAD_NOTIFY_URL`. A secret, since such addresses often hold one.
    pub notify_url: Option<SecretString>,
    /// What notifications are signed with, if the receiver checks them: `MISREAD_NOTIFY_SECRET`.
    pub notify_secret: Option<SecretString>,
    /// The template of those messages, if they are not ours: `MISREAD_NOTIFY_TEMPLATE`.
    pub notify_template: Option<String>,
    /// Where traces are sent by OTLP over HTTP, if they are: `MISREAD_TRACES_URL`, a collector's whole address.
    pub traces_url: Option<String>,
    /// The log filter of `tracing`: `MISREAD_LOG`.
    pub log: String,
    /// The form of the log lines: `MISREAD_LOG_FORMAT`.
    pub log_format: LogFormat,
    /// `MISREAD_DEVELOPMENT=1`: plain HTTP, weak secrets and the published test secret are accepted.
    pub development: bool,
    /// The offset of the process's clock from the machine's, for drills: `MISREAD_CLOCK_AHEAD_SECONDS`, one day at most
    /// either way.
    pub clock_ahead: SignedDuration,
}

/// The form of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, for machines elsewhere.
    ByTerminal,
    /// One JSON object a line.
    Json,
    /// One line of text for people.
    Text,
}

impl Variables<'_> {
    /// Reads everything before it returns, so that one run reports every problem; `None` if there is one.
    pub(super) fn deployment(&mut self) -> Option<Deployment> {
        let development = self.development();
        let listen = self.listen();
        let metrics_listen = self.metrics_listen(listen);
        let console_listen = self.console_listen([listen, metrics_listen]);
        self.console_is_whole();
        let (console_users, console_proxies) = (self.console_users(), self.console_proxies());
        let console_address = self.console_address();
        let log_format = self.log_format();
        let database_url = self.database_url();
        let webhook_secrets = self.webhook_secrets(development);
        let webhook_bearer = self.webhook_bearer(development);
        let zendesk_url = self.zendesk_url(development);
        let zendesk_credentials = self.zendesk_credentials(Who::Service, development);
        let parking = "https://<host of the parking API>/v1";
        let parking_url = self.address("MISREAD_PARKING_URL", parking, MayHavePath::Yes, development);
        let token = self.required("MISREAD_PARKING_TOKEN", "the parking system's bearer token");
        let parking_token = token.and_then(|token| self.strong("MISREAD_PARKING_TOKEN", &token, development));
        let notify_url = self.notify_url(development);
        let notify_secret = self.notify_secret(notify_url.is_some(), development);
        let notify_template = self.notify_template(notify_url.is_some());
        let traces_url = self.traces_url();
        let clock_ahead = self.clock_ahead(development);
        Some(Deployment {
            listen: listen?,
            metrics_listen,
            console_listen,
            console_users,
            console_proxies,
            console_address,
            database_url: database_url?.into(),
            webhook_secrets: webhook_secrets?,
            webhook_bearer,
            zendesk_url: zendesk_url?,
            zendesk_credentials: zendesk_credentials?,
            parking_url: parking_url?,
            parking_token: parking_token?,
            notify_url,
            notify_secret,
            notify_template,
            traces_url,
            log: self.text("MISREAD_LOG").unwrap_or_else(|| DEFAULT_LOG.to_owned()),
            log_format: log_format?,
            development,
            clock_ahead: clock_ahead?,
        })
    }

    pub(super) fn listen(&mut self) -> Option<SocketAddr> {
        let text = self.text("MISREAD_LISTEN").unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
        self.socket("MISREAD_LISTEN", &text)
    }

    /// `None` if it is not set, or wrong, which is reported. Metrics never share the webhook's listener, which the internet
    /// reaches.
    fn metrics_listen(&mut self, webhooks: Option<SocketAddr>) -> Option<SocketAddr> {
        let text = self.text("MISREAD_METRICS_LISTEN")?;
        let address = self.socket("MISREAD_METRICS_LISTEN", &text)?;
        if Some(address) == webhooks && address.port() != 0 {
            let problem = Problem::new("`MISREAD_METRICS_LISTEN` is the address of the webhooks");
            return self
                .refuse(problem.help("metrics need a port of their own, for example `127.0.0.1:9464`"));
        }
        Some(address)
    }

    pub(super) fn socket(&mut self, name: &str, text: &str) -> Option<SocketAddr> {
        if let Ok(address) = text.trim().parse() {
            return Some(address);
        }
        let problem = Problem::new(format!("`{name}` is not an address with a port"));
        self.refuse(problem.help("write for example `127.0.0.1:8080`, or `0.0.0.0:8080` for all interfaces"))
    }

    /// `None` if it is not set, or wrong, which is reported.
    fn notify_url(&mut self, development: bool) -> Option<SecretString> {
        let text = self.text("MISREAD_NOTIFY_URL")?;
        let text = text.trim();
        let is_safe = text.starts_with("https://") || (development && text.starts_with("http://"));
        if is_safe && reqwest::Url::parse(text).is_ok_and(|url| url.has_host()) {
            return Some(SecretString::from(text));
        }
        let problem = Problem::new("`MISREAD_NOTIFY_URL` is not an address that begins with https://");
        self.refuse(
            problem.help("take the whole address of the chat's incoming webhook, or of your mail gateway"),
        )
    }

    /// `None` if it is not set, or wrong, which is reported. Plain HTTP is accepted: collectors stand beside the service, and
    /// traces identify no customer.
    fn traces_url(&mut self) -> Option<String> {
        let text = self.text("MISREAD_TRACES_URL")?;
        if !cfg!(feature = "traces") {
            let problem =
                Problem::new("`MISREAD_TRACES_URL` is set, and this program was built without traces");
            return self.refuse(problem.help("leave it out, or build with the feature `traces`"));
        }
        let is_http = |url: &reqwest::Url| matches!(url.scheme(), "http" | "https") && url.path() != "/";
        if reqwest::Url::parse(text.trim()).is_ok_and(|url| is_http(&url)) {
            return Some(text.trim().to_owned());
        }
        let problem = Problem::new("`MISREAD_TRACES_URL` is not an http address with a path");
        self.refuse(
            problem
                .help("write the collector's whole address, for example `http://127.0.0.1:4318/v1/traces`"),
        )
    }

    fn notify_secret(&mut self, notifies: bool, development: bool) -> Option<SecretString> {
        let secret = self.text("MISREAD_NOTIFY_SECRET")?;
        if !notifies {
            let problem = Problem::new("`MISREAD_NOTIFY_SECRET` is set without `MISREAD_NOTIFY_URL`");
            return self.refuse(problem.help("set the address as well, or leave the secret out"));
        }
        self.strong("MISREAD_NOTIFY_SECRET", &secret, development)
    }

    fn notify_template(&mut self, notifies: bool) -> Option<String> {
        let template = self.text("MISREAD_NOTIFY_TEMPLATE")?;
        if !notifies {
            let problem = Problem::new("`MISREAD_NOTIFY_TEMPLATE` is set without `MISREAD_NOTIFY_URL`");
            return self.refuse(problem.help("set the address as well, or leave the template out"));
        }
        Some(template)
    }

    fn log_format(&mut self) -> Option<LogFormat> {
        match self.text("MISREAD_LOG_FORMAT").as_deref().map(str::trim) {
            None => Some(LogFormat::ByTerminal),
            Some("json") => Some(LogFormat::Json),
            Some("text") => Some(LogFormat::Text),
            Some(_) => {
                let problem = Problem::new("`MISREAD_LOG_FORMAT` is neither json nor text");
                self.refuse(problem.help("leave it out for text on a terminal and JSON elsewhere"))
            }
        }
    }

    pub(super) fn development(&mut self) -> bool {
        self.switch(
            "MISREAD_DEVELOPMENT",
            "set it to 1 on a developer's machine only; otherwise leave it out",
        )
    }

    /// The bearer token of deliveries; `None` if it is not set, or too weak, which is reported.
    pub(super) fn webhook_bearer(&mut self, development: bool) -> Option<SecretString> {
        let bearer = self.text("MISREAD_WEBHOOK_BEARER")?;
        self.strong("MISREAD_WEBHOOK_BEARER", &bearer, development)
    }

    /// An offset other than zero is accepted only in development: a wrong clock moves deadlines and lets old deliveries
    /// in.
    fn clock_ahead(&mut self, development: bool) -> Option<SignedDuration> {
        const A_DAY: i64 = 86_400;
        let Some(text) = self.text("MISREAD_CLOCK_AHEAD_SECONDS") else { return Some(SignedDuration::ZERO) };
        let seconds = text.trim().parse().ok().filter(|seconds| (-A_DAY..=A_DAY).contains(seconds));
        match seconds {
            Some(0) => Some(SignedDuration::ZERO),
            Some(seconds) if development => Some(SignedDuration::from_secs(seconds)),
            Some(_) => {
                let problem = Problem::new("`MISREAD_CLOCK_AHEAD_SECONDS` makes the clock wrong");
                self.refuse(problem.help(
                    "leave it out; it is for drills on a developer's machine, with MISREAD_DEVELOPMENT=1",
                ))
            }
            None => {
                let problem =
                    Problem::new("`MISREAD_CLOCK_AHEAD_SECONDS` is not a number of seconds of a day at most");
                self.refuse(
                    problem.help("leave it out, or write for example 90, or -90 for a clock that is behind"),
                )
            }
        }
    }

    pub(super) fn webhook_secrets(&mut self, development: bool) -> Option<Vec<SecretString>> {
        let text = self.required("MISREAD_WEBHOOK_SECRET", "the webhook's signing secret from Zendesk")?;
        let secrets: Vec<SecretString> =
            text.split(',').map(|secret| SecretString::from(secret.trim())).collect();
        let refuse =
            |what: &str, help: &str| Problem::new(format!("`MISREAD_WEBHOOK_SECRET` {what}")).help(help);
        if secrets.len() > 2 || secrets.iter().any(|secret| secret.expose_secret().is_empty()) {
            let problem = refuse(
                "is not one secret or two separated by a comma",
                "two are for the time of a rotation: the new one, then the old",
            );
            return self.refuse(problem);
        }
        if !development && secrets.iter().any(|secret| is_published_test_secret(secret.expose_secret())) {
            let problem = refuse(
                "is the test secret that Zendesk publishes: anybody could sign with it",
                "take the secret of your own webhook; on a developer's machine set MISREAD_DEVELOPMENT=1",
            );
            return self.refuse(problem);
        }
        let strong = |secret: &SecretString| {
            self.strong("MISREAD_WEBHOOK_SECRET", secret.expose_secret(), development)
        };
        secrets.iter().map(strong).collect()
    }
}
