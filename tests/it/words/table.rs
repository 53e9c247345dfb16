//! Precision and recall on labelled utterances.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use misread::domain::words::{Answer, Question, Reading, Wish, Words};

pub(super) fn shipped() -> String {
    file("config/words.toml")
}
fn file(name: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// One labelled line.
pub(super) struct Utterance {
    pub(super) asked: Vec<Question>,
    pub(super) answers: Vec<Answer>,
    wishes: BTreeSet<Wish>,
    only_thanks: bool,
    pub(super) text: String,
}

pub(super) fn table(text: &str) -> Vec<Utterance> {
    text.lines().filter(|line| !line.starts_with('#')).map(utterance).collect()
}

fn utterance(line: &str) -> Utterance {
    let [asked, answers, also, text]: [&str; 4] =
        line.split('\t').collect::<Vec<_>>().try_into().expect(line);
    let labels = |column: &'static str| column.chars().filter(|label| *label != '-');
    let question = |label| match label {
        'i' => Question::Identity,
        'v' => Question::Vehicle,
        'c' => Question::Coupon,
        other => panic!("{other} is no question: {line}"),
    };
    let answer = |label| match label {
        'y' => Answer::Yes,
        'n' => Answer::No,
        'u' => Answer::Unclear,
        other => panic!("{other} is no answer: {line}"),
    };
    let wish = |label| match label {
        "self_cancel" => Some(Wish::SelfCancel),
        "cancel_pass" => Some(Wish::CancelPass),
        "who_was_it" => Some(Wish::WhoWasIt),
        "why_hidden" => Some(Wish::WhyHidden),
        "-" | "thanks" => None,
        other => panic!("{other} is no wish: {line}"),
    };
    let _ = labels;
    Utterance {
        asked: asked.chars().filter(|label| *label != '-').map(question).collect(),
        answers: answers.chars().filter(|label| *label != '-').map(answer).collect(),
        wishes: also.split(' ').filter_map(wish).collect(),
        only_thanks: also == "thanks",
        text: text.replace("\\n", "\n"),
    }
}

/// How often an answer was right.
#[derive(Default)]
struct Tally {
    labelled: usize,
    right: usize,
    wrong: usize,
}

struct Score {
    answers: BTreeMap<(Question, Answer), Tally>,
    wishes: BTreeMap<Wish, Tally>,
    thanks: Tally,
    wrong: Vec<String>,
    missed: Vec<String>,
}

fn score(utterances: &[Utterance]) -> Score {
    let words = Words::parse(&shipped()).unwrap();
    let mut score = Score {
        answers: BTreeMap::new(),
        wishes: BTreeMap::new(),
        thanks: Tally::default(),
        wrong: Vec::new(),
        missed: Vec::new(),
    };
    for utterance in utterances {
        let reading = words.read(&utterance.asked, &utterance.text);
        score.count_answers(utterance, &reading);
        score.count_rest(utterance, &reading);
    }
    score
}

impl Score {
    fn count_answers(&mut self, utterance: &Utterance, reading: &Reading) {
        assert_eq!(utterance.asked.len(), utterance.answers.len(), "{}", utterance.text);
        assert_eq!(reading.answers.len(), utterance.asked.len(), "{}", utterance.text);
        for (question, label) in utterance.asked.iter().zip(&utterance.answers) {
            let read = reading.answers[question];
            self.answers.entry((*question, *label)).or_default().labelled += 1;
            let tally = self.answers.entry((*question, read)).or_default();
            let note = format!("{question:?}: {label:?} read as {read:?}: {:?}", utterance.text);
            if read == *label {
                tally.right += 1;
            } else {
                tally.wrong += 1;
                if read == Answer::Unclear { self.missed.push(note) } else { self.wrong.push(note) }
            }
        }
    }

    fn count_rest(&mut self, utterance: &Utterance, reading: &Reading) {
        for wish in [Wish::SelfCancel, Wish::CancelPass, Wish::WhoWasIt, Wish::WhyHidden] {
            let tally = self.wishes.entry(wish).or_default();
            let (labelled, read) = (utterance.wishes.contains(&wish), reading.wishes.contains(&wish));
            tally.labelled += usize::from(labelled);
            tally.right += usize::from(labelled && read);
            tally.wrong += usize::from(read && !labelled);
            if labelled != read {
                self.missed.push(format!("{wish:?} is {labelled}, read {read}: {:?}", utterance.text));
            }
        }
        if utterance.asked.is_empty() {
            self.thanks.labelled += usize::from(utterance.only_thanks);
            self.thanks.right += usize::from(utterance.only_thanks && reading.only_thanks);
            self.thanks.wrong += usize::from(!utterance.only_thanks && reading.only_thanks);
            if utterance.only_thanks != reading.only_thanks {
                let note = format!("thanks is {}: {:?}", utterance.only_thanks, utterance.text);
                self.missed.push(note);
            }
        }
    }

    fn report(&self) -> String {
        let mut report = String::new();
        let answers = self.answers.iter().filter(|((_, answer), _)| *answer != Answer::Unclear);
        let rows = answers
            .map(|((question, answer), tally)| (format!("{question:?} {answer:?}"), tally))
            .chain(self.wishes.iter().map(|(wish, tally)| (format!("{wish:?}"), tally)))
            .chain([("only thanks".to_owned(), &self.thanks)]);
        for (name, tally) in rows {
            let Tally { labelled, right, wrong } = tally;
            let _ =
                writeln!(report, "{name:<14} precision {right}/{}  recall {right}/{labelled}", right + wrong);
        }
        for line in self
            .wrong
            .iter()
            .map(|line| format!("WRONG  {line}"))
            .chain(self.missed.iter().map(|line| format!("missed {line}")))
        {
            let _ = writeln!(report, "{line}");
        }
        report
    }
}

#[test]
fn no_answer_of_the_table_is_read_wrongly_and_few_are_missed() {
    let score = score(&table(&file("tests/data/utterances.tsv")));
    println!("{}", score.report());
    assert_eq!(score.wrong, [""; 0], "{}", score.report());
}

#[test]
fn no_answer_held_out_from_the_lists_is_read_wrongly() {
    let score = score(&table(&file("tests/data/utterances_held_out.tsv")));
    println!("{}", score.report());
    assert_eq!(score.wrong, [""; 0], "{}", score.report());
}
