//! Passwords and their hashes.

use std::collections::HashMap;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{SetupError, User};

/// Each check takes some 20 MB for some 50 ms: attackers must not take all memory and processors.
const AT_ONCE: usize = 2;

/// Why no hash was made.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    #[error("the operating system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error("the password cannot be hashed: {0}")]
    Argon2(argon2::password_hash::Error),
}

/// The hash of a password with a salt of its own, by Argon2id with the parameters that the crate recommends.
///
/// # Errors
/// If there are no random numbers.
pub fn hash(password: &SecretString) -> Result<String, HashError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    let hashed = Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), &salt);
    Ok(hashed.map_err(HashError::Argon2)?.to_string())
}

/// Whether passwords can be compared with it.
pub fn is_usable(hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| hash.salt.is_some() && hash.hash.is_some() && Params::try_from(&hash).is_ok())
}

/// A hash with the parameters of the first user's, and random bytes in place of what Argon2 would make of a password.
pub fn never_right(users: &[User]) -> Result<String, HashError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    let parameters = users.first().and_then(|user| user.password.expose_secret().rsplit_once('$'));
    let parameters = parameters.map_or_else(recommended, |(parameters, _)| parameters.to_owned());
    Ok(format!("{parameters}${}", BASE64.encode(random)))
}

/// The parameters that the crate recommends, with some salt.
fn recommended() -> String {
    let (memory, passes, lanes) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST);
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${}", BASE64.encode([0; 16]))
}

/// Checks passwords against the users' hashes, at most two at a time.
#[derive(Debug)]
pub struct Passwords {
    hashes: HashMap<String, Arc<SecretString>>,
    /// A hash of no password. An unknown name is checked against it, so that the check takes as long.
    of_unknown: Arc<SecretString>,
    at_once: Semaphore,
}

impl Passwords {
    pub fn new(users: &[User]) -> Result<Self, SetupError> {
        let mut hashes = HashMap::with_capacity(users.len());
        for User { name, password, .. } in users {
            if !is_usable(password.expose_secret()) {
                return Err(SetupError::Hash(name.clone()));
            }
            hashes.insert(name.clone(), Arc::new(password.clone()));
        }
        let of_unknown = Arc::new(never_right(users)?.into());
        Ok(Self { hashes, of_unknown, at_once: Semaphore::new(AT_ONCE) })
    }

    /// Whether this is the person's password.
    pub async fn are_right(&self, name: &str, password: SecretString) -> bool {
        // The semaphore is never closed.
        let Ok(_permit) = self.at_once.acquire().await else { return false };
        let known = self.hashes.get(name);
        let hash = Arc::clone(known.unwrap_or(&self.of_unknown));
        let fits = spawn_blocking(move || {
            PasswordHash::new(hash.expose_secret()).is_ok_and(|hash| {
                let password = password.expose_secret().as_bytes();
                Argon2::default().verify_password(password, &hash).is_ok()
            })
        });
        fits.await.unwrap_or(false) && known.is_some()
    }
}
