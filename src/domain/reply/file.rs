//! A macro file as people write it: Zendesk's own names for a macro's actions (Zendesk facts §4.2), or one paragraph.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::wording_file::{self, WrittenMention};
use super::{Audience, Macro, Paragraph};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketStatus;

/// What a file holds.
pub(super) enum File {
    Macro(Macro),
    Paragraph(Paragraph),
}

/// Every key is optional here, so that all that is missing can be told at once.
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

/// Without a kind, a file is a macro.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Macro,
    Paragraph,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Actions {
    status: Option<MacroStatus>,
    group_id: Option<Spanned<String>>,
    current_tags: Option<String>,
    remove_tags: Option<String>,
    comment_value: Option<Spanned<String>>,
    comment_mode_is_public: Option<Spanned<bool>>,
}

/// What a macro may set; Zendesk takes neither new nor closed here.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MacroStatus {
    Open,
    Pending,
    Hold,
    Solved,
}

impl From<MacroStatus> for TicketStatus {
    fn from(status: MacroStatus) -> Self {
        match status {
            MacroStatus::Open => Self::Open,
            MacroStatus::Pending => Self::Pending,
            MacroStatus::Hold => Self::Hold,
            MacroStatus::Solved => Self::Solved,
        }
    }
}

/// Reads one macro or paragraph.
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
        None => wording.map(|wording| File::Paragraph(Paragraph { title, description, wording })),
        Some(actions) => {
            public(&actions, &mut problems);
            let group_id = actions.group_id.and_then(|id| group(&id, &mut problems));
            let (add_tags, remove_tags) = (tags(actions.current_tags), tags(actions.remove_tags));
            let status = actions.status.map(TicketStatus::from);
            wording.map(|wording| {
                File::Macro(Macro { title, description, status, group_id, add_tags, remove_tags, wording })
            })
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

fn public(actions: &Actions, problems: &mut Vec<Problem>) {
    match &actions.comment_mode_is_public {
        Some(public) if *public.get_ref() => {}
        Some(private) => problems.push(
            Problem::at(private.span(), "a macro answers the customer, so it must be public").help(
                "write `comment_mode_is_public = true`; internal notes are written by the service itself",
            ),
        ),
        None => problems.push(
            Problem::new("the macro does not say whether its comment is public")
                .help("write `comment_mode_is_public = true` under `[actions]`"),
        ),
    }
}

fn group(id: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<i64> {
    let parsed = id.get_ref().parse::<i64>().ok().filter(|id| *id > 0);
    if parsed.is_none() {
        problems.push(Problem::at(
            id.span(),
            "a `group_id` is a group's number in quotes, for example \"98738\"",
        ));
    }
    parsed
}

/// Zendesk separates tags by blanks.
fn tags(written: Option<String>) -> Vec<String> {
    written.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}
