//! Comma-separated values that Excel opens in Korean, and whose texts no spreadsheet takes for a formula.

/// What a file of it says it is.
pub(super) const KIND: &str = "text/csv; charset=utf-8";

#[derive(Debug)]
pub enum Cell {
    /// A text, which may come from elsewhere.
    Text(String),
    /// A number of the ledger's own.
    Number(i64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Self::Text(text.unwrap_or_default())
    }
}

/// A table of such cells. Excel reads UTF-8 only after a byte order mark.
#[derive(Debug)]
pub struct Table(String);

impl Table {
    pub fn with_heads(heads: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut table = Self("\u{feff}".to_owned());
        table.add(heads.into_iter().map(|head| Cell::Text(head.into())));
        table
    }

    pub fn add(&mut self, cells: impl IntoIterator<Item = Cell>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            match cell {
                Cell::Number(number) => self.0.push_str(&number.to_string()),
                Cell::Text(text) => self.0.push_str(&quoted(&text)),
            }
        }
        self.0.push_str("\r\n");
    }

    pub fn text(self) -> String {
        self.0
    }
}

/// Spreadsheets calculate what begins with one of these signs, also after spaces; an apostrophe makes it a text.
fn quoted(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
