//! Zendesk's webhook signature: base64 of HMAC-SHA256 over the timestamp header and the raw body.
//!
//! Source: "Verifying webhook authenticity", Zendesk facts §1.2. The freshness window is our own policy; Zendesk specifies
//! none.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// The secret that Zendesk publishes for its "Test webhook" button. It is public, so it proves nothing.
pub const PUBLISHED_TEST_SECRET: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/// Why a signature was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The timestamp header is not an RFC 3339 time.
    #[error("the signature's timestamp is not an RFC 3339 time")]
    TimestampUnreadable,
    /// The timestamp is too far from now, in the past or in the future.
    #[error(
        "the signature's timestamp is {off_by_seconds} s away from this service's clock; {window_seconds} s are allowed"
    )]
    Stale {
        /// The difference, in seconds.
        off_by_seconds: u64,
        /// The allowed difference, in seconds.
        window_seconds: u64,
    },
    /// The signature header is not base64 of 32 bytes.
    #[error("the signature is not the base64 text of 32 bytes")]
    Malformed,
    /// It was not made with any of our secrets, or not over this timestamp and body.
    #[error("the signature does not fit the timestamp, the body and any of the configured secrets")]
    Mismatch,
}

/// Whether `secret` is the one that Zendesk publishes for testing; settings reject it in production.
pub fn is_published_test_secret(secret: &str) -> bool {
    secret == PUBLISHED_TEST_SECRET
}

/// Signs a body as Zendesk does. The secret is used as the literal text, never decoded.
pub fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    BASE64_STANDARD.encode(authentication_code(secret, timestamp, body).finalize().into_bytes())
}

/// A well-formed, fresh signature. It is verified once the body has arrived: the cheap checks come first.
#[derive(Clone, Debug)]
pub struct Claimed<'a> {
    timestamp: &'a str,
    signed_at: Timestamp,
    code: [u8; 32],
}

impl<'a> Claimed<'a> {
    /// Parses both headers. `window` is how far `timestamp` may be before or after `now`.
    pub fn read(
        timestamp: &'a str,
        signature: &str,
        now: Timestamp,
        window: Duration,
    ) -> Result<Self, SignatureError> {
        let signed_at: Timestamp = timestamp.parse().map_err(|_| SignatureError::TimestampUnreadable)?;
        let off_by = now.duration_since(signed_at).unsigned_abs();
        if off_by > window {
            return Err(SignatureError::Stale {
                off_by_seconds: off_by.as_secs(),
                window_seconds: window.as_secs(),
            });
        }
        let code = BASE64_STANDARD.decode(signature).map_err(|_| SignatureError::Malformed)?;
        let code = code.try_into().map_err(|_| SignatureError::Malformed)?;
        Ok(Self { timestamp, signed_at, code })
    }

    /// The time in the header; nothing proves it before [`Self::fits`].
    pub fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// Accepts a signature made with any of `secrets`; compares in constant time. Returns its 32 bytes.
    pub fn fits(self, secrets: &[&str], body: &[u8]) -> Result<[u8; 32], SignatureError> {
        let Self { timestamp, code, .. } = self;
        let fits = |secret: &&str| authentication_code(secret, timestamp, body).verify_slice(&code).is_ok();
        if secrets.iter().any(fits) { Ok(code) } else { Err(SignatureError::Mismatch) }
    }
}

/// Accepts a signature made with any of `secrets`, at most `window` before or after `now`; compares in constant time.
pub fn verify(
    secrets: &[&str],
    timestamp: &str,
    body: &[u8],
    signature: &str,
    now: Timestamp,
    window: Duration,
) -> Result<(), SignatureError> {
    Claimed::read(timestamp, signature, now, window)?.fits(secrets, body).map(|_| ())
}

/// Whether two secrets are equal, in a time that does not depend on where they differ.
pub fn is_same_secret(expected: &str, given: &str) -> bool {
    let expected = authentication_code("", "", expected.as_bytes()).finalize().into_bytes();
    authentication_code("", "", given.as_bytes()).verify_slice(&expected).is_ok()
}

fn authentication_code(secret: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(timestamp)
        .chain_update(body)
}
