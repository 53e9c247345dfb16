//! Passwords and their hashes.

use std::collections::HashMap;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{SetupError, User};

/// Each check takes some 20 MB for some 50 ms: attackers must not take all memory and processors.
const AT_ONCE: usize = 2;

/// Why no hash was made.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// No random numbers.
    #[error("the operating system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// Argon2 refused.
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
fn is_usable(hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| hash.salt.is_some() && hash.hash.is_some() && Params::try_from(&hash).is_ok())
}

/// The users' hashes.
#[derive(Debug)]
pub(super) struct Passwords {
    hashes: HashMap<String, Arc<SecretString>>,
    /// The hash of a random password. An unknown name is checked against it, so that the check takes as long.
    of_unknown: Arc<SecretString>,
    at_once: Semaphore,
}

impl Passwords {
    pub(super) fn new(users: &[User]) -> Result<Self, SetupError> {
        let mut hashes = HashMap::with_capacity(users.len());
        for User { name, password, .. } in users {
            if !is_usable(password.expose_secret()) {
                return Err(SetupError::Hash(name.clone()));
            }
            hashes.insert(name.clone(), Arc::new(password.clone()));
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(HashError::from)?;
        let secret = super::session::hexadecimal(&secret);
        let of_unknown = Arc::new(hash(&secret.into())?.into());
        Ok(Self { hashes, of_unknown, at_once: Semaphore::new(AT_ONCE) })
    }

    /// Whether this is the person's password.
    pub(super) async fn are_right(&self, name: &str, password: SecretString) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_password_can_be_compared_with_is_usable() {
        let good = hash(&"correct horse battery staple".into()).unwrap();
        assert!(is_usable(&good) && good.starts_with("$argon2id$v=19$m="), "{good}");
        let without_hash = good.rsplit_once('$').unwrap().0;
        for wrong in
            ["", "$argon2id$v=19$x", without_hash, &good.replace("$m=", "$x="), &good.replace('=', "")]
        {
            assert!(!is_usable(wrong), "{wrong}");
        }
    }
}
