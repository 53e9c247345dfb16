//! Why the account's set-up could not be read or changed, for the person who ran the command.

use crate::ports::CallError;

/// Why a call of the set-up failed. Contains no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// Zendesk rejects the credentials.
    #[error("cannot sign in to Zendesk ({reason}): look at MISREAD_ZENDESK_URL and at {variables}")]
    SignIn {
        reason: String,
        /// The variables that hold the credentials.
        variables: &'static str,
    },
    /// The credentials are valid but lack the right.
    #[error(
        "Zendesk does not allow it ({reason}): the set-up signs in by {variables} as an admin, with the scopes `read write`"
    )]
    Forbidden {
        reason: String,
        /// The variables that hold the credentials.
        variables: &'static str,
    },
    /// The account does not have this feature, for any user.
    #[error("the account has no such thing ({reason})")]
    NotEnabled { reason: String },
    /// The object does not exist.
    #[error("it is not there ({reason}): was it deleted in between? Run the command again")]
    Missing { reason: String },
    /// Zendesk rejects the request as invalid.
    #[error("Zendesk refuses it: {reason}")]
    Refused {
        /// The reason, with the names of the invalid fields.
        reason: String,
    },
    /// No usable response, and nothing was done.
    #[error("no usable answer of Zendesk: {reason}; nothing was done, run the command again")]
    Unavailable { reason: String },
    /// A write whose response was lost.
    #[error("the answer was lost ({reason}): run the command again, it looks before it does anything")]
    Unknown { reason: String },
}

impl From<CallError> for AdminError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown { reason } => Self::Unknown { reason },
            other => Self::Unavailable { reason: other.to_string() },
        }
    }
}
