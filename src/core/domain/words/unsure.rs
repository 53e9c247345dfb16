//! Words and signs that take an answer back, or doubt it.

use unicode_normalization::UnicodeNormalization;

/// Signs that turn what stands beside them into its opposite, or into a question: "본인 ❌", "본인 ≠ 저". They cannot stand in the
/// words file, because reading drops signs.
const REVERSING_SIGNS: &[&str] = &[
    "❌", "❎", "✗", "✘", "✖", "✕", "☒", "☐", "□", "👎", "🚫", "⛔", "🙅", "🤷", "🤔", "✋", "🙄", "≠", "!=",
    "=/=", "<>", "[ ]", "( )", "1%", "2%",
];
/// Strikes a line out.
const STRIKE: &str = "~~";

/// Parts of words that make an answer doubtful. Without blanks.
#[derive(Clone, Debug)]
pub(super) struct Unsure {
    /// Anywhere in the message: nothing in it is an answer.
    pub(super) anywhere: Vec<String>,
    /// Grants something: "제 차이긴 한데". Where nothing else is said, something is left unsaid.
    pub(super) conceding: Vec<String>,
    /// In a sentence that a person must read, though an answer in the message stands.
    pub(super) for_a_person: Vec<String>,
    /// Doubts what it is said about, or the whole sentence where it is said about nothing.
    pub(super) in_clause: Vec<String>,
    /// Takes the doubt away: "왜 이런지 모르겠어요" doubts something else.
    pub(super) elsewhere: Vec<String>,
    /// The end of a message that leaves something unsaid: "본인 맞지만".
    pub(super) trailing: Vec<String>,
    /// Takes an answer back, at the beginning of a clause: "아닐 수도 있어요".
    pub(super) wavering: Vec<String>,
    /// What customers deny beside the question: "네 안 갔어요" agrees with themselves, not with us.
    pub(super) denials: Vec<String>,
    /// A word that ends so ends its clause.
    pub(super) clause_endings: Vec<String>,
}

impl Unsure {
    /// Whether a message of these sentences, without blanks, ends before all is said.
    pub(super) fn trails_off(&self, sentences: &[String]) -> bool {
        sentences.last().is_some_and(|last| ends_with_any(last, &self.trailing))
    }
}

/// Whether a sign may turn a message into its opposite, however it is encoded.
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
