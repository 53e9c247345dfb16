//! `misread serve`: runs the service until a signal stops it. SIGHUP reloads the configuration.

pub mod status_line;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::app::{self, Activated, Reload, Service, SystemClock};
use crate::config::{self, Environment, LogFormat, ProcessEnvironment, Report, SetupNeeds};
use crate::lifecycle::service_manager::{self, Told};
use crate::lifecycle::{End, HangUps, until_stopped};
use crate::setup::AccountChecker;
use crate::telemetry;
use status_line::StatusLine;

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    // First of all: by default a SIGHUP during the start would end the process.
    let hang_ups = HangUps::listen()?;
    let loaded = config::load(&ProcessEnvironment)?;
    let sparing = telemetry::start(&loaded.deployment.log, json(loaded.deployment.log_format));
    let (listen, metrics_listen) = (loaded.deployment.listen, loaded.deployment.metrics_listen);
    let console_listen = loaded.deployment.console_listen;
    tell_of_proxies(&ProcessEnvironment, loaded.settings.network.proxy_from_environment);
    let (files, account) = config::load_setup(&ProcessEnvironment, SetupNeeds::Check)?;
    let checker = AccountChecker::new(files.settings, account, Arc::new(SystemClock));
    let mut service = Service::assemble_alone(loaded).await?.checked_by(Arc::new(checker));
    let listener = app::listen(listen)
        .with_context(|| format!("cannot listen on {listen}: choose another MISREAD_LISTEN"))?;
    let metrics = metrics_listen.map(app::listen).transpose().with_context(|| {
        format!("cannot listen on {}: choose another MISREAD_METRICS_LISTEN", shown(metrics_listen))
    })?;
    if let Some(address) = console_listen {
        let listener = app::listen(address)
            .with_context(|| format!("cannot listen on {address}: choose another MISREAD_CONSOLE_LISTEN"))?;
        let console = service.console()?;
        service = service.with_console(listener, console);
    }
    let told = StatusLine::of(&service);
    let (reload, stop) = (service.reload(), CancellationToken::new());
    let served = Box::pin(service.run(listener, metrics, stop.clone()));
    let ending = stop.clone();
    let work = async {
        tokio::select! {
            // In this order: an idle service ends at once, and systemd is told of it before.
            biased;
            () = tell_of_stopping(ending) => {}
            () = served => {}
            () = reload_on(hang_ups, reload, &told) => {}
            () = told.keep_told() => {}
            () = sparing.tell() => {}
        }
    };
    let end = until_stopped(stop, work).await?;
    sparing.tell_at_last();
    Ok(if end == End::Clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether log lines are JSON; `None`: on a terminal they are not.
fn json(format: LogFormat) -> Option<bool> {
    match format {
        LogFormat::ByTerminal => None,
        LogFormat::Json => Some(true),
        LogFormat::Text => Some(false),
    }
}

fn shown(address: Option<SocketAddr>) -> String {
    address.map(|address| address.to_string()).unwrap_or_default()
}

/// Logs which variables name a proxy, and whether the service uses it.
fn tell_of_proxies(environment: &dyn Environment, used: bool) {
    let names = environment.names().into_iter().filter_map(|name| name.into_string().ok());
    let is_proxy =
        |name: &String| ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].contains(&&*name.to_uppercase());
    let variables: Vec<String> = names.filter(is_proxy).collect();
    if variables.is_empty() {
        return;
    }
    let variables = variables.join(", ");
    if used {
        tracing::info!(
            variables,
            "the environment's proxy is used, as `[network] proxy_from_environment` says"
        );
    } else {
        tracing::warn!(
            variables,
            "the environment's proxy is not used: set `proxy_from_environment = true` under `[network]` if it should be"
        );
    }
}

/// Tells systemd when the service begins to stop. Never ends: the service still finishes its work.
async fn tell_of_stopping(stop: CancellationToken) {
    stop.cancelled().await;
    service_manager::tell(Told::Stopping);
    std::future::pending::<()>().await;
}

/// Reloads the configuration at every SIGHUP, one at a time; never ends.
async fn reload_on(mut hang_ups: HangUps, reload: Reload, told: &StatusLine) {
    loop {
        hang_ups.next().await;
        service_manager::tell(Told::Reloading);
        // On a thread of its own: a slow disk or a long proof of the policy would block webhooks and cases.
        match spawn_blocking(|| config::load_again(&ProcessEnvironment)).await {
            Ok(Ok(Some(loaded))) => tell_active(&reload.activate(loaded)),
            Ok(Ok(None)) => {
                tracing::warn!("nothing to reload: MISREAD_CONFIG names no folder, the built-in files hold");
            }
            Ok(Err(report)) => {
                reload.refused(report.len());
                tell_refused(&report);
            }
            Err(error) => {
                reload.refused(1);
                tracing::error!(%error, "not reloaded: reading failed; the old configuration stays active");
            }
        }
        service_manager::tell(Told::Ready { status: &told.line().await });
    }
}

fn tell_active(activated: &Activated) {
    let Activated { policy_before, policy, rows, macros, paragraphs, needs_restart } = activated;
    if !needs_restart.is_empty() {
        let settings = needs_restart.join(", ");
        tracing::warn!(settings, "changed, but only a restart makes these active; the rest is reloaded");
    }
    tracing::info!(
        policy,
        policy_before,
        rows,
        macros,
        paragraphs,
        "reloaded: policy, words, macros and settings are active"
    );
}

/// Logs every problem with its place. Problems contain no customer's data and no variable's value.
fn tell_refused(report: &Report) {
    for (place, problem) in report.problems() {
        tracing::error!(place, problem = problem.what, help = problem.help, "wrong in the configuration");
    }
    tracing::error!(
        problems = report.len(),
        "not reloaded: the old configuration stays active, all of it; `misread check` shows every problem underlined"
    );
}
