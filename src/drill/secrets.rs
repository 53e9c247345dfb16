//! Searches logs for private data: plates, names, addresses, customers' texts, secrets, tokens.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::Context as _;

use super::actors::Part;
use crate::testbed::sandbox::{CLIENT_SECRET, PARKING_TOKEN, Sandbox, WEBHOOK_SECRET};

/// A shorter text occurs by chance.
const SHORTEST: usize = 4;

/// The data that no log may contain.
#[derive(Clone, Debug, Default)]
pub struct Private {
    /// Texts with at least one non-ASCII character: most log lines have none.
    foreign: BTreeSet<String>,
    plain: BTreeSet<String>,
    /// Access tokens. They count only as whole words.
    words: BTreeSet<String>,
}

impl Private {
    /// Access tokens alone, which are whole words.
    pub fn tokens(tokens: impl IntoIterator<Item = String>) -> Self {
        Self { words: tokens.into_iter().collect(), ..Self::default() }
    }

    /// All private data that the service had access to in a drill.
    pub(super) fn of(sandbox: &Sandbox, parts: &[Part], tokens: impl IntoIterator<Item = String>) -> Self {
        let mut private = Self::tokens(tokens);
        for secret in [WEBHOOK_SECRET, CLIENT_SECRET, PARKING_TOKEN, "Bearer ", "@sandbox.example"] {
            private.add(secret);
        }
        for part in parts {
            let story = &part.story;
            for plate in story.plates() {
                private.add(head(plate));
            }
            private.add(&story.customer.name);
            private.add(story.subject);
            for line in story.message.lines() {
                private.add(line);
            }
            for line in part.words().flat_map(str::lines) {
                private.add(line);
            }
            for own in &story.uses {
                private.add(&own.lot.name);
            }
            if let Some(ticket) = sandbox.zendesk.ticket(part.ticket) {
                for line in ticket.comments.iter().flat_map(|comment| comment.body.lines()) {
                    private.add(line);
                }
            }
        }
        private
    }

    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        if text.len() < SHORTEST {
            return;
        }
        let into = if text.is_ascii() { &mut self.plain } else { &mut self.foreign };
        into.insert(text.to_owned());
    }

    /// The private data in a log, each item once, with its first line.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub(super) fn told_in(&self, log: &Path) -> anyhow::Result<Vec<(String, usize)>> {
        let file = File::open(log).with_context(|| format!("cannot read {}", log.display()))?;
        let mut found: Vec<(String, usize)> = Vec::new();
        for (number, line) in BufReader::new(file).split(b'\n').enumerate() {
            let line = line?;
            for told in self.told(&String::from_utf8_lossy(&line)) {
                if !found.iter().any(|(known, _)| known == told) {
                    found.push((told.to_owned(), number + 1));
                }
            }
        }
        Ok(found)
    }

    pub fn told<'a>(&'a self, line: &'a str) -> impl Iterator<Item = &'a str> {
        let foreign = self.foreign.iter().filter(|_| !line.is_ascii());
        let texts = foreign.chain(&self.plain).map(String::as_str).filter(|text| line.contains(text));
        let words = line.split(|sign: char| !sign.is_ascii_alphanumeric());
        texts.chain(words.filter(|word| word.len() >= SHORTEST && self.words.contains(*word)))
    }
}

/// A plate up to its letter, which no other text has before digits: the copies of a story differ only after it.
pub fn head(plate: &str) -> &str {
    let end = plate.char_indices().rfind(|(_, sign)| sign.is_alphabetic());
    end.map_or(plate, |(at, sign)| &plate[..at + sign.len_utf8()])
}
