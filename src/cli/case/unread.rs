//! `misread case unread`: counts the tickets of each word that was not understood, as candidates for
//! `config/words.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::open;
use crate::cli::journals;
use crate::cli::json::{self, Format};
use crate::domain::case::Entry;
use crate::domain::seoul::seoul;

/// The fewest tickets of a word that is shown: a word of a single ticket may be a customer's name.
const FEWEST_TICKETS: usize = 2;

/// The help on the JSON document.
pub(super) const HELP: &str = "\
JSON(--json): {\"sentences\"(알아듣지 못한 문장의 수), \"words\": [{word, tickets(그 말이 나온 티켓의 수)}]}.";

#[derive(Serialize)]
struct Document {
    sentences: usize,
    words: Vec<Unread>,
}

#[derive(Serialize)]
struct Unread {
    word: String,
    tickets: usize,
}

pub(super) async fn run(since: Option<Date>, at_most: usize, format: Format) -> anyhow::Result<ExitCode> {
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
    let words = words.into_iter().map(|(word, tickets)| Unread { word, tickets });
    let mut words: Vec<Unread> = words.filter(|word| word.tickets >= FEWEST_TICKETS).collect();
    words.sort_by(|left, right| right.tickets.cmp(&left.tickets).then_with(|| left.word.cmp(&right.word)));
    words.truncate(at_most);
    if format.json {
        json::print(&Document { sentences, words })?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    writeln!(out, "알아듣지 못한 문장 {sentences}개. 아래는 문의 {FEWEST_TICKETS}건 이상에 나온 말입니다.")?;
    for Unread { word, tickets } in &words {
        writeln!(out, "{tickets:>6}  {word}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn unread<'a>(journal: impl Iterator<Item = (Timestamp, &'a Entry)>, since: Option<Date>) -> Vec<&'a str> {
    let heard = journal.filter_map(|(at, entry)| match entry {
        Entry::Heard(heard) if since.is_none_or(|since| seoul(at).date() >= since) => Some(heard),
        _ => None,
    });
    heard.flat_map(|heard| &heard.reading.not_understood).map(String::as_str).collect()
}
