//! A PostgreSQL server for tests: one that was named, or a private one from the installed binaries.
//!
//! `MISREAD_TEST_POSTGRES_URL` names a server on which databases may be made. Otherwise a private server is started, once for all
//! tests of this binary; it ends with the process, whichever way that ends. Where neither can be had, one line says so and those
//! tests do nothing, unless `MISREAD_TEST_POSTGRES=required`.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use misread::config::{Environment as _, ProcessEnvironment};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);
/// The user `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65_534;

/// Serves until its standard input ends, or until it is told to crash.
const SCRIPT: &str = r#"
cd "$(dirname "$0")" || exit 1
[ -d data ] || BIN/initdb -D data -U postgres -A trust -E UTF8 --locale=C -N > initdb.log 2>&1 || exit 1
printf 'local all guarded scram-sha-256\nlocal all all trust\n' > data/pg_hba.conf
ENVIRONMENT BIN/postgres -D data -k "$PWD" -c listen_addresses= -c max_connections=300 SETTINGS >> server.log 2>&1 &
server=$!
read -r how
if [ "$how" = crash ]; then kill -QUIT $server; else kill -INT $server; fi
wait $server
AFTERWARDS
"#;

/// A private server. Without its handle's process it ends by itself.
pub(crate) struct Server {
    folder: PathBuf,
    /// Whether these tests run as root, and the server so as somebody else.
    is_root: bool,
    running: Option<Child>,
    _kept: Option<TempDir>,
}

impl Server {
    /// One of the test's own, to be stopped and started; it syncs, so that a crash can be survived. `None` as for all tests.
    pub(crate) fn own() -> Option<Self> {
        Self::own_in(|_| String::new())
    }

    /// The same with variables of its own, as a shell takes them, made up when its folder is there.
    pub(crate) fn own_in(environment: impl FnOnce(&Path) -> String) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let Some(binaries) = binaries() else { return missing() };
        let (path, environment) = (folder.path().to_owned(), environment(folder.path()));
        let settings = [("ENVIRONMENT", environment.as_str())];
        Some(Self::start_first(&binaries, &path, &settings, Some(folder)))
    }

    fn shared() -> Option<Self> {
        let binaries = binaries()?;
        let folder = TempDir::new().unwrap().keep();
        let settings = [("SETTINGS", "-c fsync=off"), ("AFTERWARDS", r#"cd / && rm -rf "$OLDPWD""#)];
        Some(Self::start_first(&binaries, &folder, &settings, None))
    }

    fn start_first(binaries: &Path, folder: &Path, settings: &[(&str, &str)], kept: Option<TempDir>) -> Self {
        let mut script = SCRIPT.replace("BIN", &format!("'{}'", binaries.display()));
        for name in ["ENVIRONMENT", "SETTINGS", "AFTERWARDS"] {
            let value = settings.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
            script = script.replace(name, value);
        }
        fs::write(folder.join("serve.sh"), script).unwrap();
        let is_root = folder.metadata().unwrap().uid() == 0;
        if is_root {
            chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut server = Self { folder: folder.to_owned(), is_root, running: None, _kept: kept };
        server.start();
        server
    }

    /// Starts it, for the first time or again, and waits until it lets clients in.
    pub(crate) fn start(&mut self) {
        let mut command = script(&self.folder.join("serve.sh"), self.is_root);
        self.running = Some(command.stdin(Stdio::piped()).spawn().unwrap());
        let started = Instant::now();
        let ready = || {
            let told = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            told.lines().nth(7).is_some_and(|status| status.trim() == "ready")
        };
        while !ready() {
            assert!(started.elapsed() < PATIENCE, "the server does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops it as an administrator does: sessions are ended, everything is written.
    pub(crate) fn stop(&mut self) {
        self.end("");
    }

    /// Kills it in the middle of everything.
    pub(crate) fn crash(&mut self) {
        self.end("crash\n");
    }

    fn end(&mut self, how: &str) {
        let mut running = self.running.take().unwrap();
        running.stdin.take().unwrap().write_all(how.as_bytes()).unwrap();
        running.wait().unwrap();
        // A crash leaves it behind, and with it the word that the server is ready.
        let _ = fs::remove_file(self.folder.join("data/postmaster.pid"));
    }

    fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        read("initdb.log") + &read("server.log")
    }

    /// The address of a database, for this user.
    pub(crate) fn address(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.stop();
        }
    }
}

/// The script, as somebody whom PostgreSQL serves, with whichever tool there is for that.
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

fn variable(name: &str) -> Option<String> {
    ProcessEnvironment.variable(name)?.into_string().ok().filter(|value| !value.is_empty())
}

/// The folder with `initdb` and `postgres`: on the path, or where Debian puts them, the latest version first.
fn binaries() -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.map(|version| version.unwrap().path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort_by_key(|bin| {
        let version = bin.parent().unwrap().file_name().unwrap().to_string_lossy();
        std::cmp::Reverse(version.parse::<u32>().unwrap_or_default())
    });
    let mut folders = path.split(':').map(PathBuf::from).chain(installed);
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The private server that all tests share.
pub(crate) fn private() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    match SERVER.get_or_init(Server::shared) {
        Some(server) => Some(server),
        None => missing(),
    }
}

fn missing<T>() -> Option<T> {
    static SAID: OnceLock<()> = OnceLock::new();
    let told = "PostgreSQL's binaries are not installed and MISREAD_TEST_POSTGRES_URL is not set (or is not enough for a test)";
    assert!(variable("MISREAD_TEST_POSTGRES").as_deref() != Some("required"), "{told}");
    // Past the test's captured output, once.
    let line = format!("{told}: tests on PostgreSQL are not run\n");
    SAID.get_or_init(|| std::io::stderr().write_all(line.as_bytes()).unwrap());
    None
}

/// A database of a test's own.
#[derive(Debug)]
pub(crate) struct Database {
    /// As for `MISREAD_DATABASE_URL`.
    pub(crate) address: String,
    /// On a server that was named, and so must be left as it was: its address, and the database's name.
    to_drop: Option<(String, String)>,
}

impl Database {
    /// A new, empty one on whichever server there is.
    pub(crate) async fn new() -> Option<Self> {
        let name = new_name();
        if let Some(address) = variable("MISREAD_TEST_POSTGRES_URL") {
            let mut own = reqwest::Url::parse(&address).expect("MISREAD_TEST_POSTGRES_URL is an address");
            own.set_path(&name);
            create(&address, &name, "").await;
            return Some(Self { address: own.into(), to_drop: Some((address, name)) });
        }
        Some(Self::on(private()?, "").await)
    }

    /// A new one on a private server, made with these options.
    pub(crate) async fn on(server: &Server, options: &str) -> Self {
        let name = new_name();
        create(&server.address("postgres", "postgres"), &name, options).await;
        Self { address: server.address("postgres", &name), to_drop: None }
    }

    /// A plain connection beside the store, to look and to disturb.
    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.address).await.unwrap()
    }

    /// Does something beside the store. `DATABASE` stands for its name.
    pub(crate) async fn run(&self, statements: &str) {
        let mut connection = self.connection().await;
        let name: String =
            sqlx::query_scalar("SELECT current_database()").fetch_one(&mut connection).await.unwrap();
        let statements = statements.replace("DATABASE", &format!("DATABASE {name}"));
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

fn new_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("misread_test_{}_{number}", std::process::id())
}

async fn create(server: &str, name: &str, options: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let statement = format!("CREATE DATABASE {name} TEMPLATE template0 {options}");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.to_drop.take() else { return };
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await.unwrap();
                let statement = format!("DROP DATABASE {name} WITH (FORCE)");
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
            });
        });
        dropped.join().unwrap();
    }
}
