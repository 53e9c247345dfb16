//! The words file as people write it: checks it and builds what reads messages.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::answer::Limits;
use super::history::{History, squeeze};
use super::lexicon::{Firmness, Lexicon, Meaning, Noun, Owner, Polarity};
use super::noun::{with_copula, with_particle};
use super::remark::Unsure;
use super::text::Normaliser;
use super::wish::{GAP, WishPhrases};
use super::{Question, Wish, Words};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

type Phrases = Vec<Spanned<String>>;

/// A section of phrase lists, each of which must say something: an empty list would silently weaken a check.
macro_rules! section {
    ($name:ident { $($key:ident),+ }) => {
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        struct $name { $($key: Phrases),+ }

        impl $name {
            fn lists(&self) -> Vec<(&'static str, &Phrases)> {
                vec![$((stringify!($key), &self.$key)),+]
            }
        }
    };
}

section!(YesSection { words, predicates, firm });
section!(NoSection { words, weak, predicates, firm });
section!(SubjectSection { roles, things, no, never_yes, never_clear });
section!(CouponSection { names, yes, no, wants, declines, never_yes, never_clear });
section!(PeopleSection { writer, mine, others, belongings });
section!(GrammarSection { particles, copulas, firm_copulas, both, fillers, clause_endings });
section!(UnsureSection { anywhere, in_clause, elsewhere, wavering, denials });
section!(ThanksSection { words, reasons, closings });
section!(WishSection { says, unless });
section!(QuotedSection { lines, rest_from, rest_after });

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WordsFile {
    yes: YesSection,
    no: NoSection,
    identity: SubjectSection,
    vehicle: SubjectSection,
    coupon: CouponSection,
    people: PeopleSection,
    grammar: GrammarSection,
    unsure: UnsureSection,
    thanks: ThanksSection,
    self_cancel: WishSection,
    cancel_pass: WishSection,
    who_was_it: WishSection,
    why_hidden: WishSection,
    quoted: QuotedSection,
}

impl WordsFile {
    fn lists(&self) -> impl Iterator<Item = (String, &Phrases)> {
        [
            ("yes", self.yes.lists()),
            ("no", self.no.lists()),
            ("identity", self.identity.lists()),
            ("vehicle", self.vehicle.lists()),
            ("coupon", self.coupon.lists()),
            ("people", self.people.lists()),
            ("grammar", self.grammar.lists()),
            ("unsure", self.unsure.lists()),
            ("thanks", self.thanks.lists()),
            ("self_cancel", self.self_cancel.lists()),
            ("cancel_pass", self.cancel_pass.lists()),
            ("who_was_it", self.who_was_it.lists()),
            ("why_hidden", self.why_hidden.lists()),
            ("quoted", self.quoted.lists()),
        ]
        .into_iter()
        .flat_map(|(section, lists)| {
            lists.into_iter().map(move |(key, phrases)| (format!("{section}.{key}"), phrases))
        })
    }
}

/// Reads, checks and builds.
pub(super) fn read(text: &str) -> Result<Words, Vec<Problem>> {
    let file: WordsFile = TomlFile::parse(text)?.read()?;
    let phrases = file.lists().flat_map(|(_, phrases)| phrases).map(|phrase| phrase.get_ref().as_str());
    let mut builder = Builder {
        normaliser: Normaliser::new(phrases),
        lexicon: Lexicon::default(),
        written: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (list, phrases) in file.lists() {
        if phrases.is_empty() {
            builder.problems.push(Problem::new(format!("`{list}` has no phrase")).help("list at least one"));
        }
    }
    let words = builder.words(&file);
    if builder.problems.is_empty() { Ok(words) } else { Err(builder.problems) }
}

struct Builder {
    normaliser: Normaliser,
    lexicon: Lexicon,
    /// Which list each written phrase stands in.
    written: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Builder {
    fn words(&mut self, file: &WordsFile) -> Words {
        self.whole_phrases(file);
        self.nouns(file);
        let unsure = Unsure {
            anywhere: self.phrases(&file.unsure.anywhere),
            in_clause: self.phrases(&file.unsure.in_clause),
            elsewhere: self.phrases(&file.unsure.elsewhere),
            wavering: self.phrases(&file.unsure.wavering),
            denials: self.phrases(&file.unsure.denials),
            clause_endings: self.phrases(&file.grammar.clause_endings),
        };
        let limits = [
            (Question::Identity, &file.identity.never_yes, &file.identity.never_clear),
            (Question::Vehicle, &file.vehicle.never_yes, &file.vehicle.never_clear),
            (Question::Coupon, &file.coupon.never_yes, &file.coupon.never_clear),
        ]
        .map(|(question, never_yes, never_clear)| {
            (question, Limits { never_yes: self.phrases(never_yes), never_clear: self.phrases(never_clear) })
        });
        let wishes = [
            (Wish::SelfCancel, &file.self_cancel),
            (Wish::CancelPass, &file.cancel_pass),
            (Wish::WhoWasIt, &file.who_was_it),
            (Wish::WhyHidden, &file.why_hidden),
        ]
        .map(|(wish, section)| (wish, self.with_gaps(&section.says), self.with_gaps(&section.unless)));
        let quoted = &file.quoted;
        let history = History {
            lines: self.marks(&quoted.lines),
            rest_from: self.marks(&quoted.rest_from),
            rest_after: self.marks(&quoted.rest_after),
        };
        let (normaliser, lexicon) = (self.normaliser.clone(), std::mem::take(&mut self.lexicon));
        Words {
            normaliser,
            history,
            lexicon,
            unsure,
            limits: limits.into(),
            wishes: WishPhrases(wishes.into()),
        }
    }

    /// What means something as it is written.
    fn whole_phrases(&mut self, file: &WordsFile) {
        use Firmness::{Firm, Plain};
        use Polarity::{No, Yes};
        use Question::{Coupon, Identity, Vehicle};
        let WordsFile { yes, no, identity, vehicle, coupon, grammar, thanks, .. } = file;
        let coupon_noun = Meaning::Noun(Noun { about: Some(Coupon), owner: Owner::Unsaid });
        for (list, phrases, meaning) in [
            ("yes.words", &yes.words, Meaning::Word(Yes)),
            ("yes.predicates", &yes.predicates, Meaning::Predicate(Yes, Plain)),
            ("yes.firm", &yes.firm, Meaning::Predicate(Yes, Firm)),
            ("no.words", &no.words, Meaning::Word(No)),
            ("no.weak", &no.weak, Meaning::Weak),
            ("no.predicates", &no.predicates, Meaning::Predicate(No, Plain)),
            ("no.firm", &no.firm, Meaning::Predicate(No, Firm)),
            ("identity.no", &identity.no, Meaning::Statement(Identity, No)),
            ("vehicle.no", &vehicle.no, Meaning::Statement(Vehicle, No)),
            ("coupon.names", &coupon.names, coupon_noun),
            ("coupon.yes", &coupon.yes, Meaning::Statement(Coupon, Yes)),
            ("coupon.no", &coupon.no, Meaning::Statement(Coupon, No)),
            ("coupon.wants", &coupon.wants, Meaning::Wants(Coupon, Yes)),
            ("coupon.declines", &coupon.declines, Meaning::Wants(Coupon, No)),
            ("grammar.both", &grammar.both, Meaning::Both),
            ("grammar.fillers", &grammar.fillers, Meaning::Filler),
            ("thanks.words", &thanks.words, Meaning::Thanks),
            ("thanks.closings", &thanks.closings, Meaning::Closing),
        ] {
            for phrase in phrases {
                if let Some(text) = self.phrase(phrase) {
                    self.add_written(list, phrase, &text, meaning);
                }
            }
        }
        for reason in &thanks.reasons {
            let Some(text) = self.phrase(reason) else { continue };
            for word in self.phrases(&thanks.words) {
                self.add(reason, &format!("{text}{word}"), Meaning::Thanks);
            }
        }
    }

    /// Nouns with their owners, particles and copulas.
    fn nouns(&mut self, file: &WordsFile) {
        let particles = self.phrases(&file.grammar.particles);
        let copulas = [
            (self.phrases(&file.grammar.copulas), Firmness::Plain),
            (self.phrases(&file.grammar.firm_copulas), Firmness::Firm),
        ];
        for entry in self.noun_entries(file) {
            let noun = Meaning::Noun(entry.noun);
            self.add(entry.at, &entry.text, noun);
            for particle in &particles {
                self.add_if_joined(entry.at, with_particle(&entry.text, particle), noun);
            }
            let Some((claimed, polarity)) = entry.claim else { continue };
            for (copulas, firmness) in &copulas {
                let claim = Meaning::Claim(claimed, polarity, *firmness);
                for copula in copulas {
                    self.add_if_joined(entry.at, with_copula(&entry.text, copula), claim);
                }
            }
        }
    }

    fn noun_entries<'a>(&mut self, file: &'a WordsFile) -> Vec<NounEntry<'a>> {
        use Polarity::{No, Yes};
        let people = &file.people;
        let (mine, others) = (self.phrases(&people.mine), self.phrases(&people.others));
        let noun = |about, owner| Noun { about, owner };
        let mut entries = Vec::new();
        let mut add = |at, text: String, noun, claim| entries.push(NounEntry { at, text, noun, claim });
        let identity = Some(Question::Identity);
        for (at, text) in self.located(&people.writer) {
            let writer = noun(None, Owner::Writer);
            add(at, text, writer, Some((writer, Yes)));
        }
        for (at, text) in self.located(&people.others) {
            add(at, text, noun(None, Owner::Others), Some((noun(identity, Owner::Unsaid), No)));
        }
        for (about, subject) in [(identity, &file.identity), (Some(Question::Vehicle), &file.vehicle)] {
            for (at, text) in self.located(&subject.roles) {
                let role = noun(about, Owner::Unsaid);
                add(at, text, role, Some((role, Yes)));
            }
            for (at, text) in self.located(&subject.things) {
                add(at, text, noun(about, Owner::Unsaid), None);
            }
        }
        let things = [
            (identity, &file.identity.things),
            (Some(Question::Vehicle), &file.vehicle.things),
            (None, &people.belongings),
        ];
        for (about, things) in things {
            for (at, text) in self.located(things) {
                for (owners, owner, polarity) in [(&mine, Owner::Mine, Yes), (&others, Owner::Others, No)] {
                    let owned = noun(about, owner);
                    let with = |person: &String| format!("{person}{text}");
                    owners.iter().for_each(|person| add(at, with(person), owned, Some((owned, polarity))));
                }
            }
        }
        entries
    }

    fn located<'a>(&mut self, phrases: &'a Phrases) -> Vec<(&'a Spanned<String>, String)> {
        phrases.iter().filter_map(|phrase| Some((phrase, self.phrase(phrase)?))).collect()
    }

    fn add_written(&mut self, list: &str, at: &Spanned<String>, text: &str, meaning: Meaning) {
        match self.written.insert(text.to_owned(), list.to_owned()) {
            None => self.add(at, text, meaning),
            Some(earlier) => {
                let what = format!("`{}` stands in `{earlier}` and again in `{list}`", at.get_ref());
                let help = "keep one: a phrase has one meaning, and blanks do not count";
                self.problems.push(Problem::at(at.span(), what).help(help));
            }
        }
    }

    fn add_if_joined(&mut self, at: &Spanned<String>, text: Option<String>, meaning: Meaning) {
        if let Some(text) = text {
            self.add(at, &text, meaning);
        }
    }

    /// A phrase that was put together; one that is written in a list stands above it.
    fn add(&mut self, at: &Spanned<String>, text: &str, meaning: Meaning) {
        if self.lexicon.add(text, meaning).is_err() && !self.written.contains_key(text) {
            let what = format!("`{}` makes `{text}`, which already means something else", at.get_ref());
            self.problems.push(Problem::at(at.span(), what).help("take one of the two out of its list"));
        }
    }

    fn phrases(&mut self, phrases: &Phrases) -> Vec<String> {
        phrases.iter().filter_map(|phrase| self.phrase(phrase)).collect()
    }

    /// A phrase as it is looked for, if it can ever be found.
    fn phrase(&mut self, phrase: &Spanned<String>) -> Option<String> {
        self.normalised(phrase, phrase.get_ref())
    }

    fn normalised(&mut self, at: &Spanned<String>, text: &str) -> Option<String> {
        let phrase = self.normaliser.phrase(text);
        if phrase.is_none() {
            let (what, help) = if text.trim().is_empty() {
                ("an empty phrase".to_owned(), "remove it")
            } else {
                let what = format!("`{}` is never found in a message", at.get_ref());
                (
                    what,
                    "write it without signs, laughter (ㅋㅎㅠㅜ) and syllables stretched over two: they are dropped before reading",
                )
            };
            let problem = Problem::at(at.span(), what).help(help);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        phrase
    }

    /// Phrases that may have gaps.
    fn with_gaps(&mut self, phrases: &Phrases) -> Vec<Vec<String>> {
        let mut split = |phrase: &Spanned<String>| {
            phrase.get_ref().split(GAP).map(|part| self.normalised(phrase, part)).collect()
        };
        phrases.iter().filter_map(&mut split).collect()
    }

    /// How lines of quoted mail begin or end; signs count here.
    fn marks(&mut self, phrases: &Phrases) -> Vec<String> {
        let mut mark = |phrase: &Spanned<String>| {
            let text = squeeze(phrase.get_ref());
            if text.is_empty() {
                self.problems.push(Problem::at(phrase.span(), "an empty phrase").help("remove it"));
            }
            text
        };
        phrases.iter().map(&mut mark).collect()
    }
}

/// A noun as it is put together from the lists.
struct NounEntry<'a> {
    at: &'a Spanned<String>,
    text: String,
    noun: Noun,
    /// What it says with a copula, if anything.
    claim: Option<(Noun, Polarity)>,
}
