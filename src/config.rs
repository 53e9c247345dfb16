//! Loads and checks settings, policy, words, openings and macros, and the environment. One run reports every problem,
//! with file and line, so that an operator can correct all of them together.

use std::net::SocketAddr;

use crate::domain::openings::Openings;
use crate::domain::policy::Policy;
use crate::domain::reply::Macros;
use crate::domain::words::Words;

mod account;
mod address;
mod bounds;
mod checks;
mod console;
mod credentials;
mod database;
mod deployment;
mod environment;
mod report;
mod running;
mod secrets;
mod settings;
mod setup;
mod source;
mod variables;

pub use account::{AccountIds, FieldIds, GroupIds};
pub use console::{ConsoleUser, users_of};
pub use credentials::{AdminDeployment, ZendeskCredentials};
pub use deployment::{Deployment, LogFormat};
pub use environment::{Environment, ProcessEnvironment};
pub use report::Report;
pub use running::StartedWith;
pub use settings::{
    Answers, CompensationSettings, ConsultationTypes, CustomStatuses, FieldSettings, GroupSettings,
    GuideSettings, HarmlessFrom, Integrations, LimitSettings, MacroSettings, MacroSource, NetworkSettings,
    ParkingSettings, PeopleSettings, RetrySettings, Settings, WaitingSettings, WebhookSettings, WhenSilent,
    WorkerSettings, ZendeskSettings,
};
pub use setup::{SetupDeployment, SetupNeeds};
pub use source::{EMBEDDED_SETTINGS, shipped_files, shipped_macros};
pub use variables::VARIABLES;

use variables::Variables;

/// The content of the configuration files.
#[derive(Clone, Debug)]
pub struct Files {
    /// `misread.toml`
    pub settings: Settings,
    /// `policy.toml`
    pub policy: Policy,
    /// `words.toml`
    pub words: Words,
    /// `openings.tsv`
    pub openings: Openings,
    /// `macros/*.toml`, checked against the policy.
    pub macros: Macros,
}

/// The content of the files and of the environment: everything that `misread serve` starts with.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// `misread.toml`
    pub settings: Settings,
    /// The ids of fields and groups in the Zendesk account, all set.
    pub account: AccountIds,
    /// Addresses and secrets, from the environment.
    pub deployment: Deployment,
    /// `policy.toml`
    pub policy: Policy,
    /// `words.toml`
    pub words: Words,
    /// `openings.tsv`
    pub openings: Openings,
    /// `macros/*.toml`, checked against the policy.
    pub macros: Macros,
}

/// Reads the files from the folder that `MISREAD_CONFIG` names; without it, the built-in ones. It reads no other
/// variable. An error lists every problem of every file.
pub fn load_files(environment: &dyn Environment) -> Result<Files, Report> {
    let mut report = Report::default();
    let mut variables = Variables::new(environment, &mut report);
    let folder = variables.text("MISREAD_CONFIG");
    let files = source::files(folder.as_deref(), None, &mut report);
    report.or(files)
}

/// The folder that `MISREAD_CONFIG` names; `None` if the built-in files are used.
pub fn folder(environment: &dyn Environment) -> Result<Option<String>, Report> {
    let mut report = Report::default();
    let folder = Variables::new(environment, &mut report).text("MISREAD_CONFIG");
    report.or(Some(folder))
}

/// Reads only where the webhook endpoint listens, for a question to the running service.
pub fn listen(environment: &dyn Environment) -> Result<SocketAddr, Report> {
    let mut report = Report::default();
    let listen = Variables::new(environment, &mut report).listen();
    report.or(listen)
}

/// Reads and proves only the policy: `file`, or the one that [`load_files`] would read.
pub fn load_policy(environment: &dyn Environment, file: Option<&str>) -> Result<Policy, Report> {
    let mut report = Report::default();
    let policy = if let Some(name) = file {
        source::policy_file(name, "정책 파일의 이름을 쓰세요. 예: config/policy.toml", &mut report)
    } else {
        let folder = Variables::new(environment, &mut report).text("MISREAD_CONFIG");
        source::policy(folder.as_deref(), &mut report)
    };
    report.or(policy)
}

/// Reads all files as [`load_files`] does, with this text in place of `policy.toml`, and returns the policy. An error lists
/// every problem of every file.
pub fn check_policy(environment: &dyn Environment, text: &str) -> Result<Policy, Report> {
    let mut report = Report::default();
    let folder = Variables::new(environment, &mut report).text("MISREAD_CONFIG");
    let files = source::files(folder.as_deref(), Some(text), &mut report);
    report.or(files.map(|files| files.policy))
}

/// Reads the files and the environment for `misread serve`. An error lists every problem of both.
pub fn load(environment: &dyn Environment) -> Result<Loaded, Report> {
    let mut report = Report::default();
    let mut variables = Variables::new(environment, &mut report);
    variables.refuse_unknown_names();
    let folder = variables.text("MISREAD_CONFIG");
    let deployment = variables.deployment();
    let files = source::files(folder.as_deref(), None, &mut report);
    let account = files.as_ref().and_then(|files| match files.settings.require_account() {
        Ok(account) => Some(account),
        Err(problems) => {
            report.extend_file(&source::settings_name(folder.as_deref()), None, problems);
            None
        }
    });
    let loaded = files.zip(account).zip(deployment).map(|((files, account), deployment)| {
        let Files { settings, policy, words, openings, macros } = files;
        Loaded { settings, account, deployment, policy, words, openings, macros }
    });
    report.or(loaded)
}

/// Reads the files and the admin's credentials, for commands that change the Zendesk account. `misread serve` does not
/// call it: the service reads no variable with `ADMIN` in its name.
pub fn load_admin(environment: &dyn Environment) -> Result<(Files, AdminDeployment), Report> {
    let mut report = Report::default();
    let mut variables = Variables::new(environment, &mut report);
    variables.refuse_unknown_names();
    let folder = variables.text("MISREAD_CONFIG");
    let admin = variables.admin();
    let files = source::files(folder.as_deref(), None, &mut report);
    report.or(files.zip(admin))
}

/// Reads the files and the variables for a plan or a check of the account's set-up.
pub fn load_setup(
    environment: &dyn Environment,
    needs: SetupNeeds,
) -> Result<(Files, SetupDeployment), Report> {
    let mut report = Report::default();
    let mut variables = Variables::new(environment, &mut report);
    variables.refuse_unknown_names();
    let folder = variables.text("MISREAD_CONFIG");
    let setup = variables.setup(needs);
    let files = source::files(folder.as_deref(), None, &mut report);
    report.or(files.zip(setup))
}

/// Reads files and environment again for a reload, as strictly as [`load`]. `None` if the built-in files are used: they
/// cannot have changed.
pub fn load_again(environment: &dyn Environment) -> Result<Option<Loaded>, Report> {
    let named =
        ["MISREAD_CONFIG", "MISREAD_CONFIG_FILE"].iter().any(|name| environment.variable(name).is_some());
    if named { load(environment).map(Some) } else { Ok(None) }
}

/// Reads only the ledger's address, for commands that read the ledger and call no other system.
pub fn load_database_url(environment: &dyn Environment) -> Result<String, Report> {
    let mut report = Report::default();
    let url = Variables::new(environment, &mut report).database_url();
    report.or(url)
}
