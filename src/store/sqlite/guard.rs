//! The guard of appends in this database.

use sqlx::SqliteConnection;

crate::store::guard::on!(SqliteConnection);
