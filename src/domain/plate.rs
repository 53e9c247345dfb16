//! Licence plates, normalised.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The administrative areas that older and commercial plates begin with.
const REGIONS: &[&str] = &[
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북",
    "전남", "경북", "경남", "제주",
];

/// Longer texts are not a plate, whatever they begin with. Bytes; NFD Hangul needs nine for a syllable.
const LONGEST_TEXT: usize = 200;

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

    /// Stub.
    pub fn mentioned(_text: &str) -> Vec<Self> {
        Vec::new()
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
        || matches!(
            sign,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '.' | '·' | 'ㆍ' | '\u{200b}'..='\u{200d}' | '\u{feff}'
        )
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

    proptest! {
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
