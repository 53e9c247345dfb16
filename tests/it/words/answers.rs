//! The share of customers understood at their first answer, and the absence of wrong yeses, by question: on tables that
//! the lists were tuned on, and on held-out tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use misread::config;
use misread::domain::mail::own_words;
use misread::domain::plate::Plate;
use misread::domain::words::{Answer, Asked, Question, Reading};

use super::share::Share;
use super::table::WORDS;
use crate::long;

const ANSWERS: &str = include_str!("../../data/answers_2.tsv");
/// Customers who write more than an answer; the lists were tuned on it.
const LONG: &str = include_str!("../../data/answers_2_long.tsv");
/// Answers as typed on a telephone.
const PHONE: &str = include_str!("../../data/answers_2_phone.tsv");
const TRAPS: &str = include_str!("../../data/answers_2_traps.tsv");
pub(crate) const HELD_OUT: &str = include_str!("../../data/answers_2_held_out.tsv");
pub(crate) const TRAPS_HELD_OUT: &str = include_str!("../../data/answers_2_traps_held_out.tsv");
/// Written after the lists, by people who had not seen them; the lists were tuned on it later.
pub(crate) const LATER: &str = include_str!("../../data/answers_2_fresh.tsv");
const LATEST: &str = include_str!("../../data/answers_3.tsv");
/// Written by two more people who had not seen the lists; the lists were tuned on it later.
const MORE: &str = include_str!("../../data/answers_4.tsv");
/// Written after all of these by a person who had not seen the lists; the lists were tuned on it later.
pub(crate) const NEWER: &str = include_str!("../../data/answers_3_fresh.tsv");
/// Written after the lists, by a person who had not seen them. Only its sums were looked at, and the lines whose kinds
/// have other names than in the other tables.
pub(crate) const FRESH: &str = include_str!("../../data/answers_4_fresh.tsv");
/// Built from the lists' own words to provoke a wrong yes.
pub(crate) const ADVERSARY: &str = include_str!("../../data/answers_2_adversary.tsv");

/// The bytes below which an answer may be in several tables: everyone writes the same short answers.
const SHORT: usize = 23;
/// The plate of the car in the tables' questions.
pub(crate) const PLATE: &str = "12가3456";
/// The places of the tables' use: a person reads the message of a customer who says that they were there.
const THERE: &[&str] = &["서울", "강남", "강남구", "역삼", "역삼동"];
/// The text of both questions before it offered answers.
const OLDER: &str = "1. 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?\n2. 앱에 등록된 차량이 고객님께서 이용하시는 차량인가요? 차량번호도 함께 적어 주세요.\n각각 \"네\" 또는 \"아니요\"로 답해 주세요.";

/// The text with the question, as customers read it, by the tables' name for it.
static TEXTS: LazyLock<BTreeMap<&str, String>> = LazyLock::new(|| {
    let macros = config::load_files(&BTreeMap::new()).unwrap().macros;
    let shipped = |name: &str| {
        let file: toml::Table = macros.text(name).unwrap().parse().unwrap();
        file["text"].as_str().unwrap().replace("{{ parking.plate }}", PLATE)
    };
    [
        ("i", shipped("question_identity")),
        ("v", shipped("question_vehicle")),
        ("iv", shipped("question_both")),
        ("c", shipped("question_coupon")),
        ("iw", OLDER.to_owned()),
        ("-", String::new()),
    ]
    .into()
});

/// One labelled message.
pub(crate) struct Line<'a> {
    pub(crate) asked: &'a str,
    labels: &'a str,
    kind: &'a str,
    frequency: &'a str,
    pub(crate) text: String,
}

impl<'a> Line<'a> {
    pub(crate) fn all(table: &'a str) -> impl Iterator<Item = Self> {
        table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
            let [asked, labels, kind, frequency, text]: [&str; 5] =
                line.split('\t').collect::<Vec<_>>().try_into().expect(line);
            Self { asked, labels, kind, frequency, text: text.replace("\\n", "\n") }
        })
    }

    fn questions(&self) -> &'static [Question] {
        match self.asked {
            "i" => &[Question::Identity],
            "v" => &[Question::Vehicle],
            "iv" | "iw" => &[Question::Identity, Question::Vehicle],
            "c" => &[Question::Coupon],
            "-" => &[],
            other => panic!("{other} is no question"),
        }
    }

    /// Whether it says yes to every question, and nothing that a person must read.
    pub(crate) fn is_yes(&self) -> bool {
        self.is_harmless() && self.labels == "y".repeat(self.questions().len())
    }

    /// Whether it says no to every question, and nothing that a person must read.
    #[cfg(feature = "sandbox")]
    pub(crate) fn is_no(&self) -> bool {
        self.is_harmless() && self.labels == "n".repeat(self.questions().len())
    }

    /// The service's reading.
    fn read(&self) -> Read {
        let ours = TEXTS[self.asked].as_str();
        let own = own_words(&self.text, &[ours]);
        let asked = Asked::by(&WORDS, self.questions(), ours);
        let reading = WORDS.read(&asked, &own.text);
        let reading = if own.doubtful || own.automatic { reading.without_answers() } else { reading };
        let plates: BTreeSet<String> =
            Plate::mentioned(&own.text).iter().map(|plate| plate.as_str().to_owned()).collect();
        let elsewhere = WORDS.places(&own.text).iter().all(|place| !THERE.contains(&place.as_str()));
        Read { reading, plates, elsewhere }
    }

    /// Whether it contains nothing in addition to the answers that a person must read.
    fn is_harmless(&self) -> bool {
        self.kind == "alone" || self.kind == "thanks" || self.kind.starts_with("wish:")
    }

    /// Whether it contains an objection to the request.
    fn is_against(&self) -> bool {
        !self.is_harmless() && !matches!(self.kind, "more" | "auto")
    }

    fn is_clear(&self) -> bool {
        self.is_harmless() && !self.labels.contains('u')
    }

    /// The group of lines that are measured together.
    fn group(&self) -> &'static str {
        match (self.labels.contains('y'), self.labels.contains('n')) {
            (true, false) => "yes",
            (false, true) => "no",
            _ => "mixed",
        }
    }
}

struct Read {
    reading: Reading,
    plates: BTreeSet<String>,
    /// Whether it does not name the place of the use.
    elsewhere: bool,
}

impl Read {
    /// Whether the service would continue after these words without a person.
    fn is_clean(&self) -> bool {
        self.reading.nothing_else
            && self.reading.against.is_empty()
            && self.elsewhere
            && self.plates.iter().all(|plate| plate == PLATE)
    }

    /// Whether these letters are the answers to all questions. The use's plate in the message answers the question on
    /// the car.
    fn answers(&self, questions: &[Question], labels: &str) -> bool {
        questions.iter().zip(labels.chars()).all(|(question, label)| {
            let read = self.reading.answers[question];
            match label {
                'y' if *question == Question::Vehicle && !self.plates.is_empty() => read != Answer::No,
                'y' => read == Answer::Yes,
                _ => read == Answer::No,
            }
        })
    }
}

#[derive(Default)]
struct Score {
    /// Wrongly settled as a yes, or a wish or thanks that was read wrongly.
    wrong: Vec<String>,
    shares: BTreeMap<String, Share>,
}

impl Score {
    fn of(table: &str) -> Self {
        let mut score = Self::default();
        for line in Line::all(table) {
            let read = line.read();
            if line.asked == "-" {
                score.unasked(&line, &read);
            } else {
                score.asked(&line, &read);
            }
        }
        score
    }

    fn count(&mut self, name: String, is: bool) {
        self.shares.entry(name).or_default().count(is);
    }

    fn asked(&mut self, line: &Line<'_>, read: &Read) {
        let questions = line.questions();
        let settled_as_yes = read.is_clean() && read.answers(questions, &"y".repeat(questions.len()));
        if settled_as_yes && !line.is_yes() {
            self.wrong.push(format!("{}\t{}\t{}\t{}", line.asked, line.labels, line.kind, line.text));
        }
        if line.is_against() {
            self.count(format!("against, not acted on: {}", line.kind), !settled_as_yes);
            self.count("against, not acted on".to_owned(), !settled_as_yes);
        }
        if line.is_clear() {
            let answered = read.answers(questions, line.labels);
            let settled = answered && read.is_clean();
            let unclear = read.reading.answers.values().all(|answer| *answer == Answer::Unclear);
            self.count(format!("{} settled at the first answer", line.asked), settled);
            self.count(format!("{} {} understood", line.asked, line.group()), answered);
            self.count(format!("{} asked again needlessly", line.asked), !settled && unclear);
            if line.group() == "yes" {
                self.count(format!("{} yes settled, {}", line.asked, line.frequency), settled);
            }
        }
    }

    fn unasked(&mut self, line: &Line<'_>, read: &Read) {
        let clean = read.is_clean();
        let wishes: Vec<String> = read
            .reading
            .wishes
            .iter()
            .map(|wish| serde_json::to_value(wish).unwrap().as_str().unwrap().to_owned())
            .collect();
        let said = line.kind.strip_prefix("wish:");
        if let Some(said) = said {
            self.count(format!("- {said} answered"), clean && wishes == [said]);
        } else if line.kind == "thanks" {
            self.count("- thanks taken for thanks".to_owned(), clean && wishes.is_empty());
        } else {
            self.count("- more is read by a person".to_owned(), !clean);
        }
        let is_other = wishes.iter().any(|wish| said != Some(wish));
        if clean && (is_other || line.kind == "more") {
            self.wrong.push(format!("-\t{}\t{}", line.kind, line.text));
        }
    }

    fn report(&self, name: &str) -> String {
        let mut report = format!("── {name}\nwrong {}\n", self.wrong.len());
        for (name, share) in &self.shares {
            let _ = writeln!(report, "{name:<42} {:>4}/{:<4} {:>3} %", share.are, share.of, share.percent());
        }
        for line in &self.wrong {
            let _ = writeln!(report, "WRONG {line}");
        }
        report
    }
}

/// Nothing is read wrongly, and the share of understood answers does not fall.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
fn people_who_answer_as_asked_are_settled_and_nothing_else_is() {
    for (name, table, floors) in FLOORS.iter().step_by(long::step(3)) {
        let score = Score::of(table);
        let report = score.report(name);
        println!("{report}");
        assert!(score.wrong.is_empty(), "{report}");
        for (asked, floor) in ["i", "v", "iv", "c"].into_iter().zip(floors).filter(|(_, floor)| **floor > 0) {
            let share = score
                .shares
                .get(&format!("{asked} settled at the first answer"))
                .copied()
                .unwrap_or_default();
            assert!(share.of > 0 && share.percent() >= *floor, "{asked} fell below {floor} %:\n{report}");
        }
        let against = score.shares.get("against, not acted on").copied().unwrap_or_default();
        assert_eq!(against.are, against.of, "{report}");
    }
}

/// The least percentages of customers settled at the first answer, by question: identity, car, both, coupon; 0 if the
/// table has too few of them.
pub(crate) const FLOORS: &[(&str, &str, [usize; 4])] = &[
    ("answers", ANSWERS, [86, 77, 79, 85]),
    ("longer answers", LONG, [49, 37, 50, 58]),
    ("answers from a telephone", PHONE, [79, 71, 0, 0]),
    ("answers that nobody tuned on", HELD_OUT, [77, 63, 71, 75]),
    ("answers written later", LATER, [90, 81, 81, 86]),
    ("answers written last", LATEST, [89, 90, 93, 84]),
    ("answers of two more people", MORE, [84, 91, 79, 90]),
    ("answers that were once fresh", NEWER, [89, 90, 91, 89]),
    ("answers written after the lists", FRESH, [86, 85, 69, 81]),
    ("traps", TRAPS, [0; 4]),
    ("traps that nobody tuned on", TRAPS_HELD_OUT, [0; 4]),
    ("traps out of the lists' own words", ADVERSARY, [0; 4]),
];

#[test]
fn the_tables_hold_every_question_kind_and_frequency() {
    for (table, at_least) in [(ANSWERS, 1_000), (HELD_OUT, 600)] {
        let lines: Vec<Line<'_>> = Line::all(table).collect();
        assert!(lines.len() >= at_least, "{}", lines.len());
        for asked in ["i", "v", "iv", "iw", "c", "-"] {
            assert!(lines.iter().filter(|line| line.asked == asked).count() >= 50, "{asked}");
        }
        for frequency in ["common", "occasional", "rare"] {
            assert!(lines.iter().any(|line| line.frequency == frequency), "{frequency}");
        }
    }
    assert!(Line::all(TRAPS).count() + Line::all(TRAPS_HELD_OUT).count() >= 600);
    let ours: BTreeSet<&str> =
        ANSWERS.lines().chain(LONG.lines()).chain(PHONE.lines()).chain(TRAPS.lines()).collect();
    let both = HELD_OUT
        .lines()
        .filter(|line| !line.starts_with('#') && line.len() > 40 && ours.contains(line))
        .count();
    assert_eq!(both, 0, "a line is held out or tuned on, not both");
    let said = |table: &'static str| Line::all(table).map(|line| (line.asked, line.text));
    let others = [ANSWERS, LONG, PHONE, TRAPS, LATER, LATEST, MORE, NEWER, HELD_OUT, TRAPS_HELD_OUT];
    let others: BTreeSet<_> = others.into_iter().flat_map(said).collect();
    let both = said(FRESH).filter(|line| line.1.len() > SHORT && others.contains(line)).count();
    assert_eq!(both, 0, "nobody has looked at a line of the table that is fresh");
}
