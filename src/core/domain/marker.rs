//! The marker by which the service recognises its own write on a ticket: the effect's key, and a seal over the ticket, the
//! key and the written text.
//!
//! Anyone who may write to a ticket may write any metadata, so the key alone proves nothing. A seal copied to another
//! ticket, key or text does not verify.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::ids::TicketId;
use super::ticket::TicketUpdate;

/// A secret for sealing markers.
#[derive(Clone, Debug)]
pub struct MarkerKey {
    /// The key's number; the first is 1. It is part of the seal.
    pub number: i64,
    /// The key of the seal's HMAC-SHA256.
    pub secret: SecretString,
}

/// Why a seal is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It does not have the form of a seal.
    #[error("it is no seal")]
    Malformed,
    /// It names an unknown key.
    #[error("the key {0} is not known")]
    UnknownKey(i64),
    /// It was not made with that key for this ticket, key and text.
    #[error("it does not fit")]
    Mismatch,
}

/// The digest of an update: its comment and whether the customer sees it. It is the same in every version of the program,
/// since a write of one version may be looked up by the next.
pub fn digest(update: &TicketUpdate) -> String {
    let audience: &[u8] = if update.public { b"public\n" } else { b"internal\n" };
    let digest = Sha256::new().chain_update(audience).chain_update(update.body.as_bytes()).finalize();
    BASE64_STANDARD.encode(digest)
}

/// Seals the marker of a write: the key's number, the digest and the authentication code, separated by dots.
pub fn seal(with: &MarkerKey, ticket: TicketId, key: &str, digest: &str) -> String {
    let code = authentication_code(with, ticket, key, digest).finalize().into_bytes();
    format!("{}.{digest}.{}", with.number, BASE64_STANDARD.encode(code))
}

/// The key number in a seal, if it is well-formed.
pub fn key_number(seal: &str) -> Option<i64> {
    seal.split_once('.')?.0.parse().ok()
}

/// The digest of the written text, if this seal was made with one of `keys` for this ticket and this marker; compares in
/// constant time.
pub fn unseal(keys: &[MarkerKey], ticket: TicketId, key: &str, seal: &str) -> Result<String, SealError> {
    let mut parts = seal.split('.');
    let (Some(number), Some(digest), Some(code), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(SealError::Malformed);
    };
    let number: i64 = number.parse().map_err(|_| SealError::Malformed)?;
    let code = BASE64_STANDARD.decode(code).map_err(|_| SealError::Malformed)?;
    let with = keys.iter().find(|with| with.number == number).ok_or(SealError::UnknownKey(number))?;
    let expected = authentication_code(with, ticket, key, digest);
    expected.verify_slice(&code).map_err(|_| SealError::Mismatch)?;
    Ok(digest.to_owned())
}

/// The ticket and the digest contain no line break, so the part between them is exactly the key.
fn authentication_code(with: &MarkerKey, ticket: TicketId, key: &str, digest: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(with.secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(format!("misread marker\n{ticket}\n{key}\n{digest}"))
}
