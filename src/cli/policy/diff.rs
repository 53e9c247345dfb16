//! `misread policy diff`: every situation whose outcome changes.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::domain::policy::{Condition, Policy, compare};

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
        for conditions in change.in_short(new) {
            let conditions: Vec<String> = conditions.iter().map(Condition::to_string).collect();
            let all = if conditions.is_empty() { "모든 상황".to_owned() } else { conditions.join(", ") };
            writeln!(out, "    {all}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
