//! Migrations: each database has its own, run in the same way.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use super::OpenError;

/// The name and text of each migration; the first is number 1. Published ones are never changed; new ones are appended.
pub(super) type Migrations = &'static [(&'static str, &'static str)];

/// Runs the missing migrations. The caller holds an exclusive lock, in a transaction that it commits.
pub(super) async fn run(
    migrations: Migrations,
    connection: &mut impl Migrate,
    database: &str,
    explain: impl Fn(&sqlx::Error) -> OpenError,
) -> Result<(), OpenError> {
    let migration = |(number, (name, sql)): (i64, &(&'static str, &'static str))| {
        Migration::new(number, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations((1..).zip(migrations).map(migration).collect());
    migrator.set_locking(false);
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(migration) => {
            OpenError::Newer { database: database.to_owned(), migration }
        }
        MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => OpenError::Foreign(database.to_owned()),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explain(&error),
        other => OpenError::Unavailable { database: database.to_owned(), reason: other.to_string() },
    })
}
