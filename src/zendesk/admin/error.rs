//! Why the account's set-up could not be read or changed, in words for the person who ran the command.

use crate::ports::CallError;

/// Why a call of the set-up came to nothing. Nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// Zendesk does not know us.
    #[error("cannot sign in to Zendesk ({reason}): look at MISREAD_ZENDESK_URL and at {variables}")]
    SignIn {
        /// What happened.
        reason: String,
        /// The variables that hold the credentials.
        variables: &'static str,
    },
    /// Zendesk knows us and does not let us.
    #[error(
        "Zendesk does not allow it ({reason}): whoever sets the account up signs in by {variables} as an admin, with the scopes \
         `read write`"
    )]
    Forbidden {
        /// What happened.
        reason: String,
        /// The variables that hold the credentials.
        variables: &'static str,
    },
    /// The account has no such thing, whoever asks.
    #[error("the account has no such thing ({reason})")]
    NotEnabled {
        /// What happened.
        reason: String,
    },
    /// What was asked for is not there.
    #[error("it is not there ({reason}): was it deleted in between? Run the command again")]
    Missing {
        /// What happened.
        reason: String,
    },
    /// Zendesk finds something wrong with it.
    #[error("Zendesk refuses it: {reason}")]
    Refused {
        /// What happened, with the names of the fields that are wrong.
        reason: String,
    },
    /// No usable answer, and nothing was done.
    #[error("no usable answer of Zendesk: {reason}; nothing was done, run the command again")]
    Unavailable {
        /// What happened.
        reason: String,
    },
    /// A write whose answer was lost.
    #[error("the answer was lost ({reason}): run the command again, it looks before it does anything")]
    Unknown {
        /// What happened.
        reason: String,
    },
}

impl From<CallError> for AdminError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown { reason } => Self::Unknown { reason },
            other => Self::Unavailable { reason: other.to_string() },
        }
    }
}
