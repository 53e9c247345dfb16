//! `misread policy diff`: every situation whose outcome changes.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::domain::policy::{Policy, compare};

pub(super) fn run(old: &Policy, new: &Policy) -> anyhow::Result<ExitCode> {
    let changes = compare(old, new);
    let mut out = io::stdout().lock();
    writeln!(out, "policy {} ⇒ {}", old.hash(), new.hash())?;
    if changes.is_empty() {
        writeln!(out, "no situation changes")?;
        return Ok(ExitCode::SUCCESS);
    }
    let situations: usize = changes.iter().map(|change| change.situations.len()).sum();
    writeln!(out, "situations that change: {situations}")?;
    for change in &changes {
        writeln!(
            out,
            "\n{} ⇒ {}  (situations: {})",
            change.before.id,
            change.after.id,
            change.situations.len()
        )?;
        writeln!(out, "  before: {}\n  after:  {}", change.before.then, change.after.then)?;
        for difference in change.differences() {
            writeln!(out, "  * {difference}")?;
        }
        for situation in &change.situations {
            writeln!(out, "    {situation}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
