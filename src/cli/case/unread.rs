//! `misread case unread`: the words that were not understood, by how many tickets have them, so that the word lists grow from customers.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;

use super::open;
use crate::cli::journals;
use crate::domain::case::Entry;
use crate::domain::seoul::seoul;

/// A word of fewer tickets is not shown: it may be somebody's name, and one customer's word is nothing to list.
const FEWEST_TICKETS: usize = 2;

pub(super) async fn run(since: Option<Date>, at_most: usize) -> anyhow::Result<ExitCode> {
    let ledger = open().await?;
    let (mut words, mut sentences) = (BTreeMap::<String, usize>::new(), 0);
    journals::each(ledger.as_ref(), |_, loaded| {
        let unread = unread(loaded.journal.iter().map(|one| (one.at, &one.entry)), since);
        sentences += unread.len();
        let of_ticket: BTreeSet<&str> = unread.iter().flat_map(|text| text.split([' ', ','])).collect();
        for word in of_ticket.into_iter().filter(|word| !word.is_empty()) {
            *words.entry(word.to_owned()).or_default() += 1;
        }
    })
    .await?;
    let mut words: Vec<(String, usize)> =
        words.into_iter().filter(|(_, tickets)| *tickets >= FEWEST_TICKETS).collect();
    words.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let mut out = io::stdout().lock();
    writeln!(out, "알아듣지 못한 문장 {sentences}개. 아래는 문의 {FEWEST_TICKETS}건 이상에 나온 말입니다.")?;
    for (word, tickets) in words.iter().take(at_most) {
        writeln!(out, "{tickets:>6}  {word}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The sentences of one journal that were not understood.
fn unread<'a>(journal: impl Iterator<Item = (Timestamp, &'a Entry)>, since: Option<Date>) -> Vec<&'a str> {
    let heard = journal.filter_map(|(at, entry)| match entry {
        Entry::Heard(heard) if since.is_none_or(|since| seoul(at).date() >= since) => Some(heard),
        _ => None,
    });
    heard.flat_map(|heard| &heard.reading.not_understood).map(String::as_str).collect()
}
