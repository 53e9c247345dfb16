//! Changes single values in a policy file's text: comments, order and all else stay as people wrote them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{Policy, Row, Trust};

impl Policy {
    /// The file's text in which these rows, by id, have another trust. A row without a line of its own gets one after its
    /// `id`. The text is to be parsed again.
    pub fn with_trust(&self, changes: &BTreeMap<String, Trust>) -> String {
        let named = self.rows().filter_map(|row| Some((row, *changes.get(&row.id)?)));
        let differs = named.filter(|(row, trust)| row.trust != *trust);
        let mut edits: Vec<_> = differs.map(|(row, trust)| self.edit(row, trust)).collect();
        // From the end, so that no edit moves the place of another.
        edits.sort_by_key(|(at, _)| Reverse(at.start));
        let mut text = self.text().to_owned();
        for (at, new) in edits {
            text.replace_range(at, &new);
        }
        text
    }

    fn edit(&self, row: &Row, trust: Trust) -> (Range<usize>, String) {
        let value = format!("\"{}\"", trust.code());
        if let Some(at) = &row.trust_at {
            return (at.clone(), value);
        }
        let end = self.text[row.id_at.end..].find('\n').map_or(self.text.len(), |line| row.id_at.end + line);
        (end..end, format!("\ntrust = {value}"))
    }
}
