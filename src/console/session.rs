//! Sessions: the token in the browser, and what is derived from it.

use std::fmt::{self, Write as _};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::domain::moment::later;
use crate::ports::{Session, SignedInBy};

/// How long a session lasts.
const LASTS: SignedDuration = SignedDuration::from_hours(12);

/// A session's secret, with a seal on what the session was opened under. Only the browser has them.
pub struct Token {
    secret: String,
    seal: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("Token(secret)")
    }
}

impl Token {
    /// A new one, which cannot be guessed, for a session that is opened under this role and password's hash.
    pub fn new(standing: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        let secret = hexadecimal(&bytes);
        Ok(Self { seal: derived(&secret, "seal", standing), secret })
    }

    /// Whether its session was opened under this role and password's hash. The ledger keeps nothing of it: the seal cannot be
    /// made without the hash.
    pub fn was_opened_under(&self, standing: &str) -> bool {
        same(&self.seal, &derived(&self.secret, "seal", standing))
    }

    /// The one in the request's cookie, if it has the form of one.
    pub fn of(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut pairs =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, token) = pairs.find(|(name, _)| *name == cookie_name(secure))?;
        let (secret, seal) = token.split_once('.')?;
        let is_one = |part: &str| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_one(secret) && is_one(seal)).then(|| Self { secret: secret.to_owned(), seal: seal.to_owned() })
    }

    /// What the ledger keeps of it.
    pub fn hash(&self) -> String {
        derived(&self.secret, "session", "")
    }

    /// What every form of the session carries.
    pub fn form_token(&self) -> String {
        derived(&self.secret, "form", "")
    }

    /// The session of this token.
    pub(super) fn session(&self, name: &str, by: SignedInBy, now: Timestamp) -> Session {
        let token_hash = self.hash();
        Session { token_hash, name: name.to_owned(), by, created_at: now, expires_at: later(now, LASTS) }
    }

    /// The cookie that gives it to the browser. No script can read it, and no other site can send it along.
    pub fn cookie(&self, secure: bool) -> String {
        cookie(&format!("{}.{}", self.secret, self.seal), LASTS.as_secs(), secure)
    }
}

/// A digest of a secret for one purpose.
fn derived(secret: &str, purpose: &str, of: &str) -> String {
    let digest = Sha256::new().chain_update(purpose).chain_update(":").chain_update(secret);
    hexadecimal(&digest.chain_update(of).finalize())
}

/// The cookie that takes the token from the browser.
pub(super) fn no_cookie(secure: bool) -> String {
    cookie("", 0, secure)
}

fn cookie(value: &str, seconds: i64, secure: bool) -> String {
    let (name, only) = (cookie_name(secure), if secure { "; Secure" } else { "" });
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{only}")
}

/// Browsers take a name with `__Host-` only by HTTPS, from this host, for the whole of it: no other host can set it.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-misread" } else { "misread" }
}

/// Lower case, two digits for each byte.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Compares two texts in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
    one.len() == other.len() && differences == 0
}
