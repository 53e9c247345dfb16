//! Builds the nouns, alone and combined with owners, and their suffixes.

use toml::Spanned;

use super::Builder;
use crate::domain::problem::Problem;
use crate::domain::words::Question;
use crate::domain::words::file::{GrammarSection, Phrases, WordsFile};
use crate::domain::words::lexicon::{Firmness, Noun, Owner, Polarity};
use crate::domain::words::noun::NounEntry;

impl Builder {
    pub(super) fn nouns(&mut self, file: &WordsFile) {
        use Polarity::{No, Yes};
        let WordsFile { people, identity, vehicle, grammar, .. } = file;
        let (identity_question, vehicle_question) = (Some(Question::Identity), Some(Question::Vehicle));
        let noun = |about, owner| Noun { about, owner };
        let entry = |noun, polarity| NounEntry { noun, claim: Some((noun, polarity)) };
        let thing = |about| NounEntry { noun: noun(about, Owner::Unsaid), claim: None };
        // "렌트카인데" names the kind of car, which is no answer on its owner.
        let kind = NounEntry { claim: None, ..thing(vehicle_question) };
        // "남편" names no thing, but "남편입니다" denies that the writer is the holder.
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
                    self.nouns.insert(text, entry);
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

    /// The normalised owners. They are recorded with a hyphen, separately from words: "본인" is an owner and a word by
    /// itself, but an owner cannot be both mine and another person's.
    fn owners(&mut self, list: &'static str, phrases: &Phrases) -> Vec<String> {
        let located = self.located(phrases);
        located
            .into_iter()
            .filter_map(|(at, text)| self.is_first(list, at, &format!("{text}-")).then_some(text))
            .collect()
    }

    /// Adds a noun with its owner: "제" and "차" make "제 차".
    fn add_owned(&mut self, at: &Spanned<String>, text: &str, entry: NounEntry) {
        let earlier = *self.nouns.entry(text.to_owned()).or_insert(entry);
        if earlier != entry && !self.written.contains_key(text) {
            let what = format!("`{}`(으)로 생기는 `{text}`에 이미 다른 뜻이 있습니다", at.get_ref());
            self.problems.push(Problem::at(at.span(), what).help("둘 가운데 하나를 목록에서 빼세요"));
        }
    }

    fn suffixes(&mut self, grammar: &GrammarSection) {
        for (list, phrases, firmness) in [
            ("grammar.particles", &grammar.particles, None),
            ("grammar.copulas", &grammar.copulas, Some(Firmness::Plain)),
            ("grammar.firm_copulas", &grammar.firm_copulas, Some(Firmness::Firm)),
        ] {
            for (at, text) in self.located(phrases) {
                // Suffixes are recorded with a hyphen: one may be spelt like a word, but not like another suffix.
                if !self.is_first(list, at, &format!("-{text}")) {
                    continue;
                }
                if let Some(firmness) = firmness {
                    self.copulas.insert(text, firmness);
                } else {
                    self.particles.insert(text);
                }
            }
        }
    }
}
