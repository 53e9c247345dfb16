//! Whether a message says anything beside what is read of it. Every word must be known; in doubt, a person reads it.

use std::collections::{BTreeMap, BTreeSet};

use super::lexicon::{Lexicon, Meaning, Owner, Polarity};
use super::remark::{How, Remark};
use super::text::{Part, Sentence};
use super::{Answer, Question, Wish};

/// Words, without blanks, that say nothing new.
pub(super) type Vocabulary = BTreeSet<String>;

/// What may stand beside an answer, a wish or thanks.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    /// 죄송합니다
    apologies: Vocabulary,
    /// 확인 부탁드립니다: only polite where something else is said.
    requests: Vocabulary,
    /// 주차한 적 없어요, 취소해 주세요: what the ticket is about, said once more beside who one is.
    matter: Vocabulary,
    /// The words that sentences with a wish are made of.
    wishes: BTreeMap<Wish, Vocabulary>,
    /// Bytes.
    longest: usize,
}

/// A sentence and what was read of it.
pub(super) struct ReadSentence<'a> {
    pub(super) sentence: &'a Sentence,
    pub(super) remarks: &'a [Remark],
    pub(super) wishes: BTreeSet<Wish>,
}

impl Beside {
    /// From words of apology, polite requests, what the ticket is about, and the words that sentences with each wish are made of.
    pub(super) fn new(
        apologies: Vocabulary,
        requests: Vocabulary,
        matter: Vocabulary,
        wishes: BTreeMap<Wish, Vocabulary>,
    ) -> Self {
        let words = wishes.values().chain([&apologies, &requests, &matter]).flatten();
        let longest = words.map(String::len).max().unwrap_or(0);
        Self { apologies, requests, matter, wishes, longest }
    }

    /// Whether nothing stands beside clear answers, wishes, thanks and politeness, and at least one of them is there.
    pub(super) fn nothing(
        &self,
        lexicon: &Lexicon,
        answers: &BTreeMap<Question, Answer>,
        sentences: &[ReadSentence],
    ) -> bool {
        let is_answered = answers.values().any(|answer| *answer != Answer::Unclear);
        let wishes = sentences.iter().any(|read| !read.wishes.is_empty());
        let thanks = sentences.iter().any(|read| read.remarks.contains(&Remark::Thanks));
        // Who declines a coupon and wants a refund wants something that nobody has decided on yet, and so does whoever says no.
        let is_yes = is_answered && answers.values().all(|answer| *answer == Answer::Yes);
        let is_about_the_matter = is_yes && !answers.contains_key(&Question::Coupon);
        let answers = Answers { given: answers, is_answered };
        let longest = self.longest.max(lexicon.longest());
        (is_answered || wishes || thanks)
            && sentences.iter().all(|read| {
                let own = read.wishes.iter().filter_map(|wish| self.wishes.get(wish));
                let requests = (is_answered || wishes).then_some(&self.requests);
                let matter = is_about_the_matter.then_some(&self.matter);
                let vocabularies: Vec<_> =
                    own.chain(requests).chain(matter).chain([&self.apologies]).collect();
                let last = read.sentence.parts.len().saturating_sub(1);
                answers.account_for(read)
                    && read.sentence.parts.iter().enumerate().all(|(place, part)| {
                        let allows = |meaning, ends| answers.allow(meaning, ends && place == last, read);
                        is_known(lexicon, longest, part, &vocabularies, allows)
                    })
            })
    }
}

/// What was answered.
struct Answers<'a> {
    given: &'a BTreeMap<Question, Answer>,
    is_answered: bool,
}

impl Answers<'_> {
    /// Whether every answer in a sentence is one that was read.
    fn account_for(&self, read: &ReadSentence) -> bool {
        let asks_something_else = read.sentence.asks
            && read.wishes.is_empty()
            && !read.remarks.iter().any(|remark| matches!(remark, Remark::Says { .. }));
        !asks_something_else && read.remarks.iter().all(|remark| self.accounts_for(remark, read))
    }

    fn accounts_for(&self, remark: &Remark, read: &ReadSentence) -> bool {
        match remark {
            Remark::Says { about, polarity, how } if about.is_empty() => {
                self.accounts_for_bare(*polarity) && (self.is_answered || *how == How::Word)
            }
            Remark::Says { about, polarity, .. } => {
                about.iter().all(|question| self.was_read(*question, *polarity))
            }
            Remark::Aside(polarity) => *polarity == Polarity::Yes && self.accounts_for_bare(*polarity),
            // "제 차 도난당한 건가요?" names the car, but "쿠폰" has no place in a wish.
            Remark::Mentions(question) => !read.wishes.is_empty() && *question != Question::Coupon,
            Remark::Murky(_) | Remark::Wavers | Remark::Weak { .. } => false,
            // Whatever words these stand for are known, or the sentence is not.
            Remark::Denies | Remark::Both | Remark::Thanks | Remark::Other => true,
        }
    }

    /// "네" is an okay where nothing was asked; "아니요" is not.
    fn accounts_for_bare(&self, polarity: Polarity) -> bool {
        match polarity {
            Polarity::Yes => self.given.is_empty() || self.is_answered,
            Polarity::No => self.given.values().any(|answer| *answer == Answer::No),
        }
    }

    fn was_read(&self, question: Question, polarity: Polarity) -> bool {
        match self.given.get(&question) {
            Some(Answer::Yes) => polarity == Polarity::Yes,
            Some(Answer::No) => polarity == Polarity::No,
            Some(Answer::Unclear) => false,
            // "네 본인이고 제 차 맞아요" answers more than was asked, but nothing that needs reading.
            None => {
                polarity == Polarity::Yes
                    && question != Question::Coupon
                    && self.is_answered
                    && self.given.values().all(|answer| *answer != Answer::Unclear)
            }
        }
    }

    /// Whether a phrase of the lists may stand in a sentence, or at its end.
    fn allow(&self, meaning: Meaning, ends: bool, read: &ReadSentence) -> bool {
        match meaning {
            Meaning::Weak | Meaning::Ambiguous => false,
            Meaning::Both | Meaning::Ordinal(_) => self.is_answered,
            // "감사합니다 근데 …" leaves something unsaid.
            Meaning::Filler => !ends,
            Meaning::Wants(question, _) => {
                self.given.get(&question).is_some_and(|answer| *answer != Answer::Unclear)
            }
            // Whose pass, and which car's?
            Meaning::Noun(noun) if !read.wishes.is_empty() => {
                !matches!(noun.owner, Owner::Others | Owner::Plate)
            }
            // "네 맞아요. 남편 …"
            Meaning::Noun(_) => {
                !ends && read.remarks.iter().any(|remark| matches!(remark, Remark::Says { .. }))
            }
            _ => true,
        }
    }
}

/// Whether a part is made of known words alone.
fn is_known(
    lexicon: &Lexicon,
    longest: usize,
    part: &Part,
    vocabularies: &[&Vocabulary],
    allows: impl Fn(Meaning, bool) -> bool,
) -> bool {
    let text = part.text.as_str();
    let mut reached = BTreeSet::from([0]);
    while let Some(from) = reached.pop_first() {
        if from == text.len() {
            return true;
        }
        let starts_word = part.word_starts.contains(&from);
        let word_end = part.word_end(from);
        let reach = if starts_word { text.len() } else { word_end }.min(from + longest);
        let is_known = |to: &usize| {
            let Some(phrase) = text.get(from..*to) else { return false };
            let is_word = starts_word && *to == word_end;
            let is_single = phrase.chars().nth(1).is_none();
            // As in segments: "아니네" is not "아니, 네".
            let fits = |meaning| starts_word || !matches!(meaning, Meaning::Word(_));
            let allowed = |meaning| fits(meaning) && allows(meaning, *to == text.len());
            (is_word || !is_single)
                && (vocabularies.iter().any(|words| words.contains(phrase))
                    || lexicon.meaning(phrase).is_some_and(allowed))
        };
        reached.extend((from + 1..=reach).filter(is_known));
    }
    false
}
