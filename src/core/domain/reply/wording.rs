//! A text for customers: its audience, what it must mention, and how it is rendered.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Deserialize;

use super::template::Use;
use super::{LONGEST_REPLY, Placeholder, RenderError, ReplyFacts, facts, outgoing};

/// The step limit of the template engine; our longest macro needs under a hundred.
const FUEL: u64 = 10_000;

/// The audience of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Any writer: the text contains no facts of the use.
    Anyone,
    /// Only the established holder of the account.
    Holder,
}

/// A mandatory mention in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// A part of the text, or a placeholder.
    pub text: String,
    /// Why it is mandatory, in Korean.
    pub why: String,
    /// Whether only the first text on a ticket must contain it: an apology, for example, is not repeated.
    pub first: bool,
}

/// The parts inserted into a text beside facts.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) paragraphs: Option<String>,
    pub(super) questions: Option<String>,
}

/// One possible reading of a text.
pub(super) struct ReadingOfText {
    /// The placeholders unknown in it.
    absent: Vec<Placeholder>,
    text: String,
}

/// A text with its placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Its audience.
    pub audience: Audience,
    /// What it must mention, whether facts are known or not.
    pub must_mention: Vec<Mention>,
    /// The original text.
    pub(super) template: String,
    /// All placeholders of the text with their spans in the file.
    pub(super) uses: Vec<Use>,
}

/// How far a text contains a mandatory mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// In every reading.
    Always,
    /// Only in some readings.
    Sometimes,
    /// In none.
    Never,
}

impl Wording {
    /// Whether it has a place for paragraphs.
    pub fn takes_paragraphs(&self) -> bool {
        self.uses.iter().any(|place| place.placeholder == Placeholder::Paragraphs)
    }

    /// The facts of the use that it discloses, each once, in the order of the list.
    pub fn facts_of_the_use(&self) -> Vec<Placeholder> {
        let told = |placeholder: &&Placeholder| {
            let printed = self.uses.iter().any(|place| !place.guarded && place.placeholder == **placeholder);
            placeholder.is_of_the_use() && printed
        };
        Placeholder::ALL.iter().filter(told).copied().collect()
    }

    /// How far it contains what it must mention.
    pub fn mentions(&self) -> Vec<(&Mention, Said)> {
        let readings = self.readings().unwrap_or_default();
        self.must_mention.iter().map(|mention| (mention, mention.said(&readings))).collect()
    }

    /// Whether it has a place for questions.
    pub fn takes_questions(&self) -> bool {
        self.uses.iter().any(|place| place.placeholder == Placeholder::Questions)
    }

    /// Whether it is incomplete without paragraphs.
    pub fn needs_paragraphs(&self) -> bool {
        self.uses.iter().any(|place| place.placeholder == Placeholder::Paragraphs && !place.guarded)
    }

    /// Whether both texts are equal, regardless of audience.
    pub(super) fn says_as(&self, other: &Self) -> bool {
        self.template.trim() == other.template.trim()
    }

    pub(super) fn write(
        &self,
        name: &str,
        facts: &ReplyFacts<'_>,
        parts: Parts,
    ) -> Result<String, RenderError> {
        if self.audience == Audience::Holder && facts.parking_use.is_none() {
            return Err(RenderError::OnlyForTheHolder(name.to_owned()));
        }
        if parts.paragraphs.is_some() && !self.takes_paragraphs() {
            return Err(RenderError::TakesNoParagraphs(name.to_owned()));
        }
        let mut values = facts::values(facts);
        values.extend(parts.paragraphs.map(|paragraphs| (Placeholder::Paragraphs, paragraphs)));
        values.extend(parts.questions.map(|questions| (Placeholder::Questions, questions)));
        let missing = |place: &&Use| !place.guarded && !values.contains_key(&place.placeholder);
        if let Some(missing) = self.uses.iter().find(missing) {
            return Err(RenderError::Missing {
                name: name.to_owned(),
                placeholder: missing.placeholder.path(),
            });
        }
        let failed = |reason: String| RenderError::Failed { name: name.to_owned(), reason };
        let text = rendered(&self.template, &values)
            .map_err(|error| failed(format!("{} in line {}", error.kind(), error.line().unwrap_or(1))))?;
        let text = outgoing(text.trim().to_owned());
        if text.len() > LONGEST_REPLY {
            return Err(failed(format!("the text is longer than {LONGEST_REPLY} bytes")));
        }
        Ok(text)
    }

    /// All possible readings of the text, with placeholders left as themselves: each tested placeholder is known or
    /// unknown.
    pub(super) fn readings(&self) -> Result<Vec<ReadingOfText>, ErrorKind> {
        let engine = engine();
        let template = engine.template_from_str(&self.template).map_err(|error| error.kind())?;
        let mut readings = Vec::new();
        for absent in subsets(&self.asked_for()) {
            let printed = |place: &Use| !place.guarded && absent.contains(&place.placeholder);
            if !self.uses.iter().any(printed) {
                let reading = template.render(facts::context(&themselves(&absent)));
                let reading = reading.map_err(|error| error.kind())?;
                readings.push(ReadingOfText { absent, text: squeezed(&reading) });
            }
        }
        Ok(readings)
    }

    fn asked_for(&self) -> Vec<Placeholder> {
        let asked_for = |placeholder: &&Placeholder| {
            self.uses.iter().any(|place| place.guarded && place.placeholder == **placeholder)
        };
        Placeholder::ALL.iter().filter(asked_for).copied().collect()
    }
}

impl Mention {
    /// Whether a text that is not accepted as a template contains it. Spaces and line breaks do not count.
    pub fn stands_in(&self, text: &str) -> bool {
        let signs = |text: &str| text.split_whitespace().collect::<String>();
        signs(text).contains(&signs(&self.text))
    }

    /// Whether the readings of a text contain it. Spaces and line breaks do not count.
    pub(super) fn said(&self, readings: &[ReadingOfText]) -> Said {
        let wanted = rendered(&self.text, &themselves(&[])).map(|text| squeezed(&text));
        let counts =
            |reading: &&ReadingOfText| !(self.first && reading.absent.contains(&Placeholder::IsFirst));
        let readings: Vec<&ReadingOfText> = readings.iter().filter(counts).collect();
        let says =
            |reading: &&&ReadingOfText| wanted.as_ref().is_ok_and(|wanted| reading.text.contains(wanted));
        match readings.iter().filter(says).count() {
            0 => Said::Never,
            all if all == readings.len() => Said::Always,
            _ => Said::Sometimes,
        }
    }
}

/// All placeholders except the absent ones, each as its own value.
fn themselves(absent: &[Placeholder]) -> BTreeMap<Placeholder, String> {
    let present = Placeholder::ALL.iter().filter(|placeholder| !absent.contains(placeholder));
    present.map(|placeholder| (*placeholder, format!("{{{{ {} }}}}", placeholder.path()))).collect()
}

fn subsets(all: &[Placeholder]) -> Vec<Vec<Placeholder>> {
    all.iter().fold(vec![Vec::new()], |subsets, placeholder| {
        let with = subsets.iter().map(|subset| [&subset[..], &[*placeholder]].concat());
        with.chain(subsets.clone()).collect()
    })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rendered(template: &str, values: &BTreeMap<Placeholder, String>) -> Result<String, minijinja::Error> {
    engine().render_str(template, facts::context(values))
}

/// Semi-strict: a missing fact cannot be printed, but can be tested by `{% if %}`.
fn engine() -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    engine.set_fuel(Some(FUEL));
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    engine.set_syntax(syntax.build().expect("the default delimiters are valid"));
    engine
}
