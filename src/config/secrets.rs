//! Refuses secrets that can be guessed: too short, or made of too few different characters.

use std::collections::BTreeSet;

use secrecy::SecretString;

use super::variables::Variables;
use crate::domain::problem::Problem;

/// The fewest characters of a secret. With one recorded delivery an attacker can test billions of secrets a second
/// offline; Zendesk's own secrets have 40 characters or more.
const SHORTEST: usize = 16;
/// The fewest different characters of a secret.
const FEWEST_DIFFERENT: usize = 4;

impl Variables<'_> {
    /// `secret` from the variable `name`; a guessable one is refused, except in development.
    pub(super) fn strong(&mut self, name: &str, secret: &str, development: bool) -> Option<SecretString> {
        let different = secret.chars().collect::<BTreeSet<_>>().len();
        let what = if development {
            None
        } else if secret.chars().count() < SHORTEST {
            Some(format!("has fewer than {SHORTEST} characters: it could be guessed"))
        } else if different < FEWEST_DIFFERENT {
            Some(format!("consists of {different} different characters: it could be guessed"))
        } else {
            None
        };
        let Some(what) = what else { return Some(SecretString::from(secret)) };
        let help = "take one made at random, whole, as the other system shows it; on a developer's machine set MISREAD_DEVELOPMENT=1";
        self.refuse(Problem::new(format!("`{name}` {what}")).help(help))
    }
}
