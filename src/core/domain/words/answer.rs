//! Derives the answer to a question from all remarks of a message. Any doubt makes the answer unclear.

use std::collections::BTreeMap;

use super::asked::Asked;
use super::lexicon::Polarity;
use super::remark::{How, Remark};
use super::{Answer, Question};

/// Parts of words, without blanks, that restrict the answer to a question if the message contains them.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// A yes becomes unclear.
    pub(super) never_yes: Vec<String>,
    /// Any answer becomes unclear.
    pub(super) never_clear: Vec<String>,
}

impl Limits {
    /// The answer after these restrictions; `message` is without blanks.
    pub(super) fn apply(&self, answer: Answer, message: &str) -> Answer {
        let has_any = |parts: &[String]| parts.iter().any(|part| message.contains(part.as_str()));
        if has_any(&self.never_clear) || (answer == Answer::Yes && has_any(&self.never_yes)) {
            Answer::Unclear
        } else {
            answer
        }
    }
}

/// Makes unreliable answers unclear: different answers by number, since the writer may count the questions differently,
/// and the answer on the vehicle if the message names several plates.
pub(super) fn drop_doubtful(answers: &mut BTreeMap<Question, Answer>, numbered: bool, plates: usize) {
    let first = answers.values().next().copied();
    let differ = answers.values().any(|answer| Some(*answer) != first);
    for (question, answer) in answers {
        if (numbered && differ) || (plates > 1 && *question == Question::Vehicle) {
            *answer = Answer::Unclear;
        }
    }
}

/// The answers to two questions in separate lines if the message answers them with one word each, in order: "네, 아니요".
pub(super) fn in_order(asked: &Asked, remarks: &[Remark]) -> Option<BTreeMap<Question, Answer>> {
    let [_, _] = asked.questions() else { return None };
    if !asked.puts_each_question() {
        return None;
    }
    let mut words = Vec::new();
    for remark in remarks {
        match remark {
            Remark::Says { about, polarity, how: How::Word } if about.is_empty() => words.push(*polarity),
            Remark::Thanks
            | Remark::Closes
            | Remark::Requests
            | Remark::NamesPlate
            | Remark::Contrast
            | Remark::Says { how: How::Plate, .. } => {}
            _ => return None,
        }
    }
    let answer = |polarity| if polarity == Polarity::Yes { Answer::Yes } else { Answer::No };
    let both = words.len() == asked.questions().len();
    both.then(|| asked.questions().iter().copied().zip(words.into_iter().map(answer)).collect())
}

/// The answer to one of the questions in `asked`.
pub(super) fn answer(question: Question, asked: &Asked, remarks: &[Remark]) -> Answer {
    let evidence = Evidence::of(question, remarks);
    if evidence.wavers {
        return Answer::Unclear;
    }
    match (evidence.explicit_yes, evidence.explicit_no) {
        (true, true) => Answer::Unclear,
        // "아니요 제 차 맞아요", "제 차 맞는데 … 제 차가 아니에요"
        (true, false) if evidence.bare_no || evidence.objects || evidence.murky_here => Answer::Unclear,
        (true, false) => Answer::Yes,
        // "네 맞아요 남편 차예요"
        (false, true) if evidence.yes_predicate || evidence.murky_anywhere => Answer::Unclear,
        // "네 제 차 아니에요" is a polite no.
        (false, true) => Answer::No,
        (false, false) => evidence.bare(question, asked),
    }
}

/// The evidence in a message on one question.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
struct Evidence {
    explicit_yes: bool,
    explicit_no: bool,
    /// The message answers another question by name; an answer without a noun may belong to that question.
    explicit_elsewhere: bool,
    /// The number of 네.
    yes_words: usize,
    /// 맞아요 without a noun.
    yes_predicate: bool,
    /// 아니요 or 아니에요 without a noun.
    bare_no: bool,
    /// 아니요 in a sentence with words that are not understood, or 아니 at the end of a sentence.
    objects: bool,
    denies: bool,
    murky_here: bool,
    murky_anywhere: bool,
    mentioned: bool,
    wavers: bool,
    both: bool,
    weak: bool,
    thanks: bool,
    /// 알겠습니다
    acknowledges: bool,
    /// 수고하세요
    closes: bool,
    /// 부탁드립니다
    requests: bool,
    other: bool,
}

impl Evidence {
    fn of(question: Question, remarks: &[Remark]) -> Self {
        let mut evidence = Self::default();
        for remark in remarks {
            evidence.weigh(question, remark);
        }
        // In "아니 네 맞아요" 아니 is a filler; at the end of "네 맞아요. 아니." it is an objection.
        evidence.objects |= remarks.len() > 1 && remarks.contains(&Remark::Weak { last: true });
        evidence
    }

    fn weigh(&mut self, question: Question, remark: &Remark) {
        match remark {
            Remark::Says { about, polarity: Polarity::Yes, how: How::Word } if about.is_empty() => {
                self.yes_words += 1;
            }
            Remark::Says { about, how: How::Plate, .. } if !about.contains(&question) => {}
            Remark::Says { about, polarity: Polarity::Yes, .. } if about.is_empty() => {
                self.yes_predicate = true;
            }
            Remark::Says { about, .. } if about.is_empty() => self.bare_no = true,
            Remark::Says { about, polarity, .. } if about.contains(&question) => {
                self.explicit_yes |= *polarity == Polarity::Yes;
                self.explicit_no |= *polarity == Polarity::No;
            }
            Remark::Says { .. } => self.explicit_elsewhere = true,
            Remark::Aside(polarity) => self.objects |= *polarity == Polarity::No,
            Remark::Denies => self.denies = true,
            Remark::Murky(about) => {
                self.murky_here |= about.contains(&question);
                self.murky_anywhere |= about.is_empty() || about.contains(&question);
            }
            Remark::Mentions(about) => self.mentioned |= *about == question,
            Remark::Wavers => self.wavers = true,
            Remark::Both => self.both = true,
            Remark::Weak { .. } => self.weak = true,
            Remark::Thanks => self.thanks = true,
            Remark::Acknowledges => self.acknowledges = true,
            Remark::Closes => self.closes = true,
            Remark::Requests => self.requests = true,
            Remark::Opens | Remark::NamesPlate | Remark::Contrast => {}
            Remark::Other => self.other = true,
        }
    }

    /// The answer by remarks without a noun.
    fn bare(&self, question: Question, asked: &Asked) -> Answer {
        if self.explicit_elsewhere || self.murky_anywhere {
            return Answer::Unclear;
        }
        // In "네 알겠습니다" the yes only confirms receipt, and in "네. 안 갔어요." it introduces the denial. As the answer to an
        // offer, "네 감사합니다" is a yes and "네 수고하세요" is not.
        let polite = match question {
            Question::Coupon => self.closes && !self.thanks,
            Question::Identity | Question::Vehicle => self.thanks || self.closes || self.requests,
        };
        // One "네" to two questions does not show which one it answers.
        let one_yes = asked.is_one() || self.both;
        let only_politeness = self.mentioned || self.denies || self.acknowledges || polite;
        // One "아니요" to two questions does not show which one it denies.
        let one_no = (asked.questions().len() == 1 || self.both) && !self.mentioned && !self.denies;
        match (self.yes_words > 0 || self.yes_predicate, self.bare_no || self.objects) {
            (true, false) if self.yes_predicate || (one_yes && !only_politeness) => Answer::Yes,
            (false, true) if self.bare_no && one_no => Answer::No,
            (false, false) if self.weak && one_no && !self.other => Answer::No,
            _ => Answer::Unclear,
        }
    }
}
