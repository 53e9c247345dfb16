//! A program's identity.

/// A program's identity in the account, linked to the user it acts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthClient {
    pub identifier: String,
    pub secret: String,
    /// The user its tokens act as.
    pub user_id: i64,
}
