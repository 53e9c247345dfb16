//! Checks the phrases of the words file and builds [`Words`] from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Spanned;

use super::against::{AgainstPhrases, AgainstSearch};
use super::answer::Limits;
use super::beside::{Beside, Vocabulary};
use super::file::{Phrases, WordsFile};
use super::lexicon::{Firmness, Lexicon, Meaning, Noun, Owner, Polarity};
use super::name::Names;
use super::noun::{NounEntry, Nouns};
use super::pattern::{Pattern, Patterns};
use super::spelling::Spelling;
use super::text::Normaliser;
use super::unsure::Unsure;
use super::wish::{GAP, WishPhrases};
use super::{Question, Wish, Words};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

mod grammar;
mod nouns;
mod sets;

use grammar::{Grammar, is_pattern};
use sets::Sets;

/// The sets of the words file whose members are places.
const PLACES: &[&str] = &["지역", "곳", "내곳"];
/// The set of personal names, and the set of lines that sign a message.
const NAMES: &str = "e이름";
const SIGNATURES: &str = "사람이름";

/// Parses and checks a words file, and builds [`Words`]. An error lists every mistake.
pub(super) fn read(text: &str) -> Result<Words, Vec<Problem>> {
    let file: WordsFile = TomlFile::parse(text)?.read()?;
    let phrases = file.lists().flat_map(|(_, phrases)| phrases).map(|phrase| phrase.get_ref().as_str());
    let mut builder = Builder {
        normaliser: Normaliser::new(phrases),
        phrases: BTreeMap::new(),
        patterns: Vec::new(),
        grammar: Grammar::new(&file.sets),
        nouns: BTreeMap::new(),
        particles: BTreeSet::new(),
        copulas: BTreeMap::new(),
        written: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (list, phrases) in file.lists() {
        if phrases.is_empty() {
            builder.problems.push(Problem::new(format!("`{list}`에 말이 없습니다")).help("하나 이상 쓰세요"));
        }
    }
    let words = builder.words(&file);
    if builder.problems.is_empty() { Ok(words) } else { Err(builder.problems) }
}

struct Builder {
    normaliser: Normaliser,
    phrases: BTreeMap<String, Meaning>,
    patterns: Vec<(Pattern, Meaning)>,
    grammar: Grammar,
    nouns: BTreeMap<String, NounEntry>,
    particles: BTreeSet<String>,
    copulas: BTreeMap<String, Firmness>,
    /// The list that contains each phrase: a phrase may be in one list only.
    written: BTreeMap<String, &'static str>,
    problems: Vec<Problem>,
}

impl Builder {
    fn words(&mut self, file: &WordsFile) -> Words {
        self.check_sets();
        self.whole_phrases(file);
        self.nouns(file);
        let unsure = Unsure {
            anywhere: self.forms(&file.unsure.anywhere),
            conceding: self.forms(&file.unsure.conceding),
            for_a_person: self.forms(&file.unsure.for_a_person),
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
        let polite = &file.polite;
        let beside = Beside::new(
            [&polite.apologies, &polite.requests, &polite.cancelling, &polite.matter_starts]
                .map(|phrases| self.vocabulary(phrases)),
            wishes.map(|(wish, section)| (wish, self.vocabulary(&section.beside))).into(),
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
        let phrases = std::mem::take(&mut self.phrases).into_iter().collect();
        let patterns = Patterns::new(std::mem::take(&mut self.patterns));
        let nouns = Nouns::new(
            std::mem::take(&mut self.nouns).into_iter().collect(),
            std::mem::take(&mut self.particles),
            std::mem::take(&mut self.copulas),
        );
        let lexicon = Lexicon::new(phrases, patterns, nouns, self.forms(&file.yes.joined));
        let normaliser = self.normaliser.clone();
        Words {
            normaliser,
            lexicon: Arc::new(lexicon),
            unsure,
            limits: limits.into(),
            wishes: wishes.into(),
            against: Arc::new(AgainstSearch::new(against.into())),
            beside: Arc::new(beside),
            names: Names { names: self.set_alone(NAMES), signatures: self.set_alone(SIGNATURES) },
            spelling: Arc::new(self.spelling(&file.spelling.standard)),
            places: Arc::new(self.members(PLACES).filter(|place| place.chars().nth(1).is_some()).collect()),
        }
    }

    fn spelling(&mut self, phrases: &Phrases) -> Spelling {
        let mut spelling = Spelling::default();
        for phrase in phrases {
            if !spelling.add(phrase.get_ref()) {
                let problem =
                    Problem::at(phrase.span(), format!("`{}`은(는) 고쳐 읽기가 아닙니다", phrase.get_ref()));
                self.problems.push(
                    problem.help("`적힌 말 = 표준말`로 쓰세요. 낱말의 처음에는 `^`, 끝에는 `$`를 붙입니다"),
                );
            }
        }
        spelling
    }

    fn vocabulary(&mut self, phrases: &Phrases) -> Vocabulary {
        let (mut words, mut patterns) = (Vec::new(), Vec::new());
        for phrase in phrases {
            if is_pattern(phrase.get_ref()) {
                patterns.extend(self.pattern(phrase).map(|pattern| (pattern, ())));
            } else {
                words.extend(self.phrase(phrase));
            }
        }
        Vocabulary { words: words.into_iter().collect(), patterns: Patterns::new(patterns) }
    }

    /// Adds the phrases that have a meaning as they are written, unlike nouns, which are combined with owners and
    /// suffixes.
    fn whole_phrases(&mut self, file: &WordsFile) {
        use Firmness::{Conceding, Firm, Plain};
        use Polarity::{No, Yes};
        use Question::{Coupon, Identity, Vehicle};
        let WordsFile { yes, no, identity, vehicle, coupon, grammar, thanks, polite, .. } = file;
        let WordsFile { self_cancel, cancel_pass, who_was_it, why_hidden, .. } = file;
        let coupon_noun = Meaning::Noun(Noun { about: Some(Coupon), owner: Owner::Unsaid });
        for (list, phrases, meaning) in [
            ("yes.words", &yes.words, Meaning::Word(Yes)),
            ("yes.predicates", &yes.predicates, Meaning::Predicate(Yes, Plain)),
            ("yes.firm", &yes.firm, Meaning::Predicate(Yes, Firm)),
            ("yes.conceding", &yes.conceding, Meaning::Predicate(Yes, Conceding)),
            ("no.words", &no.words, Meaning::Word(No)),
            ("no.weak", &no.weak, Meaning::Weak),
            ("no.predicates", &no.predicates, Meaning::Predicate(No, Plain)),
            ("no.firm", &no.firm, Meaning::Predicate(No, Firm)),
            ("identity.yes", &identity.yes, Meaning::Statement(Identity, Yes)),
            ("identity.no", &identity.no, Meaning::Statement(Identity, No)),
            ("vehicle.yes", &vehicle.yes, Meaning::Statement(Vehicle, Yes)),
            ("vehicle.no", &vehicle.no, Meaning::Statement(Vehicle, No)),
            ("coupon.names", &coupon.names, coupon_noun),
            ("coupon.named", &coupon.named, Meaning::Noun(Noun { about: Some(Coupon), owner: Owner::Mine })),
            ("coupon.yes", &coupon.yes, Meaning::Statement(Coupon, Yes)),
            ("coupon.no", &coupon.no, Meaning::Statement(Coupon, No)),
            ("coupon.wants", &coupon.wants, Meaning::Wants(Coupon, Yes)),
            ("coupon.declines", &coupon.declines, Meaning::Wants(Coupon, No)),
            ("grammar.both", &grammar.both, Meaning::Both),
            ("grammar.first", &grammar.first, Meaning::Ordinal(0)),
            ("grammar.second", &grammar.second, Meaning::Ordinal(1)),
            ("grammar.third", &grammar.third, Meaning::Ordinal(2)),
            ("grammar.fillers", &grammar.fillers, Meaning::Filler),
            ("grammar.contrasts", &grammar.contrasts, Meaning::Contrast),
            ("polite.greetings", &polite.greetings, Meaning::Greeting),
            ("polite.matter", &polite.matter, Meaning::Matter),
            ("polite.denials", &polite.denials, Meaning::Denial),
            ("self_cancel.asks", &self_cancel.asks, Meaning::FollowUp(Wish::SelfCancel)),
            ("cancel_pass.asks", &cancel_pass.asks, Meaning::FollowUp(Wish::CancelPass)),
            ("who_was_it.asks", &who_was_it.asks, Meaning::FollowUp(Wish::WhoWasIt)),
            ("why_hidden.asks", &why_hidden.asks, Meaning::FollowUp(Wish::WhyHidden)),
            ("grammar.ambiguous", &grammar.ambiguous, Meaning::Ambiguous),
            ("thanks.words", &thanks.words, Meaning::Thanks),
            ("thanks.acknowledgements", &thanks.acknowledgements, Meaning::Acknowledges),
            ("thanks.solved", &thanks.solved, Meaning::Solved),
            ("thanks.closings", &thanks.closings, Meaning::Closing),
        ] {
            for at in phrases {
                if is_pattern(at.get_ref()) {
                    let pattern = self.pattern(at);
                    self.patterns.extend(pattern.map(|pattern| (pattern, meaning)));
                } else if let Some(text) = self.phrase(at)
                    && self.is_first(list, at, &text)
                {
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

    fn located<'a>(&mut self, phrases: &'a Phrases) -> Vec<(&'a Spanned<String>, String)> {
        phrases.iter().filter_map(|phrase| Some((phrase, self.phrase(phrase)?))).collect()
    }

    /// Records that `list` contains the phrase; `false`, with a problem, if another list contains it too.
    fn is_first(&mut self, list: &'static str, at: &Spanned<String>, text: &str) -> bool {
        let earlier = self.written.insert(text.to_owned(), list);
        if let Some(earlier) = earlier {
            let what = format!("`{}`이(가) `{earlier}`에도 `{list}`에도 있습니다", at.get_ref());
            let help = "하나만 남기세요. 한 말은 한 가지 뜻만 있고, 띄어쓰기는 세지 않습니다";
            self.problems.push(Problem::at(at.span(), what).help(help));
        }
        earlier.is_none()
    }

    /// The phrases that are no patterns, normalised.
    fn forms(&mut self, phrases: &Phrases) -> Vec<String> {
        let literal = phrases.iter().filter(|phrase| !is_pattern(phrase.get_ref()));
        literal.filter_map(|phrase| self.phrase(phrase)).collect()
    }

    /// A phrase as it appears in normalised text; `None`, with a problem, if normalising a message would never leave
    /// it.
    fn phrase(&mut self, phrase: &Spanned<String>) -> Option<String> {
        self.normalised(phrase, phrase.get_ref())
    }

    fn normalised(&mut self, at: &Spanned<String>, text: &str) -> Option<String> {
        let phrase = self.normaliser.phrase(text);
        if phrase.is_none() {
            let (what, help) = if text.trim().is_empty() {
                ("빈 말입니다".to_owned(), "빼세요")
            } else {
                let what = format!("`{}`은(는) 글에서 찾을 수 없는 말입니다", at.get_ref());
                (what, "기호, 웃음(ㅋㅎㅠㅜ), 두 번 넘게 늘인 글자 없이 쓰세요. 읽기 전에 지우는 것들입니다")
            };
            let problem = Problem::at(at.span(), what).help(help);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        phrase
    }

    /// Phrases with their parts between gaps.
    fn with_gaps(&mut self, phrases: &Phrases) -> Vec<Vec<String>> {
        let mut split = |phrase: &Spanned<String>| {
            phrase.get_ref().split(GAP).map(|part| self.normalised(phrase, part)).collect()
        };
        phrases.iter().filter_map(&mut split).collect()
    }
}
