//! Licence plates, normalised.

use std::collections::BTreeSet;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The administrative areas that older and commercial plates begin with.
const REGIONS: &[&str] = &[
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북",
    "전남", "경북", "경남", "제주",
];

/// The longest plate, such as 서울12가3456. Bytes.
pub(super) const LONGEST: usize = 15;
/// Longer texts are not a plate, whatever they begin with. Bytes; NFD Hangul needs nine for a syllable.
const LONGEST_TEXT: usize = 200;

/// Longer messages are searched for plates only so far. Characters.
const LONGEST_MESSAGE: usize = 65_536;
/// The initial and middle letters of the syllables on plates, and those that stand on plates besides. Units such as 시 and 동
/// are not among them: "12시 3000원" and "101동 1203호" name no plate.
const INITIALS: &[u32] = &[0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18];
const VOWELS: &[u32] = &[0, 4, 8, 13];
const FURTHER_SYLLABLES: [char; 6] = ['배', '국', '합', '육', '해', '공'];

/// A Korean licence plate without blanks and signs: `12가3456`, `123가4567`, `서울12가3456`, `서울1가2345`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plate(String);

impl Plate {
    /// Reads a plate as people type it: full-width digits, NFD Hangul, blanks, hyphens and dots are normalised.
    ///
    /// `None` when the text is anything but exactly one plate. Any Hangul syllable may stand in the middle: which ones were
    /// ever issued is not ours to know.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let compact: String =
            text.chars().filter(|sign| !is_filler(*sign)).nfkc().filter(|sign| !is_filler(*sign)).collect();
        is_plate(&compact).then_some(Self(compact))
    }

    /// Every plate that stands anywhere in a text, each once, in order; blanks, hyphens and the like may stand inside as in
    /// [`Plate::parse`], but no line break, and nothing between the digits in front.
    ///
    /// Only syllables that were ever issued count here, as a message is full of numbers. A text is searched for its first
    /// 65,536 characters. Takes time in proportion to them.
    pub fn mentioned(text: &str) -> Vec<Self> {
        let signs = signs(text);
        let mut seen = BTreeSet::new();
        let found = (0..signs.len()).filter_map(|middle| plate_around(&signs, middle));
        found.filter(|plate| seen.insert(plate.clone())).map(Self).collect()
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Blanks, zero-width signs, hyphens and dots, which people put between a plate's parts.
fn is_filler(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '.' | '·' | 'ㆍ')
        || is_invisible(sign)
}

/// Whether a message names a plate by this text, normalised and without blanks.
pub(super) fn is_written(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii_digit())
        && text.chars().rev().nth(4).is_some_and(is_issued)
        && is_plate(text)
}

/// A sign of a text, and what stands between it and the one before.
struct Sign {
    value: char,
    before: Gap,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Nothing,
    Filler,
    /// A plate does not go on in the next line.
    Line,
}

fn signs(text: &str) -> Vec<Sign> {
    let mut gap = Gap::Line;
    let mut signs = Vec::new();
    for value in text.nfkc().take(LONGEST_MESSAGE) {
        if value == '\n' || value == '\r' {
            gap = Gap::Line;
        } else if !is_filler(value) {
            signs.push(Sign { value, before: std::mem::replace(&mut gap, Gap::Nothing) });
        } else if gap == Gap::Nothing && !is_invisible(value) {
            gap = Gap::Filler;
        }
    }
    signs
}

/// The plate whose syllable stands at `middle`.
fn plate_around(signs: &[Sign], middle: usize) -> Option<String> {
    let is_digit = |sign: &Sign| sign.value.is_ascii_digit();
    let on_one_line = |signs: &[Sign]| signs.iter().all(|sign| sign.before != Gap::Line);
    let back = signs.get(middle + 1..middle + 5)?;
    let goes_on = signs.get(middle + 5).is_some_and(|next| is_digit(next) && next.before == Gap::Nothing);
    if !is_issued(signs[middle].value) || goes_on || !back.iter().all(is_digit) || !on_one_line(back) {
        return None;
    }
    let joined = |at: &usize| *at == middle || signs[*at].before == Gap::Nothing;
    let front = (1..=middle).rev().take(4).take_while(|at| joined(at) && is_digit(&signs[at - 1])).count();
    let start = middle - front;
    let region = start.checked_sub(2).filter(|_| front <= 2 && signs[start].before != Gap::Line);
    let plate = |from: usize| {
        let plate: String = signs[from..middle + 5].iter().map(|sign| sign.value).collect();
        (on_one_line(&signs[from + 1..=middle]) && is_plate(&plate)).then_some(plate)
    };
    region.and_then(plate).or_else(|| plate(start))
}

fn is_issued(syllable: char) -> bool {
    let place = u32::from(syllable).wrapping_sub(u32::from('가'));
    let (initial, vowel, last) = (place / 588, place % 588 / 28, place % 28);
    FURTHER_SYLLABLES.contains(&syllable)
        || (last == 0 && INITIALS.contains(&initial) && VOWELS.contains(&vowel))
}

/// Signs that nobody sees.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200d}' | '\u{feff}')
}

fn is_plate(compact: &str) -> bool {
    let region = REGIONS.iter().find_map(|region| compact.strip_prefix(region));
    let (number, digits_in_front) = match region {
        Some(rest) => (rest, 1..=2),
        None => (compact, 2..=3),
    };
    let front = number.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = number[front..].chars();
    digits_in_front.contains(&front)
        && rest.next().is_some_and(|syllable| ('가'..='힣').contains(&syllable))
        && rest.as_str().len() == 4
        && rest.all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::Plate;

    fn read(text: &str) -> Option<String> {
        Plate::parse(text).map(|plate| plate.to_string())
    }

    #[test]
    fn old_and_new_plates_are_read() {
        for plate in ["12가3456", "123가4567", "서울12가3456", "서울1가2345", "경기70바1234", "68하0001"]
        {
            assert_eq!(read(plate).as_deref(), Some(plate));
        }
    }

    #[test]
    fn what_people_type_is_normalised() {
        let decomposed: String = "서울12가3456".nfd().collect();
        assert_ne!(decomposed, "서울12가3456");
        for (typed, plate) in [
            ("１２가３４５６", "12가3456"),
            (" 12 가 3456\n", "12가3456"),
            ("12가-3456", "12가3456"),
            ("12.가.3456", "12가3456"),
            ("서울\u{3000}12가–3456", "서울12가3456"),
            ("\u{feff}123가\u{200b}4567", "123가4567"),
            (decomposed.as_str(), "서울12가3456"),
        ] {
            assert_eq!(read(typed).as_deref(), Some(plate), "{typed:?}");
        }
    }

    #[test]
    fn nonsense_is_no_plate() {
        for text in [
            "",
            "모름",
            "없음",
            "-",
            "1234",
            "가1234",
            "1가2345",
            "12가345",
            "12가34567",
            "1234가5678",
            "12ㄱ3456",
            "12A3456",
            "서울",
            "서울123가4567",
            "평양12가3456",
            "12가3456 34나5678",
            "12가3456입니다",
            "１２가３４５６７",
            "12가๑๒๓๔",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read(&format!("12가3456{}", " ".repeat(1000))), None);
    }

    fn mentioned(text: &str) -> Vec<String> {
        Plate::mentioned(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn plates_are_found_wherever_they_stand() {
        let decomposed: String = "제 차는 서울12가3456이에요".nfd().collect();
        for (text, plates) in [
            ("네 12가3456 제 차 맞아요", &["12가3456"][..]),
            ("제 차는12가3456입니다.", &["12가3456"]),
            ("12가 3456 / 12 가 3456 / 12가-3456", &["12가3456"]),
            ("서울12가3456", &["서울12가3456"]),
            ("서울 12가 3456", &["서울12가3456"]),
            ("서울 1가 2345 맞아요", &["서울1가2345"]),
            ("서울 123가4567", &["123가4567"]),
            ("부산에서 12가3456", &["12가3456"]),
            ("서울\n12가3456", &["12가3456"]),
            ("12가3456이 아니라 34나5678, 123다4567이요", &["12가3456", "34나5678", "123다4567"]),
            ("12가3456-34나5678", &["12가3456", "34나5678"]),
            ("１２가\u{200b}３４５６", &["12가3456"]),
            ("11월 20일 14시 12가3456", &["12가3456"]),
            (decomposed.as_str(), &["서울12가3456"]),
        ] {
            assert_eq!(mentioned(text), plates, "{text:?}");
        }
    }

    #[test]
    fn other_numbers_are_no_plates() {
        for text in [
            "1234",
            "010-1234-5678",
            "3층 1234호",
            "101동 1203호",
            "오후 12시 3000원",
            "11월 2026년",
            "12월 3000원",
            "30분 1500원",
            "1가2345",
            "12가345",
            "12가34567",
            "12가 345 67890",
            "1234가5678",
            "12가\n3456",
            "12\n가3456",
            "을지로 2가 1234번지",
            "가1234",
        ] {
            assert_eq!(mentioned(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_searched_to_its_limit() {
        let plates = |count: usize| {
            let plate = |number| format!("{}가{:04}", 10 + number / 10_000, number % 10_000);
            (0..count).map(plate).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(mentioned(&plates(7000)).len(), 7000);
        assert_eq!(mentioned(&plates(20_000)).len(), 65_536 / "12가3456 ".chars().count());
        assert_eq!(mentioned(&format!("{}12가3456", " ".repeat(70_000))), [""; 0]);
    }

    proptest! {
        #[test]
        fn whatever_is_found_is_a_plate_once(text in "\\PC{0,40}|[0-9０-９가서울 .\n-]{0,40}|([0-9]{1,3}[가나] ?[0-9]{4} ?){0,4}") {
            let found = Plate::mentioned(&text);
            let read: Vec<_> = found.iter().filter_map(|plate| Plate::parse(plate.as_str())).collect();
            prop_assert_eq!(&read, &found);
            let distinct: std::collections::HashSet<_> = found.iter().collect();
            prop_assert_eq!(distinct.len(), found.len());
        }

        #[test]
        fn any_plate_is_found_between_korean_words(
            before in "([가-힣]{1,5} ){0,4}[가-힣]{0,2}[ ,:(]",
            (front, syllable, back) in ("[0-9]{2,3}", "[가나다라마거너더러머고노도로모구누두루무바사아자배하허호]", "[0-9]{4}"),
            (left, right) in ("[ -]?", "[ -]?"),
            after in "[가-힣 .,)]{0,10}",
            decompose in any::<bool>(),
        ) {
            let text = format!("{before}{front}{left}{syllable}{right}{back}{after}");
            let text = if decompose { text.nfd().collect() } else { text };
            let plate = format!("{front}{syllable}{back}");
            // "광주 12가3456" may well be a plate of that area.
            let found = mentioned(&text);
            prop_assert!(found.iter().any(|found| found.ends_with(&plate)), "{:?} in {:?}", found, text);
        }

        #[test]
        fn reading_never_panics_and_a_plate_reads_as_itself(text in "\\PC{0,20}|[0-9０-９ .-]{0,4}[가-힣]?[0-9０-９ .-]{0,6}") {
            if let Some(plate) = Plate::parse(&text) {
                prop_assert_eq!(Plate::parse(plate.as_str()), Some(plate.clone()));
                let decomposed: String = plate.as_str().nfd().collect();
                prop_assert_eq!(Plate::parse(&decomposed), Some(plate));
            }
        }

        #[test]
        fn every_well_formed_plate_is_read_however_it_is_spaced(front in "[0-9]{2,3}", syllable in "[가-힣]", back in "[0-9]{4}") {
            let plate = format!("{front}{syllable}{back}");
            prop_assert_eq!(read(&plate), Some(plate.clone()));
            prop_assert_eq!(read(&format!(" {front} {syllable}-{back}.")), Some(plate));
        }
    }
}
