//! Precision and recall on labelled utterances.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use misread::domain::mail::own_words;
use misread::domain::words::{Answer, Asked, Question, Reading, Wish, Words};

pub(super) const SHIPPED: &str = include_str!("../../../config/words.toml");
/// The shipped lists, read once for all tests.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| Words::parse(SHIPPED).unwrap());
const TABLE: &str = include_str!("../../data/utterances.tsv");
const HELD_OUT: &str = include_str!("../../data/utterances_held_out.tsv");
const HELD_OUT_2: &str = include_str!("../../data/utterances_held_out_2.tsv");
/// Tables whose lines say whether they contain more than what was read.
const BESIDE: &str = include_str!("../../data/utterances_beside.tsv");
const BESIDE_HELD_OUT: &str = include_str!("../../data/utterances_beside_held_out.tsv");
/// Tables with hardly any answers: only wrong readings count.
const TRAPS: &str = include_str!("../../data/utterances_traps.tsv");

/// One labelled line.
#[derive(Debug)]
pub(super) struct Utterance {
    pub(super) asked: Vec<Question>,
    pub(super) answers: Vec<Answer>,
    pub(super) text: String,
    wishes: BTreeSet<Wish>,
    only_thanks: bool,
    /// Whether it contains nothing more; absent if the table does not say.
    nothing_else: Option<bool>,
}

/// All lines of all tables.
pub(super) fn all_utterances() -> Vec<Utterance> {
    [TABLE, HELD_OUT, HELD_OUT_2, BESIDE, BESIDE_HELD_OUT, TRAPS].into_iter().flat_map(utterances).collect()
}

fn utterances(table: &str) -> Vec<Utterance> {
    table.lines().filter(|line| !line.starts_with('#')).map(utterance).collect()
}

fn utterance(line: &str) -> Utterance {
    let [asked, answers, also, text]: [&str; 4] =
        line.split('\t').collect::<Vec<_>>().try_into().expect(line);
    let question = |label| match label {
        'i' => Some(Question::Identity),
        'v' => Some(Question::Vehicle),
        'c' => Some(Question::Coupon),
        '-' => None,
        other => panic!("{other} is no question: {line}"),
    };
    let answer = |label| match label {
        'y' => Some(Answer::Yes),
        'n' => Some(Answer::No),
        'u' => Some(Answer::Unclear),
        '-' => None,
        other => panic!("{other} is no answer: {line}"),
    };
    let wish = |label| match label {
        "self_cancel" => Some(Wish::SelfCancel),
        "cancel_pass" => Some(Wish::CancelPass),
        "who_was_it" => Some(Wish::WhoWasIt),
        "why_hidden" => Some(Wish::WhyHidden),
        "-" | "thanks" | "alone" | "more" => None,
        other => panic!("{other} is no wish: {line}"),
    };
    let utterance = Utterance {
        asked: asked.chars().filter_map(question).collect(),
        answers: answers.chars().filter_map(answer).collect(),
        text: text.replace("\\n", "\n"),
        wishes: also.split(' ').filter_map(wish).collect(),
        only_thanks: also.split(' ').any(|label| label == "thanks"),
        nothing_else: also.split(' ').find_map(|label| match label {
            "alone" => Some(true),
            "more" => Some(false),
            _ => None,
        }),
    };
    assert_eq!(utterance.asked.len(), utterance.answers.len(), "one label for each question: {line}");
    utterance
}

/// The numbers of messages with a meaning, of those that were read so, and of those with both.
#[derive(Default)]
struct Tally {
    said: usize,
    read: usize,
    both: usize,
}

impl Tally {
    fn count(&mut self, said: bool, read: bool) {
        self.said += usize::from(said);
        self.read += usize::from(read);
        self.both += usize::from(said && read);
    }

    fn recall_percent(&self) -> usize {
        (100 * self.both).checked_div(self.said).unwrap_or(100)
    }
}

#[derive(Default)]
struct Score {
    answers: BTreeMap<(Question, Answer), Tally>,
    others: BTreeMap<String, Tally>,
    /// Wrongly read.
    wrong: Vec<String>,
    /// Said, but not read.
    missed: Vec<String>,
}

impl Score {
    fn of(table: &str) -> Self {
        let mut score = Self::default();
        for utterance in utterances(table) {
            let own = own_words(&utterance.text, &[]);
            let reading = WORDS.read(&Asked::of(&utterance.asked), &own.text);
            let reading = if own.doubtful { reading.without_answers() } else { reading };
            score.count_answers(&utterance, &reading);
            score.count_others(&utterance, &reading);
        }
        score
    }

    fn count_answers(&mut self, utterance: &Utterance, reading: &Reading) {
        assert!(reading.answers.keys().eq(&utterance.asked), "one answer for each question: {utterance:?}");
        for (question, said) in utterance.asked.iter().zip(&utterance.answers) {
            let read = reading.answers[question];
            for answer in [Answer::Yes, Answer::No] {
                let tally = self.answers.entry((*question, answer)).or_default();
                tally.count(*said == answer, read == answer);
            }
            if read != *said {
                let missed = read == Answer::Unclear;
                let list = if missed { &mut self.missed } else { &mut self.wrong };
                list.push(format!("{question:?} {said:?} read as {read:?}: {:?}", utterance.text));
            }
        }
    }

    fn count_others(&mut self, utterance: &Utterance, reading: &Reading) {
        let mut count = |name: String, said: bool, read: bool| {
            if said != read {
                let list = if said { &mut self.missed } else { &mut self.wrong };
                list.push(format!("{name}: {:?}", utterance.text));
            }
            self.others.entry(name).or_default().count(said, read);
        };
        for wish in [Wish::SelfCancel, Wish::CancelPass, Wish::WhoWasIt, Wish::WhyHidden] {
            count(format!("{wish:?}"), utterance.wishes.contains(&wish), reading.wishes.contains(&wish));
        }
        // While an answer is awaited, "네" counts as one, also if it may be only politeness.
        if utterance.asked.is_empty() {
            count("OnlyThanks".to_owned(), utterance.only_thanks, reading.only_thanks);
        }
        if let Some(nothing_else) = utterance.nothing_else {
            count("NothingElse".to_owned(), nothing_else, reading.nothing_else);
        }
    }

    fn report(&self, name: &str) -> String {
        let answers = self
            .answers
            .iter()
            .map(|((question, answer), tally)| (format!("{question:?} {answer:?}"), tally));
        let others = self.others.iter().map(|(name, tally)| (name.clone(), tally));
        let mut report = format!("── {name}\n");
        for (name, Tally { said, read, both }) in answers.chain(others) {
            let _ = writeln!(report, "{name:<14} precision {both}/{read}  recall {both}/{said}");
        }
        for (kind, lines) in [("wrong", &self.wrong), ("missed", &self.missed)] {
            for line in lines {
                let _ = writeln!(report, "{kind}  {line}");
            }
        }
        report
    }

    /// The lowest recall of any answer, wish or thanks, in percent.
    fn lowest_recall(&self) -> usize {
        self.answers.values().chain(self.others.values()).map(Tally::recall_percent).min().unwrap_or(0)
    }
}

/// Nothing is read wrongly, and the recall, in percent, does not fall.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
fn nothing_is_read_as_what_was_not_said_and_little_is_missed() {
    for (name, table, floor) in [
        ("the table", TABLE, 95),
        ("held out from the lists", HELD_OUT, 75),
        ("held out again", HELD_OUT_2, 85),
        ("beside", BESIDE, 95),
        ("beside, held out", BESIDE_HELD_OUT, 65),
        ("traps", TRAPS, 0),
    ] {
        let score = Score::of(table);
        let report = score.report(name);
        println!("{report}");
        assert!(score.wrong.is_empty(), "read wrongly:\n{report}");
        assert!(score.lowest_recall() >= floor, "recall fell below {floor} %:\n{report}");
    }
}

#[test]
fn the_tables_say_something_of_every_answer_wish_and_thanks() {
    assert!(utterances(TABLE).len() >= 260 && utterances(HELD_OUT).len() >= 60);
    for table in [BESIDE, BESIDE_HELD_OUT] {
        let labels: Vec<_> = utterances(table).iter().map(|utterance| utterance.nothing_else).collect();
        assert!(labels.iter().all(Option::is_some), "every line says whether anything stands beside");
        let alone = labels.iter().filter(|label| **label == Some(true)).count();
        assert!(alone >= 30 && labels.len() - alone >= 30);
    }
    for table in [TABLE, HELD_OUT, HELD_OUT_2] {
        let score = Score::of(table);
        assert_eq!((score.answers.len(), score.others.len()), (6, 5));
        assert!(score.answers.values().chain(score.others.values()).all(|tally| tally.said > 0));
    }
}
