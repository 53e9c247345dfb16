//! Checks the phrases of the words file and builds what reads messages.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;

use super::against::{AgainstPhrases, AgainstSearch};
use super::answer::Limits;
use super::beside::{Beside, Vocabulary};
use super::file::{GrammarSection, Phrases, WordsFile};
use super::lexicon::{Firmness, Lexicon, Meaning, Noun, Owner, Polarity};
use super::noun::{NounEntry, Nouns};
use super::text::Normaliser;
use super::unsure::Unsure;
use super::wish::{GAP, WishPhrases};
use super::{Question, Wish, Words};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

mod sets;

use sets::Sets;

/// Reads, checks and builds.
pub(super) fn read(text: &str) -> Result<Words, Vec<Problem>> {
    let file: WordsFile = TomlFile::parse(text)?.read()?;
    let phrases = file.lists().flat_map(|(_, phrases)| phrases).map(|phrase| phrase.get_ref().as_str());
    let mut builder = Builder {
        normaliser: Normaliser::new(phrases),
        phrases: BTreeMap::new(),
        nouns: Nouns::default(),
        written: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (list, phrases) in file.lists() {
        if phrases.is_empty() {
            builder.problems.push(Problem::new(format!("`{list}` has no phrase")).help("list at least one"));
        }
    }
    let words = builder.words(&file);
    match words {
        Some(words) if builder.problems.is_empty() => Ok(words),
        _ => Err(builder.problems),
    }
}

struct Builder {
    normaliser: Normaliser,
    phrases: BTreeMap<String, Meaning>,
    nouns: Nouns,
    /// Which list each written phrase stands in.
    written: BTreeMap<String, &'static str>,
    problems: Vec<Problem>,
}

impl Builder {
    fn words(&mut self, file: &WordsFile) -> Option<Words> {
        self.whole_phrases(file);
        self.nouns(file);
        let unsure = Unsure {
            anywhere: self.forms(&file.unsure.anywhere),
            in_clause: self.forms(&file.unsure.in_clause),
            elsewhere: self.forms(&file.unsure.elsewhere),
            trailing: self.forms(&file.unsure.trailing),
            wavering: self.forms(&file.unsure.wavering),
            denials: self.forms(&file.unsure.denials),
            clause_endings: self.forms(&file.grammar.clause_endings),
        };
        let limits = [
            (Question::Identity, &file.identity.never_yes, &file.identity.never_clear),
            (Question::Vehicle, &file.vehicle.never_yes, &file.vehicle.never_clear),
            (Question::Coupon, &file.coupon.never_yes, &file.coupon.never_clear),
        ]
        .map(|(question, never_yes, never_clear)| {
            (question, Limits { never_yes: self.forms(never_yes), never_clear: self.forms(never_clear) })
        });
        let wishes = [
            (Wish::SelfCancel, &file.self_cancel),
            (Wish::CancelPass, &file.cancel_pass),
            (Wish::WhoWasIt, &file.who_was_it),
            (Wish::WhyHidden, &file.why_hidden),
        ];
        let beside = Beside::new(
            self.forms(&file.polite.apologies).into_iter().collect(),
            self.forms(&file.polite.requests).into_iter().collect(),
            self.matter(file),
            self.forms(&file.polite.matter_starts).into_iter().collect(),
            wishes.map(|(wish, section)| (wish, self.forms(&section.beside).into_iter().collect())).into(),
        );
        let wishes = wishes.map(|(wish, section)| WishPhrases {
            wish,
            says: self.with_gaps(&section.says),
            unless: self.with_gaps(&section.unless),
        });
        let sets: Sets =
            file.against.sets.iter().map(|(name, words)| (name.clone(), self.forms(words))).collect();
        let against = file.against.all().map(|(kind, _, section)| AgainstPhrases {
            kind,
            says: self.with_sets(&section.says, &sets),
            unless: self.with_sets(&section.unless, &sets),
        });
        let against = AgainstSearch::new(&against);
        let against = against.map_err(|error| self.problems.push(Problem::new(error.to_string()))).ok()?;
        let lexicon = Lexicon::new(std::mem::take(&mut self.phrases), std::mem::take(&mut self.nouns));
        let normaliser = self.normaliser.clone();
        Some(Words {
            normaliser,
            lexicon,
            unsure,
            limits: limits.into(),
            wishes: wishes.into(),
            against: Arc::new(against),
            beside,
        })
    }

    /// What the ticket is about: whole phrases, and every stem with every ending.
    fn matter(&mut self, file: &WordsFile) -> Vocabulary {
        let polite = &file.polite;
        let endings = self.forms(&polite.matter_endings);
        let stems = self.forms(&polite.matter_stems);
        let joined =
            stems.iter().flat_map(|stem| endings.iter().map(move |ending| format!("{stem}{ending}")));
        let joined: Vec<String> = joined.collect();
        self.forms(&polite.matter).into_iter().chain(self.forms(&polite.anger)).chain(joined).collect()
    }

    /// What means something as it is written.
    fn whole_phrases(&mut self, file: &WordsFile) {
        use Firmness::{Firm, Plain};
        use Polarity::{No, Yes};
        use Question::{Coupon, Identity, Vehicle};
        let WordsFile { yes, no, identity, vehicle, coupon, grammar, thanks, polite, .. } = file;
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
            ("vehicle.yes", &vehicle.yes, Meaning::Statement(Vehicle, Yes)),
            ("vehicle.no", &vehicle.no, Meaning::Statement(Vehicle, No)),
            ("coupon.names", &coupon.names, coupon_noun),
            ("coupon.yes", &coupon.yes, Meaning::Statement(Coupon, Yes)),
            ("coupon.no", &coupon.no, Meaning::Statement(Coupon, No)),
            ("coupon.wants", &coupon.wants, Meaning::Wants(Coupon, Yes)),
            ("coupon.declines", &coupon.declines, Meaning::Wants(Coupon, No)),
            ("grammar.both", &grammar.both, Meaning::Both),
            ("grammar.first", &grammar.first, Meaning::Ordinal(0)),
            ("grammar.second", &grammar.second, Meaning::Ordinal(1)),
            ("grammar.fillers", &grammar.fillers, Meaning::Filler),
            ("polite.greetings", &polite.greetings, Meaning::Greeting),
            ("grammar.ambiguous", &grammar.ambiguous, Meaning::Ambiguous),
            ("thanks.words", &thanks.words, Meaning::Thanks),
            ("thanks.acknowledgements", &thanks.acknowledgements, Meaning::Acknowledges),
            ("thanks.solved", &thanks.solved, Meaning::Solved),
            ("thanks.closings", &thanks.closings, Meaning::Closing),
        ] {
            for (at, text) in self.located(phrases) {
                if self.is_first(list, at, &text) {
                    self.phrases.insert(text, meaning);
                }
            }
        }
        for (reasons, meaning) in
            [(&thanks.reasons, Meaning::Thanks), (&thanks.solved_reasons, Meaning::Solved)]
        {
            for reason in self.forms(reasons) {
                for word in self.forms(&thanks.words) {
                    self.phrases.entry(format!("{reason}{word}")).or_insert(meaning);
                }
            }
        }
    }

    /// Nouns, alone and with their owners, and what may follow them.
    fn nouns(&mut self, file: &WordsFile) {
        use Polarity::{No, Yes};
        let WordsFile { people, identity, vehicle, grammar, .. } = file;
        let (identity_question, vehicle_question) = (Some(Question::Identity), Some(Question::Vehicle));
        let noun = |about, owner| Noun { about, owner };
        let entry = |noun, polarity| NounEntry { noun, claim: Some((noun, polarity)) };
        let thing = |about| NounEntry { noun: noun(about, Owner::Unsaid), claim: None };
        // "렌트카인데": what kind of car it is says nothing of who uses it.
        let kind = NounEntry { claim: None, ..thing(vehicle_question) };
        // "남편" is nobody's thing, but "남편입니다" denies being the holder.
        let relative = NounEntry {
            noun: noun(None, Owner::Others),
            claim: Some((noun(identity_question, Owner::Unsaid), No)),
        };
        for (list, phrases, entry) in [
            ("people.writer", &people.writer, entry(noun(None, Owner::Writer), Yes)),
            ("people.others", &people.others, relative),
            ("identity.roles", &identity.roles, entry(noun(identity_question, Owner::Mine), Yes)),
            ("identity.things", &identity.things, thing(identity_question)),
            ("vehicle.roles", &vehicle.roles, entry(noun(vehicle_question, Owner::Mine), Yes)),
            ("vehicle.things", &vehicle.things, thing(vehicle_question)),
            ("vehicle.kinds", &vehicle.kinds, kind),
        ] {
            for (at, text) in self.located(phrases) {
                if self.is_first(list, at, &text) {
                    self.nouns.entries.insert(text, entry);
                }
            }
        }
        let owners = [
            (self.owners("people.mine", &people.mine), Owner::Mine, Yes),
            (self.owners("people.others", &people.others), Owner::Others, No),
        ];
        let (accounts, vehicles) = (self.located(&identity.things), self.located(&vehicle.things));
        let belongings = self.located(&people.belongings);
        for (about, things) in
            [(identity_question, accounts), (vehicle_question, vehicles), (None, belongings)]
        {
            for (at, text) in things {
                for (names, owner, polarity) in &owners {
                    for name in names {
                        self.add_owned(at, &format!("{name}{text}"), entry(noun(about, *owner), *polarity));
                    }
                }
            }
        }
        self.suffixes(grammar);
    }

    /// Owners; "본인" is also a word by itself, but nobody is both "mine" and another.
    fn owners(&mut self, list: &'static str, phrases: &Phrases) -> Vec<String> {
        let located = self.located(phrases);
        located
            .into_iter()
            .filter_map(|(at, text)| self.is_first(list, at, &format!("{text}-")).then_some(text))
            .collect()
    }

    /// "제" and "차" are "제 차".
    fn add_owned(&mut self, at: &Spanned<String>, text: &str, entry: NounEntry) {
        let earlier = *self.nouns.entries.entry(text.to_owned()).or_insert(entry);
        if earlier != entry && !self.written.contains_key(text) {
            let what = format!("`{}` makes `{text}`, which already means something else", at.get_ref());
            self.problems.push(Problem::at(at.span(), what).help("take one of the two out of its list"));
        }
    }

    fn suffixes(&mut self, grammar: &GrammarSection) {
        for (list, phrases, firmness) in [
            ("grammar.particles", &grammar.particles, None),
            ("grammar.copulas", &grammar.copulas, Some(Firmness::Plain)),
            ("grammar.firm_copulas", &grammar.firm_copulas, Some(Firmness::Firm)),
        ] {
            for (at, text) in self.located(phrases) {
                // A suffix may be spelt like a word, but not like another suffix.
                if !self.is_first(list, at, &format!("-{text}")) {
                    continue;
                }
                let nouns = &mut self.nouns;
                if let Some(firmness) = firmness {
                    nouns.copulas.insert(text, firmness);
                } else {
                    nouns.particles.insert(text);
                }
            }
        }
    }

    fn located<'a>(&mut self, phrases: &'a Phrases) -> Vec<(&'a Spanned<String>, String)> {
        phrases.iter().filter_map(|phrase| Some((phrase, self.phrase(phrase)?))).collect()
    }

    /// Whether a phrase stands in no list so far.
    fn is_first(&mut self, list: &'static str, at: &Spanned<String>, text: &str) -> bool {
        let earlier = self.written.insert(text.to_owned(), list);
        if let Some(earlier) = earlier {
            let what = format!("`{}` stands in `{earlier}` and again in `{list}`", at.get_ref());
            let help = "keep one: a phrase has one meaning, and blanks do not count";
            self.problems.push(Problem::at(at.span(), what).help(help));
        }
        earlier.is_none()
    }

    fn forms(&mut self, phrases: &Phrases) -> Vec<String> {
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
}
