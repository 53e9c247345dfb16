//! The regular check whether the help desk's account is still set up as the service needs it.

use std::fmt::Debug;

use async_trait::async_trait;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFindings {
    /// The names of the objects that are missing or differ, such as a trigger or a field.
    pub wrong: Vec<String>,
    /// The number of objects that could not be read.
    pub unread: usize,
}

/// Compares the account with the settings.
#[async_trait]
pub trait AccountCheck: Debug + Send + Sync {
    /// Checks once. Changes nothing.
    ///
    /// # Errors
    /// The reason for which nothing could be checked; contains no secret.
    async fn check(&self) -> Result<AccountFindings, String>;
}
