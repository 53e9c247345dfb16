//! The command line: the commands with their help, and the dispatch to them.

pub mod aligned;
mod case;
mod check;
mod console;
mod delivery;
#[cfg(feature = "sandbox")]
pub mod demo;
#[cfg(feature = "sandbox")]
mod drill;
pub mod health;
mod install;
mod journals;
mod json;
mod korean;
mod limits;
pub mod macros;
mod marker;
mod policy;
#[cfg(feature = "sandbox")]
mod sandbox;
pub mod serve;
mod wrong;
mod zendesk;

#[cfg(feature = "sandbox")]
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::app;
use json::Format;

/// Settles "본인 미사용" tickets: signed Zendesk webhooks in; look-up, policy, actions, reply and note out.
#[derive(Debug, Parser)]
#[command(version = app::version(), about, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[cfg(feature = "sandbox")]
macro_rules! rehearse {
    () => {
        "
  misread demo                   watch the whole job on sample customers; needs nothing
  misread drill                  see for yourself that nothing is lost and nothing done twice, whatever is killed"
    };
}
#[cfg(not(feature = "sandbox"))]
macro_rules! rehearse {
    () => {
        ""
    };
}

const AFTER_HELP: &str = concat!(
    "Start here:",
    rehearse!(),
    "
  misread check                  look through settings, policy and macros; shows every mistake at once
  misread policy show            read the decision tables
  misread macros preview         read every text that customers get; diff, push and pull carry them to the account and back
  misread zendesk plan           what the Zendesk account lacks; `apply` sets it up, `check` looks whether it still is
  misread serve                  run the service

Settings, policy and macros stand in the folder that MISREAD_CONFIG names (misread.toml, policy.toml, macros/); without it
the built-in ones hold. Secrets and addresses come from the environment, each also as NAME_FILE, the name of a file that
holds it:
  MISREAD_WEBHOOK_SECRET         the webhook's signing secret; two, separated by a comma, while rotating
  MISREAD_WEBHOOK_BEARER         the bearer token that the webhook sends as well, if it does
  MISREAD_ZENDESK_URL            https://SUBDOMAIN.zendesk.com
  MISREAD_ZENDESK_CLIENT_ID      the OAuth client, with MISREAD_ZENDESK_CLIENT_SECRET
  MISREAD_ZENDESK_EMAIL          until 2027-04-30 instead: an agent, with MISREAD_ZENDESK_API_TOKEN
  MISREAD_PUBLIC_URL             where Zendesk reaches the service; for `misread zendesk` only
  MISREAD_ZENDESK_ADMIN_CLIENT_ID  an admin's OAuth client, with MISREAD_ZENDESK_ADMIN_CLIENT_SECRET; for `misread zendesk` only
  MISREAD_ZENDESK_ADMIN_EMAIL      until 2027-04-30 instead: an admin, with MISREAD_ZENDESK_ADMIN_API_TOKEN
  MISREAD_PARKING_URL            the parking API with its version, with MISREAD_PARKING_TOKEN
  MISREAD_LISTEN                 where webhooks arrive; default 127.0.0.1:8080
  MISREAD_METRICS_LISTEN         where Prometheus reads /metrics; off without it
  MISREAD_CONSOLE_LISTEN         where the console is served; off without it
  MISREAD_CONSOLE_USERS          a TOML file of the people who sign in to it; `misread console hash` makes the hash of a password
  MISREAD_CONSOLE_PROXY          or the addresses of the proxies that sign them in, separated by commas
  MISREAD_CONSOLE_ADDRESS        https://<host at which people open it>, for a link in each note to the ticket's page
  MISREAD_NOTIFY_URL             a chat's incoming webhook, for what people must look at; MISREAD_NOTIFY_SECRET signs,
                                 MISREAD_NOTIFY_TEMPLATE_FILE gives another form: deploy/notify/
  MISREAD_TRACES_URL             a collector that takes traces by OTLP over HTTP, with its path; off without it
  MISREAD_DATABASE_URL           the ledger; default sqlite://misread.db; postgres://USER@HOST/DATABASE for several replicas
  MISREAD_DATABASE_UNVERIFIED    1 where PostgreSQL is on another machine and the network itself is trusted: no sslmode=verify-full
  MISREAD_LOG                    what to log; default info, more with misread=debug
  MISREAD_LOG_FORMAT             json or text; without it text on a terminal, JSON elsewhere
  MISREAD_DEVELOPMENT            1 on a developer's machine: plain HTTP and Zendesk's published test secret are let through
  MISREAD_CLOCK_AHEAD_SECONDS    with it, for drills: how wrong this process takes its clock

Exit codes: 0 done, 1 failed, 2 wrong command line, settings or files, 3 the account is not set up as it should be, or with
--exit-code: the policies differ, a backtest found something, cases are stuck; 4 `zendesk check` found nothing wrong and could
not look at everything.

What operations and agents read is Korean: check, policy, macros, limits, case. --json makes one document of what these list."
);

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service: take webhooks in and settle their tickets. SIGHUP makes it read its files anew: all of them or none.
    Serve,
    /// Ask the running service whether it is ready; exit code 0 if it is. For health checks of containers.
    Health {
        /// Ask only whether the process answers.
        #[arg(long)]
        live: bool,
    },
    #[cfg(feature = "sandbox")]
    /// Run the main job on sample customers, in one process, on free ports, and show what happened.
    Demo {
        /// Leave everything running afterwards, with the console and a practice room, and print addresses and users.
        #[arg(long)]
        stay: bool,
        /// Where the console is served then.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090", requires = "stay")]
        console: SocketAddr,
    },
    #[cfg(feature = "sandbox")]
    /// Kill, freeze and lie to processes of this program while they settle tickets; then judge the outside world.
    Drill(drill::DrillArguments),
    #[cfg(feature = "sandbox")]
    /// Serve the mock parking API and the fake Zendesk, each with a control API under /sandbox/.
    Sandbox(sandbox::SandboxArguments),
    /// 설정, 환경, 정책, 글(매크로)을 살펴 잘못된 곳을 한 번에 모두 보여 줍니다. 포트를 열지 않고 아무것도 바꾸지 않습니다.
    #[command(after_help = check::HELP)]
    Check {
        #[command(flatten)]
        format: Format,
    },
    /// 정책을 봅니다: 표, 판단의 까닭, 바꾸면 무엇이 달라지는지.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// 고객이 받는 글(매크로)을 보고, 파일과 Zendesk 계정 사이에서 옮깁니다.
    #[command(subcommand)]
    Macros(macros::MacrosCommand),
    /// Set the Zendesk account up as a plan: show what is missing, carry it out, see drift.
    #[command(subcommand)]
    Zendesk(zendesk::ZendeskCommand),
    /// 자동으로 처리하는 금액의 한도를 보고, 차단기를 해제하고, 한도를 지난 기록에 대어 봅니다.
    #[command(subcommand)]
    Limits(limits::LimitsCommand),
    /// The key that seals the markers of what the service writes: make a new one.
    #[command(subcommand)]
    Marker(marker::MarkerCommand),
    /// 건을 봅니다. 다시 시도하고, 상담 이관하고, 삭제합니다.
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// The console's people: hash a password, list who is signed in, sign a person out.
    #[command(subcommand)]
    Console(console::ConsoleCommand),
    /// Look at what webhooks brought, above all at what made no sense.
    #[command(subcommand)]
    Delivery(delivery::DeliveryCommand),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the man pages into a folder.
    Man {
        /// The folder; it is created if it does not exist.
        folder: PathBuf,
    },
}

/// Reads the command line and runs its command. Problems of settings and files are printed in the same form for every command.
///
/// # Errors
/// Any other failure of a command for engineers. Commands for operations print their failures themselves, in Korean.
pub async fn run() -> anyhow::Result<ExitCode> {
    let (cli, reader) = match korean::parse(std::env::args_os().collect()) {
        Ok(read) => read,
        Err((error, reader)) => return wrong::not_run(&error, reader),
    };
    // Boxed, since the future has room for the largest command.
    match Box::pin(obey(cli.command)).await {
        Ok(code) => Ok(code),
        Err(error) => wrong::tell(error, reader),
    }
}

async fn obey(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => Box::pin(serve::run()).await,
        Command::Health { live } => health::run(live).await,
        #[cfg(feature = "sandbox")]
        Command::Demo { stay, console } => Box::pin(demo::run(stay.then_some(console))).await,
        #[cfg(feature = "sandbox")]
        Command::Drill(arguments) => drill::run(arguments).await,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(arguments) => sandbox::run(arguments).await,
        Command::Check { format } => check::run(format),
        Command::Policy(command) => policy::run(command).await,
        Command::Macros(command) => macros::run(command).await,
        Command::Zendesk(command) => zendesk::run(command).await,
        Command::Limits(command) => limits::run(command).await,
        Command::Marker(command) => marker::run(command).await,
        Command::Case(command) => case::run(command).await,
        Command::Console(command) => console::run(command).await,
        Command::Delivery(command) => delivery::run(command).await,
        Command::Completions { shell } => Ok(install::completions(shell)),
        Command::Man { folder } => install::man_pages(&folder),
    }
}
