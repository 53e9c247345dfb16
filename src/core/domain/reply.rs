//! Renders macros and enforces the disclosure rule.
//!
//! A macro's text is our own and its grammar is closed: text, `{{ placeholder }}`, `{% if placeholder %}`. A customer's
//! text is never a template. A reply is one macro; paragraphs inside it answer the customer's other questions.

use std::collections::BTreeMap;

use super::ids::TicketId;
use super::parking::ParkingUse;
use super::policy::Policy;
use super::problem::Problem;
use super::rule::RuleAction;
use super::words::{Question, Words};

mod account;
mod actions;
mod bounds;
mod check;
mod choice;
mod facts;
mod file;
mod head;
mod html;
mod lookup;
pub mod names;
mod placeholder;
mod sync;
mod template;
mod wording;
mod wording_file;

pub use account::AccountMacro;
pub use actions::Does;
pub use bounds::Bounds;
pub use choice::{Choice, Fault, Finding, Serves};
pub use lookup::Lookup;
pub use placeholder::Placeholder;
pub use sync::{Compared, Settled, SyncState, Transfer, compare};
pub use wording::{Audience, Mention, Said, Wording};

use file::File;
use wording::Parts;

/// Zendesk truncates longer comments (facts §3.3). Bytes.
const LONGEST_REPLY: usize = 65_536;

/// One macro: a public reply and its changes to the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    /// The title; `A::B` nests in Zendesk's menu.
    pub title: String,
    /// For agents, in Zendesk's list of macros.
    pub description: Option<String>,
    /// Its actions on the ticket beside the comment.
    pub does: Does,
    /// `comment_value`, its audience, and what it must mention.
    pub wording: Wording,
    /// Its id in the account, if its text came from there and its use can be counted.
    pub account_id: Option<i64>,
}

/// A part of a reply that answers another question of the customer; it changes nothing on the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Paragraph {
    pub title: String,
    pub description: Option<String>,
    /// Its text, its audience, and what it must mention.
    pub wording: Wording,
    /// Its id in the account, if its text came from there and its use can be counted.
    pub account_id: Option<i64>,
}

/// All macros and paragraphs by name (the file's name without `.toml`).
#[derive(Clone, Debug)]
pub struct Macros {
    replies: BTreeMap<String, Macro>,
    paragraphs: BTreeMap<String, Paragraph>,
    /// The files' texts.
    texts: BTreeMap<String, String>,
}

/// A file with a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultyFile {
    /// `policy.toml`
    Policy,
    /// The macro with this name.
    Macro(String),
}

/// The facts that a reply may contain.
#[derive(Clone, Copy, Debug)]
pub struct ReplyFacts<'a> {
    /// The number that customers see in their mails.
    pub ticket_id: TicketId,
    /// The requester's name in Zendesk.
    pub requester_name: &'a str,
    /// The use at the time of the decision; `None` unless the reader is its established holder.
    pub parking_use: Option<&'a ParkingUse>,
    /// Whether this is the service's first text to the customer on this ticket.
    pub is_first: bool,
    /// Whether the customer has just answered a question.
    pub is_answer: bool,
    /// Whether the text is read as a letter (mail, web form), with a salutation and a sign-off; a chat has neither (guide,
    /// script).
    pub is_letter: bool,
}

/// Why a reply could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the names say it")]
pub enum RenderError {
    /// The macro does not exist.
    #[error("there is no macro `{0}`; add config/macros/{0}.toml or name another one in the policy")]
    UnknownMacro(String),
    /// The paragraph does not exist.
    #[error("there is no paragraph `{0}`; add config/macros/{0}.toml with `kind = \"paragraph\"`")]
    UnknownParagraph(String),
    /// The text contains facts of the use, and the reader is not established as its holder.
    #[error("macro `{0}` is only for the established holder")]
    OnlyForTheHolder(String),
    /// The macro has no place for paragraphs.
    #[error("macro `{0}` has no place for paragraphs; give it `{{{{ reply.paragraphs }}}}`")]
    TakesNoParagraphs(String),
    /// A fact that the macro uses is missing.
    #[error("macro `{name}`: `{placeholder}` is not known for this use; a person must answer")]
    Missing {
        name: String,
        /// The placeholder's path.
        placeholder: &'static str,
    },
    /// The text exceeds a limit, or the template engine failed.
    #[error("macro `{name}` cannot be rendered: {reason}")]
    Failed {
        name: String,
        /// The reason, without customer data.
        reason: String,
    },
}

impl Macros {
    /// Parses macro files, each given as its name without `.toml` and its text. Reports every mistake with its file and
    /// place.
    pub fn parse(files: &[(String, String)]) -> Result<Self, Vec<(String, Problem)>> {
        let (mut replies, mut paragraphs) = (BTreeMap::new(), BTreeMap::new());
        let mut problems = Vec::new();
        for (name, text) in files {
            match file::read(text) {
                Ok(File::Macro(read)) => drop(replies.insert(name.clone(), read)),
                Ok(File::Paragraph(read)) => drop(paragraphs.insert(name.clone(), read)),
                Err(found) => problems.extend(found.into_iter().map(|problem| (name.clone(), problem))),
            }
        }
        let texts = files.iter().cloned().collect();
        if problems.is_empty() { Ok(Self { replies, paragraphs, texts }) } else { Err(problems) }
    }

    /// Checks the macros against the policy and the service's own texts: each macro exists, each of its placeholders is
    /// known in every situation of its rows, and none discloses a use to a reader who is not its established holder.
    pub fn check(&self, policy: &Policy) -> Result<(), Vec<(FaultyFile, Problem)>> {
        let problems = check::check(self, policy);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Checks that a reply with the number of a choice is understood as that choice.
    pub fn check_choices(&self, words: &Words) -> Result<(), Vec<(FaultyFile, Problem)>> {
        let problems = check::choices(self, words);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Checks that no macro does what is reserved for the service and the policy's routing.
    pub fn check_bounds(&self, policy: &Policy, bounds: &Bounds) -> Result<(), Vec<(FaultyFile, Problem)>> {
        let problems = bounds::check(self, policy, bounds);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The text of the file with this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// The text of the macro or paragraph with this name.
    pub fn wording(&self, name: &str) -> Option<&Wording> {
        let of_paragraph = || self.paragraphs.get(name).map(|found| &found.wording);
        self.get(name).map(|found| &found.wording).or_else(of_paragraph)
    }

    /// The names of all files, of macros and of paragraphs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The account's id of the macro or paragraph with this name, if its use can be counted there.
    pub fn account_id(&self, name: &str) -> Option<i64> {
        let of_paragraph = || self.paragraphs.get(name).and_then(|found| found.account_id);
        self.get(name).map_or_else(of_paragraph, |found| found.account_id)
    }

    /// The ids of the custom fields that the macros set.
    pub fn fields(&self) -> impl Iterator<Item = i64> {
        self.replies.values().flat_map(|found| found.does.fields.keys().copied())
    }

    /// The macro or paragraph with this name, as actions of an account's macro.
    pub fn actions(&self, name: &str) -> Option<Vec<RuleAction>> {
        let of_paragraph = || self.paragraphs.get(name).map(Paragraph::actions);
        self.get(name).map(Macro::actions).or_else(of_paragraph)
    }

    /// The macro with this name.
    pub fn get(&self, name: &str) -> Option<&Macro> {
        self.replies.get(name)
    }

    /// All macros with their names, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Macro)> {
        self.replies.iter().map(|(name, found)| (name.as_str(), found))
    }

    /// All paragraphs with their names, by name.
    pub fn paragraphs(&self) -> impl Iterator<Item = (&str, &Paragraph)> {
        self.paragraphs.iter().map(|(name, found)| (name.as_str(), found))
    }

    /// Renders the public reply. The lot's name is not among the facts unless ownership is verified (guide, disclosure
    /// rule).
    pub fn render(&self, name: &str, facts: &ReplyFacts<'_>) -> Result<String, RenderError> {
        self.render_with(name, &[], &[], facts)
    }

    /// Renders the public reply with paragraphs and questions, in this order, at the macro's places for them.
    pub fn render_with(
        &self,
        name: &str,
        paragraphs: &[&str],
        questions: &[Question],
        facts: &ReplyFacts<'_>,
    ) -> Result<String, RenderError> {
        let found = self.get(name).ok_or_else(|| RenderError::UnknownMacro(name.to_owned()))?;
        let joined = |names: &[&str]| {
            let written = names.iter().map(|name| self.paragraph(name, facts));
            let written = written.collect::<Result<Vec<_>, _>>()?;
            Ok((!written.is_empty()).then(|| written.join("\n\n")))
        };
        let questions =
            if found.wording.takes_questions() { names::questions(questions) } else { Vec::new() };
        let parts = Parts { paragraphs: joined(paragraphs)?, questions: joined(&questions)? };
        found.wording.write(name, facts, parts)
    }

    /// The facts of the use that a macro discloses when it asks these questions, each once.
    pub fn facts_of_the_use(&self, name: &str, questions: &[Question]) -> Vec<Placeholder> {
        let found = self.get(name).map(|found| &found.wording);
        let asks = found.is_some_and(Wording::takes_questions);
        let asked = names::questions(questions).into_iter().filter(|_| asks);
        let asked = asked.filter_map(|name| self.paragraphs.get(name)).map(|found| &found.wording);
        let told: Vec<Placeholder> =
            found.into_iter().chain(asked).flat_map(Wording::facts_of_the_use).collect();
        Placeholder::ALL.iter().filter(|fact| told.contains(fact)).copied().collect()
    }

    /// The text of the paragraph with this name, filled in.
    pub fn paragraph(&self, name: &str, facts: &ReplyFacts<'_>) -> Result<String, RenderError> {
        let found = self.paragraphs.get(name);
        let found = found.ok_or_else(|| RenderError::UnknownParagraph(name.to_owned()))?;
        found.wording.write(name, facts, Parts::default())
    }
}

/// Escapes text so that Zendesk finds no placeholder or tag in it: no `{{` and no `{%` is left (Zendesk facts §9).
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
