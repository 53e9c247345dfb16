//! The questions to the customer, and the meaning of the numbers in the text that asked them.

use std::collections::BTreeMap;

use super::{Answer, Question, Words};

/// The questions that were asked, in order, and the numbering of the text that asked them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    questions: Vec<Question>,
    pub(super) numbers: Numbers,
}

/// The meaning of "1번" in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Numbers {
    /// The text has no numbered list, or none that is understood.
    #[default]
    Unknown,
    /// The list's lines are the questions, in their order.
    Questions,
    /// The list's lines are answers to choose from: "1. 네, 본인입니다. 2. 아니요, 본인이 아닙니다."
    Options(Vec<BTreeMap<Question, Answer>>),
}

impl Asked {
    /// These questions, asked by an unknown text.
    pub fn of(questions: &[Question]) -> Self {
        Self { questions: questions.to_vec(), numbers: Numbers::Unknown }
    }

    /// These questions, asked by `text`; its numbered list, if any, is read with `words`.
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

    /// The questions, in the order in which they were asked.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Whether the text offers numbered answers, and every one is understood.
    pub fn has_options(&self) -> bool {
        matches!(self.numbers, Numbers::Options(_))
    }

    /// Whether the text has a numbered list that is understood.
    pub fn is_numbered(&self) -> bool {
        self.numbers != Numbers::Unknown
    }

    /// Whether the text asks each question in a numbered line of its own.
    pub(super) fn puts_each_question(&self) -> bool {
        self.numbers == Numbers::Questions
    }

    /// Whether a yes alone answers every question: there is one question, or exactly one of the offered answers is a
    /// yes to all.
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

/// The clear answers in an offered answer; `None` if it has none or is not understood as a whole.
fn option(words: &Words, asked: &Asked, line: &str) -> Option<BTreeMap<Question, Answer>> {
    let reading = words.read(asked, line);
    let clear: BTreeMap<_, _> =
        reading.answers.into_iter().filter(|(_, answer)| *answer != Answer::Unclear).collect();
    (reading.nothing_else && !clear.is_empty()).then_some(clear)
}

/// The lines numbered 1, 2, 3 … without their numbers; a line with another number is not part of the list.
fn numbered_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let number = (lines.len() + 1).to_string();
        let rest = line.trim().strip_prefix(number.as_str()).and_then(|rest| rest.strip_prefix(['.', ')']));
        lines.extend(rest.map(str::trim));
    }
    lines
}
