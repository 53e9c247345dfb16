//! The guard of appends in this database.

use sqlx::PgConnection;

crate::store::guard::on!(PgConnection);
