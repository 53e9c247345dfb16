//! Finds objections to the request in a customer's message (policy, "Who writes": the first message may contradict the
//! request).
//!
//! The search prefers false positives to missed objections: a false positive only hands the ticket to a person.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::dictionary::Dictionary;

/// The most bytes between two parts of a phrase; a Hangul syllable has three.
const LONGEST_GAP: usize = 45;

/// An objection to the request: with it, a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// "Do not cancel it."
    NotWanted,
    /// "I did park there."
    DidPark,
    /// "I write for my mother."
    ForOther,
    /// "I have sold, scrapped, lent the car."
    VehicleGone,
    /// "The number, the plate or the account is somebody else's now."
    NumberChanged,
    /// "I was charged twice."
    ChargedTwice,
    /// "I paid another amount."
    OtherAmount,
    /// "It is solved already."
    Solved,
    /// "I mean another lot, another day."
    OtherLot,
    /// "I go to the police, to the press."
    Threat,
    /// "I want to die."
    SelfHarm,
    /// "I am a child."
    Minor,
}

impl Against {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::NotWanted,
        Self::DidPark,
        Self::ForOther,
        Self::VehicleGone,
        Self::NumberChanged,
        Self::ChargedTwice,
        Self::OtherAmount,
        Self::Solved,
        Self::OtherLot,
        Self::Threat,
        Self::SelfHarm,
        Self::Minor,
    ];

    /// The objection's name in the words file and in journals.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotWanted => "not_wanted",
            Self::DidPark => "did_park",
            Self::ForOther => "for_other",
            Self::VehicleGone => "vehicle_gone",
            Self::NumberChanged => "number_changed",
            Self::ChargedTwice => "charged_twice",
            Self::OtherAmount => "other_amount",
            Self::Solved => "solved",
            Self::OtherLot => "other_lot",
            Self::Threat => "threat",
            Self::SelfHarm => "self_harm",
            Self::Minor => "minor",
        }
    }

    /// The customer centre's term for the objection, for notes.
    pub fn korean(self) -> &'static str {
        match self {
            Self::NotWanted => "취소를 원하지 않는다는 말",
            Self::DidPark => "실제로 주차·이용했다는 말",
            Self::ForOther => "다른 사람의 일을 대신 문의한다는 말",
            Self::VehicleGone => "차량을 팔았거나 폐차했거나 빌려주었다는 말",
            Self::NumberChanged => "번호나 계정의 주인이 바뀌었다는 말",
            Self::ChargedTwice => "두 번 결제되었다는 말",
            Self::OtherAmount => "다른 금액을 말함",
            Self::Solved => "이미 해결·처리되었다는 말",
            Self::OtherLot => "다른 주차장이나 다른 날짜의 건을 말함",
            Self::Threat => "신고·언론·법적 조치를 하겠다는 말",
            Self::SelfHarm => "자해를 암시하는 말. 바로 연락이 필요합니다.",
            Self::Minor => "미성년자의 문의",
        }
    }
}

/// The phrases of one objection in the words file. Each phrase is a list of parts without blanks; it matches a sentence
/// that contains the parts in order and at most [`LONGEST_GAP`] apart.
#[derive(Clone, Debug)]
pub(super) struct AgainstPhrases {
    pub(super) kind: Against,
    pub(super) says: Vec<Vec<String>>,
    /// Phrases that cancel a match which they overlap: "해결해 주세요" cancels "해결".
    pub(super) unless: Vec<Vec<String>>,
}

/// The phrases of all objections by their first parts.
#[derive(Clone, Debug)]
pub(super) struct AgainstSearch(Dictionary<Vec<Phrase>>);

#[derive(Clone, Debug)]
struct Phrase {
    kind: Against,
    /// Whether a match cancels overlapping matches of the same kind.
    unless: bool,
    /// The parts after the first.
    rest: Vec<String>,
}

/// The byte range of a match in a sentence.
#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
}

impl Span {
    fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl AgainstSearch {
    pub(super) fn new(kinds: Vec<AgainstPhrases>) -> Self {
        let mut phrases: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
        for AgainstPhrases { kind, says, unless } in kinds {
            for (list, unless) in [(says, false), (unless, true)] {
                for mut parts in list.into_iter().map(Vec::into_iter) {
                    let Some(first) = parts.next() else { continue };
                    phrases.entry(first).or_default().push(Phrase { kind, unless, rest: parts.collect() });
                }
            }
        }
        Self(phrases.into_iter().collect())
    }

    /// The objections in a sentence without blanks.
    pub(super) fn kinds_in(&self, sentence: &str) -> BTreeSet<Against> {
        let (mut said, mut harmless) = (Vec::new(), Vec::new());
        for (from, _) in sentence.char_indices() {
            for (length, phrases) in self.0.beginnings(&sentence[from..]) {
                for phrase in phrases {
                    if let Some(to) = phrase.end(sentence, from + length) {
                        let list = if phrase.unless { &mut harmless } else { &mut said };
                        list.push((phrase.kind, Span { from, to }));
                    }
                }
            }
        }
        let is_taken_back = |kind: Against, span: Span| {
            harmless.iter().any(|(other, over)| *other == kind && over.overlaps(span))
        };
        said.into_iter().filter(|(kind, span)| !is_taken_back(*kind, *span)).map(|(kind, _)| kind).collect()
    }
}

impl Phrase {
    /// The end of a match whose first part ends at `at`; each further part is the nearest one. `None` if a part is
    /// missing or too far.
    fn end(&self, sentence: &str, at: usize) -> Option<usize> {
        self.rest.iter().try_fold(at, |at, part| {
            let gap = sentence.get(at..)?.find(part.as_str()).filter(|gap| *gap <= LONGEST_GAP)?;
            Some(at + gap + part.len())
        })
    }
}
