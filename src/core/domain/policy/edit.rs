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

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../config/policy.toml");

    fn changed(text: &str, changes: &[(&str, Trust)]) -> String {
        let changes = changes.iter().map(|(row, trust)| ((*row).to_owned(), *trust)).collect();
        Policy::parse(text).unwrap().with_trust(&changes)
    }

    #[test]
    fn each_row_gets_its_trust_and_nothing_else_changes() {
        let policy = Policy::parse(SHIPPED).unwrap();
        for trust in [Trust::Shadow, Trust::Assist, Trust::Auto] {
            let all: BTreeMap<String, Trust> = policy.rows().map(|row| (row.id.clone(), trust)).collect();
            let text = policy.with_trust(&all);
            let new = Policy::parse(&text).unwrap();
            assert!(new.rows().all(|row| row.trust == trust), "{trust:?}");
            let without = |text: &str| {
                let lines = text.lines().filter(|line| !line.starts_with("trust = "));
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(without(&text), without(SHIPPED), "{trust:?}");
        }
    }

    #[test]
    fn a_line_of_its_own_is_changed_and_a_missing_one_is_added() {
        let own = changed(SHIPPED, &[("own_word", Trust::Shadow)]);
        assert_eq!(own.lines().count(), SHIPPED.lines().count());
        assert_eq!(own.len() - SHIPPED.len(), "shadow".len() - "assist".len());
        let added = changed(SHIPPED, &[("completed_open", Trust::Assist)]);
        assert!(added.contains("id = \"completed_open\"\ntrust = \"assist\"\n"), "{added}");
        let again = changed(&added, &[("completed_open", Trust::Shadow)]);
        assert!(again.contains("id = \"completed_open\"\ntrust = \"shadow\"\n"), "{again}");
    }

    #[test]
    fn what_changes_nothing_is_the_same_file() {
        assert_eq!(changed(SHIPPED, &[]), SHIPPED);
        assert_eq!(changed(SHIPPED, &[("own_word", Trust::Assist), ("no_such_row", Trust::Auto)]), SHIPPED);
    }
}
