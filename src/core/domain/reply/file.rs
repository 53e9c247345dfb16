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
    let (file, mut problems) = toml.read_what_can_be::<MacroFile>();
    let Some(file) = file else { return Err(problems) };
    let unread = Unread::of(&toml, &problems);
    let title = file.title.map(Spanned::into_inner).filter(|title| !title.trim().is_empty());
    if title.is_none() && !unread.title {
        problems.push(Problem::new("`title`이 없습니다"));
    }
    let is_paragraph = file.kind == Some(Kind::Paragraph) || (unread.kind && file.text.is_some());
    let (misplaced, comment, actions) = match (is_paragraph, file.text, file.actions) {
        (true, comment, actions) => (actions.and_then(|_| toml.span(&["actions"])), comment, None),
        (false, misplaced, actions) => {
            let mut actions = actions.unwrap_or_default();
            (misplaced.map(|text| text.span()), actions.comment_value.take(), Some(actions))
        }
    };
    problems.extend(misplaced.map(|at| kept_apart(is_paragraph, at)));
    let place = if is_paragraph { "`text`" } else { "`[actions]` 아래의 `comment_value`" };
    let (audience, must_mention, description) = (file.audience, file.must_mention, file.description);
    let written = wording_file::Written { audience, must_mention, comment, place };
    let wording = written.read(text, is_paragraph, &unread, &mut problems);
    let title = title.unwrap_or_default();
    let read = match actions {
        None => wording
            .map(|wording| File::Paragraph(Paragraph { title, description, wording, account_id: None })),
        Some(actions) => {
            let does = actions.read(unread.public, &mut problems);
            wording.map(|wording| File::Macro(Macro { title, description, does, wording, account_id: None }))
        }
    };
    read.filter(|_| problems.is_empty()).ok_or(problems)
}

/// Keys that are there and whose values could not be read: they are told already, and not missing.
#[expect(clippy::struct_excessive_bools, reason = "each is one independent key")]
pub(super) struct Unread {
    kind: bool,
    title: bool,
    pub(super) audience: bool,
    pub(super) must_mention: bool,
    pub(super) comment: bool,
    /// Whether it is public.
    public: bool,
}

impl Unread {
    fn of(toml: &TomlFile<'_>, problems: &[Problem]) -> Self {
        let is_wrong = |at: Range<usize>| {
            let mut wrong = problems.iter().filter_map(|problem| problem.at.as_ref());
            wrong.any(|wrong| at.start <= wrong.start && wrong.end <= at.end)
        };
        let has = |keys: &[&str]| toml.span(keys).is_some_and(is_wrong);
        // Of a section all may be wrong, or something in it.
        let no_actions = has(&["actions"]) && toml.span(&["actions", "comment_value"]).is_none();
        Self {
            kind: has(&["kind"]),
            title: has(&["title"]),
            audience: has(&["audience"]),
            must_mention: has(&["must_mention"]),
            comment: has(&["text"]) || has(&["actions", "comment_value"]) || no_actions,
            public: has(&["actions", "comment_mode_is_public"]) || no_actions,
        }
    }
}

fn kept_apart(is_paragraph: bool, at: Range<usize>) -> Problem {
    if is_paragraph {
        Problem::at(at, "문단은 티켓을 바꾸지 않으므로 `[actions]`를 쓸 수 없습니다")
            .help("글을 `text`에 쓰세요")
    } else {
        Problem::at(at, "매크로의 글은 `text`가 아니라 `[actions]` 아래의 `comment_value`에 씁니다")
            .help("답변의 한 부분이면 `kind = \"paragraph\"`를 쓰세요")
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
