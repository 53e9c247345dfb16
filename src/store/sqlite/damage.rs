//! Detects damage of the file: after invalid data in it, nothing is written until the whole file is valid again.

use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::{ConnectOptions, Connection};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::connect;
use crate::store::column;

/// The pause after a check of the whole file.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What is known of the file's integrity.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// Set while the file is suspect: the time of the next check.
    look_at: Mutex<Option<Instant>>,
}

impl Damage {
    /// Invalid data was found in the file.
    pub(super) async fn suspect(&self) {
        self.look_at.lock().await.get_or_insert_with(Instant::now);
    }

    /// Fails while the file is damaged, or not known to be sound again.
    pub(super) async fn check(&self, path: &Path) -> Result<(), sqlx::Error> {
        let mut look_at = self.look_at.lock().await;
        let Some(at) = *look_at else { return Ok(()) };
        if at > Instant::now() {
            return Err(damaged(path, "as it was found a moment ago"));
        }
        *look_at = Some(Instant::now() + LOOK_EVERY);
        // If not even the schema can be read, the check itself fails like this.
        let found = match look(path).await {
            Err(error) if column::is_damage(&error) => error.to_string(),
            found => found?,
        };
        if found != "ok" {
            return Err(damaged(path, &found));
        }
        *look_at = None;
        tracing::warn!("the ledger is sound again");
        Ok(())
    }
}

/// Checks the whole file, on a connection without cached pages; returns `ok`, or the first problem.
async fn look(path: &Path) -> Result<String, sqlx::Error> {
    let mut connection = connect::settings(path).read_only(true).connect().await?;
    let found = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut connection).await;
    connection.close().await?;
    found
}

fn damaged(path: &Path, found: &str) -> sqlx::Error {
    let path = path.display();
    let told = format!(
        "`{path}` is damaged ({found}): see to its disk, stop the service and restore it from a backup"
    );
    sqlx::Error::Io(io::Error::other(told))
}
