//! How an account actually stores the tags that mark our tickets (facts §6), and whether a trigger can match them.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::{Item, Verdict, by_hand, good};

/// The words that the centre uses, whatever the settings contain.
const WORDS: [&str; 2] = ["본인", "미사용"];

/// The words to search for: tickets with one of these tags, and tags with such a prefix.
pub fn words_to_look_for(start_tags: &[String]) -> BTreeSet<String> {
    let words = start_tags.iter().flat_map(|tag| tag.split(' ')).map(str::to_owned);
    words.chain(WORDS.map(str::to_owned)).chain([WORDS.join("_")]).collect()
}

/// The spellings in use: `tickets` are the tags of each ticket with any of the words, `tags` are the tags in use.
pub fn spelling(start_tags: &[String], tickets: &[Vec<String>], tags: &[String]) -> Item {
    let what = "spelling of the start tags".to_owned();
    let meant: BTreeSet<String> =
        start_tags.iter().map(String::as_str).chain(["본인미사용"]).map(bare).collect();
    let mut stored = BTreeMap::<String, usize>::new();
    for ticket in tickets {
        let whole = ticket.iter().filter(|tag| meant.contains(&bare(tag)));
        let parted = WORDS.iter().all(|word| ticket.iter().any(|tag| folded(tag) == **word));
        for spelt in whole.cloned().chain(parted.then(|| WORDS.join(" + "))) {
            *stored.entry(spelt).or_default() += 1;
        }
    }
    for tag in tags.iter().filter(|tag| meant.contains(&bare(tag))) {
        stored.entry(tag.clone()).or_default();
    }
    if stored.is_empty() {
        let why = "no ticket has any of them yet".to_owned();
        return Item { what, verdict: Verdict::NotLooked { why }, step: None };
    }
    let seen: Vec<String> = stored.iter().map(|(tag, count)| format!("{tag} (tickets: {count})")).collect();
    let unseen = stored.keys().find_map(|tag| unseen(tag, start_tags));
    match unseen {
        Some((why, help)) => by_hand(what, format!("{why}; in use: {}", seen.join(", ")), help),
        None => good(what, seen.join(", ")),
    }
}

/// Why no trigger matches this spelling, and how to fix it.
fn unseen(stored: &str, start_tags: &[String]) -> Option<(String, String)> {
    if stored.contains(" + ") {
        let wanted = WORDS.join(" ");
        return (!start_tags.contains(&wanted)).then(|| {
            (
                format!("the account stores two tags, {stored}, and no trigger looks for both"),
                format!(
                    "add \"{wanted}\" to `zendesk.start_tags` in misread.toml and run `misread zendesk apply`"
                ),
            )
        });
    }
    if stored.contains(' ') {
        return Some((
            format!("the account stores `{stored}` with its blank, which no trigger's condition can name"),
            "tag tickets with a tag without blanks, such as the first of `zendesk.start_tags`".to_owned(),
        ));
    }
    (!start_tags.iter().any(|tag| folded(tag) == folded(stored))).then(|| {
        (
            format!("the account stores `{stored}`, which no trigger looks for"),
            format!(
                "add \"{stored}\" to `zendesk.start_tags` in misread.toml and run `misread zendesk apply`"
            ),
        )
    })
}

fn folded(tag: &str) -> String {
    tag.nfc().flat_map(char::to_lowercase).collect()
}

/// The tag without separators between its words.
fn bare(tag: &str) -> String {
    folded(tag).chars().filter(|sign| !matches!(sign, ' ' | '_' | '-')).collect()
}
