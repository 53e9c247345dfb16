//! OAuth clients and their tokens (facts §8).

mod client;
mod scope;
mod tokens;

pub use client::OAuthClient;
pub(super) use tokens::Tokens;
