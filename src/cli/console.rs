//! `misread console`: hashes passwords for the console's users, and shows and ends sessions.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Subcommand;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret as _, SecretString};

use super::wrong::Mistyped;
use crate::app::{SystemClock, hash_password, open_ledger};
use crate::config::{self, ProcessEnvironment};
use crate::domain::seoul::to_the_minute;
use crate::ports::{Clock as _, SignedInBy};

/// The fewest characters of a password.
const SHORTEST: usize = 12;

#[derive(Debug, Subcommand)]
pub(super) enum ConsoleCommand {
    /// Read a password from the terminal or standard input, and print its hash for the file of `MISREAD_CONSOLE_USERS`.
    Hash,
    /// List who is signed in.
    Sessions,
    /// End all sessions of a person. One whose user was removed from the file ends with the service's restart.
    SignOut {
        /// The name in the file of users, or of the proxy.
        name: String,
    },
}

pub(super) async fn run(command: ConsoleCommand) -> anyhow::Result<ExitCode> {
    match command {
        ConsoleCommand::Hash => {
            let password = if io::stdin().is_terminal() { typed()? } else { line()? };
            if password.expose_secret().chars().count() < SHORTEST {
                let problem = format!("a password has at least {SHORTEST} characters");
                return Err(Mistyped(problem).into());
            }
            writeln!(io::stdout(), "{}", hash_password(&password)?)?;
        }
        ConsoleCommand::Sessions => {
            let ledger = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
            let now = ledger.time().await?.unwrap_or_else(|| SystemClock.now());
            for session in ledger.sessions(now).await? {
                let by = match session.by {
                    SignedInBy::Password => "password",
                    SignedInBy::Proxy => "proxy",
                };
                let (from, until) = (to_the_minute(session.created_at), to_the_minute(session.expires_at));
                writeln!(io::stdout(), "{}  by {by}  {from} to {until}", session.name)?;
            }
        }
        ConsoleCommand::SignOut { name } => {
            let ledger = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
            let ended = ledger.end_sessions_of(&name).await?;
            writeln!(io::stdout(), "{ended} ended")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A line of standard input without its end.
fn line() -> io::Result<SecretString> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).into())
}

/// A password typed twice at the terminal, which does not show it.
fn typed() -> anyhow::Result<SecretString> {
    let _unseen = Unseen::begin()?;
    let ask = |what: &str| {
        write!(io::stderr(), "{what}: ")?;
        let line = line();
        writeln!(io::stderr())?;
        line
    };
    let (password, again) = (ask("Password")?, ask("Again")?);
    if password.expose_secret() != again.expose_secret() {
        return Err(Mistyped("the passwords differ".to_owned()).into());
    }
    Ok(password)
}

/// Keeps the terminal from showing what is typed, until it is dropped.
struct Unseen(Termios);

impl Unseen {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &unseen)?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // Nothing else can be done about it.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
