//! Converts a comment that Zendesk's editor stores as HTML to the plain text that is sent. Any loss is reported.

use html5gum::{DefaultEmitter, Error, Token, Tokenizer};

/// Inline elements: their text stays, their style is dropped.
const INLINE: &[&str] = &[
    "b", "strong", "i", "em", "u", "s", "span", "font", "small", "big", "mark", "code", "sub", "sup", "wbr",
];
/// Blocks with a blank line before and after.
const BLOCKS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "pre"];
/// Blocks on lines of their own.
const LINES: &[&str] = &["div", "section", "article"];

/// Parse errors that do not change what a browser shows.
const HARMLESS: &[Error] = &[
    Error::AbruptClosingOfEmptyComment,
    Error::AbsenceOfDigitsInNumericCharacterReference,
    Error::DuplicateAttribute,
    Error::EndTagWithAttributes,
    Error::EndTagWithTrailingSolidus,
    Error::EofBeforeTagName,
    Error::IncorrectlyClosedComment,
    Error::InvalidFirstCharacterOfTagName,
    Error::MissingAttributeValue,
    Error::MissingEndTagName,
    Error::MissingSemicolonAfterCharacterReference,
    Error::MissingWhitespaceBetweenAttributes,
    Error::NestedComment,
    Error::UnexpectedCharacterInAttributeName,
    Error::UnexpectedCharacterInUnquotedAttributeValue,
    Error::UnexpectedEqualsSignBeforeAttributeName,
    Error::UnexpectedSolidusInTag,
];

/// The text, or everything in the HTML that plain text cannot express, each once.
pub(super) fn to_text(html: &str) -> Result<String, Vec<String>> {
    let mut reader = Reader::default();
    for Ok(token) in Tokenizer::new_with_emitter(html, DefaultEmitter::new_with_span()) {
        match token {
            Token::String(words) => reader.words(&String::from_utf8_lossy(&words)),
            Token::StartTag(tag) => {
                let address = tag.attributes.get(&b"href"[..]);
                let address = address.map(|address| String::from_utf8_lossy(address).into_owned());
                reader.opens(&String::from_utf8_lossy(&tag.name), address);
            }
            Token::EndTag(tag) => reader.closes(&String::from_utf8_lossy(&tag.name)),
            Token::Comment(_) | Token::Doctype(_) => {}
            Token::Error(error) => {
                let before = html.get(..error.span.end).unwrap_or(html);
                reader
                    .problems
                    .extend(mistake(*error, before).filter(|what| !reader.problems.contains(what)));
            }
        }
    }
    reader.finish()
}

/// A parse error by which content would be lost or shown differently than intended; `before`: the source up to it.
fn mistake(error: Error, before: &str) -> Option<String> {
    let since = |sign| before.rfind(sign).map_or("", |start| &before[start + 1..]);
    Some(match error {
        Error::EofInTag => "`>`로 닫지 않은 `<`".to_owned(),
        Error::EofInComment => "`-->`로 닫지 않은 `<!--`".to_owned(),
        // What follows it is a comment up to the next `>`.
        Error::InvalidFirstCharacterOfTagName if since('<').starts_with('/') => {
            "아무것도 닫지 않는 `</`".to_owned()
        }
        Error::UnknownNamedCharacterReference => format!("기호 `&{};`", since('&').trim_end_matches(';')),
        Error::ControlCharacterReference
        | Error::NullCharacterReference
        | Error::SurrogateCharacterReference
        | Error::CharacterReferenceOutsideUnicodeRange => "글자가 아닌 기호 `&#…;`".to_owned(),
        harmless if HARMLESS.contains(&harmless) => return None,
        other => format!("HTML의 오류 ({other})"),
    })
}

#[derive(Default)]
struct Reader {
    text: String,
    /// The enclosing lists: the next number of each, or none for bullets.
    lists: Vec<Option<u32>>,
    /// The enclosing link: its address, and where its text begins.
    link: Option<(String, usize)>,
    /// The start of the current item's text while the item is empty.
    item: Option<usize>,
    problems: Vec<String>,
}

impl Reader {
    fn refuse(&mut self, what: String) {
        if !self.problems.contains(&what) {
            self.problems.push(what);
        }
    }

    /// Consecutive whitespace in the source is one space.
    fn words(&mut self, text: &str) {
        for sign in text.chars() {
            if !sign.is_whitespace() {
                self.text.push(sign);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// `address`: the link's target.
    fn opens(&mut self, name: &str, address: Option<String>) {
        match name {
            "br" => self.text.push('\n'),
            "a" => self.link = Some((address.unwrap_or_default(), self.text.len())),
            "li" => self.item(),
            "ul" | "ol" => {
                self.lists.push((name == "ol").then_some(1));
                self.block();
            }
            name => self.closes(name),
        }
    }

    /// The end of an element, or the start of one that ends it implicitly.
    fn closes(&mut self, name: &str) {
        match name {
            "br" => self.text.push('\n'),
            "a" => self.link_ends(),
            "li" => self.line(),
            "ul" | "ol" => {
                self.lists.pop();
                self.block();
            }
            name if INLINE.contains(&name) => {}
            name if LINES.contains(&name) => self.line(),
            name if BLOCKS.contains(&name) => self.block(),
            name => self.refuse(format!("`<{name}>`")),
        }
    }

    fn block(&mut self) {
        self.line();
        if self.lists.is_empty() {
            self.text.push('\n');
        }
    }

    fn line(&mut self) {
        if self.item == Some(self.text.len()) {
            return;
        }
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn item(&mut self) {
        self.line();
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.text.extend([number.to_string().as_str(), ". "]);
                *number += 1;
            }
            _ => self.text.push_str("- "),
        }
        self.item = Some(self.text.len());
    }

    /// A link becomes its text followed by the address, unless the text already contains it.
    fn link_ends(&mut self) {
        let Some((address, start)) = self.link.take() else { return };
        let known = ["https://", "http://", "mailto:", "tel:"].iter().any(|known| address.starts_with(known));
        if address.is_empty() {
            return;
        }
        if !known {
            return self.refuse("웹, 메일, 전화가 아닌 링크".to_owned());
        }
        let told = address.trim_start_matches("mailto:").trim_start_matches("tel:");
        let said = self.text.get(start..).unwrap_or_default().trim();
        if said.is_empty() {
            self.text.push_str(told);
        } else if !said.contains(told.trim_end_matches('/')) {
            self.text.extend([" (", told, ")"]);
        }
    }

    fn finish(self) -> Result<String, Vec<String>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let mut text = String::new();
        for line in self.text.lines().map(str::trim_end) {
            // One blank line separates two blocks. A template tag leaves no line behind, and so no blank line after it.
            let is_open = text.is_empty() || text.ends_with("\n\n") || is_tag(last_line(&text));
            if !(line.is_empty() && is_open) {
                text.extend([line, "\n"]);
            }
        }
        Ok(text.trim().to_owned())
    }
}

fn last_line(text: &str) -> &str {
    text.lines().next_back().unwrap_or_default()
}

/// Whether a line contains only a template tag.
fn is_tag(line: &str) -> bool {
    line.starts_with("{%") && line.find("%}").is_some_and(|end| end + 2 == line.len())
}
