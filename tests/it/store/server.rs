//! A PostgreSQL server for tests: a named one, or a private one from the installed binaries.
//!
//! `MISREAD_TEST_POSTGRES_URL` names a server on which databases may be created. Otherwise one private server is
//! started for all tests of this binary; it ends with the process in every case. If neither is available, one line says
//! so and these tests do nothing, unless `MISREAD_TEST_POSTGRES=required`.

use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use misread::config::{Environment as _, ProcessEnvironment};
use misread::testbed::postgres::{Care, Server};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A private server for one test, which may stop and start it. `None` as for all tests.
pub(crate) fn own() -> Option<Server> {
    Server::new(Care::Durable).unwrap().or_else(missing)
}

/// The same with variables in shell syntax, made from its folder once that exists.
pub(crate) fn own_within(environment: impl FnOnce(&Path) -> String) -> Option<Server> {
    Server::within(Care::Durable, environment).unwrap().or_else(missing)
}

fn variable(name: &str) -> Option<String> {
    ProcessEnvironment.variable(name)?.into_string().ok().filter(|value| !value.is_empty())
}

/// The private server that all tests share.
pub(crate) fn private() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| Server::new(Care::Quick).unwrap()).as_ref().or_else(missing)
}

fn missing<T>() -> Option<T> {
    static SAID: OnceLock<()> = OnceLock::new();
    let told = "PostgreSQL's binaries are not installed and MISREAD_TEST_POSTGRES_URL is not set (or is not enough for a test)";
    assert!(variable("MISREAD_TEST_POSTGRES").as_deref() != Some("required"), "{told}");
    // Bypasses the test's captured output, once.
    let line = format!("{told}: tests on PostgreSQL are not run\n");
    SAID.get_or_init(|| std::io::stderr().write_all(line.as_bytes()).unwrap());
    None
}

/// A database for one test.
#[derive(Debug)]
pub(crate) struct Database {
    /// As for `MISREAD_DATABASE_URL`.
    pub(crate) address: String,
    /// On a named server, where it must be dropped again: the server's address, and the database's name.
    to_drop: Option<(String, String)>,
}

impl Database {
    /// A new, empty one on the available server.
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

    /// A plain connection in addition to the store, to look and to disturb.
    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.address).await.unwrap()
    }

    /// Runs a statement apart from the store. `DATABASE` is replaced by its name.
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
