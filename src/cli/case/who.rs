//! Who acts by the command line: it stands in the journal.

use clap::Args;

use crate::cli::Mistyped;
use crate::config::{Environment as _, ProcessEnvironment};

/// A name fits into a line of a note.
const LONGEST: usize = 100;

/// Who it is.
#[derive(Debug, Args)]
pub(super) struct By {
    /// Who orders it, for the journal. Without it: the name that this machine knows you by.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl By {
    /// The name to write down.
    pub(super) fn name(&self) -> Result<String, Mistyped> {
        let known = || {
            let name = |name| ProcessEnvironment.variable(name)?.into_string().ok();
            ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(name)
        };
        let name = self.by.clone().or_else(known).unwrap_or_default();
        let name: String = name.trim().chars().filter(|character| !character.is_control()).collect();
        match name.chars().count() {
            0 => Err(Mistyped("this machine does not know who you are: say it with `--by NAME`".to_owned())),
            1..=LONGEST => Ok(name),
            _ => Err(Mistyped(format!("the name after `--by` is longer than {LONGEST} characters"))),
        }
    }
}
