//! Secrets that are no secret: too short, or hardly more than one character again and again.

use std::collections::BTreeSet;

use secrecy::SecretString;

use super::variables::Variables;
use crate::domain::problem::Problem;

/// Whoever has recorded one signed delivery can try secrets at home, billions a second. Zendesk's own have 40 characters and more.
const SHORTEST: usize = 16;
/// So many characters must differ from each other.
const FEWEST_DIFFERENT: usize = 4;

impl Variables<'_> {
    /// A secret that could be guessed is refused, except on a developer's machine.
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
