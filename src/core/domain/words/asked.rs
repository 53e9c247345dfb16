//! What the customer was asked, and what the numbers of our own text stand for.

use std::collections::BTreeMap;

use super::{Answer, Question, Words};

/// The questions that were put, in this order, and how the text that put them is numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    questions: Vec<Question>,
    pub(super) numbers: Numbers,
}

/// What "1번" stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Numbers {
    /// The text has no list that is understood.
    #[default]
    Unknown,
    /// The questions, in their order.
    Questions,
    /// The answers to choose from: "1. 네, 본인입니다. 2. 아니요, 본인이 아닙니다."
    Options(Vec<BTreeMap<Question, Answer>>),
}

impl Asked {
    /// These questions, by a text that is not known.
    pub fn of(questions: &[Question]) -> Self {
        Self { questions: questions.to_vec(), numbers: Numbers::Unknown }
    }

    /// These questions, by this text.
    pub fn by(words: &Words, questions: &[Question], text: &str) -> Self {
        let unnumbered = Self::of(questions);
        let list = numbered_lines(text);
        let numbers = if list.len() < 2 {
            Numbers::Unknown
        } else if list.iter().all(|line| line.contains('?')) {
            if list.len() == questions.len() { Numbers::Questions } else { Numbers::Unknown }
        } else {
            let options: Option<Vec<_>> = list.iter().map(|line| option(words, &unnumbered, line)).collect();
            options.map_or(Numbers::Unknown, Numbers::Options)
        };
        Self { numbers, ..unnumbered }
    }

    /// The questions, in the order in which they were put.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Whether the text offers answers by number, each of which is understood.
    pub fn has_options(&self) -> bool {
        matches!(self.numbers, Numbers::Options(_))
    }

    /// Whether the numbers of the text stand for something that is known.
    pub fn is_numbered(&self) -> bool {
        self.numbers != Numbers::Unknown
    }

    /// Whether the text puts each question in a line of its own.
    pub(super) fn puts_each_question(&self) -> bool {
        self.numbers == Numbers::Questions
    }

    /// Whether a yes alone says yes to everything that was asked: to one question, or where a single one of the answers to choose
    /// from is a yes to all of them.
    pub fn is_one(&self) -> bool {
        let is_yes_to_all = |option: &&BTreeMap<Question, Answer>| {
            self.questions.iter().all(|question| option.get(question) == Some(&Answer::Yes))
        };
        match &self.numbers {
            Numbers::Options(options) => options.iter().filter(is_yes_to_all).count() == 1,
            Numbers::Unknown | Numbers::Questions => self.questions.len() == 1,
        }
    }
}

/// What an answer to choose from says, if all of it is understood.
fn option(words: &Words, asked: &Asked, line: &str) -> Option<BTreeMap<Question, Answer>> {
    let reading = words.read(asked, line);
    let clear: BTreeMap<_, _> =
        reading.answers.into_iter().filter(|(_, answer)| *answer != Answer::Unclear).collect();
    (reading.nothing_else && !clear.is_empty()).then_some(clear)
}

/// The lines of the text's list, from 1 on, without their numbers.
fn numbered_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let number = (lines.len() + 1).to_string();
        let rest = line.trim().strip_prefix(number.as_str()).and_then(|rest| rest.strip_prefix(['.', ')']));
        lines.extend(rest.map(str::trim));
    }
    lines
}
