//! The interpretation of PostgreSQL's errors. Codes: appendix A of its manual.

use std::borrow::Cow;

use crate::store::OpenError;

/// A server that may lose acknowledged data, or lacks a feature.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unsuitable(pub(super) String);

/// The SQLSTATE code, if the error is the server's.
fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

/// Whether an error comes from a command's own data. A deadlock counts too: a single command takes too few locks for one.
pub(super) fn is_about_data(error: &sqlx::Error) -> bool {
    // Data exception, integrity, rollback of a transaction, too complex, raised by a trigger.
    let classes = ["22", "23", "40", "54", "P0"];
    code(error).is_some_and(|code| classes.iter().any(|class| code.starts_with(class)))
}

/// Whether the connection is lost, so that another may work.
pub(super) fn is_lost_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // Ended by the server or its administrator; a time-out of an idle session.
        _ => code(error)
            .is_some_and(|code| code.starts_with("57P") || code.starts_with("08") || code == "25P03"),
    }
}

/// Explains an error at the start. The address is not repeated, since it may contain a password.
pub(super) fn explain(database: &str, error: &sqlx::Error) -> OpenError {
    let database = database.to_owned();
    if let sqlx::Error::Configuration(cause) = error
        && let Some(unsuitable) = cause.downcast_ref::<Unsuitable>()
    {
        return OpenError::Unsuitable { database, reason: unsuitable.to_string() };
    }
    let reason = match error {
        sqlx::Error::Database(said) => said.message().to_owned(),
        other => other.to_string(),
    };
    match (error, code(error).as_deref()) {
        (sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut, _) => {
            OpenError::Unreachable { database, reason }
        }
        // Authorisation, no such database, no privilege, no such schema.
        (_, Some("28000" | "28P01" | "3D000" | "42501" | "3F000")) => OpenError::Refused { database, reason },
        _ => OpenError::Unavailable { database, reason },
    }
}
