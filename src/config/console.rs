//! The console's listener, and who may sign in.

use std::net::{IpAddr, SocketAddr};

use secrecy::SecretString;
use serde::Deserialize;

use super::address::MayHavePath;
use super::variables::Variables;
use crate::domain::person::{self, Role};
use crate::domain::problem::Problem;

/// How every accepted hash begins: the variant that resists both kinds of attack, in its only current version.
const ARGON2ID: &str = "$argon2id$v=19$";

/// A person who signs in to the console with a password.
#[derive(Clone, Debug)]
pub struct ConsoleUser {
    /// The name, which the journal records.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of the password, as `misread console hash` prints it.
    pub password: SecretString,
}

/// The file that `MISREAD_CONSOLE_USERS` names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UsersFile {
    user: Vec<UserEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserEntry {
    name: String,
    role: Role,
    password: String,
}

impl Variables<'_> {
    /// `None` if it is not set, or wrong, which is reported. The console is neither where the internet reaches the service nor
    /// where monitoring reads it.
    pub(super) fn console_listen(&mut self, others: [Option<SocketAddr>; 2]) -> Option<SocketAddr> {
        let text = self.text("MISREAD_CONSOLE_LISTEN")?;
        let address = self.socket("MISREAD_CONSOLE_LISTEN", &text)?;
        if others.contains(&Some(address)) && address.port() != 0 {
            let problem = Problem::new("`MISREAD_CONSOLE_LISTEN` is the address of the webhooks or metrics");
            return self
                .refuse(problem.help("the console needs a port of its own, for example `127.0.0.1:8090`"));
        }
        Some(address)
    }

    /// Reports a console without a way to sign in, and ways of signing in without a console.
    pub(super) fn console_is_whole(&mut self) {
        let ways = ["MISREAD_CONSOLE_USERS", "MISREAD_CONSOLE_PROXY"];
        let set: Vec<&str> = ways.into_iter().filter(|name| self.is_set(name)).collect();
        match (self.is_set("MISREAD_CONSOLE_LISTEN"), set.as_slice()) {
            (true, []) => {
                let problem = Problem::new("`MISREAD_CONSOLE_LISTEN` is set without a way to sign in");
                self.refuse(problem.help("set MISREAD_CONSOLE_USERS or MISREAD_CONSOLE_PROXY as well"))
            }
            (false, [name, ..]) => {
                let problem = Problem::new(format!("`{name}` is set without `MISREAD_CONSOLE_LISTEN`"));
                self.refuse(problem.help("set the address as well, or leave it out"))
            }
            _ => Some(()),
        };
    }

    /// Empty if it is not set, or wrong, which is reported.
    pub(super) fn console_users(&mut self) -> Vec<ConsoleUser> {
        let Some(path) = self.text("MISREAD_CONSOLE_USERS") else { return Vec::new() };
        let refuse = |what: String| Problem::new(format!("the file of `MISREAD_CONSOLE_USERS` {what}"));
        let text = match std::fs::read_to_string(path.trim()) {
            Ok(text) => text,
            Err(error) => {
                let problem = refuse(format!("cannot be read: {error}"));
                return self
                    .refuse(problem.help("check the path and the file's permissions"))
                    .unwrap_or_default();
            }
        };
        users_of(&text).unwrap_or_else(|what| {
            let form =
                "write for each person `[[user]]` with name, role (view, operate, policy or admin) and password";
            self.refuse(refuse(what).help(form)).unwrap_or_default()
        })
    }

    /// The address at which people open the console, for the links in notes; `None` if it is not set, or wrong, which is
    /// reported. Plain HTTP is refused even on a developer's machine, unless the console is on that machine: people sign in
    /// there.
    pub(super) fn console_address(&mut self) -> Option<String> {
        if !self.is_set("MISREAD_CONSOLE_ADDRESS") {
            return None;
        }
        self.address("MISREAD_CONSOLE_ADDRESS", "https://<host of the console>", MayHavePath::Yes, false)
    }

    /// Empty if it is not set, or wrong, which is reported.
    pub(super) fn console_proxies(&mut self) -> Vec<IpAddr> {
        let Some(text) = self.text("MISREAD_CONSOLE_PROXY") else { return Vec::new() };
        let addresses: Result<Vec<IpAddr>, _> =
            text.split(',').map(|address| address.trim().parse()).collect();
        addresses.unwrap_or_else(|_| {
            let problem = Problem::new("`MISREAD_CONSOLE_PROXY` is not a list of IP addresses");
            self.refuse(problem.help("write the proxy's address without a port, several separated by commas"))
                .unwrap_or_default()
        })
    }
}

/// The people of such a file's text.
///
/// # Errors
/// The reason if it cannot be read, or one of them cannot be used. It quotes nothing of the file but names.
pub fn users_of(text: &str) -> Result<Vec<ConsoleUser>, String> {
    let file = toml::from_str::<UsersFile>(text).map_err(|error| {
        // Not the error as a whole: it quotes the line, which may hold a hash.
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count());
        format!("is wrong near line {}", line.max(1))
    })?;
    users(file)
}

/// The people of a file; the reason if one of them cannot be used.
fn users(file: UsersFile) -> Result<Vec<ConsoleUser>, String> {
    let mut users: Vec<ConsoleUser> = Vec::with_capacity(file.user.len());
    for UserEntry { name, role, password } in file.user {
        if person::name(&name).as_ref() != Some(&name) {
            return Err(
                "holds a name that is empty, too long, or has spaces or control characters around it"
                    .to_owned(),
            );
        }
        if !password.starts_with(ARGON2ID) {
            return Err(format!("holds for `{name}` no hash of `misread console hash`"));
        }
        if users.iter().any(|other| other.name == name) {
            return Err(format!("holds `{name}` twice"));
        }
        users.push(ConsoleUser { name, role, password: password.into() });
    }
    if users.is_empty() { Err("holds no user".to_owned()) } else { Ok(users) }
}
