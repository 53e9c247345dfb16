//! Macros rendered, the disclosure rule kept.
//!
//! A macro's text is our own and its grammar is closed: text, `{{ placeholder }}`, `{% if placeholder %}`. What a customer
//! wrote is never a template.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};

use super::ids::TicketId;
use super::parking::ParkingUse;
use super::policy::{Input, Outcome, Policy, Status, Then};
use super::problem::Problem;
use super::ticket::TicketStatus;

mod facts;
mod file;
mod placeholder;
mod template;

pub use placeholder::Placeholder;

use template::Use;

/// Steps of the template engine; our longest macro needs under a hundred.
const FUEL: u64 = 10_000;
/// Zendesk refuses longer comments. Bytes.
const LONGEST_REPLY: usize = 65_536;

/// One macro: a public reply with what changes on the ticket. Names as in Zendesk's macro actions (Zendesk facts §4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    /// The title; `A::B` nests in Zendesk's menu.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// `status`: the ticket's new status, if it changes; never new or closed.
    pub status: Option<TicketStatus>,
    /// `group_id`: the group that takes over, if it changes.
    pub group_id: Option<i64>,
    /// `current_tags`: tags to add.
    pub add_tags: Vec<String>,
    /// `remove_tags`: tags to remove.
    pub remove_tags: Vec<String>,
    /// `comment_value`, as written.
    template: String,
    /// Every placeholder of the text, with its place in the file.
    uses: Vec<Use>,
}

/// All macros by name (the file's name without `.toml`).
#[derive(Clone, Debug)]
pub struct Macros(BTreeMap<String, Macro>);

/// A file in which something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultyFile {
    /// The policy file.
    Policy,
    /// The macro with this name.
    Macro(String),
}

/// What a reply may speak about.
#[derive(Clone, Copy, Debug)]
pub struct ReplyFacts<'a> {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The requester's name as Zendesk has it.
    pub requester_name: &'a str,
    /// The use, as it was when it was decided on.
    pub parking_use: &'a ParkingUse,
}

/// Why a reply could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// No such macro.
    #[error("there is no macro `{0}`; add config/macros/{0}.toml or name another one in the policy")]
    UnknownMacro(String),
    /// A fact that the macro names is missing from the use.
    #[error("macro `{name}`: `{placeholder}` is not known for this use; a person must answer")]
    Missing {
        /// The macro.
        name: String,
        /// The placeholder's path.
        placeholder: &'static str,
    },
    /// The text cannot be produced within the limits.
    #[error("macro `{name}` cannot be rendered: {reason}")]
    Failed {
        /// The macro.
        name: String,
        /// Why, without customer data.
        reason: String,
    },
}

impl Macros {
    /// Reads macro files, each given as its name without `.toml` and its text. Every mistake is told, with its file and place.
    pub fn parse(files: &[(String, String)]) -> Result<Self, Vec<(String, Problem)>> {
        let mut macros = BTreeMap::new();
        let mut problems = Vec::new();
        for (name, text) in files {
            match file::read(text) {
                Ok(read) => {
                    macros.insert(name.clone(), read);
                }
                Err(found) => problems.extend(found.into_iter().map(|problem| (name.clone(), problem))),
            }
        }
        if problems.is_empty() { Ok(Self(macros)) } else { Err(problems) }
    }

    /// Checks the macros against the rows that use them: each exists, and each of its placeholders is known in every situation
    /// of its rows.
    pub fn check(&self, policy: &Policy) -> Result<(), Vec<(FaultyFile, Problem)>> {
        let mut problems = Vec::new();
        for row in policy.rows() {
            let Then::Outcome(Outcome::Settle { reply, .. }) = &row.then else {
                continue;
            };
            let Some(used) = self.get(reply) else {
                let names = self.0.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let what = format!("row `{}` answers with the macro `{reply}`, which does not exist", row.id);
                let problem = Problem::at(row.then_at.clone(), what).help(format!("the macros are {names}"));
                problems.push((FaultyFile::Policy, problem));
                continue;
            };
            for place in used.uses.iter().filter(|place| !place.guarded) {
                let missing =
                    |status: &Status| row.allows(*status) && !place.placeholder.is_known_in(*status);
                if let Some(status) = Status::ALL.iter().copied().find(missing) {
                    let path = place.placeholder.path();
                    let what = format!(
                        "`{path}` is not known in a situation of row `{}`, which uses this macro: {}: {}",
                        row.id,
                        Status::KOREAN,
                        status.korean()
                    );
                    let help =
                        format!("leave it out, or put it between `{{% if {path} %}}` and `{{% endif %}}`");
                    problems.push((
                        FaultyFile::Macro(reply.clone()),
                        Problem::at(place.at.clone(), what).help(help),
                    ));
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The macro with this name.
    pub fn get(&self, name: &str) -> Option<&Macro> {
        self.0.get(name)
    }

    /// Every macro with its name, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Macro)> {
        self.0.iter().map(|(name, found)| (name.as_str(), found))
    }

    /// The public reply's text. Where ownership is not verified the lot's name is not among the facts (guide, disclosure rule).
    pub fn render(&self, name: &str, facts: &ReplyFacts<'_>) -> Result<String, RenderError> {
        let found = self.get(name).ok_or_else(|| RenderError::UnknownMacro(name.to_owned()))?;
        let values = facts::values(facts);
        if let Some(missing) =
            found.uses.iter().find(|place| !place.guarded && !values.contains_key(&place.placeholder))
        {
            return Err(RenderError::Missing {
                name: name.to_owned(),
                placeholder: missing.placeholder.path(),
            });
        }
        let failed = |reason: String| RenderError::Failed { name: name.to_owned(), reason };
        let text = engine()
            .render_str(&found.template, facts::context(&values))
            .map_err(|error| failed(format!("{} in line {}", error.kind(), error.line().unwrap_or(1))))?;
        let text = outgoing(text.trim().to_owned());
        if text.len() > LONGEST_REPLY {
            return Err(failed(format!("the text is longer than {LONGEST_REPLY} bytes")));
        }
        Ok(text)
    }
}

/// Semi-strict: a missing fact cannot be printed, but can be asked for by `{% if %}`.
fn engine() -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    engine.set_fuel(Some(FUEL));
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    engine.set_syntax(syntax.build().expect("the default delimiters are valid"));
    engine
}

/// Text that Zendesk cannot take for a placeholder or a tag of its own: no `{{` and no `{%` is left (Zendesk facts §9).
pub fn outgoing(text: String) -> String {
    if !text.contains("{{") && !text.contains("{%") {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        if safe.ends_with('{') && matches!(sign, '{' | '%') {
            safe.push(' ');
        }
        safe.push(sign);
    }
    safe
}

#[cfg(test)]
mod tests;
