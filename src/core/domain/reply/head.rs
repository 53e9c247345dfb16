//! The head of a macro file: title, audience and mandatory mentions. It comes from the file even if the text and the
//! actions come from the account, since it is reviewed with the guide, not edited in Zendesk.

use super::file::{self, File};
use super::{Audience, Wording};

/// The head of a parseable file as text, and whether it is a paragraph's.
pub(super) struct Head {
    pub(super) text: String,
    pub(super) is_paragraph: bool,
}

impl Head {
    /// The head of a file without problems.
    pub(super) fn of(text: &str) -> Option<Self> {
        let read = file::read(text).ok()?;
        let is_paragraph = matches!(read, File::Paragraph(_));
        let mark = if is_paragraph { "\ntext = " } else { "\n[actions]" };
        // The original text with its comments, if that is the whole head.
        let cut = format!("\n{text}").find(mark).map(|at| text[..at].to_owned());
        let same = |cut: &String| {
            let tail = if is_paragraph {
                "\ntext = 'x'\n"
            } else {
                "\n[actions]\ncomment_mode_is_public = true\ncomment_value = 'x'\n"
            };
            // Its only problems may be missing mentions.
            file::head_of(&format!("{cut}{tail}")) == file::head_of(text)
        };
        let text = cut.filter(same).unwrap_or_else(|| written(&read));
        Some(Self { text, is_paragraph })
    }
}

/// A head generated from a parsed file.
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

/// A text as a single-line TOML string.
pub(super) fn line(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('"', "\\\"").replace('\n', "\\n"))
}

/// A text as a multi-line TOML string, as in the shipped files.
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
