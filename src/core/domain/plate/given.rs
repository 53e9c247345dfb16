//! Reads a form's plate field.

use std::collections::BTreeSet;

use super::{Plate, compact, places};
use crate::domain::written;

/// The most bytes of a field that is read: a longer text is a letter, not a plate.
const LONGEST_FIELD: usize = 2_000;
/// Words that mark the plate in a text as another person's, a former or a doubtful one.
const TAKEN_BACK: &[&str] = &[
    "같아",
    "같은데",
    "같습",
    "기억",
    "확실",
    "아마",
    "아니",
    "아닌",
    "아닙",
    "아님",
    "않",
    "말고",
    "모르",
    "몰라",
    "모름",
    "타인",
    "남의",
    "다른",
    "예전",
    "이전",
    "옛",
    "전차",
    "바뀌",
    "바꿨",
    "변경",
    "폐차",
    "팔았",
    "매각",
    "오류",
    "오인식",
    "잘못",
    "또는",
    "혹은",
    "인가",
    "일까",
    "?",
    "추정",
    "비슷",
];
/// Words allowed around four digits that name a car.
const BESIDE_DIGITS: &[&str] = &[
    "자동차",
    "차량",
    "차번호",
    "번호판",
    "번호",
    "넘버",
    "뒷번호",
    "뒤번호",
    "뒷자리",
    "뒤자리",
    "끝번호",
    "끝자리",
    "마지막",
    "뒤에",
    "뒷",
    "뒤",
    "끝",
    "네자리",
    "4자리",
    "자리",
    "숫자",
    "제",
    "저희",
    "내",
    "우리",
    "본인",
    "차",
    "의",
    "는",
    "은",
    "가",
    "이",
    "번",
    "입니다",
    "이에요",
    "예요",
    "에요",
    "이요",
    "요",
    "임",
    "이고요",
    "인데요",
];

/// The content of a form's plate field. An unread text differs from an absent one: it may name another car.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenPlate {
    /// The field is blank, or says that the customer does not know (`-`, `모름`, `없음`).
    Absent,
    /// Exactly one plate, alone or in words that do not negate it.
    Read(Plate),
    /// Several different plates.
    Several(Vec<Plate>),
    /// Only the last four digits, by which people name a car.
    LastDigits(String),
    /// A text that is not understood. Plates of the armed forces are included.
    Unread(String),
}

impl GivenPlate {
    /// Reads a form's field.
    ///
    /// A plate together with a negation, a question or another four-digit number is unread: the customer may mean
    /// another plate.
    pub fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::Absent };
        let unread = || Self::Unread(text.to_owned());
        if let Some(plate) = Plate::parse(text) {
            return Self::Read(plate);
        }
        if text.len() > LONGEST_FIELD {
            return if text.chars().all(char::is_whitespace) { Self::Absent } else { unread() };
        }
        if written::is_nothing(text) {
            return Self::Absent;
        }
        let mut plates = Plate::mentioned(text);
        match (plates.pop(), plates.is_empty()) {
            (Some(plate), true) if is_alone(text, &plate) => Self::Read(plate),
            (Some(_), true) => unread(),
            (Some(plate), false) => {
                plates.push(plate);
                Self::Several(plates)
            }
            (None, _) => only_digits(text).map_or_else(unread, Self::LastDigits),
        }
    }
}

/// Whether no other words in the text negate or doubt the plate, and no other number could be a plate's end.
fn is_alone(text: &str, plate: &Plate) -> bool {
    let mut rest = String::new();
    let mut from = 0;
    for (_, place) in places(text) {
        rest.push_str(&text[from..place.start]);
        // Keeps digits apart that the plate separated.
        rest.push('\n');
        from = place.end;
    }
    rest.push_str(&text[from..]);
    let signs: String = written::signs(&rest).map(|sign| sign.value).collect();
    let joined: String = signs.chars().filter(|sign| !sign.is_whitespace()).collect();
    let numbers: BTreeSet<&str> = signs
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|digits| digits.len() >= 4 && !plate.as_str().ends_with(digits))
        .collect();
    numbers.is_empty() && !TAKEN_BACK.iter().any(|word| joined.contains(word))
}

/// The four digits of a text that contains only them and [`BESIDE_DIGITS`].
fn only_digits(text: &str) -> Option<String> {
    let letters: String =
        written::signs(text).map(|sign| sign.value).filter(|sign| sign.is_alphanumeric()).collect();
    let from = letters.match_indices(|sign: char| sign.is_ascii_digit()).map(|(at, _)| at).find(|at| {
        let run = letters[*at..].bytes().take_while(u8::is_ascii_digit).count();
        run == 4 && !letters[..*at].ends_with(|last: char| last.is_ascii_digit())
    })?;
    let (before, after) = (&letters[..from], &letters[from + 4..]);
    let as_written: String = written::signs(text).map(|sign| sign.value).collect();
    let digits = &letters[from..from + 4];
    // "12-34" and "5.678" do not name a car, and "가5678" is a part of a plate.
    let begins_a_word = !before.starts_with(['의', '는', '은', '가', '이', '번', '요', '임']);
    let is_known = as_written.contains(digits) && begins_a_word && is_made_of(before) && is_made_of(after);
    is_known.then(|| digits.to_owned())
}

/// Whether a text consists of [`BESIDE_DIGITS`] only, cut in any way.
fn is_made_of(text: &str) -> bool {
    let mut reached = BTreeSet::from([0]);
    while let Some(at) = reached.pop_first() {
        if at == text.len() {
            return true;
        }
        let words = BESIDE_DIGITS.iter().filter(|word| text[at..].starts_with(**word));
        reached.extend(words.map(|word| at + word.len()));
    }
    false
}

/// Whether two texts are the same plate after normalisation; neither must have a known form of plate.
///
/// Texts without a digit are never the same plate: "미인식" on both sides proves nothing.
pub fn same_text(left: &str, right: &str) -> bool {
    let normalised = |text: &str| match Plate::parse(text) {
        Some(plate) => plate.0,
        None => compact(text),
    };
    let left = normalised(left);
    left.contains(|sign: char| sign.is_ascii_digit()) && left == normalised(right)
}
