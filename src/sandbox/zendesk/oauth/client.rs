//! OAuth clients (facts §8).

/// A program's identity in the account, linked to the user it acts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthClient {
    /// The `client_id` of its requests for a token.
    pub identifier: String,
    pub secret: String,
    /// The user its tokens act as.
    pub user_id: i64,
}
