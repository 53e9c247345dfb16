//! Checks whether a message contains anything in addition to what is read of it. Every word must be known; in doubt, a
//! person reads the message.

use std::collections::{BTreeMap, BTreeSet};

use super::dictionary::Dictionary;
use super::lexicon::{Lexicon, Meaning, Owner, Polarity};
use super::pattern::Patterns;
use super::remark::{How, Remark};
use super::text::{Part, Sentence};
use super::{Answer, Question, Wish};

/// Words without blanks, and patterns, that add nothing to an answer or wish.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    pub(super) words: Dictionary<()>,
    pub(super) patterns: Patterns<()>,
}

/// The words allowed in a message in addition to an answer, a wish or thanks.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    /// 죄송합니다
    apologies: Vocabulary,
    /// 확인 부탁드립니다: politeness if the message says something else, otherwise a request.
    requests: Vocabulary,
    /// 취소해 주세요: repeats the ticket's request after an answer on identity or vehicle; as the answer to a coupon it is a
    /// request of its own.
    cancelling: Vocabulary,
    /// 그날, 저는: begins a statement of the ticket's matter. At the end of a sentence the statement is missing.
    matter_starts: Vocabulary,
    /// The words allowed in sentences with a wish.
    wishes: BTreeMap<Wish, Vocabulary>,
}

/// A sentence and what was read of it.
pub(super) struct ReadSentence<'a> {
    pub(super) sentence: &'a Sentence,
    pub(super) remarks: &'a [Remark],
    pub(super) wishes: BTreeSet<Wish>,
}

impl Beside {
    pub(super) fn new(polite: [Vocabulary; 4], wishes: BTreeMap<Wish, Vocabulary>) -> Self {
        let [apologies, requests, cancelling, matter_starts] = polite;
        Self { apologies, requests, cancelling, matter_starts, wishes }
    }

    /// Whether a text consists only of known phrases that state the usual request: "주차한 적 없어요. 취소해 주세요."
    pub(super) fn is_plain(&self, lexicon: &Lexicon, sentences: &[Sentence]) -> bool {
        let vocabularies = [&self.apologies, &self.requests, &self.cancelling];
        let allows = |meaning, ends: bool| match meaning {
            Meaning::Greeting | Meaning::Thanks | Meaning::Closing | Meaning::Matter | Meaning::Denial => {
                true
            }
            Meaning::Filler | Meaning::Contrast => !ends,
            Meaning::Noun(noun) => !ends && matches!(noun.owner, Owner::Writer | Owner::Mine),
            _ => false,
        };
        sentences.iter().all(|sentence| {
            let known = Known { lexicon, whole: &vocabularies, starts: Some(&self.matter_starts) };
            known.covers(sentence, allows)
        })
    }

    /// For each sentence, whether it consists only of clear answers, wishes, thanks and politeness.
    pub(super) fn understood(
        &self,
        lexicon: &Lexicon,
        answers: &BTreeMap<Question, Answer>,
        sentences: &[ReadSentence],
    ) -> Vec<bool> {
        let is_answered = is_answered(answers);
        let wishes = sentences.iter().any(|read| !read.wishes.is_empty());
        // Someone who is offered a coupon and asks for cancelling asks for something that no row has decided; so does
        // someone who asks it for a car that is not theirs.
        let wants_only_that = is_answered
            && !answers.contains_key(&Question::Coupon)
            && answers.get(&Question::Vehicle) != Some(&Answer::No);
        let says_something = is_answered || wishes;
        let answers = Answers { given: answers, is_answered, says_something };
        let is_understood = |read: &ReadSentence| {
            let own = read.wishes.iter().filter_map(|wish| self.wishes.get(wish));
            let requests = says_something.then_some(&self.requests);
            let cancelling = wants_only_that.then_some(&self.cancelling);
            let vocabularies: Vec<_> =
                own.chain(requests).chain(cancelling).chain([&self.apologies]).collect();
            let starts = says_something.then_some(&self.matter_starts);
            let known = Known { lexicon, whole: &vocabularies, starts };
            answers.account_for(read)
                && known.covers(read.sentence, |meaning, ends| answers.allow(meaning, ends, read))
        };
        sentences.iter().map(is_understood).collect()
    }
}

/// Whether a message contains a clear answer, a wish or thanks.
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

/// The answers of the whole message, with which each of its sentences must agree.
struct Answers<'a> {
    given: &'a BTreeMap<Question, Answer>,
    is_answered: bool,
    /// Whether the message contains a clear answer or a wish.
    says_something: bool,
}

impl Answers<'_> {
    /// Whether every remark of a sentence agrees with the message's answers.
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
            // In "아뇨 제 차 아니고 집에 있었어요" the aside "아뇨" repeats the sentence's own no.
            Remark::Aside(polarity) => {
                self.accounts_for_bare(*polarity) && (*polarity == Polarity::Yes || denies(read))
            }
            // "제 차는 집에 있었어요" only mentions the car; a coupon that is mentioned without an answer is unclear.
            Remark::Mentions(question) => *question != Question::Coupon,
            Remark::Murky(_) | Remark::Wavers => false,
            Remark::Weak { last } => !last && says_of_something(read),
            // `Known::covers` decides on the words of these remarks.
            Remark::Denies
            | Remark::Both
            | Remark::Thanks
            | Remark::Acknowledges
            | Remark::Opens
            | Remark::Closes
            | Remark::Requests
            | Remark::NamesPlate
            | Remark::Contrast
            | Remark::Other => true,
        }
    }

    /// "네" is an okay if nothing was asked; "아니요" is not.
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
            // "네 본인이고 제 차 맞아요" also confirms what was not asked, which requires no person if all asked questions are
            // clear.
            None => {
                polarity == Polarity::Yes
                    && question != Question::Coupon
                    && self.is_answered
                    && self.given.values().all(|answer| *answer != Answer::Unclear)
            }
        }
    }

    /// Whether a phrase of the lists is allowed in a sentence; `ends`: as its last phrase.
    fn allow(&self, meaning: Meaning, ends: bool, read: &ReadSentence) -> bool {
        match meaning {
            Meaning::Ambiguous => false,
            // "아니 제 차 맞다니까요"
            Meaning::Weak => !ends && says_of_something(read),
            Meaning::Solved => self.given.is_empty(),
            Meaning::Matter | Meaning::Denial => self.says_something,
            Meaning::FollowUp(wish) => read.wishes.contains(&wish),
            // "실제로 주차한 차를 확인했습니다" is no wish: it reports which car parked.
            Meaning::Acknowledges => read.wishes.is_empty(),
            Meaning::Both | Meaning::Ordinal(_) | Meaning::Option(_) => self.is_answered,
            // "감사합니다 근데 …" is unfinished.
            Meaning::Filler | Meaning::Contrast => !ends,
            Meaning::Wants(question, _) => {
                self.given.get(&question).is_some_and(|answer| *answer != Answer::Unclear)
            }
            // The caller compares the plate with the use's.
            Meaning::Noun(noun) if noun.owner == Owner::Plate => self.is_answered,
            // "남편 차 아니에요" denies; "쿠폰 남편 주세요" and "남편 주차패스 해지해 주세요" ask something for another person.
            Meaning::Noun(noun) if noun.owner == Owner::Others => read.wishes.is_empty() && denies(read),
            // In a wish, nouns only say whose pass or which car.
            Meaning::Noun(_) if !read.wishes.is_empty() => true,
            // A noun must belong to an answer: "네 본인", but not "네 맞아요. 남편 …".
            Meaning::Noun(noun) => {
                let is_answer = |remark: &Remark| match remark {
                    Remark::Says { about, .. } if ends => {
                        noun.about.is_some_and(|topic| about.contains(&topic))
                    }
                    Remark::Says { .. } => true,
                    // "차번호 12가3456"
                    Remark::NamesPlate => noun.about == Some(Question::Vehicle),
                    _ => false,
                };
                read.remarks.iter().any(is_answer)
            }
            _ => true,
        }
    }
}

/// Whether a sentence contains an answer with a noun.
fn says_of_something(read: &ReadSentence) -> bool {
    read.remarks.iter().any(|remark| matches!(remark, Remark::Says { about, .. } if !about.is_empty()))
}

/// Whether a sentence contains a no.
fn denies(read: &ReadSentence) -> bool {
    read.remarks.iter().any(|remark| matches!(remark, Remark::Says { polarity: Polarity::No, .. }))
}

/// The vocabulary that a sentence is checked against.
struct Known<'a> {
    lexicon: &'a Lexicon,
    /// Allowed anywhere.
    whole: &'a [&'a Vocabulary],
    /// Allowed except at the end of the sentence.
    starts: Option<&'a Vocabulary>,
}

impl Known<'_> {
    /// Whether a sentence consists only of known words. `allows` decides on phrases of the lists; its second argument
    /// is whether the sentence ends with the phrase.
    fn covers(&self, sentence: &Sentence, allows: impl Fn(Meaning, bool) -> bool) -> bool {
        let last = sentence.parts.len().saturating_sub(1);
        sentence.parts.iter().enumerate().all(|(place, part)| self.covers_part(part, place == last, &allows))
    }

    fn covers_part(&self, part: &Part, is_last: bool, allows: &impl Fn(Meaning, bool) -> bool) -> bool {
        let text = part.text.as_str();
        // Every byte up to which the part can be cut into known words; all cuts are followed, in order, so that none is
        // tried twice.
        let mut reached = BTreeSet::from([0]);
        while let Some(from) = reached.pop_first() {
            if from == text.len() {
                return true;
            }
            let starts_word = part.word_starts.contains(&from);
            let word_end = part.word_end(from);
            let reach = part.reach(from);
            let is_last_of_all = |to: usize| is_last && to == text.len();
            // A single syllable counts as a word only if it is written as one or may be joined: "네제차입니다" begins with a
            // yes, "네이버" does not.
            let is_whole = |to: usize| {
                let is_single = text[from..to].chars().nth(1).is_none();
                !is_single || (starts_word && (to == word_end || self.lexicon.may_be_joined(&text[from..to])))
            };
            for (vocabulary, starts) in
                self.whole.iter().map(|words| (*words, false)).chain(self.starts.map(|words| (words, true)))
            {
                let words = vocabulary.words.beginnings(&text[from..reach]).map(|(length, ())| from + length);
                let patterns = vocabulary
                    .patterns
                    .at(text, from, &mut part.cache.borrow_mut().memo)
                    .into_iter()
                    .map(|(to, ())| to);
                reached.extend(
                    words
                        .chain(patterns)
                        .filter(|to| *to <= reach && is_whole(*to) && !(starts && is_last_of_all(*to))),
                );
            }
            // As in `segment`: "아니네" is not "아니, 네".
            let is_numbered = || text[..from].ends_with(|sign: char| sign.is_ascii_digit() || sign == '번');
            let fits = |meaning| starts_word || is_numbered() || !matches!(meaning, Meaning::Word(_));
            let known = self.lexicon.meanings(part, from);
            let allowed = |(to, meaning): &&(usize, Meaning)| {
                is_whole(*to) && fits(*meaning) && allows(*meaning, is_last_of_all(*to))
            };
            reached.extend(known.iter().filter(allowed).map(|(to, _)| to));
        }
        false
    }
}
