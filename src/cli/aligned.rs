//! Aligns columns of text with Hangul, whose syllables are two terminal cells wide.

use unicode_width::UnicodeWidthStr as _;

/// The terminal cells between two columns.
const GAP: usize = 2;

/// The width of each column, in terminal cells.
pub(super) fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    };
    (0..columns).map(width).collect()
}

/// One row, with each text padded to its column's width.
pub(super) fn line(cells: &[String], widths: &[usize]) -> String {
    let filled = cells.iter().zip(widths).map(|(cell, width)| {
        let blanks = (width + GAP).saturating_sub(cell.width());
        format!("{cell}{}", " ".repeat(blanks))
    });
    filled.collect::<String>().trim_end().to_owned()
}

/// Breaks a text at blanks into lines of at most `width` terminal cells; a longer word has a line of its own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{line, widths, wrap};

    #[test]
    fn hangul_takes_two_cells_and_latin_one() {
        let rows = [vec!["미수".to_owned(), "a".to_owned()], vec!["open".to_owned(), "나".to_owned()]];
        assert_eq!(widths(&rows), [4, 2]);
        assert_eq!(line(&rows[0], &widths(&rows)), "미수  a");
        assert_eq!(line(&["가".to_owned(), "b".to_owned()], &[4, 2]), "가    b");
    }

    #[test]
    fn a_text_is_broken_at_blanks_and_a_long_word_stands_alone() {
        assert_eq!(wrap("가나 다라 abc", 9), ["가나 다라", "abc"]);
        assert_eq!(wrap("a 가나다라마바사 b", 5), ["a", "가나다라마바사", "b"]);
        assert_eq!(wrap(" ", 5), [""; 0]);
    }
}
