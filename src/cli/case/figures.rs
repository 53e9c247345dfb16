//! `misread case figures`: how often what happened, in the journals and in those that were erased.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::civil::Date;

use super::open;
use crate::cli::journals;
use crate::domain::case::{Figures, figures};

pub(super) async fn run(since: Option<Date>, by_day: bool) -> anyhow::Result<ExitCode> {
    let ledger = open().await?;
    let mut all = ledger.figures().await?;
    journals::each(ledger.as_ref(), |_, loaded| {
        add(&mut all, figures(loaded.journal.iter().map(|one| (one.at, &one.entry))));
    })
    .await?;
    all.retain(|(day, _), _| since.is_none_or(|since| *day >= since));
    tell(&all, by_day)?;
    Ok(ExitCode::SUCCESS)
}

fn add(all: &mut Figures, more: Figures) {
    for (key, count) in more {
        *all.entry(key).or_default() += count;
    }
}

fn tell(all: &Figures, by_day: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if by_day {
        for ((day, name), count) in all {
            writeln!(out, "{day}  {count:>9}  {name}")?;
        }
        return Ok(());
    }
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for ((_, name), count) in all {
        *sums.entry(name).or_default() += count;
    }
    for (name, count) in sums {
        writeln!(out, "{count:>9}  {name}")?;
    }
    Ok(())
}
