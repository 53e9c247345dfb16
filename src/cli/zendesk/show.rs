//! Prints the plan for the account's set-up, and the findings of a check.

use std::io::{self, Write};

use crate::account::setup::{Item, Verdict};

/// Prints every item of a plan, and the number of changes.
pub(super) fn plan(out: &mut impl Write, items: &[Item]) -> io::Result<()> {
    self::items(out, items)?;
    let count = |fits: fn(&Verdict) -> bool| items.iter().filter(|item| fits(&item.verdict)).count();
    let missing = count(|verdict| matches!(verdict, Verdict::Missing { .. }));
    let differs = count(|verdict| matches!(verdict, Verdict::Differs { .. }));
    let by_hand = count(|verdict| matches!(verdict, Verdict::Manual { .. }));
    if missing + differs + by_hand == 0 {
        return writeln!(out, "\nnothing to do: the account is as the settings want it");
    }
    writeln!(out, "\n{missing} to create (+), {differs} to change (~), {by_hand} for a person (!)")
}

/// Prints items with their signs: `=` is right, `+` will be created, `~` will be changed, `!` is for a person, `?` was
/// not checked.
pub(super) fn items(out: &mut impl Write, items: &[Item]) -> io::Result<()> {
    for Item { what, verdict, .. } in items {
        match verdict {
            Verdict::Good { note } => writeln!(out, "= {what} ({note})")?,
            Verdict::NotLooked { why } => writeln!(out, "? {what}: not looked at, {why}")?,
            Verdict::Unread { why, .. } => writeln!(out, "? {what}: could not be looked at, {why}")?,
            Verdict::Missing { lines } => {
                writeln!(out, "+ {what}")?;
                for line in lines {
                    writeln!(out, "    {line}")?;
                }
            }
            Verdict::Differs { differences } => {
                writeln!(out, "~ {what}")?;
                for difference in differences {
                    writeln!(out, "    {difference}")?;
                }
            }
            Verdict::Manual { why, help } => writeln!(out, "! {what}: {why}\n    {help}")?,
        }
    }
    Ok(())
}

/// Prints an item that was carried out.
pub(super) fn done(out: &mut impl Write, item: &Item) -> io::Result<()> {
    let how = if matches!(item.verdict, Verdict::Differs { .. }) { "changed" } else { "made" };
    writeln!(out, "{how}: {}", item.what)
}

/// Prints one line for each item of a check, with the remedy below what is wrong.
pub(super) fn findings(out: &mut impl Write, items: &[Item]) -> io::Result<()> {
    let (mut wrong, mut not_looked, mut not_seen) = (0, 0, 0);
    for Item { what, verdict, .. } in items {
        match verdict {
            Verdict::Good { note } => writeln!(out, "good         {what}: {note}")?,
            Verdict::NotLooked { why } => {
                not_looked += 1;
                writeln!(out, "not checked  {what}: {why}")?;
            }
            Verdict::Unread { why, help } => {
                not_seen += 1;
                writeln!(out, "NOT SEEN     {what}: {why}\n             → {help}")?;
            }
            Verdict::Manual { why, help } => {
                wrong += 1;
                writeln!(out, "WRONG        {what}: {why}\n             → {help}")?;
            }
            // A check reports missing and different items as `Manual`; here they are only counted.
            Verdict::Missing { .. } | Verdict::Differs { .. } => wrong += 1,
        }
    }
    let good = items.len() - wrong - not_looked - not_seen;
    let not_seen = if not_seen > 0 { format!(", {not_seen} could not be looked at") } else { String::new() };
    writeln!(out, "\n{good} good, {wrong} wrong, {not_looked} not checked{not_seen}")
}
