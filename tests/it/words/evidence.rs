//! Actions and objections, measured on tables whose authors had not seen the lists.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use misread::config;
use misread::domain::mail::own_words;
use misread::domain::openings::Openings;
use misread::domain::plate::Plate;
use misread::domain::words::{Answer, Asked, Question, Reading};

use super::share::Share;
use super::table::WORDS;

const ANSWERS: &str = include_str!("../../data/answers.tsv");
const ANSWERS_HELD_OUT: &str = include_str!("../../data/answers_held_out.tsv");
const ANSWERS_REFUSED: &str = include_str!("../../data/answers_refused.tsv");
const OPENINGS_HELD_OUT: &str = include_str!("../../data/openings_held_out.tsv");
/// The plate of the car in the tables' questions.
const PLATE: &str = "12가3456";

static OPENINGS: LazyLock<Openings> =
    LazyLock::new(|| config::load_files(&BTreeMap::new()).unwrap().openings);

/// One labelled answer.
struct Line<'a> {
    asked: Vec<Question>,
    labels: &'a str,
    kind: &'a str,
    text: String,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Self {
        let [asked, labels, kind, _, text]: [&str; 5] =
            line.split('\t').collect::<Vec<_>>().try_into().expect(line);
        let question = |letter| match letter {
            'i' => Question::Identity,
            'v' => Question::Vehicle,
            'c' => Question::Coupon,
            other => panic!("{other} is no question: {line}"),
        };
        assert_eq!(asked.len(), labels.len(), "one label for each question: {line}");
        Self { asked: asked.chars().map(question).collect(), labels, kind, text: text.replace("\\n", "\n") }
    }

    /// Whether it contains nothing in addition to the answers that a person must read.
    fn is_harmless(&self) -> bool {
        matches!(self.kind, "alone" | "wish")
    }

    fn is_against(&self) -> bool {
        !self.is_harmless() && !matches!(self.kind, "more" | "auto")
    }

    fn read(&self) -> Reading {
        let own = own_words(&self.text, &[]);
        let reading = WORDS.read(&Asked::of(&self.asked), &own.text);
        if own.doubtful { reading.without_answers() } else { reading }
    }

    /// Whether this letter is the answer to every question, and no other car is named.
    fn says(&self, letter: char) -> bool {
        self.is_harmless() && self.labels.chars().all(|label| label == letter) && !self.names_another_car()
    }

    fn names_another_car(&self) -> bool {
        Plate::mentioned(&self.text).iter().any(|plate| plate.as_str() != PLATE)
    }

    /// Whether the service would take the message as a yes to every question. The use's plate answers the question on
    /// the car; another plate contradicts (policy, "Who writes").
    fn is_acted_on(&self, reading: &Reading) -> bool {
        let named = !Plate::mentioned(&self.text).is_empty();
        let yes = |question: &Question| match reading.answers[question] {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Unclear => *question == Question::Vehicle && named,
        };
        reading.nothing_else
            && reading.against.is_empty()
            && !self.names_another_car()
            && self.asked.iter().all(yes)
    }
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

#[derive(Default)]
struct Score {
    /// Wrongly taken as a yes.
    wrong: Vec<String>,
    /// By question: honest customers with a yes who are settled at once.
    yes: BTreeMap<String, Share>,
    /// Messages with an objection that led to no action.
    against: BTreeMap<String, Share>,
}

impl Score {
    fn of(table: &str) -> Self {
        let mut score = Self::default();
        for line in lines(table) {
            let labelled = Line::of(line);
            let reading = labelled.read();
            let acted_on = labelled.is_acted_on(&reading);
            if acted_on && !labelled.says('y') {
                score.wrong.push(line.to_owned());
            }
            if labelled.says('y') {
                let questions = line.split('\t').next().unwrap_or_default().to_owned();
                score.yes.entry(questions).or_default().count(acted_on);
            }
            if labelled.is_against() {
                score.against.entry(labelled.kind.to_owned()).or_default().count(!acted_on);
            }
        }
        score
    }

    fn report(&self, name: &str) -> String {
        let mut report = format!("── {name}\nwrong yes {}\n", self.wrong.len());
        for (what, shares) in [("settled at once", &self.yes), ("against, not acted on", &self.against)] {
            for (key, share) in shares {
                let _ = writeln!(report, "{what:<22} {key:<15} {}/{}", share.are, share.of);
            }
        }
        for line in &self.wrong {
            let _ = writeln!(report, "WRONG {line}");
        }
        report
    }
}

/// No yes is wrong, and no message with an objection leads to an action; the recall, in percent, does not fall.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
fn no_yes_is_wrong_and_nothing_that_speaks_against_is_acted_on() {
    for (name, table, floors) in [
        ("answers", ANSWERS, [("i", 60), ("v", 45), ("iv", 50), ("c", 65)]),
        ("answers, held out", ANSWERS_HELD_OUT, [("i", 45), ("v", 18), ("iv", 40), ("c", 45)]),
    ] {
        let score = Score::of(table);
        let report = score.report(name);
        println!("{report}");
        assert!(score.wrong.is_empty(), "{report}");
        assert!(score.against.values().all(|share| share.are == share.of), "{report}");
        for (questions, floor) in floors {
            let share = score.yes[questions];
            assert!(share.percent() >= floor, "{questions} fell below {floor} %:\n{report}");
        }
    }
}

/// The share of openings with an objection that reach a person before anything happens; of honest ones few do.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
fn what_speaks_against_is_found_in_openings() {
    let (mut found, mut handed_over) = (BTreeMap::<&str, Share>::new(), Share::default());
    let mut report = String::new();
    for line in lines(OPENINGS_HELD_OUT) {
        let [label, _, text]: [&str; 3] = line.split('\t').collect::<Vec<_>>().try_into().expect(line);
        let own = own_words(&text.replace("\\n", "\n"), &[]).text;
        let reading = WORDS.read(&Asked::default(), &own);
        let doubtful = !WORDS.is_plain(&own) && OPENINGS.is_doubtful(&own);
        let person = !reading.against.is_empty() || doubtful;
        if label == "none" {
            handed_over.count(person);
        } else {
            found.entry(label).or_default().count(person);
        }
    }
    let mut all = Share::default();
    for (kind, share) in &found {
        let _ = writeln!(report, "against {kind:<15} {}/{}", share.are, share.of);
        all = Share { of: all.of + share.of, are: all.are + share.are };
    }
    let _ = writeln!(report, "against, in all {}/{}", all.are, all.of);
    let _ = writeln!(report, "honest, to a person all the same {}/{}", handed_over.are, handed_over.of);
    println!("{report}");
    assert!(all.percent() >= 97, "{report}");
    assert!(handed_over.percent() <= 25, "{report}");
}

/// An objection next to a yes never leads to an action.
#[test]
fn adding_what_speaks_against_to_a_yes_takes_it_back() {
    let answers = ["네", "네 본인입니다", "본인 맞아요. 취소 부탁드립니다."];
    let against = lines(OPENINGS_HELD_OUT).filter(|line| !line.starts_with("none"));
    for line in against {
        let text = line.split('\t').nth(2).unwrap().replace("\\n", "\n");
        for answer in answers {
            for message in [format!("{answer}\n{text}"), format!("{text}\n{answer}")] {
                let reading = WORDS.read(&Asked::of(&[Question::Identity]), &own_words(&message, &[]).text);
                let acted_on = reading.settles(Question::Identity) == Some(Answer::Yes);
                assert!(!acted_on, "{message}");
            }
        }
    }
}

#[test]
fn what_was_once_wrongly_taken_for_a_yes_no_longer_is() {
    let is_yes = |line: &&str| {
        let line = Line::of(line);
        let reading = line.read();
        line.asked.iter().any(|question| reading.settles(*question) == Some(Answer::Yes))
    };
    let wrong: Vec<&str> = lines(ANSWERS_REFUSED).filter(is_yes).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
