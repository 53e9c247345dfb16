//! A private PostgreSQL server from the installed binaries, for the drill and for tests: with its own folder and without a
//! port. It is removed with its handle or with this process, however that ends.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::folder::Folder;
use crate::config::{Environment as _, ProcessEnvironment};

const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(10);
/// The user `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65_534;

/// Runs the server until it is told to stop. If standard input is closed without a command, the parent process is dead: the
/// folder is removed too.
const SCRIPT: &str = r#"
cd "$(dirname "$0")" || exit 1
[ -d data ] || BIN/initdb -D data -U postgres -A trust -E UTF8 --locale=C -N > initdb.log 2>&1 || exit 1
printf 'local all guarded scram-sha-256\nlocal all all trust\n' > data/pg_hba.conf
ENVIRONMENT BIN/postgres -D data -k "$PWD" -c listen_addresses= -c max_connections=300 SETTINGS >> server.log 2>&1 &
server=$!
read -r how
if [ "$how" = crash ]; then kill -QUIT $server; else kill -INT $server; fi
wait $server
if [ -z "$how" ]; then cd / && rm -rf "$OLDPWD"; fi
"#;

/// The durability of a private server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// It syncs, so that it survives a crash.
    Durable,
    /// It does not sync.
    Quick,
}

/// A private server, running unless stopped.
#[derive(Debug)]
pub struct Server {
    folder: Folder,
    /// Whether we run as root, so that the server needs another user.
    is_root: bool,
    running: Option<Child>,
}

impl Server {
    /// Creates and starts one; it has a database `postgres` for the user `postgres`. `None` if PostgreSQL is not installed.
    ///
    /// # Errors
    /// If it cannot be created or does not start.
    pub fn new(care: Care) -> anyhow::Result<Option<Self>> {
        Self::within(care, |_| String::new())
    }

    /// The same with additional variables in shell syntax, computed once its folder exists.
    ///
    /// # Errors
    /// If it cannot be created or does not start.
    pub fn within(care: Care, environment: impl FnOnce(&Path) -> String) -> anyhow::Result<Option<Self>> {
        let Some(binaries) = binaries() else { return Ok(None) };
        let folder = Folder::new("postgres")?;
        let path = folder.path();
        let settings = if care == Care::Quick { "-c fsync=off" } else { "" };
        let script = SCRIPT
            .replace("BIN", &format!("'{}'", binaries.display()))
            .replace("SETTINGS", settings)
            .replace("ENVIRONMENT", &environment(path));
        fs::write(path.join("serve.sh"), script)?;
        let is_root = path.metadata()?.uid() == 0;
        if is_root {
            chown(path, Some(NOBODY), Some(NOBODY)).context("cannot give PostgreSQL its folder")?;
        }
        let mut server = Self { folder, is_root, running: None };
        server.start()?;
        Ok(Some(server))
    }

    /// Starts it, for the first time or again, and waits until it accepts connections.
    ///
    /// # Errors
    /// If it does not within a minute; the error contains its log.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let mut command = script(&self.folder.path().join("serve.sh"), self.is_root);
        self.running = Some(command.stdin(Stdio::piped()).spawn().context("cannot start PostgreSQL")?);
        let started = Instant::now();
        while !self.is_ready() {
            ensure!(started.elapsed() < PATIENCE, "PostgreSQL does not start: {}", self.log());
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let told = fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        told.lines().nth(7).is_some_and(|status| status.trim() == "ready")
    }

    /// Stops it in mode `fast`: sessions are ended, all data is written.
    ///
    /// # Errors
    /// If it does not run.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.end("stop\n")
    }

    /// Crashes it (mode `immediate`).
    ///
    /// # Errors
    /// If it does not run.
    pub fn crash(&mut self) -> anyhow::Result<()> {
        self.end("crash\n")
    }

    fn end(&mut self, how: &str) -> anyhow::Result<()> {
        let mut running = self.running.take().context("PostgreSQL does not run")?;
        // It may have ended by itself.
        let _ = running.stdin.take().context("PostgreSQL cannot be reached")?.write_all(how.as_bytes());
        running.wait()?;
        // A crash leaves this file behind, which would make the server look ready.
        let _ = fs::remove_file(self.folder.path().join("data/postmaster.pid"));
        Ok(())
    }

    fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        read("initdb.log") + &read("server.log")
    }

    /// The folder of its socket.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of a database, for this user.
    pub fn address(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.path().display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.running.is_some() {
            // If this fails, it ends with this process.
            let _ = self.stop();
        }
    }
}

/// The script, run as a user that PostgreSQL accepts, by an available tool.
fn script(script: &Path, as_nobody: bool) -> Command {
    let runs = |tool: &str| Command::new(tool).arg("--help").output().is_ok();
    let mut command = if !as_nobody {
        Command::new("sh")
    } else if runs("setpriv") {
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")])
            .args(["--clear-groups", "sh"]);
        command
    } else if runs("runuser") {
        let mut command = Command::new("runuser");
        command.args(["-u", "nobody", "--", "sh"]);
        command
    } else {
        let mut command = Command::new("su");
        command.args(["nobody", "-s", "/bin/sh", "-c", r#"exec sh "$0""#]);
        command
    };
    command.arg(script);
    command
}

/// The folder with `initdb` and `postgres`: on the path, or in Debian's location, the latest version first.
fn binaries() -> Option<PathBuf> {
    let path =
        ProcessEnvironment.variable("PATH").and_then(|path| path.into_string().ok()).unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = versions.map(|version| version.path()).collect();
    installed.sort_by_key(|version| {
        let name = version.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        std::cmp::Reverse(name.parse::<u32>().unwrap_or_default())
    });
    let installed = installed.into_iter().map(|version| version.join("bin"));
    let mut folders = path.split(':').map(PathBuf::from).chain(installed);
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}
