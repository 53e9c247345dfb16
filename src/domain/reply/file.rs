//! A macro file as people write it: Zendesk's own names for a macro's actions (Zendesk facts §4.2).

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::template::{self, Use};
use super::{LONGEST_REPLY, Macro};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketStatus;

/// Every key is optional here, so that all that is missing can be told at once.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MacroFile {
    title: Option<Spanned<String>>,
    description: Option<String>,
    actions: Actions,
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

/// Reads one macro.
pub(super) fn read(text: &str) -> Result<Macro, Vec<Problem>> {
    let MacroFile { title, description, actions } = TomlFile::parse(text)?.read()?;
    let mut problems = Vec::new();
    let title = title.filter(|title| !title.get_ref().trim().is_empty());
    if title.is_none() {
        problems.push(Problem::new("the macro has no `title`"));
    }
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
    let group_id = actions.group_id.and_then(|id| group(&id, &mut problems));
    let (template, uses) = comment(text, actions.comment_value, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Macro {
        title: title.map(Spanned::into_inner).unwrap_or_default(),
        description,
        status: actions.status.map(TicketStatus::from),
        group_id,
        add_tags: tags(actions.current_tags),
        remove_tags: tags(actions.remove_tags),
        template,
        uses,
    })
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

fn comment(text: &str, written: Option<Spanned<String>>, problems: &mut Vec<Problem>) -> (String, Vec<Use>) {
    let Some(value) = written.filter(|value| !value.get_ref().trim().is_empty()) else {
        problems.push(
            Problem::new("the macro has no text").help("write it as `comment_value` under `[actions]`"),
        );
        return Default::default();
    };
    let whole = value.span();
    let template = value.into_inner();
    if template.len() > LONGEST_REPLY {
        problems.push(Problem::at(
            whole.clone(),
            format!("the text is longer than the {LONGEST_REPLY} bytes that Zendesk takes"),
        ));
    }
    match template::scan(&template) {
        Ok(uses) => {
            let written = template::scan(&text[whole.clone()]).unwrap_or_default();
            let same =
                written.iter().map(|place| place.placeholder).eq(uses.iter().map(|place| place.placeholder));
            let places = if same {
                written.into_iter().map(|place| shifted(place.at, whole.start)).collect()
            } else {
                vec![whole; uses.len()]
            };
            (template, uses.into_iter().zip(places).map(|(place, at)| Use { at, ..place }).collect())
        }
        Err(found) => {
            problems.extend(in_file(text, whole, found));
            (template, Vec::new())
        }
    }
}

/// Gives problems of a value their places in the file: the value as written is scanned for the same problems. Escapes can make
/// the two differ; then the whole value is pointed at.
fn in_file(text: &str, whole: Range<usize>, found: Vec<Problem>) -> Vec<Problem> {
    let written = template::scan(&text[whole.clone()]).err().unwrap_or_default();
    let same = written.iter().map(|problem| &problem.what).eq(found.iter().map(|problem| &problem.what));
    let (problems, places) = if same { (written, None) } else { (found, Some(whole.clone())) };
    let place = |problem: Problem| {
        let at = places.clone().or_else(|| problem.at.clone().map(|at| shifted(at, whole.start)));
        Problem { at, ..problem }
    };
    problems.into_iter().map(place).collect()
}

fn shifted(at: Range<usize>, by: usize) -> Range<usize> {
    at.start + by..at.end + by
}
