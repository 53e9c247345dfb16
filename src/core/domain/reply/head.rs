//! The head of a macro file, which stays the file's own where the text and the actions come from the account: title, audience
//! and what must be mentioned are reviewed with the guide, not edited in Zendesk.

use super::file::{self, File};
use super::{Audience, Wording};

/// The head of a file that can be read, as text, and whether it is a paragraph's.
pub(super) struct Head {
    pub(super) text: String,
    pub(super) is_paragraph: bool,
}

impl Head {
    /// Of a file that was read without a problem.
    pub(super) fn of(text: &str) -> Option<Self> {
        let read = file::read(text).ok()?;
        let is_paragraph = matches!(read, File::Paragraph(_));
        let mark = if is_paragraph { "\ntext = " } else { "\n[actions]" };
        // As written, with its comments, where that is the whole head.
        let cut = format!("\n{text}").find(mark).map(|at| text[..at].to_owned());
        let same = |cut: &String| {
            let tail = if is_paragraph {
                "\ntext = 'x'\n"
            } else {
                "\n[actions]\ncomment_mode_is_public = true\ncomment_value = 'x'\n"
            };
            // Its only problems may be that the text does not mention what it must.
            file::head_of(&format!("{cut}{tail}")) == file::head_of(text)
        };
        let text = cut.filter(same).unwrap_or_else(|| written(&read));
        Some(Self { text, is_paragraph })
    }
}

/// A head made anew of what a file says.
fn written(read: &File) -> String {
    let (kind, title, description, wording) = match read {
        File::Macro(read) => ("", &read.title, &read.description, &read.wording),
        File::Paragraph(read) => ("kind = \"paragraph\"\n", &read.title, &read.description, &read.wording),
    };
    let Wording { audience, must_mention, .. } = wording;
    let audience = match audience {
        Audience::Anyone => "anyone",
        Audience::Holder => "holder",
    };
    let description =
        description.as_ref().map(|text| format!("description = {}\n", line(text))).unwrap_or_default();
    let mentions: Vec<String> = must_mention
        .iter()
        .map(|mention| {
            let first = if mention.first { ", first = true" } else { "" };
            format!("  {{ text = {}, why = {}{first} }},\n", line(&mention.text), line(&mention.why))
        })
        .collect();
    format!(
        "{kind}title = {}\n{description}audience = \"{audience}\"\nmust_mention = [\n{}]\n\n",
        line(title),
        mentions.concat()
    )
}

/// A text as a TOML string in one line.
pub(super) fn line(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('"', "\\\"").replace('\n', "\\n"))
}

/// A text as a TOML string over lines, as the shipped files have it.
pub(super) fn lines(text: &str) -> String {
    format!("\"\"\"\n{}\n\"\"\"", escaped(text).replace("\"\"\"", "\"\"\\\""))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' => escaped.push_str("\\\\"),
            '\n' | '\t' => escaped.push(sign),
            sign if sign.is_control() => escaped.extend(format!("\\u{:04X}", u32::from(sign)).chars()),
            sign => escaped.push(sign),
        }
    }
    escaped
}
