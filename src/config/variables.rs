//! Reads variables of the environment, given directly or in a file. No error contains a variable's value: it may be a
//! secret.

use super::environment::Environment;
use super::report::Report;
use crate::domain::problem::Problem;

/// Every variable of the program. Each may be given as `…_FILE` instead, with the path of a file that holds the value.
pub const VARIABLES: &[&str] = &[
    "MISREAD_LISTEN",
    "MISREAD_METRICS_LISTEN",
    "MISREAD_CONSOLE_LISTEN",
    "MISREAD_CONSOLE_USERS",
    "MISREAD_CONSOLE_PROXY",
    "MISREAD_CONSOLE_ADDRESS",
    "MISREAD_DATABASE_URL",
    "MISREAD_DATABASE_UNVERIFIED",
    "MISREAD_WEBHOOK_SECRET",
    "MISREAD_WEBHOOK_BEARER",
    "MISREAD_PUBLIC_URL",
    "MISREAD_ZENDESK_URL",
    "MISREAD_ZENDESK_CLIENT_ID",
    "MISREAD_ZENDESK_CLIENT_SECRET",
    "MISREAD_ZENDESK_EMAIL",
    "MISREAD_ZENDESK_API_TOKEN",
    "MISREAD_ZENDESK_ADMIN_CLIENT_ID",
    "MISREAD_ZENDESK_ADMIN_CLIENT_SECRET",
    "MISREAD_ZENDESK_ADMIN_EMAIL",
    "MISREAD_ZENDESK_ADMIN_API_TOKEN",
    "MISREAD_PARKING_URL",
    "MISREAD_PARKING_TOKEN",
    "MISREAD_NOTIFY_URL",
    "MISREAD_NOTIFY_SECRET",
    "MISREAD_NOTIFY_TEMPLATE",
    "MISREAD_TRACES_URL",
    "MISREAD_CONFIG",
    "MISREAD_DEVELOPMENT",
    "MISREAD_CLOCK_AHEAD_SECONDS",
    "MISREAD_LOG",
    "MISREAD_LOG_FORMAT",
];

/// Reads variables and adds their problems to the report.
pub(super) struct Variables<'a> {
    environment: &'a dyn Environment,
    report: &'a mut Report,
}

impl<'a> Variables<'a> {
    pub(super) fn new(environment: &'a dyn Environment, report: &'a mut Report) -> Self {
        Self { environment, report }
    }

    /// Reports variables that begin with `MISREAD_` and are unknown: a misspelt name would leave, for example, the
    /// bearer token unset without notice.
    pub(super) fn refuse_unknown_names(&mut self) {
        for name in self.environment.names() {
            let name = name.to_string_lossy();
            let plain = name.strip_suffix("_FILE").unwrap_or(&name);
            if name.starts_with("MISREAD_") && !VARIABLES.contains(&plain) {
                let problem = Problem::new(format!("there is no variable `{name}`"));
                self.report.environment(
                    problem.help(format!("the variables are {}, each also as …_FILE", VARIABLES.join(", "))),
                );
            }
        }
    }

    /// Whether a variable is set, directly or as a file.
    pub(super) fn is_set(&self, name: &str) -> bool {
        [name, &format!("{name}_FILE")].iter().any(|name| self.environment.variable(name).is_some())
    }

    /// Whether a variable is `1`; unset and `0` are no. Any other value is reported and counts as no, so that the
    /// checks stay on.
    pub(super) fn switch(&mut self, name: &str, help: &str) -> bool {
        match self.text(name).as_deref() {
            None | Some("0") => false,
            Some("1") => true,
            Some(_) => {
                let problem = Problem::new(format!("`{name}` is neither 1 nor 0"));
                self.refuse(problem.help(help)).unwrap_or(false)
            }
        }
    }

    /// The value of the first of these variables that is set, if any. PostgreSQL's clients read `PGHOST` and the like
    /// themselves.
    pub(super) fn of_postgres(&self, names: &[&str]) -> Vec<String> {
        let set = names.iter().find_map(|name| self.environment.variable(name));
        set.map(|value| value.to_string_lossy().into_owned()).into_iter().collect()
    }

    /// The value of a variable, given directly or in a file; `None` if it is not set, or if it is empty, unreadable,
    /// not UTF-8 or given twice, which is reported.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let file_name = format!("{name}_FILE");
        let direct = self.environment.variable(name);
        let file = self.environment.variable(&file_name);
        let (value, name) = match (direct, file) {
            (Some(_), Some(_)) => {
                let problem = Problem::new(format!("`{name}` and `{file_name}` are both set"));
                return self.refuse(problem.help("keep one of them"));
            }
            (Some(value), None) => (value.into_string().map_err(drop), name),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => (Ok(without_newline(text)), file_name.as_str()),
                Err(error) => {
                    let problem =
                        Problem::new(format!("the file that `{file_name}` names cannot be read: {error}"));
                    return self.refuse(problem.help("check the path and the file's permissions"));
                }
            },
            (None, None) => return None,
        };
        match value {
            Ok(text) if text.trim().is_empty() => self
                .refuse(Problem::new(format!("`{name}` is empty")).help("give it a value, or do not set it")),
            Ok(text) => Some(text),
            Err(()) => self.refuse(Problem::new(format!("`{name}` is not UTF-8 text"))),
        }
    }

    /// As [`Self::text`], and reports a variable that is not set; `what` says in the help what to set it to.
    pub(super) fn required(&mut self, name: &str, what: &str) -> Option<String> {
        let before = self.report.len();
        let value = self.text(name);
        if value.is_none() && self.report.len() == before {
            let problem = Problem::new(format!("`{name}` is not set"));
            self.report.environment(problem.help(format!("set it, or {name}_FILE, to {what}")));
        }
        value
    }

    /// Adds a problem; always `None`, for the caller to return.
    pub(super) fn refuse<T>(&mut self, problem: Problem) -> Option<T> {
        self.report.environment(problem);
        None
    }
}

/// The text without one newline at its end: editors add it, and it is not part of a secret.
fn without_newline(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}
