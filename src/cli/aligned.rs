//! Aligns columns of text with Hangul, whose syllables are two terminal cells wide.

use unicode_width::UnicodeWidthStr as _;

/// The terminal cells between two columns.
const GAP: usize = 2;

/// The width of each column, in terminal cells.
pub fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    };
    (0..columns).map(width).collect()
}

/// One row, with each text padded to its column's width.
pub fn line(cells: &[String], widths: &[usize]) -> String {
    let filled = cells.iter().zip(widths).map(|(cell, width)| {
        let blanks = (width + GAP).saturating_sub(cell.width());
        format!("{cell}{}", " ".repeat(blanks))
    });
    filled.collect::<String>().trim_end().to_owned()
}

/// Breaks a text at blanks into lines of at most `width` terminal cells; a longer word has a line of its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
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
