//! Finds words and signs that withdraw or doubt an answer.

use unicode_normalization::UnicodeNormalization;

/// Signs that reverse or question the words next to them: "본인 ❌", "본인 ≠ 저". They are not in the words file, because
/// normalising drops signs.
const REVERSING_SIGNS: &[&str] = &[
    "❌", "❎", "✗", "✘", "✖", "✕", "☒", "☐", "□", "👎", "🚫", "⛔", "🙅", "🤷", "🤔", "✋", "🙄", "≠", "!=",
    "=/=", "<>", "[ ]", "( )", "1%", "2%",
];
/// Strikes out a line if it begins the line.
const STRIKE: &str = "~~";

/// Parts of words that make an answer doubtful. Without blanks.
#[derive(Clone, Debug)]
pub(super) struct Unsure {
    /// Anywhere in a message: every answer in the message is unclear.
    pub(super) anywhere: Vec<String>,
    /// Concessions: "제 차이긴 한데". If the message says nothing else, it is unfinished and every answer is unclear.
    pub(super) conceding: Vec<String>,
    /// In a sentence: a person must read the message; its answers keep their meaning.
    pub(super) for_a_person: Vec<String>,
    /// In a clause: its topics are doubtful; without a topic, the whole sentence is.
    pub(super) in_clause: Vec<String>,
    /// Cancels `in_clause`: "왜 이런지 모르겠어요" doubts something else.
    pub(super) elsewhere: Vec<String>,
    /// At the end of a message: the message is unfinished: "본인 맞지만".
    pub(super) trailing: Vec<String>,
    /// At the beginning of a clause: withdraws an answer: "아닐 수도 있어요".
    pub(super) wavering: Vec<String>,
    /// Denials of something other than the question: the yes in "네 안 갔어요" only introduces the denial.
    pub(super) denials: Vec<String>,
    /// At the end of a word: the clause ends.
    pub(super) clause_endings: Vec<String>,
}

impl Unsure {
    /// Whether a message with these sentences, without blanks, is unfinished.
    pub(super) fn trails_off(&self, sentences: &[String]) -> bool {
        sentences.last().is_some_and(|last| ends_with_any(last, &self.trailing))
    }
}

/// Whether a message contains a sign that may reverse it, in any encoding.
pub(super) fn is_reversed(text: &str) -> bool {
    let text: String = text.nfkc().collect();
    REVERSING_SIGNS.iter().any(|sign| text.contains(sign))
        || text.lines().any(|line| line.trim_start().starts_with(STRIKE))
}

pub(super) fn contains_any(text: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| text.contains(part.as_str()))
}

pub(super) fn starts_with_any(text: &str, starts: &[String]) -> bool {
    starts.iter().any(|start| text.starts_with(start.as_str()))
}

pub(super) fn ends_with_any(text: &str, ends: &[String]) -> bool {
    ends.iter().any(|end| text.ends_with(end.as_str()))
}
