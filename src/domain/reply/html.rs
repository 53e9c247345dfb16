//! A comment that Zendesk's editor keeps as HTML, as the plain text that is sent: nothing is lost without being told.

/// Inline marks: their text stays, their looks go.
const INLINE: &[&str] = &[
    "b", "strong", "i", "em", "u", "s", "span", "font", "small", "big", "mark", "code", "sub", "sup", "wbr",
];
/// Blocks with a blank line before and after.
const BLOCKS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "hr", "pre"];
/// Blocks that are lines.
const LINES: &[&str] = &["div", "section", "article"];

/// The text, or everything in it that no text can say, each once.
pub(super) fn to_text(html: &str) -> Result<String, Vec<String>> {
    let mut reader = Reader::default();
    let mut rest = html;
    while !rest.is_empty() {
        let Some(start) = rest.find('<') else {
            reader.words(rest);
            break;
        };
        reader.words(&rest[..start]);
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let after = &rest[1..];
        if !after.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '/') {
            reader.words("&lt;");
            rest = after;
            continue;
        }
        let Some(end) = after.find('>') else {
            reader.refuse("a `<` that is never closed by `>`".to_owned());
            break;
        };
        reader.tag(&after[..end]);
        rest = &after[end + 1..];
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    text: String,
    /// The lists around this place: of each, the next number, or none where it has bullets.
    lists: Vec<Option<u32>>,
    /// The link around this place: its address, and where its text begins.
    link: Option<(String, usize)>,
    /// Where the text of the item begins that nothing was said in yet.
    item: Option<usize>,
    problems: Vec<String>,
}

impl Reader {
    fn refuse(&mut self, what: String) {
        if !self.problems.contains(&what) {
            self.problems.push(what);
        }
    }

    /// Blanks and line ends of the source are one blank.
    fn words(&mut self, source: &str) {
        let text = self.decoded(source);
        for sign in text.chars() {
            if !sign.is_whitespace() {
                self.text.push(sign);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    fn tag(&mut self, inner: &str) {
        let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let inner = inner.trim_end_matches('/');
        let end = inner.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner[..end].to_ascii_lowercase();
        match name.as_str() {
            "br" => self.text.push('\n'),
            "a" => self.anchor(closing, &inner[end..]),
            "li" if closing => self.line(),
            "li" => self.item(),
            name if INLINE.contains(&name) => {}
            name if LINES.contains(&name) => self.line(),
            name if BLOCKS.contains(&name) => {
                if matches!(name, "ul" | "ol") {
                    if closing {
                        self.lists.pop();
                    } else {
                        self.lists.push((name == "ol").then_some(1));
                    }
                }
                self.line();
                if self.lists.is_empty() {
                    self.text.push('\n');
                }
            }
            name => self.refuse(format!("`<{name}>`")),
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

    /// A link is its text with the address behind it, where the text does not say it already.
    fn anchor(&mut self, closing: bool, attributes: &str) {
        if !closing {
            let address = attribute(attributes, "href").map(|address| self.decoded(&address));
            self.link = Some((address.unwrap_or_default(), self.text.len()));
            return;
        }
        let Some((address, start)) = self.link.take() else { return };
        let known = ["https://", "http://", "mailto:", "tel:"].iter().any(|known| address.starts_with(known));
        if address.is_empty() {
            return;
        }
        if !known {
            return self.refuse("a link that is no web, mail or telephone address".to_owned());
        }
        let told = address.trim_start_matches("mailto:").trim_start_matches("tel:");
        let said = self.text.get(start..).unwrap_or_default().trim();
        if said.is_empty() {
            self.text.push_str(told);
        } else if !said.contains(told.trim_end_matches('/')) {
            self.text.extend([" (", told, ")"]);
        }
    }

    fn decoded(&mut self, source: &str) -> String {
        let mut text = String::with_capacity(source.len());
        let mut rest = source;
        while let Some((before, after)) = rest.split_once('&') {
            text.push_str(before);
            let name = after.split(';').next().filter(|name| name.len() < after.len());
            let name = name.filter(|name| !name.is_empty() && name.len() <= 10);
            let name =
                name.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#'));
            let Some(name) = name else {
                text.push('&');
                rest = after;
                continue;
            };
            match entity(name) {
                Some(sign) => text.push(sign),
                None => self.refuse(format!("the sign `&{name};`")),
            }
            rest = &after[name.len() + 1..];
        }
        text + rest
    }

    fn finish(self) -> Result<String, Vec<String>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let mut text = String::new();
        for line in self.text.lines().map(str::trim_end) {
            // One blank line parts two blocks. A tag of the template leaves no line behind, and so no blank one after it.
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

/// Whether nothing but a tag of the template stands in a line.
fn is_tag(line: &str) -> bool {
    line.starts_with("{%") && line.find("%}").is_some_and(|end| end + 2 == line.len())
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let at = attributes.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = &attributes[at + name.len() + 1..];
    let quote = value.chars().next().filter(|sign| matches!(sign, '"' | '\''));
    match quote {
        Some(quote) => value[1..].split(quote).next().map(str::to_owned),
        None => value.split_whitespace().next().map(str::to_owned),
    }
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "middot" => Some('·'),
        "hellip" => Some('…'),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "rarr" => Some('→'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let hexadecimal = digits.strip_prefix(['x', 'X']);
            let sign = hexadecimal.map_or_else(|| number(digits, 10), |digits| number(digits, 16))?;
            (!sign.is_control() || sign.is_whitespace()).then_some(sign)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn blocks_are_paragraphs_breaks_are_lines_and_lists_have_their_signs() {
        for (html, text) in [
            ("<p>가</p><p>나<br>다</p>", "가\n\n나\n다"),
            ("<p>가</p>\n  <p>&nbsp;</p>\n<p>나</p>", "가\n\n나"),
            ("<div>가</div><div><br></div><div>나</div>", "가\n\n나"),
            (
                "<p>두 가지:</p><ol><li>하나</li><li><p>둘</p></li></ol><p>끝</p>",
                "두 가지:\n\n1. 하나\n2. 둘\n\n끝",
            ),
            ("<ul><li>하나</li><li>둘</li></ul>", "- 하나\n- 둘"),
            ("<p style=\"color:red\"><strong>굵게</strong> <em>{{ticket.id}}</em></p>", "굵게 {{ticket.id}}"),
            ("가 &lt; 나 &amp; 다 &#39;라&#39; &#x27;마&#x27; & 바", "가 < 나 & 다 '라' '마' & 바"),
            ("1 < 2 <!-- 숨은 글 -->끝", "1 < 2 끝"),
            ("{% if parking.amount %}<p>x</p>{% endif %}", "{% if parking.amount %}\nx\n\n{% endif %}"),
        ] {
            assert_eq!(to_text(html).as_deref(), Ok(text), "{html}");
        }
    }

    #[test]
    fn a_link_keeps_its_address() {
        let page = "https://t.kakao.com/launch?page=order&amp;x=1";
        for (html, text) in [
            (
                format!("<a href=\"{page}\">이용 내역</a>"),
                "이용 내역 (https://t.kakao.com/launch?page=order&x=1)",
            ),
            (format!("<a href='{page}'>{page}</a>"), "https://t.kakao.com/launch?page=order&x=1"),
            ("<a href=\"tel:1599\">전화</a>".to_owned(), "전화 (1599)"),
            ("<a name=x>이름</a>".to_owned(), "이름"),
        ] {
            assert_eq!(to_text(&html).as_deref(), Ok(text), "{html}");
        }
    }

    #[test]
    fn what_no_text_can_say_is_refused_and_told() {
        for (html, what) in [
            ("<p>가</p><img src=x>", "`<img>`"),
            ("<table><tr><td>가</td></tr></table>", "`<table>`"),
            ("<script>alert(1)</script>", "`<script>`"),
            ("<a href=\"javascript:x\">가</a>", "a link that is no web, mail or telephone address"),
            ("<p>가 <b", "a `<` that is never closed by `>`"),
            ("&nonsense;", "the sign `&nonsense;`"),
        ] {
            let problems = to_text(html).unwrap_err();
            assert!(problems.iter().any(|problem| problem == what), "{html}: {problems:?}");
        }
    }
}
