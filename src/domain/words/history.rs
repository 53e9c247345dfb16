//! Cuts off the mail history that stands below a reply: it holds our words, not the customer's.

use super::text::fold;

/// How quoted mail begins. All folded, without blanks.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// A line that begins so is quoted.
    pub(super) lines: Vec<String>,
    /// From a line that begins so, all is quoted.
    pub(super) rest_from: Vec<String>,
    /// From a line that ends so, all is quoted.
    pub(super) rest_after: Vec<String>,
}

impl History {
    /// The customer's own lines.
    pub(super) fn remove(&self, text: &str) -> String {
        text.lines()
            .map(|line| (line, squeeze(line)))
            .take_while(|(_, folded)| {
                !self.rest_from.iter().any(|mark| folded.starts_with(mark))
                    && !self.rest_after.iter().any(|mark| folded.ends_with(mark))
            })
            .filter(|(_, folded)| !self.lines.iter().any(|mark| folded.starts_with(mark)))
            .map(|(line, _)| line)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// A line without blanks, as marks are compared.
pub(super) fn squeeze(line: &str) -> String {
    fold(line).filter(|sign| !sign.is_whitespace()).collect()
}
