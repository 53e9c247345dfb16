//! The format of a macro file: Zendesk's own names for a macro's actions (Zendesk facts §4.2), or one paragraph.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::actions::Actions;
use super::wording_file::{self, WrittenMention};
use super::{Audience, Macro, Paragraph};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

/// The content of a file.
pub(super) enum File {
    Macro(Macro),
    Paragraph(Paragraph),
}

/// Every key is optional here, so that all missing keys can be reported at once.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MacroFile {
    kind: Option<Kind>,
    title: Option<Spanned<String>>,
    description: Option<String>,
    audience: Option<Audience>,
    must_mention: Option<Spanned<Vec<WrittenMention>>>,
    text: Option<Spanned<String>>,
    actions: Option<Actions>,
}

/// A file without a kind is a macro.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Macro,
    Paragraph,
}

/// Parses one macro or paragraph.
pub(super) fn read(text: &str) -> Result<File, Vec<Problem>> {
    let toml = TomlFile::parse(text)?;
    let file: MacroFile = toml.read()?;
    let mut problems = Vec::new();
    let title = file.title.map(Spanned::into_inner).filter(|title| !title.trim().is_empty());
    if title.is_none() {
        problems.push(Problem::new("the macro has no `title`"));
    }
    let is_paragraph = file.kind == Some(Kind::Paragraph);
    let (misplaced, comment, actions) = match (is_paragraph, file.text, file.actions) {
        (true, comment, actions) => (actions.and_then(|_| toml.span(&["actions"])), comment, None),
        (false, misplaced, actions) => {
            let mut actions = actions.unwrap_or_default();
            (misplaced.map(|text| text.span()), actions.comment_value.take(), Some(actions))
        }
    };
    problems.extend(misplaced.map(|at| kept_apart(is_paragraph, at)));
    let place = if is_paragraph { "`text`" } else { "`comment_value` under `[actions]`" };
    let written =
        wording_file::Written { audience: file.audience, must_mention: file.must_mention, comment, place };
    let wording = written.read(text, is_paragraph, &mut problems);
    let (title, description) = (title.unwrap_or_default(), file.description);
    let read = match actions {
        None => wording
            .map(|wording| File::Paragraph(Paragraph { title, description, wording, account_id: None })),
        Some(actions) => {
            let does = actions.read(&mut problems);
            wording.map(|wording| File::Macro(Macro { title, description, does, wording, account_id: None }))
        }
    };
    read.filter(|_| problems.is_empty()).ok_or(problems)
}

fn kept_apart(is_paragraph: bool, at: Range<usize>) -> Problem {
    if is_paragraph {
        Problem::at(at, "a paragraph changes nothing on the ticket: it has no `[actions]`")
            .help("write its words as `text`")
    } else {
        Problem::at(at, "a macro's words stand in `comment_value` under `[actions]`, not in `text`")
            .help("if this is a part of a reply, write `kind = \"paragraph\"`")
    }
}

/// The head of a file; `None` if it cannot be parsed. Text and actions do not count.
pub(super) fn head_of(text: &str) -> Option<impl PartialEq + use<>> {
    let file: MacroFile = TomlFile::parse(text).ok()?.read().ok()?;
    let mentions = file.must_mention?.into_inner().into_iter().map(WrittenMention::plain);
    let title = file.title?.into_inner();
    Some((
        file.kind == Some(Kind::Paragraph),
        title,
        file.description,
        file.audience?,
        mentions.collect::<Vec<_>>(),
    ))
}
