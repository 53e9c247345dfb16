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
    /// 그날, 저는: what begins to say it. What a sentence that ends with one means stays unsaid.
    matter_starts: Vocabulary,
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
    /// From words of apology, polite requests, what the ticket is about and how that begins, and the words that sentences with
    /// each wish are made of.
    pub(super) fn new(
        apologies: Vocabulary,
        requests: Vocabulary,
        matter: Vocabulary,
        matter_starts: Vocabulary,
        wishes: BTreeMap<Wish, Vocabulary>,
    ) -> Self {
        let words = wishes.values().chain([&apologies, &requests, &matter, &matter_starts]).flatten();
        let longest = words.map(String::len).max().unwrap_or(0);
        Self { apologies, requests, matter, matter_starts, wishes, longest }
    }

    /// Whether a text only says in known words what every such ticket is about: "주차한 적 없어요. 취소해 주세요."
    pub(super) fn is_plain(&self, lexicon: &Lexicon, sentences: &[Sentence]) -> bool {
        let vocabularies = [&self.apologies, &self.requests, &self.matter];
        let longest = self.longest.max(lexicon.longest());
        let allows = |meaning, ends: bool| match meaning {
            Meaning::Greeting | Meaning::Thanks | Meaning::Closing => true,
            Meaning::Filler => !ends,
            Meaning::Noun(noun) => !ends && matches!(noun.owner, Owner::Writer | Owner::Mine),
            _ => false,
        };
        sentences.iter().all(|sentence| {
            let known = Known { lexicon, longest, whole: &vocabularies, starts: Some(&self.matter_starts) };
            known.covers(sentence, allows)
        })
    }

    /// Of each sentence, whether nothing stands in it beside clear answers, wishes, thanks and politeness.
    pub(super) fn understood(
        &self,
        lexicon: &Lexicon,
        answers: &BTreeMap<Question, Answer>,
        sentences: &[ReadSentence],
    ) -> Vec<bool> {
        let is_answered = is_answered(answers);
        let wishes = sentences.iter().any(|read| !read.wishes.is_empty());
        // Who declines a coupon and wants a refund wants something that nobody has decided on yet, and so does whoever says no.
        let is_yes = is_answered && answers.values().all(|answer| *answer == Answer::Yes);
        let is_about_the_matter = is_yes && !answers.contains_key(&Question::Coupon);
        let answers = Answers { given: answers, is_answered };
        let longest = self.longest.max(lexicon.longest());
        let is_understood = |read: &ReadSentence| {
            let own = read.wishes.iter().filter_map(|wish| self.wishes.get(wish));
            let requests = (is_answered || wishes).then_some(&self.requests);
            let matter = is_about_the_matter.then_some(&self.matter);
            let vocabularies: Vec<_> = own.chain(requests).chain(matter).chain([&self.apologies]).collect();
            let starts = is_about_the_matter.then_some(&self.matter_starts);
            let known = Known { lexicon, longest, whole: &vocabularies, starts };
            answers.account_for(read)
                && known.covers(read.sentence, |meaning, ends| answers.allow(meaning, ends, read))
        };
        sentences.iter().map(is_understood).collect()
    }
}

/// Whether a message holds a clear answer, a wish or thanks.
pub(super) fn says_something(answers: &BTreeMap<Question, Answer>, sentences: &[ReadSentence]) -> bool {
    let says = |read: &ReadSentence| {
        let polite = |remark: &Remark| matches!(remark, Remark::Thanks | Remark::Acknowledges);
        !read.wishes.is_empty() || read.remarks.iter().any(polite)
    };
    is_answered(answers) || sentences.iter().any(says)
}

fn is_answered(answers: &BTreeMap<Question, Answer>) -> bool {
    answers.values().any(|answer| *answer != Answer::Unclear)
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
            Remark::Denies
            | Remark::Both
            | Remark::Thanks
            | Remark::Acknowledges
            | Remark::Opens
            | Remark::Closes
            | Remark::Requests
            | Remark::NamesPlate
            | Remark::Other => true,
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
            Meaning::Solved => self.given.is_empty(),
            // "실제로 주차한 차를 확인했습니다" is no wish: it tells who it was.
            Meaning::Acknowledges => read.wishes.is_empty(),
            Meaning::Both | Meaning::Ordinal(_) => self.is_answered,
            // "감사합니다 근데 …" leaves something unsaid.
            Meaning::Filler => !ends,
            Meaning::Wants(question, _) => {
                self.given.get(&question).is_some_and(|answer| *answer != Answer::Unclear)
            }
            // Which it is is compared with the use's.
            Meaning::Noun(noun) if noun.owner == Owner::Plate => self.is_answered,
            // Whose pass, and which car's?
            Meaning::Noun(noun) if !read.wishes.is_empty() => noun.owner != Owner::Others,
            // "네 본인", but not "네 맞아요. 남편 …"
            Meaning::Noun(noun) => {
                let is_answer = |remark: &Remark| match remark {
                    Remark::Says { about, .. } if ends => {
                        noun.about.is_some_and(|topic| about.contains(&topic))
                    }
                    Remark::Says { .. } => true,
                    _ => false,
                };
                read.remarks.iter().any(is_answer)
            }
            _ => true,
        }
    }
}

/// The words that a sentence may be made of.
struct Known<'a> {
    lexicon: &'a Lexicon,
    /// Bytes of the longest of them.
    longest: usize,
    /// What may stand anywhere.
    whole: &'a [&'a Vocabulary],
    /// What may stand before something else.
    starts: Option<&'a Vocabulary>,
}

impl Known<'_> {
    /// Whether a sentence is made of known words alone. Of a phrase of the lists, `allows` also hears whether the sentence ends
    /// with it.
    fn covers(&self, sentence: &Sentence, allows: impl Fn(Meaning, bool) -> bool) -> bool {
        let last = sentence.parts.len().saturating_sub(1);
        sentence.parts.iter().enumerate().all(|(place, part)| self.covers_part(part, place == last, &allows))
    }

    fn covers_part(&self, part: &Part, is_last: bool, allows: &impl Fn(Meaning, bool) -> bool) -> bool {
        let text = part.text.as_str();
        let mut reached = BTreeSet::from([0]);
        while let Some(from) = reached.pop_first() {
            if from == text.len() {
                return true;
            }
            let starts_word = part.word_starts.contains(&from);
            let word_end = part.word_end(from);
            let reach = if starts_word { text.len() } else { word_end }.min(from + self.longest);
            let is_known = |to: &usize| {
                let Some(phrase) = text.get(from..*to) else { return false };
                let ends = is_last && *to == text.len();
                let is_word = starts_word && *to == word_end;
                let is_single = phrase.chars().nth(1).is_none();
                // As in segments: "아니네" is not "아니, 네".
                let fits = |meaning| starts_word || !matches!(meaning, Meaning::Word(_));
                let allowed = |meaning| fits(meaning) && allows(meaning, ends);
                let starts = || !ends && self.starts.is_some_and(|words| words.contains(phrase));
                (is_word || !is_single)
                    && (self.whole.iter().any(|words| words.contains(phrase))
                        || starts()
                        || self.lexicon.meaning(phrase).is_some_and(allowed))
            };
            reached.extend((from + 1..=reach).filter(is_known));
        }
        false
    }
}
